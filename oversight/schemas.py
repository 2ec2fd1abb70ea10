"""What the addresses of these pages may ask for."""

from collections.abc import Mapping
from typing import Any

from marshmallow import EXCLUDE, Schema, ValidationError, fields, post_load, validate

from core.errors import ToolError
from oversight.coverage import ORDER
from oversight.wishes import ON_NO_ROSTER, Wish
from oversight.words import ACCESS, JOBS, STATES


class OddWish(ToolError):
    status, code = 400, "odd_wish"
    next_step = "Go back to the page you came from and choose there."


class BuildingSchema(Schema):
    class Meta:
        unknown = EXCLUDE

    building = fields.Int(validate=validate.Range(min=ON_NO_ROSTER, max=2**62))


class WishSchema(BuildingSchema):
    """Empty fields are what a form sends for "all of them"."""

    audience = fields.Str(validate=validate.OneOf(("pupil", "staff")))
    job = fields.Str(validate=validate.OneOf([job for job in JOBS if job]))
    grade = fields.Str(validate=validate.OneOf(ORDER))
    state = fields.Str(validate=validate.OneOf([state or "never" for state in STATES]))
    access = fields.Str(validate=validate.OneOf([access for access in ACCESS if access]))
    missing = fields.Str(validate=validate.Length(max=80))
    after = fields.Int(validate=validate.Range(min=0, max=2**62))

    @post_load
    def make(self, data: dict[str, Any], **_: object) -> Wish:
        return Wish(**data)


def read_wish(arguments: Mapping[str, str]) -> Wish:
    """Raises OddWish."""
    wish: Wish = _load(WishSchema(), arguments)
    return wish


def read_building(arguments: Mapping[str, str]) -> int | None:
    """Raises OddWish."""
    found: dict[str, int] = _load(BuildingSchema(), arguments)
    return found.get("building")


def _load(schema: Schema, arguments: Mapping[str, str]) -> Any:
    try:
        return schema.load({name: value for name, value in arguments.items() if value})
    except ValidationError as error:
        field = next(iter(error.messages_dict))
        raise OddWish(f"This address asks for a {field} that we do not know.", field=field) from error
