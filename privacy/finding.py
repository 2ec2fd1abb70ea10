"""Find the person that an office or a command names, by an exact name and never by a likeness."""

import sqlalchemy as sa

from core.database import db
from core.errors import NotFound, ToolError
from people.directory import find_by_identity
from people.models import District, Person

SCHEMES = ("sis", "email", "username", "id")


class OddName(ToolError):
    status, code = 422, "odd_name"


class NobodyByThatName(NotFound):
    code = "nobody_by_that_name"


def find_person(district: District, name: str) -> Person:
    """By an exact name such as `sis:100001`, or our own `id:p_...`. Raises OddName, NobodyByThatName."""
    scheme, _, value = name.strip().partition(":")
    if scheme not in SCHEMES or not value or not value.isprintable():
        raise OddName("Write it as sis:100001, email:..., username:... or id:p_...", field="id")
    if scheme == "id":
        found = db.scalars(
            sa.select(Person).filter_by(district_id=district.id, public_id=value)
        ).one_or_none()
    else:
        found = find_by_identity(district.id, scheme, value)
    if found is None:
        raise NobodyByThatName(f"Nobody in {district.name} is known by this {scheme}.")
    return found
