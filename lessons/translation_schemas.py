"""The shape of lesson.es.md and items.es.yaml: words, and the keys and ids that say whose words they are."""

from typing import Any

from marshmallow import Schema, fields, validate

from core.catalogs import SOURCE
from lessons.shapes import a_list, a_text, in_words, one_of


class WordsSchema(Schema):
    """Anything else that stands in the source (what is right, a picture, a clause) belongs to the source alone."""

    error_messages = {  # noqa: RUF012
        "unknown": "a translation holds words, keys and ids only; everything else is said once, in the source"
    }


class GlossaryEntrySchema(WordsSchema):
    word = a_text()
    meaning = a_text()


class TranslationFrontSchema(WordsSchema):
    """of: what the source says of itself (flask curriculum check tells it); same: texts that read as in English."""

    id = a_text()
    lang = a_text()
    status = one_of("machine", "reviewed", "approved")
    reviewers = fields.List(a_text(), required=True)
    of = a_text()
    title = a_text()
    objectives = a_list()
    glossary = fields.Dict(keys=a_text(), values=fields.Nested(GlossaryEntrySchema), required=True)
    same = fields.List(a_text(), load_default=list)


def left_in_english() -> fields.String:
    """On a block or item that is left in English on purpose."""
    return fields.String(validate=validate.OneOf([SOURCE]))


class TranslatedBlockSchema(WordsSchema):
    key = fields.String()
    item = fields.String()
    alt = in_words()
    stays = left_in_english()


def some_text() -> fields.String:
    return fields.String(validate=validate.Length(min=1))


class PartnerSchema(WordsSchema):
    text = some_text()
    say = some_text()


class PartWordsSchema(PartnerSchema):
    id = a_text()
    feedback = some_text()
    then = some_text()
    partner = fields.Nested(PartnerSchema)


def words_of_parts() -> fields.List[dict[str, Any]]:
    return fields.List(fields.Nested(PartWordsSchema))


class SceneWordsSchema(PartnerSchema):
    id = a_text()
    choices = words_of_parts()


class ItemWordsSchema(WordsSchema):
    id = a_text()
    stays = left_in_english()
    stem = some_text()
    say = some_text()
    alt = some_text()
    ending = some_text()
    options = words_of_parts()
    regions = words_of_parts()
    steps = words_of_parts()
    cards = words_of_parts()
    pairs = words_of_parts()
    bins = words_of_parts()
    scenes = fields.List(fields.Nested(SceneWordsSchema))


class TranslatedItemsSchema(WordsSchema):
    lesson = a_text()
    items = fields.List(fields.Nested(ItemWordsSchema), required=True, validate=validate.Length(min=1))
