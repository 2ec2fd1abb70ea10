"""The shape of what our authors write, checked with marshmallow before anything is read from it.

Shape only: which fields, which types, which words are allowed. Whether the parts fit each other is for
lint_*.
"""

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


# -- lesson.md and items.yaml ------------------------------------------------------------------------------


class LessonFrontSchema(Schema):
    id = a_text()
    version = fields.String(
        required=True, validate=validate.Regexp(r"\d+\.\d+\.\d+$", error="write it as 1.0.0")
    )
    lang = one_of("en")
    status = one_of("draft", "reviewed", "approved")
    reviewers = fields.List(a_text(), required=True)
    glossary = fields.Dict(keys=a_text(), values=a_text(), required=True)


class BlockSchema(Schema):
    art = fields.String(
        validate=validate.Regexp(r"[a-z0-9-]+\.svg$", error="a file name such as two-trays.svg")
    )
    alt = fields.String(validate=validate.Length(min=1, max=250))


class HookSchema(BlockSchema):
    item = fields.String()


class CardSchema(BlockSchema):
    key = fields.String(
        required=True, validate=validate.Regexp(r"[a-z0-9-]+$", error="lower-case words with hyphens")
    )


class PracticeSchema(BlockSchema):
    item = a_text()


class RuleSchema(BlockSchema):
    clauses = a_list()


class TellSchema(BlockSchema):
    pass


BLOCKS: dict[str, type[BlockSchema]] = {
    "hook": HookSchema,
    "card": CardSchema,
    "practice": PracticeSchema,
    "rule": RuleSchema,
    "tell": TellSchema,
}


class OptionSchema(Schema):
    id = fields.String(required=True, validate=validate.Regexp(r"[a-z]$", error="one lower-case letter"))
    text = a_text()
    correct = yes_or_no()
    feedback = a_text()


class ItemSchema(Schema):
    id = a_text()
    pool = one_of("quiz", "practice")
    type = a_text()
    objective = a_number()
    clauses = fields.List(a_text(), required=True)
    level = one_of("recall", "apply", "judge")
    critical = yes_or_no()
    stem = a_text()
    say = fields.String(load_default="", validate=validate.Length(min=1))
    options = fields.List(fields.Nested(OptionSchema), required=True, validate=validate.Length(min=2))


class ItemsSchema(Schema):
    lesson = a_text()
    items = fields.List(fields.Nested(ItemSchema), required=True, validate=validate.Length(min=1))


# -- agreement and help card -------------------------------------------------------------------------------


class AgreementFrontSchema(Schema):
    id = a_text()
    version = a_text()
    lang = one_of("en")
    effective = fields.Date(required=True)
    title = a_text()
    source = a_text()
    intent = a_text()


class SectionSchema(Schema):
    clauses = a_list()


class HelpFrontSchema(Schema):
    id = one_of("help")
    version = a_text()
    lang = one_of("en")


# -- from marshmallow's errors to findings -----------------------------------------------------------------


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
