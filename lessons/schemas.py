"""The shape of what our authors write, checked with marshmallow before anything is read from it.

Shape only: which fields, which types, which words are allowed. Whether the parts fit each other is for
lint_*. Items have a file of their own, item_schemas.py.
"""

from marshmallow import Schema, fields, validate

from lessons.shapes import a_list, a_text, an_svg, in_words, matching, one_of

# -- lesson.md ---------------------------------------------------------------------------------------------


class LessonFrontSchema(Schema):
    id = a_text()
    version = matching(r"\d+\.\d+\.\d+$", "write it as 1.0.0", required=True)
    lang = one_of("en")
    status = one_of("draft", "reviewed", "approved")
    reviewers = fields.List(a_text(), required=True)
    glossary = fields.Dict(keys=a_text(), values=a_text(), required=True)


class AlternativeFrontSchema(LessonFrontSchema):
    """Of an equivalent alternative: the plan has its lesson's place, and the rest stands here."""

    title = a_text()
    objectives = a_list(2)
    topics = a_list()
    clauses = a_list()


class BlockSchema(Schema):
    art = an_svg()
    alt = in_words()


class HookSchema(BlockSchema):
    item = fields.String()


class CardSchema(BlockSchema):
    key = matching(r"[a-z0-9-]+$", "lower-case words with hyphens", required=True)


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

# -- agreement and help card -------------------------------------------------------------------------------


class AgreementFrontSchema(Schema):
    id = a_text()
    version = a_text()
    lang = one_of("en", "es")
    effective = fields.Date(required=True)
    change = fields.String(validate=validate.OneOf(("first", "editorial", "material")), load_default="")
    reattest_by = fields.Date(load_default=None)
    approved_by = fields.List(a_text(), load_default=())
    title = a_text()
    source = a_text()
    intent = a_text()


class SectionSchema(Schema):
    clauses = a_list()


class WhatsNewFrontSchema(Schema):
    year = matching(r"20\d\d-\d\d\Z", "a school year such as 2026-27", required=True)


class ChangeSchema(Schema):
    """Beside the title of a change: the staff module that teaches it."""

    module = fields.String(load_default="")


class HelpFrontSchema(Schema):
    id = one_of("help")
    version = a_text()
    lang = one_of("en")
