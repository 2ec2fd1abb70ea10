"""IT's pull interface: /api/v1/standings. The district comes from the token alone."""

# flask-smorest carries no types.
# mypy: disable-error-code="import-untyped, untyped-decorator"

from typing import Any

from flask import Response, jsonify, request
from flask_smorest import Blueprint
from marshmallow import RAISE

from access import listing
from access.answering import bookmarks, items_of, log_who_was_asked, note
from access.bookmarks import Cursor, Delta, Filters, OddCursor
from access.changes import changes_since
from access.listing import SCHEMES, Row
from access.schemas import (
    AnswersSchema,
    AskedSchema,
    ChangesQuerySchema,
    ChangesSchema,
    ListQuerySchema,
    ListSchema,
    OneQuerySchema,
    StandingSchema,
)
from access.streaming import NDJSON, lines
from core.interface import refuse_parameters
from people.bearer import current_holder, require_scope

blueprint = Blueprint("standings", __name__, url_prefix="/api/v1/standings", description="Who stands where.")
blueprint.before_request(require_scope("standing.read"))
blueprint.register_error_handler(422, refuse_parameters)


@blueprint.get("")
@blueprint.arguments(ListQuerySchema, location="query", unknown=RAISE)
@blueprint.response(200, ListSchema)
def standings(query: dict[str, Any]) -> Any:
    """All standings, page by page

    Follow `next` until it is null; the `delta` of the last page goes on with changes from when you began. With
    `Accept: application/x-ndjson` everything comes as one stream, a standing to a line and the delta on the last.
    """
    district = current_holder().district
    cursor = _where(query)
    if request.accept_mimetypes.best_match(("application/json", NDJSON)) == NDJSON:
        note("standings", listing.how_many(district.id, cursor.filters), _subject(cursor.filters))
        return Response(lines(district, cursor, bookmarks()), mimetype=NDJSON)
    place = (cursor.after_requirement, cursor.after_id) if cursor.after_id else None
    rows = listing.page(district.id, cursor.filters, place, query["limit"] + 1)
    shown, more = rows[: query["limit"]], len(rows) > query["limit"]
    note("standings", len({row[0].person_id for row in shown}), _subject(cursor.filters))
    return {"items": items_of(shown, district), **_onward(cursor, shown, more)}


@blueprint.get("/changes")
@blueprint.arguments(ChangesQuerySchema, location="query", unknown=RAISE)
@blueprint.response(200, ChangesSchema)
@blueprint.alt_response(410, "DeltaExpired")
def changes(query: dict[str, Any]) -> dict[str, Any]:
    """What changed since a delta

    The newest standing of each person who changed, in the order of their last change. Changes that the clock
    alone made are among them. Who is gone stands there with `removed` instead of a state: `left-roster`, `merged` or
    `erased`. A delta that is too old answers 410: list all standings again.
    """
    district = current_holder().district
    # Read before the rows: whatever is numbered up to here is committed, so the rows can not miss any of it.
    last_seq = listing.last_seq(district.id)
    delta = bookmarks().read_delta(query["delta"], last_seq)
    found = changes_since(district, delta.filters, delta.seq, query["limit"])
    seen_to = found.seen_to if found.more else max(last_seq, found.seen_to)
    note("standing_changes", found.people, _subject(delta.filters))
    return {
        "items": found.items,
        "delta": bookmarks().delta(Delta(delta.filters, seen_to)),
        "more": found.more,
    }


@blueprint.get(f"/<any({', '.join((*SCHEMES, 'id'))}):scheme>:<string:value>")
@blueprint.arguments(OneQuerySchema, location="query", unknown=RAISE)
@blueprint.response(200, StandingSchema)
@blueprint.alt_response(304, description="Unchanged since the ETag you sent.", success=True)
@blueprint.alt_response(404, "NotFound")
def standing(query: dict[str, Any], scheme: str, value: str) -> Response:
    """One person's standing

    Ask by `sis`, `email`, `username` or our own `id`. Send `If-None-Match` with the ETag you have. Under the `id` of a
    record that was merged into another the other one answers.
    """
    district = current_holder().district
    log_who_was_asked(scheme, value)
    row = listing.of_one(district, scheme, value, query.get("requirement"))
    answer = jsonify(StandingSchema().dump(items_of([row], district)[0]))
    answer.headers["Cache-Control"] = "private, no-cache"
    answer.add_etag()
    answer.make_conditional(request)
    return answer


@blueprint.post("/query")
@blueprint.arguments(AskedSchema, location="json", unknown=RAISE)
@blueprint.response(200, AnswersSchema)
def query(asked: dict[str, Any]) -> dict[str, Any]:
    """The standings of up to 1,000 people you name

    Their names stand in the body, so in no address and in no log of a proxy. Changes nothing.
    """
    district = current_holder().district
    rows = listing.of_many(district, asked["scheme"], asked["values"], asked.get("requirement"))
    found = {row[0].id: row for row in rows if row}
    note("standings_asked", len(found))
    items = dict(zip(found, items_of(found.values(), district), strict=True))
    return {
        "items": [
            {"value": value, "standing": items[row[0].id] if row else None}
            for value, row in zip(asked["values"], rows, strict=True)
        ]
    }


def _where(query: dict[str, Any]) -> Cursor:
    """The place the caller is at: their cursor's, or the beginning, which is where the delta is fixed."""
    asked = Filters(query.get("requirement"), query.get("audience"))
    if "cursor" not in query:
        return Cursor(asked, listing.last_seq(current_holder().district.id), "", 0)
    cursor = bookmarks().read_cursor(query["cursor"])
    if asked not in (Filters(), cursor.filters):
        raise OddCursor("This cursor belongs to a list with other filters.", field="cursor")
    return cursor


def _onward(cursor: Cursor, shown: list[Row], more: bool) -> dict[str, str | None]:
    if not more:
        return {"next": None, "delta": bookmarks().delta(Delta(cursor.filters, cursor.began_at_seq))}
    last = shown[-1][0]
    place = Cursor(cursor.filters, cursor.began_at_seq, last.requirement, last.id)
    return {"next": bookmarks().cursor(place), "delta": None}


def _subject(filters: Filters) -> str:
    return f"audience:{filters.audience}" if filters.audience else "district"
