"""The shape of scope_and_sequence.yaml."""

from typing import Any

from marshmallow import Schema, ValidationError, fields, validate

from lessons.shapes import a_list, a_number, a_text, one_of

GRADES = ("K", *(str(number) for number in range(1, 13)))
STAFF_PATHS = ("full", "refresher", "sign-only")
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


class Plain(Schema):
    """A part of the plan that also holds notes for people, which nothing here reads."""

    class Meta:
        unknown = "exclude"


class BandSchema(Plain):
    grades = fields.List(Grade(), required=True)
    minutes_per_lesson = a_number()
    lessons_per_year = fields.Tuple((fields.Integer(), fields.Integer()), required=True)
    fk_max = fields.Float(required=True)
    words_on_screen = fields.Tuple((fields.Integer(), fields.Integer()), required=True)
    options = Span(required=True)
    quiz_draw = a_number()
    pool_min = a_number()
    pass_mark = PassMark(required=True, data_key="pass")


class TopicSchema(Plain):
    core = fields.Boolean(required=True)
    name = a_text()
    from_grade = fields.Integer(load_default=0)


class ClauseSchema(Schema):
    id = a_text()
    heading = a_text()
    item = a_text()
    who = fields.List(one_of("student", "staff", "guest", "district", "family"), required=True)
    says = a_text()
    anchor = a_text()
    occurrence = fields.Integer(load_default=1)
    features = fields.List(a_text(), load_default=list)


class PlannedLessonSchema(Schema):
    id = a_text()
    title = a_text()
    grade = Grade(required=True)
    band = one_of(*BANDS)
    order = a_number()
    minutes = a_number()
    topics = a_list()
    cipa = fields.List(a_text(), required=True)
    iste = fields.List(a_text(), required=True)
    clauses = a_list()
    objectives = a_list()
    vocabulary = a_list()
    scenario = a_text()
    sensitivity = a_text()
    opt_out_alternative = fields.String(load_default="")
    content_note = fields.String(load_default="")


class PlannedModuleSchema(Schema):
    id = a_text()
    title = a_text()
    order = a_number()
    minutes = a_number()
    clauses = a_list()
    objectives = a_list()
    scenarios = a_list()
    pool = a_number()


class CoursePlanSchema(Schema):
    id = a_text()
    title = a_text()
    grade = Grade(required=True)
    band = one_of(*BANDS)
    minutes = a_number()
    lessons = a_list()


class SidePlanSchema(Plain):
    id = a_text()
    clauses = a_list()


class StaffPathSchema(Plain):
    id = one_of(*STAFF_PATHS)
    minutes = a_number()


class StaffCourseSchema(Plain):
    id = a_text()
    title = a_text()
    paths = fields.List(
        fields.Nested(StaffPathSchema), required=True, validate=validate.Length(equal=len(STAFF_PATHS))
    )
    modules = fields.List(fields.Nested(PlannedModuleSchema), required=True)
    attestation = fields.Nested(SidePlanSchema, required=True)


class ScopeSchema(Plain):
    bands = fields.Dict(keys=one_of(*BANDS), values=fields.Nested(BandSchema), required=True)
    district_variables = fields.Dict(keys=a_text(), values=fields.Raw(allow_none=True), required=True)
    topics = fields.Dict(keys=a_text(), values=fields.Nested(TopicSchema), required=True)
    cipa_tags = fields.Dict(keys=a_text(), required=True)
    iste_tags = fields.Dict(keys=a_text(), required=True)
    sensitivity_levels = fields.Dict(keys=a_text(), required=True)
    features = fields.Dict(keys=a_text(), required=True)
    clauses = fields.List(fields.Nested(ClauseSchema), required=True)
    non_normative = a_list()
    headings = a_list()
    lessons = fields.List(fields.Nested(PlannedLessonSchema), required=True)
    courses = fields.List(fields.Nested(CoursePlanSchema), required=True)
    staff_course = fields.Nested(StaffCourseSchema, required=True)
    guest_course = fields.Nested(SidePlanSchema, required=True)
