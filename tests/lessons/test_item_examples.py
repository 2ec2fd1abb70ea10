"""Every example of an item in docs/authoring.md is an item that the linter takes and that compiles."""

import re
from dataclasses import replace
from pathlib import Path

import pytest

from lessons.content import Lesson
from lessons.item_types import ITEM_TYPES
from lessons.items import Bin, Item
from lessons.written_items import hidden_ids
from tests.docs.pages import fenced
from tests.lessons.sample import FILES, ID, ITEMS, PLANNED, check_sample

EXAMPLES = [
    block.text
    for block in fenced()
    if block.page == "authoring.md" and block.kind == "yaml" and block.text.startswith("  - id:")
]
YOUNG = re.compile(r"id: k-")


def in_the_sample(example: str) -> str:
    return ITEMS + re.sub(r"(- id: )[a-z0-9-]+\.q\d+", rf"\1{ID}.q09", example)


def compiled(at: Path, example: str) -> tuple[Lesson | None, set[str]]:
    band = "K-2" if YOUNG.search(example) else "3-5"
    lesson, findings = check_sample(
        at, {**FILES, "items.yaml": in_the_sample(example)}, replace(PLANNED, band=band)
    )
    first = in_the_sample(example).split("\n").index(f"  - id: {ID}.q09") + 1
    return lesson, {str(each) for each in findings if each.file.endswith("items.yaml") and each.line >= first}


def item_of(at: Path, example: str) -> Item:
    lesson, _ = compiled(at, example)
    assert lesson is not None
    return lesson.item(f"{ID}.q09")


def example_of(kind: str) -> str:
    return next(each for each in EXAMPLES if f"type: {kind}\n" in each and not YOUNG.search(each))


def test_the_guide_shows_every_type_beyond_options_and_three_for_the_youngest():
    shown = {re.search(r"type: (\w+)", each).group(1) for each in EXAMPLES}  # type: ignore[union-attr]
    assert shown == set(ITEM_TYPES) - {"multi"}
    assert sum(bool(YOUNG.search(each)) for each in EXAMPLES) == 3


@pytest.mark.parametrize("example", EXAMPLES)
def test_an_example_of_the_guide_has_no_faults(tmp_path, example):
    lesson, faults = compiled(tmp_path, example)
    assert faults == set()
    if not YOUNG.search(example):  # the sample around it is a lesson for grade 4
        assert lesson is not None
        assert Lesson.from_body(lesson.to_body()) == lesson


def test_the_ids_of_steps_do_not_tell_their_order_and_are_the_same_on_every_machine(tmp_path):
    item = item_of(tmp_path, example_of("order"))
    assert [option.text.split()[0] for option in item.options] == ["Stop", "Look", "Show", "Delete"]
    assert "".join(option.id for option in item.options) == "acdb"


def test_the_ids_of_partners_do_not_tell_whose_they_are(tmp_path):
    item = item_of(tmp_path, example_of("match"))
    partners = {each.id: each.text for each in item.bins}
    assert {card.text.split()[0]: partners[card.bin] for card in item.options} == {
        "You": "It offers a prize.",  # the last of two cards that begin so
        "Type": "It wants a secret.",
    }
    lettered = zip(item.options, "abc", strict=True)
    cards = tuple(replace(card, id=each, bin=each) for card, each in lettered)
    written = replace(item, bins=tuple(Bin(each, each) for each in "abc"), options=cards)
    dealt = {
        "".join(card.bin for card in hidden_ids(replace(written, id=f"x.q{n}")).options) for n in range(40)
    }
    assert len(dealt) == 6  # every way of dealing three letters turns up


def test_what_an_item_does_not_use_is_not_in_its_body(tmp_path):
    lesson, _ = compiled(tmp_path, example_of("spot"))
    assert lesson is not None
    bodies = {body["id"]: body for body in lesson.to_body()["items"]}
    plain = {"id", "pool", "type", "objective", "clauses", "level", "critical", "stem", "say", "options"}
    assert set(bodies[f"{ID}.q01"]) == set(bodies[f"{ID}.q09"]) == plain
    assert set(bodies[f"{ID}.q01"]["options"][0]) == {"id", "text", "correct", "feedback"}
