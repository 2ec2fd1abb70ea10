"""The shapes of events (access.events), as the interface describes them."""

from marshmallow import Schema, fields, validate

from access.schemas import described, limit
from completion.states import STATES

LAST_NUMBER = 2**53 - 1
"""The largest whole number that every JSON reader takes for itself; a district's log never gets there."""


class EventsQuerySchema(Schema):
    after = fields.Int(
        load_default=0,
        validate=validate.Range(0, LAST_NUMBER),
        **described(
            "`after` of your last call here, or `seq` of the last event you had; 0 is the beginning."
        ),
    )
    limit = limit()


class EventDataSchema(Schema):
    person = fields.Str(**described("Our name for the person.", example="p_9aYkW2"))
    requirement = fields.Str(**described("Under which requirement.", example="rua"))
    state = fields.Str(validate=validate.OneOf(STATES))
    access = fields.Str(validate=validate.OneOf(("allow", "limited", "deny")))
    previous_access = fields.Str(
        allow_none=True,
        **described("Before this change; null when there was no standing.", example="limited"),
    )
    seq = fields.Int(**described("Number in the district's log.", example=184467))


class EventSchema(Schema):
    id = fields.Str(
        **described("The same wherever and however often it is told.", example="evt_evergreen_184467")
    )
    type = fields.Str(**described("What happened.", example="standing.changed"))
    timestamp = fields.Str(**described("When.", format="date-time", example="2026-11-24T07:00:00Z"))
    data = fields.Nested(EventDataSchema)


class EventsSchema(Schema):
    items = fields.List(fields.Nested(EventSchema), **described("Oldest first."))
    after = fields.Int(**described("Send it next time.", example=184467))
    more = fields.Bool(**described("Whether more is waiting already; call again at once."))
