"""/api/v1/completions and /api/v1/evidence: who has shown what, and the signed record of it."""

# flask-smorest carries no types.
# mypy: disable-error-code="import-untyped, untyped-decorator"

from typing import Any

from flask_smorest import Blueprint
from marshmallow import RAISE, Schema

from access import completions
from access.answering import bookmarks, known_as, log_who_was_asked, note
from access.bookmarks import CompletionFilters, OddCursor, Place
from access.completions import Checked
from access.listing import SCHEMES
from access.records_schemas import (
    CompletionsQuerySchema,
    CompletionsSchema,
    EvidenceSchema,
    VerdictSchema,
    completion_item,
    evidence_item,
)
from core.interface import refuse_parameters
from people.bearer import current_holder, require_scope
from people.directory import identities_of

blueprint = Blueprint("records", __name__, url_prefix="/api/v1", description="Who has shown what.")
blueprint.before_request(require_scope("audit.read"))
blueprint.register_error_handler(422, refuse_parameters)


@blueprint.get("/completions")
@blueprint.arguments(CompletionsQuerySchema, location="query", unknown=RAISE)
@blueprint.response(200, CompletionsSchema)
def list_completions(query: dict[str, Any]) -> dict[str, Any]:
    """Completions, page by page

    Every lesson and agreement that was shown and holds, oldest entry first, without scores. What was voided is not
    among them. Follow `next` until it is null.
    """
    district = current_holder().district
    place = _where(query)
    rows = completions.page(district.id, place.filters, place.after_id, query["limit"] + 1)
    shown, more = rows[: query["limit"]], len(rows) > query["limit"]
    audience = place.filters.audience
    people = {each.row.person_id for each in shown}
    note("completions", len(people), f"audience:{audience}" if audience else "district")
    names = identities_of(people, SCHEMES)
    return {
        "items": [
            completion_item(each, known_as(names.get(each.row.person_id, {}), district)) for each in shown
        ],
        "next": bookmarks().place(Place(place.filters, shown[-1].row.id)) if more else None,
    }


@blueprint.get("/evidence/<string:evidence_id>")
@blueprint.arguments(Schema.from_dict({}, name="NothingSchema"), location="query", unknown=RAISE)
@blueprint.response(200, EvidenceSchema)
@blueprint.alt_response(404, "NotFound")
def evidence(_query: dict[str, Any], evidence_id: str) -> dict[str, Any]:
    """One piece of evidence with its signed record

    Also of what was voided since. The record stands by itself: check it with the keys at
    `/.well-known/evidence-keys`, or ask `/verify`.
    """
    found = _found(evidence_id)
    names = identities_of([found.completion.row.person_id], SCHEMES)
    ids = known_as(names.get(found.completion.row.person_id, {}), current_holder().district)
    return evidence_item(found, ids)


@blueprint.get("/evidence/<string:evidence_id>/verify")
@blueprint.arguments(Schema.from_dict({}, name="NothingSchema"), location="query", unknown=RAISE)
@blueprint.response(200, VerdictSchema)
@blueprint.alt_response(404, "NotFound")
def verify(_query: dict[str, Any], evidence_id: str) -> dict[str, Any]:
    """Does a piece of evidence still say what was signed?

    Compares our tables with the signed record, and the signature with our keys.
    """
    found = _found(evidence_id)
    row = found.completion.row
    voided = row.voided_at is not None
    return {"id": row.public_id, "holds": found.fault is None, "fault": found.fault, "voided": voided}


def _found(evidence_id: str) -> Checked:
    log_who_was_asked("evidence", evidence_id)
    found = completions.checked(current_holder().district, evidence_id)
    note("evidence_record", 1, f"person:{found.completion.person}")
    return found


def _where(query: dict[str, Any]) -> Place:
    asked = CompletionFilters(*(query.get(name) for name in ("requirement", "lesson", "period", "audience")))
    if "cursor" not in query:
        return Place(asked, 0)
    place = bookmarks().read_place(query["cursor"])
    if asked not in (CompletionFilters(), place.filters):
        raise OddCursor("This cursor belongs to a list with other filters.", field="cursor")
    return place
