"""GET /api/v1/events: the events that webhooks carry, for whoever would rather fetch them, or missed some."""

# flask-smorest carries no types.
# mypy: disable-error-code="import-untyped, untyped-decorator"

from typing import Any

from flask_smorest import Blueprint
from marshmallow import RAISE

from access import listing
from access.answering import note, refuse_parameters
from access.events import events_after
from access.events_schemas import EventsQuerySchema, EventsSchema
from core.errors import ToolError
from people.bearer import current_holder, require_scope

blueprint = Blueprint("events", __name__, url_prefix="/api/v1/events", description="What happened, in order.")
blueprint.before_request(require_scope("standing.read"))
blueprint.register_error_handler(422, refuse_parameters)


class AheadOfTheLog(ToolError):
    """Only a log that was restored from a backup ends before where a reader has been."""

    status, code = 410, "ahead-of-the-log"


@blueprint.get("")
@blueprint.arguments(EventsQuerySchema, location="query", unknown=RAISE)
@blueprint.response(200, EventsSchema)
@blueprint.alt_response(410, "AheadOfTheLog")
def events(query: dict[str, Any]) -> dict[str, Any]:
    """Changes of standings as events

    Every change after the number `after`, in the order of the district's log; the same ids and shapes as in
    webhooks, so that whoever missed some fetches them here. Numbers may be left out where records were destroyed.
    """
    district = current_holder().district
    # Read before the rows: whatever is numbered up to here is committed, so the rows can not miss any of it.
    last_seq = listing.last_seq(district.id)
    if query["after"] > last_seq:
        raise AheadOfTheLog(
            f"The log of this district ends at {last_seq}. List all standings again, then go on from there.",
            field="after",
        )
    found = events_after(district, query["after"], query["limit"] + 1)
    shown, more = found[: query["limit"]], len(found) > query["limit"]
    note("standing_events", len({each["data"]["person"] for each in shown}))
    seqs = [each["data"]["seq"] for each in shown]
    return {"items": shown, "after": seqs[-1] if more else max([last_seq, *seqs]), "more": more}
