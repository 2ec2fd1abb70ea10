"""Rows of roster files, checked field by field. Columns we have no use for are never looked at (least data)."""

from datetime import UTC, date, datetime
from typing import Any

from marshmallow import EXCLUDE, Schema, ValidationError, fields, pre_load, validate, validates_schema

from people.roster_models import JOBS
from rosters.bounds import echo

LONGEST_KEY = 80
LONGEST_NAME = 200


class _Day(fields.Field[date]):
    """YYYY-MM-DD; an empty cell is None."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        if not value:
            return None
        try:
            return date.fromisoformat(value)
        except ValueError:
            raise ValidationError(f"must be a day written as 2026-09-01, not {echo(value)}") from None


class _Instant(fields.Field[datetime]):
    """ISO 8601; an empty cell is None."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        if not value:
            return None
        try:
            instant = datetime.fromisoformat(value)
        except ValueError:
            raise ValidationError(
                f"must be a time written as 2026-09-01T08:00:00Z, not {echo(value)}"
            ) from None
        return instant if instant.tzinfo else instant.replace(tzinfo=UTC)


class _Words(fields.Field[tuple[str, ...]]):
    """A list in one cell, its entries separated by commas."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        return tuple(each.strip() for each in (value or "").split(",") if each.strip())


def _key(data_key: str, *, required: bool = True) -> fields.Str:
    fits = validate.Length(
        1 if required else 0, LONGEST_KEY, error=f"must have 1 to {LONGEST_KEY} characters"
    )
    return fields.Str(data_key=data_key, required=required, validate=fits)


def _one_of(*words: str) -> Any:
    def check(value: str) -> None:
        if value not in words:
            raise ValidationError(
                f"must be one of {', '.join(word or '(empty)' for word in words)}, not {echo(value)}"
            )

    return check


def is_address(value: str) -> bool:
    local, at, domain = value.rpartition("@")
    return bool(at and local and "." in domain and " " not in value and len(value) <= 254)


def _address(value: str) -> None:
    if value and not is_address(value):
        raise ValidationError(f"must be an e-mail address, not {echo(value)}")


class _Row(Schema):
    class Meta:
        unknown = EXCLUDE


class ManifestSchema(_Row):
    name = fields.Str(required=True, data_key="propertyName")
    value = fields.Str(required=True, data_key="value")


class _OneRosterRow(_Row):
    """What every OneRoster row begins with. A delta must say status and time, a bulk file says neither
    (OneRoster CSV 1.1 and 1.2); the reader sets `delta`."""

    sourced_id = _key("sourcedId")
    status = fields.Str(load_default="", validate=_one_of("", "active", "inactive", "tobedeleted"))
    modified = _Instant(data_key="dateLastModified", load_default=None)

    delta = False

    @pre_load
    def without_case(self, given: dict[str, str], **_: Any) -> dict[str, str]:
        return given | {"status": given.get("status", "").lower()}

    @validates_schema
    def a_delta_says_what_and_when(self, read: dict[str, Any], **_: Any) -> None:
        if not self.delta:
            return
        said = {"status": read.get("status"), "dateLastModified": read.get("modified")}
        missing = {column: ["must not be empty in a delta"] for column, value in said.items() if not value}
        if missing:
            raise ValidationError(missing)


class OrgSchema(_OneRosterRow):
    name = fields.Str(
        required=True, validate=validate.Length(1, LONGEST_NAME, error="must have 1 to 200 characters")
    )
    type = fields.Str(required=True)


class UserSchema(_OneRosterRow):
    """What both versions have. `email` is looked at only for staff, since a pupil's is not kept."""

    username = fields.Str(
        load_default="", validate=validate.Length(max=254, error="must have at most 254 characters")
    )
    identifier = _key("identifier", required=False)
    email = fields.Str(load_default="")
    grades = _Words(load_default=())
    role = fields.Str(load_default="")
    """1.1 only, as are the orgs."""
    orgs = _Words(data_key="orgSourcedIds", load_default=())


class RoleSchema(_OneRosterRow):
    user = _key("userSourcedId")
    role = fields.Str(required=True)
    org = _key("orgSourcedId")
    first_day = _Day(data_key="beginDate", load_default=None)
    last_day = _Day(data_key="endDate", load_default=None)


class StaffSchema(_Row):
    """A row of the staff file."""

    sis_id = _key("sis_id")
    email = fields.Str(load_default="", validate=_address)
    username = fields.Str(
        load_default="", validate=validate.Length(max=254, error="must have at most 254 characters")
    )
    building = _key("building")
    building_name = fields.Str(
        load_default="", validate=validate.Length(max=LONGEST_NAME, error="must have at most 200 characters")
    )
    job = fields.Str(required=True, validate=_one_of(*JOBS))
    hired_on = _Day(load_default=None)
    left_on = _Day(load_default=None)

    @validates_schema
    def leaves_after_being_hired(self, read: dict[str, Any], **_: Any) -> None:
        hired, left = read.get("hired_on"), read.get("left_on")
        if hired and left and left < hired:
            raise ValidationError("must not lie before hired_on", "left_on")
