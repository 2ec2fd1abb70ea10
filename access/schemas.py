"""The shapes IT sees."""

from datetime import date, datetime
from typing import Any

from marshmallow import Schema, fields, validate

from access.listing import SCHEMES, Row, vouched
from access.models import Standing
from access.removals import REASONS
from completion.dates import last_day_before
from completion.states import STATES
from core.interface import Instant, described
from people.models import District

AUDIENCES = ("pupil", "staff", "guest", "unknown")
LARGEST_PAGE = 1000
LONGEST_NAME = 320
"""Characters: an e-mail address has no more."""


class IdsSchema(Schema):
    sis = fields.Str(
        **described("Number in the district's student or staff information system.", example="100001")
    )
    email = fields.Str(
        **described("Only of domains the district vouches for.", example="drivera@evergreen.example")
    )
    username = fields.Str(**described("Name they sign in with.", example="drivera"))


class StandingSchema(Schema):
    """Where one person stands under one requirement, and what the network should do about it."""

    id = fields.Str(**described("Our name for the person; never changes, tells nothing.", example="p_9aYkW2"))
    ids = fields.Nested(IdsSchema, **described("Names the district knows the person by, where we have them."))
    audience = fields.Str(validate=validate.OneOf(AUDIENCES))
    requirement = fields.Str(
        **described("`rua` is the annual Responsible Use requirement of staff.", example="rua")
    )
    period = fields.Str(**described("School year.", example="2026-27"))
    state = fields.Str(validate=validate.OneOf(STATES), **described("Why. For people; decide by `access`."))
    access = fields.Str(
        validate=validate.OneOf(("allow", "limited", "deny")), **described("What to do. Act on this alone.")
    )
    would_be = fields.Str(
        validate=validate.OneOf(("allow", "limited", "deny")),
        **described(
            "What `access` would be if the whole policy were in force. For forecasts; do not act on it."
        ),
    )
    reason = fields.Str(**described("How the state came about.", example="course"))
    completed_at = Instant(allow_none=True)
    valid_until = fields.Date(allow_none=True, **described("Last day, in the district's time zone."))
    due_at = Instant(allow_none=True, **described("First instant after the last day to finish in time."))
    grace_until = Instant(allow_none=True, **described("First instant after the grace."))
    next_change_at = Instant(
        allow_none=True,
        **described("When the clock alone changes this; keep the answer no longer than that."),
    )
    policy_version = fields.Str(
        allow_none=True, **described("What was signed or taught.", example="rua-2026.1")
    )
    evidence = fields.Str(allow_none=True, **described("Our name for the proof.", example="ev_x1"))
    seq = fields.Int(**described("Number of the last change in the district's log.", example=184467))


class FiltersSchema(Schema):
    requirement = fields.Str(
        validate=validate.Regexp(r"\A[a-z0-9-]{1,40}\Z", error="Expected a key such as rua."),
        **described("Only this requirement."),
    )
    audience = fields.Str(validate=validate.OneOf(AUDIENCES), **described("Only this audience."))


class OneQuerySchema(Schema):
    requirement = fields.Str(
        validate=validate.Regexp(r"\A[a-z0-9-]{1,40}\Z", error="Expected a key such as rua."),
        **described("Under this requirement; without it, the strictest standing the person has."),
    )


def limit() -> fields.Int:
    return fields.Int(
        load_default=500,
        validate=validate.Range(1, LARGEST_PAGE),
        **described(f"Items per page, 1 to {LARGEST_PAGE}."),
    )


class ListQuerySchema(FiltersSchema):
    limit = limit()
    cursor = fields.Str(**described("`next` of the page before."))


class ChangesQuerySchema(Schema):
    delta = fields.Str(
        required=True, **described("`delta` of the last page of the list, or of your last call here.")
    )
    limit = limit()


class ListSchema(Schema):
    items = fields.List(fields.Nested(StandingSchema))
    next = fields.Str(allow_none=True, **described("Cursor of the next page; null on the last."))
    delta = fields.Str(
        allow_none=True,
        **described("On the last page: where to go on with changes. It is as of the first page."),
    )


