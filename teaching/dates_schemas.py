"""What the forms of the page of dates send."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from marshmallow import EXCLUDE, Schema, ValidationError, fields, pre_load, validate
from werkzeug.datastructures import MultiDict

from core.errors import ToolError
from core.messages import N_

DUE = "due-"
"""How the field of a lesson's date begins; the rest is the lesson's id."""


class OddDay(ToolError):
    """`field` is the one that is no day of the calendar."""

    status, code = 422, "odd_day"
    next_step = N_("Go back and write the day like 2027-02-12. Nothing was changed.")


class TimeSchema(Schema):
    class Meta:
        unknown = EXCLUDE

    lesson = fields.Str(required=True, validate=validate.Length(min=1, max=80))
    until = fields.Date(required=True, validate=validate.Range(max=date(9999, 12, 30)))
    pupils = fields.List(fields.Int(validate=validate.Range(0, 2**62)), load_default=[])
    everybody = fields.Bool(load_default=False)

    @pre_load
    def many_pupils(self, form: MultiDict[str, str], **_more: object) -> dict[str, Any]:
        return {**form.to_dict(), "pupils": form.getlist("pupil")}


def read_time(form: MultiDict[str, str]) -> dict[str, Any]:
    """{"lesson", "until", "pupils": seats, "everybody"}. Raises OddDay."""
    try:
        values: dict[str, Any] = TimeSchema().load(form)
    except ValidationError as error:
        field = next(iter(error.messages_dict))
        raise OddDay(N_("Choose a lesson, a day and pupils of this class."), field=field) from None
    return values


def read_days(form: Mapping[str, str]) -> dict[str, date | None]:
    """{lesson id: its day}, None for an empty field. Raises OddDay."""
    return {name.removeprefix(DUE): _day(name, text) for name, text in form.items() if name.startswith(DUE)}


def _day(field: str, text: str) -> date | None:
    try:
        day = date.fromisoformat(text.strip()) if text.strip() else None
    except ValueError:
        day = date.max
    if day == date.max:  # what lasts through a day ends with the next one, and the calendar has an end
        raise OddDay(N_("This is no day of the calendar."), field=field)
    return day
