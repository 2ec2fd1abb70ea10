"""The shape of what is written around a lesson: teacher guides and family letters."""

from marshmallow import Schema, fields

from lessons.shapes import a_text, matching, one_of


class PaperFrontSchema(Schema):
    version = matching(r"\d+\.\d+\.\d+$", "write it as 1.0.0", required=True)
    status = one_of("draft", "reviewed", "approved")
    reviewers = fields.List(a_text(), required=True)


class GuideFrontSchema(PaperFrontSchema):
    id = a_text()
    lang = one_of("en")


class ToldFrontSchema(PaperFrontSchema):
    id = one_of("if-a-pupil-tells-you")
    lang = one_of("en")


class PlainPartSchema(Schema):
    """A part that is words and nothing else."""


GUIDE_PARTS: dict[str, type[Schema]] = dict.fromkeys(
    ("learn", "materials", "plan", "discuss", "watch", "prepare", "told"), PlainPartSchema
)


class LetterFrontSchema(PaperFrontSchema):
    course = a_text()
    lang = one_of("en", "es")
    title = a_text()


class AboutLessonSchema(Schema):
    id = a_text()


LETTER_PARTS: dict[str, type[Schema]] = {
    **dict.fromkeys(("hello", "preview", "opt-out", "agreement", "close"), PlainPartSchema),
    "lesson": AboutLessonSchema,
}
