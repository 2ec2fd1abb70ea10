"""Find the person that an office or a command names, by an exact name and never by a likeness."""

from core.errors import NotFound, ToolError
from people.directory import KNOWN_BY, person_called
from people.models import District, Person


class OddName(ToolError):
    status, code = 422, "odd_name"


class NobodyByThatName(NotFound):
    code = "nobody_by_that_name"


def find_person(district: District, name: str) -> Person:
    """By an exact name such as `sis:100001`, or our own `id:p_...`. Raises OddName, NobodyByThatName."""
    scheme, _, value = name.strip().partition(":")
    if scheme not in (*KNOWN_BY, "id") or not value or not value.isprintable():
        raise OddName("Write it as sis:100001, email:..., username:... or id:p_...", field="id")
    found = person_called(district.id, scheme, value)
    if found is None:
        raise NobodyByThatName(f"Nobody in {district.name} is known by this {scheme}.")
    return found
