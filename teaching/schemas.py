"""What the address of the class page may ask for."""

from collections.abc import Mapping

from marshmallow import EXCLUDE, Schema, ValidationError, fields, post_load, validate

from core.errors import ToolError
from core.messages import N_
from teaching.arranging import SHOWS, SORTS, Choice


class OddChoice(ToolError):
    status, code = 400, "odd_choice"
    next_step = N_("Open the class page again from your course.")


class ChoiceSchema(Schema):
    """Empty fields are what a form sends for "all of it"."""

    class Meta:
        unknown = EXCLUDE

    course = fields.Str(validate=validate.Length(max=80))
    lesson = fields.Str(validate=validate.Length(max=80))
    show = fields.Str(validate=validate.OneOf(SHOWS))
    sort = fields.Str(validate=validate.OneOf(SORTS))

    @post_load
    def make(self, data: dict[str, str], **_: object) -> Choice:
        return Choice(**data)


def read_choice(arguments: Mapping[str, str]) -> Choice:
    """Raises OddChoice."""
    try:
        choice: Choice = ChoiceSchema().load({name: value for name, value in arguments.items() if value})
    except ValidationError as error:
        field = next(iter(error.messages_dict))
        raise OddChoice(
            N_("This address asks for a %(field)s that we do not know.", field=field), field=field
        ) from error
    return choice