class RemovedSchema(Schema):
    """Somebody is gone from the list: act on `access`, under the names that are left."""

    id = fields.Str(**described("Our name for the person.", example="p_9aYkW2"))
    removed = fields.Str(
        validate=validate.OneOf(REASONS),
        **described("Off the roster; merged into another record, which counts; or everything was destroyed."),
    )
    ids = fields.Nested(
        IdsSchema, **described("Names the district knew the person by, where we still have them.")
    )
    requirement = fields.Str(allow_none=True, **described("Null when erased: under every requirement."))
    access = fields.Str(validate=validate.OneOf(("allow", "limited", "deny")), **described("What to do."))
    into = fields.Str(allow_none=True, **described("Whom the record was merged into.", example="p_x7Qm"))
    seq = fields.Int(**described("Number in the district's log.", example=184467))


class ChangesSchema(Schema):
    items = fields.List(
        fields.Raw(),
        **described("Newest standing of each, oldest change first; or that they are gone."),
    )
    delta = fields.Str(**described("Keep it and send it next time. Good for 30 days."))
    more = fields.Bool(**described("Whether more is waiting already; call again at once."))


class AskedSchema(Schema):
    scheme = fields.Str(
        required=True, validate=validate.OneOf((*SCHEMES, "id")), **described("By which name.", example="sis")
    )
    values = fields.List(
        fields.Str(validate=validate.Length(1, LONGEST_NAME)),
        required=True,
        validate=validate.Length(1, LARGEST_PAGE, error=f"Expected 1 to {LARGEST_PAGE} values."),
        **described(f"1 to {LARGEST_PAGE} names.", example=["100001", "100002"]),
    )
    requirement = fields.Str(
        validate=validate.Regexp(r"\A[a-z0-9-]{1,40}\Z", error="Expected a key such as rua."),
        **described("Under this requirement; without it, the strictest standing each has.", example="rua"),
    )


class AnsweredSchema(Schema):
    value = fields.Str(**described("As you sent it.", example="100001"))
    standing = fields.Nested(
        StandingSchema,
        allow_none=True,
        **described("Null: nobody by that name here, or nothing is asked of them."),
    )


class AnswersSchema(Schema):
    items = fields.List(
        fields.Nested(AnsweredSchema), **described("One for each value, in the order you sent.")
    )


class RowErrorSchema(Schema):
    file = fields.Str(**described("File of the zip; `staff.csv` for a staff file.", example="staff.csv"))
    line = fields.Int(**described("1 is the head; 0 is about the file as a whole.", example=2))
    detail = fields.Str(**described("What is wrong with it.", example="job must be one of teacher, para"))


class ProblemSchema(Schema):
    """RFC 9457."""

    type = fields.Str()
    title = fields.Str()
    status = fields.Int()
    detail = fields.Str(**described("What went wrong, for people."))
    reference = fields.Str(**described("Finds the line in our log."))
    field = fields.Str(**described("The parameter at fault, where there is one."))
    error_count = fields.Int(**described("Of a file that is refused: how many errors there are.", example=1))
    errors = fields.List(
        fields.Nested(RowErrorSchema), **described("Of a file that is refused: the first hundred of them.")
    )


OF_STANDING = tuple(
    name for name in StandingSchema().fields if name in Standing.__table__.columns and name != "id"
)
"""Fields that are columns of the same name."""


def item(row: Row, ids: dict[str, str], district: District) -> dict[str, Any]:
    """What StandingSchema dumps."""
    standing, public_id = row
    known = {scheme: value for scheme, value in ids.items() if scheme != "email" or vouched(value, district)}
    return {
        **{name: getattr(standing, name) for name in OF_STANDING},
        "id": public_id,
        "ids": known,
        "valid_until": _last_day(standing.valid_until, district),
    }


def _last_day(until: datetime | None, district: District) -> date | None:
    return last_day_before(until, district.timezone) if until else None
