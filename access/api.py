"""IT's pull interface: /api/v1/standings. The district comes from the token alone."""

# flask-smorest carries no types.
# mypy: disable-error-code="import-untyped, untyped-decorator"

from typing import Any

from flask import Response, jsonify, request
from flask_smorest import Blueprint
from marshmallow import RAISE

from access import listing
from access.bookmarks import Bookmarks, Cursor, Delta, Filters, OddCursor
from access.listing import SCHEMES, Row
from access.schemas import (
    ChangesQuerySchema,
    ChangesSchema,
    ListQuerySchema,
    ListSchema,
    OneQuerySchema,
    StandingSchema,
    item,
)
from core.current import current_settings
from core.problems import problem
from people.bearer import current_holder, require_scope
from people.directory import identities_of
from people.disclosures import disclose

blueprint = Blueprint("standings", __name__, url_prefix="/api/v1/standings", description="Who stands where.")
blueprint.before_request(require_scope("standing.read"))


@blueprint.errorhandler(422)
def refuse_parameters(error: Any) -> Response:
    """What marshmallow found wrong, as a problem that names the first parameter at fault."""
    found = getattr(error, "data", {}).get("messages", {}).get("query", {})
    name, words = next(iter(found.items()), (None, ["The parameters could not be read."]))
    return problem(422, "odd_parameter", " ".join(words), field=name)


@blueprint.get("")
@blueprint.arguments(ListQuerySchema, location="query", unknown=RAISE)
@blueprint.response(200, ListSchema)
def standings(query: dict[str, Any]) -> dict[str, Any]:
    """All standings, page by page

    Follow `next` until it is null; the `delta` of the last page goes on with changes from when you began.
    """
    district = current_holder().district
    cursor = _where(query)
    place = (cursor.after_requirement, cursor.after_id) if cursor.after_id else None
    rows = listing.page(district.id, cursor.filters, place, query["limit"] + 1)
    shown, more = rows[: query["limit"]], len(rows) > query["limit"]
    _note("standings", shown, cursor.filters)
    return {"items": _items(shown), **_onward(cursor, shown, more)}


@blueprint.get("/changes")
@blueprint.arguments(ChangesQuerySchema, location="query", unknown=RAISE)
@blueprint.response(200, ChangesSchema)
@blueprint.alt_response(410, "DeltaExpired")
def changes(query: dict[str, Any]) -> dict[str, Any]:
    """What changed since a delta

    The newest standing of each person who changed, in the order of their last change. Changes that the clock
    alone made are among them. A delta that is too old answers 410: list all standings again.
    """
    district = current_holder().district
    # Read before the rows: whatever is numbered up to here is committed, so the rows can not miss any of it.
    last_seq = listing.last_seq(district.id)
    delta = _bookmarks().read_delta(query["delta"], last_seq)
    rows = listing.changed_since(district.id, delta.filters, delta.seq, query["limit"] + 1)
    shown, more = rows[: query["limit"]], len(rows) > query["limit"]
    seen_to = shown[-1][0].seq if more else max([last_seq, *(row[0].seq for row in shown)])
    _note("standing_changes", shown, delta.filters)
    return {"items": _items(shown), "delta": _bookmarks().delta(Delta(delta.filters, seen_to)), "more": more}


@blueprint.get(f"/<any({', '.join((*SCHEMES, 'id'))}):scheme>:<string:value>")
@blueprint.arguments(OneQuerySchema, location="query", unknown=RAISE)
@blueprint.response(200, StandingSchema)
@blueprint.alt_response(304, description="Unchanged since the ETag you sent.", success=True)
@blueprint.alt_response(404, "NotFound")
def standing(query: dict[str, Any], scheme: str, value: str) -> Response:
    """One person's standing

    Ask by `sis`, `email`, `username` or our own `id`. Send `If-None-Match` with the ETag you have.
    """
    district = current_holder().district
    row = listing.of_one(district, scheme, value, query.get("requirement"))
    answer = jsonify(StandingSchema().dump(_items([row])[0]))
    answer.headers["Cache-Control"] = "private, no-cache"
    answer.add_etag()
    answer.make_conditional(request)
    return answer


def _where(query: dict[str, Any]) -> Cursor:
    """The place the caller is at: their cursor's, or the beginning, which is where the delta is fixed."""
    asked = Filters(query.get("requirement"), query.get("audience"))
    if "cursor" not in query:
        return Cursor(asked, listing.last_seq(current_holder().district.id), "", 0)
    cursor = _bookmarks().read_cursor(query["cursor"])
    if asked not in (Filters(), cursor.filters):
        raise OddCursor("This cursor belongs to a list with other filters.", field="cursor")
    return cursor


def _onward(cursor: Cursor, shown: list[Row], more: bool) -> dict[str, str | None]:
    if not more:
        return {"next": None, "delta": _bookmarks().delta(Delta(cursor.filters, cursor.began_at_seq))}
    last = shown[-1][0]
    place = Cursor(cursor.filters, cursor.began_at_seq, last.requirement, last.id)
    return {"next": _bookmarks().cursor(place), "delta": None}


def _note(kind: str, rows: list[Row], filters: Filters) -> None:
    """Also of a page with one person on it: a list read one by one is a list read."""
    holder = current_holder()
    subject = f"audience:{filters.audience}" if filters.audience else "district"
    disclose(holder.district.id, holder.actor, kind, subject, len({row[0].person_id for row in rows}))


def _items(rows: list[Row]) -> list[dict[str, Any]]:
    ids = identities_of((row[0].person_id for row in rows), SCHEMES)
    district = current_holder().district
    return [item(row, ids.get(row[0].person_id, {}), district) for row in rows]


def _bookmarks() -> Bookmarks:
    return Bookmarks(current_settings().secret_key, current_holder().district.id)
