"""What the forms of the personnel office send."""

from datetime import date
from typing import Any

from marshmallow import EXCLUDE, Schema, ValidationError, fields, pre_load, validate
from werkzeug.datastructures import MultiDict

from core.errors import ToolError
from people.directory import KNOWN_BY

WORDS = {
    "scheme": "Choose what kind of name it is.",
    "value": "Type the whole number, address or name.",
    "day": "Give the day as year-month-day.",
    "version": "Choose an edition from the list.",
    "course": "Choose a course from the list.",
    "reason": "Choose a reason from the list.",
    "until": "Give the last day as year-month-day.",
    "condition": "Choose a condition from the list.",
    "review": "Give the day of the next review as year-month-day.",
    "emergency": "Tick the box, or leave it empty.",
}

A_DAY_AFTER_IT = validate.Range(max=date(9999, 12, 30))
"""What lasts through a day ends with the next one, and the calendar has an end."""


class OddForm(ToolError):
    """A form lacks something; `field` is the first that does."""

    status, code = 422, "odd_form"
    next_step = "Go back, correct it, and send it again. Nothing was recorded."


class FormSchema(Schema):
    class Meta:
        unknown = EXCLUDE


class FindSchema(FormSchema):
    scheme = fields.String(required=True, validate=validate.OneOf(KNOWN_BY))
    value = fields.String(required=True, validate=validate.Length(min=1, max=255))


class PaperSchema(FormSchema):
    day = fields.Date(required=True)
    version = fields.String(required=True, validate=validate.Length(min=1, max=40))


class EquivalentSchema(FormSchema):
    day = fields.Date(required=True)
    course = fields.String(required=True, validate=validate.Length(min=1, max=40))


class VoidSchema(FormSchema):
    reason = fields.String(required=True, validate=validate.Length(min=1, max=40))


class ExemptionSchema(FormSchema):
    reason = fields.String(required=True, validate=validate.Length(min=1, max=40))
    until = fields.Date(required=True, validate=A_DAY_AFTER_IT)


class ExtensionSchema(ExemptionSchema):
    """More time: through a day, and why."""


class RevocationSchema(FormSchema):
    reason = fields.String(required=True, validate=validate.Length(min=1, max=40))
    until = fields.Date(load_default=None, allow_none=True, validate=A_DAY_AFTER_IT)
    emergency = fields.Boolean(load_default=False)

    @pre_load
    def no_day_is_no_end(self, sent: dict[str, str], **_more: object) -> dict[str, str]:
        return {name: value for name, value in sent.items() if value or name != "until"}


class UpholdSchema(FormSchema):
    review = fields.Date(required=True)


class ReinstatementSchema(FormSchema):
    condition = fields.String(required=True, validate=validate.Length(min=1, max=40))


def read(schema: Schema, form: MultiDict[str, str]) -> dict[str, Any]:
    """The form's values. Raises OddForm."""
    try:
        values: dict[str, Any] = schema.load({name: value.strip() for name, value in form.items()})
    except ValidationError as error:
        field = next(name for name in schema.fields if name in error.messages_dict)
        raise OddForm(WORDS[field], field=field) from None
    return values
