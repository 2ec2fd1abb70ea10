"""What shapes are made of: the fields our schemas share, and marshmallow's errors as findings."""

from collections.abc import Iterator
from typing import Any

from marshmallow import Schema, ValidationError, fields, validate

from lessons.findings import Finding
from lessons.marked_yaml import Marked, Path


def a_list(at_least: int = 1) -> fields.List[str]:
    return fields.List(a_text(), required=True, validate=validate.Length(min=at_least))


def a_text() -> fields.String:
    return fields.String(required=True, validate=validate.Length(min=1))


def one_of(*choices: str) -> fields.String:
    return fields.String(required=True, validate=validate.OneOf(choices))


def a_number(at_least: int = 1) -> fields.Integer:
    return fields.Integer(required=True, strict=True, validate=validate.Range(min=at_least))


def yes_or_no() -> fields.Boolean:
    return fields.Boolean(truthy={True}, falsy={False}, load_default=False)


def matching(pattern: str, in_words: str, **more: Any) -> fields.String:
    return fields.String(validate=validate.Regexp(pattern, error=in_words), **more)


def an_svg() -> fields.String:
    return matching(r"[a-z0-9-]+\.svg$", "a file name such as two-trays.svg")


def in_words() -> fields.String:
    """A picture's words."""
    return fields.String(validate=validate.Length(min=1, max=250))


def check_shape(schema: Schema, source: Marked) -> tuple[dict[str, Any], list[Finding]]:
    """The values as the schema reads them, or no values and what is wrong with each (F3)."""
    try:
        values: dict[str, Any] = schema.load(source.value if source.value is not None else {})
    except ValidationError as error:
        return {}, list(_findings(error.messages, source))
    return values, []


def _findings(messages: Any, source: Marked, path: Path = ()) -> Iterator[Finding]:
    if isinstance(messages, dict):
        for key, inner in messages.items():
            yield from _findings(inner, source, path if key in ("_schema", "key", "value") else (*path, key))
        return
    where = ".".join(str(part + 1 if isinstance(part, int) else part) for part in path)
    for message in messages:
        yield Finding(source.file, source.line(*path), "F3", f"{where or 'the file'}: {message}")
