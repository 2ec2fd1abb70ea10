"""The shape of items.yaml: what all items share, and what each type writes instead of plain options.

Shape only, as in schemas.py. What the parts are worth together is for item_types.py.
"""

from typing import Any

from marshmallow import Schema, ValidationError, fields, validate

from lessons.items import END
from lessons.shapes import a_number, a_text, an_svg, in_words, matching, one_of, yes_or_no

_PICTURE = r"\u203c\u2049-\u303f\U0001f000-\U0001fbff"
EMOJI = rf"[{_PICTURE}][{_PICTURE}\u200d\ufe0f]{{0,11}}\Z"
"""One picture character with what may be joined to it (skin tones, joiners): no letters and no digits."""


def a_name() -> fields.String:
    return matching(r"[a-z][a-z0-9-]{0,19}\Z", "a short lower-case word", required=True)


def spoken() -> fields.String:
    return fields.String(load_default="", validate=validate.Length(min=1))


class PicturedSchema(Schema):
    """Words, how they are said, and a picture for who can not read them yet."""

    text = a_text()
    say = spoken()
    art = an_svg()
    emoji = matching(EMOJI, "one emoji")


class PartSchema(PicturedSchema):
    """What is picked, moved or placed."""

    id = matching(r"[a-z]\Z", "one lower-case letter", required=True)
    feedback = a_text()


class OptionSchema(PartSchema):
    correct = yes_or_no()


class RegionSchema(PartSchema):
    clue = yes_or_no()


class CardSchema(PartSchema):
    bin = a_name()


class BinSchema(PicturedSchema):
    id = a_name()


class PairSchema(PartSchema):
    partner = fields.Nested(PicturedSchema, required=True)


class ChoiceSchema(PartSchema):
    safe = yes_or_no()
    then = a_text()
    to = a_name()


class SceneSchema(Schema):
    id = matching(rf"(?!{END}\Z)[a-z][a-z0-9-]{{0,19}}\Z", "a short lower-case word", required=True)
    text = a_text()
    say = spoken()
    repair = yes_or_no()
    choices = fields.List(fields.Nested(ChoiceSchema), required=True, validate=validate.Length(min=1))


def parts(schema: type[Schema], at_least: int = 2) -> fields.List[dict[str, Any]]:
    return fields.List(fields.Nested(schema), required=True, validate=validate.Length(min=at_least, max=26))


class ItemSchema(Schema):
    id = a_text()
    pool = one_of("quiz", "practice")
    type = a_text()
    objective = a_number()
    clauses = fields.List(a_text(), required=True)
    level = one_of("recall", "apply", "judge")
    critical = yes_or_no()
    stem = a_text()
    say = spoken()
    art = an_svg()
    alt = in_words()


class ChoiceItemSchema(ItemSchema):
    options = parts(OptionSchema)


class SpotItemSchema(ItemSchema):
    regions = parts(RegionSchema)


class OrderItemSchema(ItemSchema):
    steps = parts(PartSchema)


class SortItemSchema(ItemSchema):
    bins = parts(BinSchema)
    cards = parts(CardSchema)


class MatchItemSchema(ItemSchema):
    pairs = parts(PairSchema)


class BranchItemSchema(ItemSchema):
    scenes = parts(SceneSchema)
    ending = a_text()


SCHEMAS: dict[str, type[ItemSchema]] = {
    "single": ChoiceItemSchema,
    "multi": ChoiceItemSchema,
    "spot": SpotItemSchema,
    "order": OrderItemSchema,
    "sort": SortItemSchema,
    "match": MatchItemSchema,
    "branch": BranchItemSchema,
}


class AnItem(fields.Field[dict[str, Any]]):
    """Read by the schema of its type; a type nobody knows is read as options, for the linter to name (I5)."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> dict[str, Any]:
        if not isinstance(value, dict):
            raise ValidationError("an item has an id, a pool, a type and more")
        read: dict[str, Any] = SCHEMAS.get(str(value.get("type")), ChoiceItemSchema)().load(value)
        return read


class ItemsSchema(Schema):
    lesson = a_text()
    items = fields.List(AnItem(required=True), required=True, validate=validate.Length(min=1))


class RewordedSchema(Schema):
    id = matching(r"[a-z]\Z", "one lower-case letter", required=True)
    text = a_text()
    feedback = a_text()
    correct = fields.Boolean(truthy={True}, falsy={False}, load_default=None)


class VariantSchema(Schema):
    """Which items and jobs there are is for lint_variants, so that it can say so."""

    item = a_text()
    role = a_text()
    stem = a_text()
    options = fields.List(fields.Nested(RewordedSchema), load_default=list)


class VariantsSchema(Schema):
    """variants.yaml: a staff module's items in the working days of other jobs."""

    module = a_text()
    variants = fields.List(fields.Nested(VariantSchema), required=True, validate=validate.Length(min=1))
