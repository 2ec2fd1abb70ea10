"""What the parts of IT's interface share, on whichever floor they stand: how a part joins, how fields are described,
and how a parameter that is wrong is refused."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from flask import Response
from marshmallow import fields

from core.problems import problem

LAST_NUMBER = 2**53 - 1
"""The largest whole number that every JSON reader takes for itself."""


@dataclass(frozen=True)
class Part:
    """Addresses that some package adds to the interface, and what their code can not say of them.

    blueprint   of flask-smorest; its url_prefix is where the addresses begin
    scope       that its guard asks for
    examples    {(path, method): the body of its first success}
    sent        names of schemas that callers send
    not_always  {name of a schema: fields that an answer may lack}
    """

    blueprint: Any
    scope: str
    examples: Mapping[tuple[str, str], Any]
    sent: tuple[str, ...] = ()
    not_always: Mapping[str, frozenset[str]] = field(default_factory=dict)


class Instant(fields.DateTime):
    """2027-08-01T07:00:00Z"""

    def _serialize(self, value: datetime | None, attr: str | None, obj: Any, **kwargs: Any) -> str | None:
        return None if value is None else f"{value.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


class Whole(fields.Int):
    """A whole number as JSON Schema has it: 3 and 3.0, and neither "3" nor 3.5 nor true."""

    def _validated(self, value: Any) -> int:
        if isinstance(value, bool) or not isinstance(value, (int, float)) or value != value // 1:
            raise self.make_error("invalid", input=value)
        return super()._validated(int(value))


def described(words: str, **more: Any) -> dict[str, Any]:
    return {"metadata": {"description": words, **more}}


def refuse_parameters(error: Any) -> Response:
    """What marshmallow found wrong, as a problem that names the first parameter at fault."""
    messages = getattr(error, "data", {}).get("messages", {})
    found: Mapping[str, Any] = next(iter(messages.values()), {})
    name, words = next(iter(found.items()), (None, ["The parameters could not be read."]))
    while isinstance(words, Mapping):  # of one value among many: the field and the reason, without the value
        words = next(iter(words.values()))
    return problem(422, "odd_parameter", " ".join(words), field=name if name != "_schema" else None)
