"""GET /api/v1/events: the events that webhooks carry, for whoever would rather fetch them, or missed some."""

# flask-smorest carries no types.
# mypy: disable-error-code="import-untyped, untyped-decorator"

from typing import Any

from flask_smorest import Blueprint
from marshmallow import RAISE

from access import listing
from access.answering import note
from access.events import CHANGED, TYPES, events_after
from access.events_schemas import EventsQuerySchema, EventsSchema
from core.errors import ToolError
from core.interface import refuse_parameters
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
    """What happened, as events

    Everything after the number `after`, in the order of the district's log: changes of standings, erasures, rosters
    taken or held, school years begun, agreements published. The same ids and shapes as in webhooks, so that whoever
    missed some fetches them here. Numbers may be left out where records were destroyed. New types may be added.
    """
    district = current_holder().district
    # Read before the rows: whatever is numbered up to here is committed, so the rows can not miss any of it.
    last_seq = listing.last_seq(district.id)
    if query["after"] > last_seq:
        raise AheadOfTheLog(
            f"The log of this district ends at {last_seq}. List all standings again, then go on from there.",
            field="after",
        )
    types = query["types"].split(",") if "types" in query else TYPES
    found = events_after(district, query["after"], query["limit"] + 1, types)
    shown, more = found[: query["limit"]], len(found) > query["limit"]
    note("standing_events", len({each["data"]["person"] for each in shown if each["type"] == CHANGED}))
    seqs = [each["data"]["seq"] for each in shown]
    return {"items": shown, "after": seqs[-1] if more else max([last_seq, *seqs]), "more": more}
