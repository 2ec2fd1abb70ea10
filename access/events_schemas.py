"""The shapes of events (access.events), as the interface describes them."""

import re

from marshmallow import Schema, fields, validate

from access.events import TYPES
from access.policy import STRICTEST_FIRST as ACCESS
from access.schemas import limit
from completion.states import STATES
from core.interface import LAST_NUMBER, described

ONE_TYPE = "|".join(map(re.escape, TYPES))


class EventsQuerySchema(Schema):
    after = fields.Int(
        load_default=0,
        validate=validate.Range(0, LAST_NUMBER),
        **described(
            "`after` of your last call here, or `seq` of the last event you had; 0 is the beginning."
        ),
    )
    limit = limit()
    types = fields.Str(
        validate=validate.Regexp(
            rf"\A(?:{ONE_TYPE})(?:,(?:{ONE_TYPE}))*\Z", error="There is no such type of event."
        ),
        **described("Only these, parted by commas; without it, all.", example="standing.changed"),
    )


class EventDataSchema(Schema):
    """Which fields there are is the type's to say; `seq` is always there."""

    seq = fields.Int(**described("Number in the district's log.", example=184467))
    person = fields.Str(
        **described("`standing.changed`, `person.erased`: our name for the person.", example="p_9aYkW2")
    )
    requirement = fields.Str(
        **described("`standing.changed`, `policy.published`: under which requirement.", example="rua")
    )
    state = fields.Str(validate=validate.OneOf(STATES), **described("`standing.changed`: why."))
    access = fields.Str(
        validate=validate.OneOf(ACCESS), **described("`standing.changed`: what to do. Act on this alone.")
    )
    previous_state = fields.Str(
        allow_none=True,
        **described("Before this change; null when there was no standing.", example="assigned"),
    )
    previous_access = fields.Str(
        allow_none=True,
        **described("Before this change; null when there was no standing.", example="limited"),
    )
    roster = fields.Int(
        **described("`roster.imported`, `sync.guard_tripped`: see /api/v1/rosters/{number}.", example=12)
    )
    feed = fields.Int(**described("`sync.guard_tripped`: the file feed whose files are held.", example=2))
    people = fields.Int(**described("`roster.imported`: people the file names.", example=2500))
    added = fields.Int(**described("`roster.imported`: people who are new.", example=12))
    left = fields.Dict(
        keys=fields.Str(),
        values=fields.Int(),
        **described(
            "How many have no place any more, or would have none, by audience.", example={"staff": 3}
        ),
    )
    policy_version = fields.Str(**described("`policy.published`.", example="rua-2027.1"))
    change = fields.Str(
        **described("`policy.published`: `material` asks for a new signature.", example="editorial")
    )
    period = fields.Str(**described("`period.opened`: the school year that began.", example="2026-27"))


class EventSchema(Schema):
    id = fields.Str(
        **described("The same wherever and however often it is told.", example="evt_evergreen_184467")
    )
    type = fields.Str(
        **described("What happened; leave out what you do not know.", example="standing.changed")
    )
    timestamp = fields.Str(**described("When.", format="date-time", example="2026-11-24T07:00:00Z"))
    data = fields.Nested(EventDataSchema)


class EventsSchema(Schema):
    items = fields.List(fields.Nested(EventSchema), **described("Oldest first."))
    after = fields.Int(**described("Send it next time.", example=184467))
    more = fields.Bool(**described("Whether more is waiting already; call again at once."))
