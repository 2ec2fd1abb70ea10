"""The shape of every curriculum file, checked with marshmallow before anything is read from it.

Shape only: which fields, which types, which words are allowed. Whether the parts fit each other is for lint_*.
"""

from collections.abc import Iterator
from typing import Any

from marshmallow import Schema, ValidationError, fields, validate

from lessons.findings import Finding
from lessons.marked_yaml import Marked, Path

GRADES = ("K", *(str(number) for number in range(1, 13)))
BANDS = ("K-2", "3-5", "6-8", "9-12", "staff")


class Grade(fields.Field[str]):
    """K, or 1 to 12 written as a number; read as text."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        if str(value) not in GRADES or isinstance(value, bool | float):
            raise ValidationError("a grade is K or 1 to 12")
        return str(value)


class PassMark(fields.Field[int]):
    """A share such as 0.75, or the word completion. Read as a percentage; 0 for completion."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> int:
        if value == "completion":
            return 0
        if not isinstance(value, float) or not 0 < value < 1:
            raise ValidationError("write a share such as 0.75, or completion")
        return round(value * 100)


class Span(fields.Field[tuple[int, int]]):
    """How many options: 3, or 3-4. Read as (fewest, most)."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> tuple[int, int]:
        fewest, _, most = str(value).partition("-")
        if not fewest.isdecimal() or not (most or fewest).isdecimal():
            raise ValidationError("write a number, or two with a hyphen: 3-4")
        return int(fewest), int(most or fewest)


def _words(at_least: int = 1) -> fields.List[str]:
    return fields.List(_text(), required=True, validate=validate.Length(min=at_least))


def _text() -> fields.String:
    return fields.String(required=True, validate=validate.Length(min=1))


def _one_of(*choices: str) -> fields.String:
    return fields.String(required=True, validate=validate.OneOf(choices))


def _number(at_least: int = 1) -> fields.Integer:
    return fields.Integer(required=True, strict=True, validate=validate.Range(min=at_least))


def _yes_or_no() -> fields.Boolean:
    return fields.Boolean(truthy={True}, falsy={False}, load_default=False)


# -- lesson.md and items.yaml ------------------------------------------------------------------------------


class LessonFrontSchema(Schema):
    id = _text()
    version = fields.String(required=True, validate=validate.Regexp(r"\d+\.\d+\.\d+$", error="write it as 1.0.0"))
    lang = _one_of("en")
    status = _one_of("draft", "reviewed", "approved")
    reviewers = fields.List(_text(), required=True)
    glossary = fields.Dict(keys=_text(), values=_text(), required=True)


class BlockSchema(Schema):
    art = fields.String(validate=validate.Regexp(r"[a-z0-9-]+\.svg$", error="a file name such as two-trays.svg"))
    alt = fields.String(validate=validate.Length(min=1, max=250))


class HookSchema(BlockSchema):
    item = fields.String()


class CardSchema(BlockSchema):
    key = fields.String(required=True, validate=validate.Regexp(r"[a-z0-9-]+$", error="lower-case words with hyphens"))


class PracticeSchema(BlockSchema):
    item = _text()


class RuleSchema(BlockSchema):
    clauses = _words()


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
    text = _text()
    correct = _yes_or_no()
    feedback = _text()


class ItemSchema(Schema):
    id = _text()
    pool = _one_of("quiz", "practice")
    type = _text()
    objective = _number()
    clauses = fields.List(_text(), required=True)
    level = _one_of("recall", "apply", "judge")
    critical = _yes_or_no()
    stem = _text()
    say = fields.String(load_default="", validate=validate.Length(min=1))
    options = fields.List(fields.Nested(OptionSchema), required=True, validate=validate.Length(min=2))


class ItemsSchema(Schema):
    lesson = _text()
    items = fields.List(fields.Nested(ItemSchema), required=True, validate=validate.Length(min=1))


# -- agreement and help card -------------------------------------------------------------------------------


class AgreementFrontSchema(Schema):
    id = _text()
    version = _text()
    lang = _one_of("en")
    effective = fields.Date(required=True)
    title = _text()
    source = _text()
    intent = _text()


class SectionSchema(Schema):
    clauses = _words()


class HelpFrontSchema(Schema):
    id = _one_of("help")
    version = _text()
    lang = _one_of("en")


# -- scope_and_sequence.yaml -------------------------------------------------------------------------------


class Plain(Schema):
    """A part of the plan that also holds notes for people, which nothing here reads."""

    class Meta:
        unknown = "exclude"


class BandSchema(Plain):
    grades = fields.List(Grade(), required=True)
    minutes_per_lesson = _number()
    lessons_per_year = fields.Tuple((fields.Integer(), fields.Integer()), required=True)
    fk_max = fields.Float(required=True)
    words_on_screen = fields.Tuple((fields.Integer(), fields.Integer()), required=True)
    options = Span(required=True)
    quiz_draw = _number()
    pool_min = _number()
    pass_mark = PassMark(required=True, data_key="pass")


class TopicSchema(Plain):
    core = fields.Boolean(required=True)
    name = _text()
    from_grade = fields.Integer(load_default=0)


class ClauseSchema(Schema):
    id = _text()
    heading = _text()
    item = _text()
    who = fields.List(_one_of("student", "staff", "guest", "district", "family"), required=True)
    says = _text()
    anchor = _text()
    occurrence = fields.Integer(load_default=1)
    features = fields.List(_text(), load_default=list)


class PlannedLessonSchema(Schema):
    id = _text()
    title = _text()
    grade = Grade(required=True)
    band = _one_of(*BANDS)
    order = _number()
    minutes = _number()
    topics = _words()
    cipa = fields.List(_text(), required=True)
    iste = fields.List(_text(), required=True)
    clauses = _words()
    objectives = _words()
    vocabulary = _words()
    scenario = _text()
    sensitivity = _text()
    opt_out_alternative = fields.String(load_default="")


class PlannedModuleSchema(Schema):
    id = _text()
    title = _text()
    order = _number()
    minutes = _number()
    clauses = _words()
    objectives = _words()
    scenarios = _words()
    pool = _number()


class CoursePlanSchema(Schema):
    id = _text()
    title = _text()
    grade = Grade(required=True)
    band = _one_of(*BANDS)
    minutes = _number()
    lessons = _words()


class SidePlanSchema(Plain):
    id = _text()
    clauses = _words()


class StaffCourseSchema(Plain):
    id = _text()
    title = _text()
    modules = fields.List(fields.Nested(PlannedModuleSchema), required=True)
    attestation = fields.Nested(SidePlanSchema, required=True)


class ScopeSchema(Plain):
    bands = fields.Dict(keys=_one_of(*BANDS), values=fields.Nested(BandSchema), required=True)
    district_variables = fields.Dict(keys=_text(), values=fields.Raw(allow_none=True), required=True)
    topics = fields.Dict(keys=_text(), values=fields.Nested(TopicSchema), required=True)
    cipa_tags = fields.Dict(keys=_text(), required=True)
    iste_tags = fields.Dict(keys=_text(), required=True)
    sensitivity_levels = fields.Dict(keys=_text(), required=True)
    features = fields.Dict(keys=_text(), required=True)
    clauses = fields.List(fields.Nested(ClauseSchema), required=True)
    non_normative = _words()
    headings = _words()
    lessons = fields.List(fields.Nested(PlannedLessonSchema), required=True)
    courses = fields.List(fields.Nested(CoursePlanSchema), required=True)
    staff_course = fields.Nested(StaffCourseSchema, required=True)
    guest_course = fields.Nested(SidePlanSchema, required=True)


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
