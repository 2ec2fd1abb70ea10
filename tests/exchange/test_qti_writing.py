"""QTI 2.1 items: each type's declaration, interaction, score and feedback, as the information model has them."""

import re
from fractions import Fraction
from itertools import permutations
from xml.etree import ElementTree as ET

import pytest

from exchange.qti_writing import qti_package
from exchange.questions import question_set
from lessons.content import Lesson
from quizzes.marking import mark
from tests.exchange.reading import PACKAGE, QTI, one, tags, unpacked
from tests.lessons.every_type import every_type, item_of_type, right_answer

LESSON = every_type()


def items_of(lesson: Lesson) -> dict[str, ET.Element]:
    files = unpacked(qti_package([question_set(lesson, str)], "read me"))
    return {
        name[6:-4]: ET.fromstring(data) for name, data in files.items() if name.startswith("items/")
    }  # fmt: skip


def item_of(kind: str) -> ET.Element:
    return items_of(LESSON)[item_of_type(kind).id]


def test_the_manifest_names_every_file():
    files = unpacked(qti_package([question_set(LESSON, str)], "read me"))
    manifest = ET.fromstring(files["imsmanifest.xml"])
    assert tags(manifest) == ["metadata", "organizations", "resources"]
    resources = list(manifest.iter(f"{PACKAGE}resource"))
    assert {each.get("href") for each in resources} == set(files) - {"imsmanifest.xml"}
    assert all(one(each, f"{PACKAGE}file").get("href") == each.get("href") for each in resources)
    types = {each.get("type") for each in resources if each.get("href").startswith("items/")}
    assert types == {"imsqti_item_xmlv2p1"}
    assert files["README.txt"] == b"read me"


@pytest.mark.parametrize("band", ["3-5", "K-2"])
def test_every_item_has_its_parts_in_the_order_of_the_model(band):
    lesson = every_type(band, lesson_id="g4-every-type")
    items = items_of(lesson)
    assert len(items) >= len(lesson.quiz_items)
    for name, item in items.items():
        names = tags(item)
        assert names[:4] == ["responseDeclaration", "outcomeDeclaration", "outcomeDeclaration", "itemBody"]
        assert names[4] == "responseProcessing" and set(names[5:]) == {"modalFeedback"}
        assert item.get("identifier") == name and re.fullmatch(r"[A-Za-z_][\w.-]*", name)
        assert (item.get("adaptive"), item.get("timeDependent")) == ("false", "false")
        (interaction,) = one(item, f"{QTI}itemBody")
        assert interaction.get("responseIdentifier") == "RESPONSE" and tags(interaction)[0] == "prompt"
        offered = [each.get("identifier") for each in interaction.iter() if each.get("identifier")]
        assert len(set(offered)) == len(offered)
        told = {each.get("identifier") for each in item.iter(f"{QTI}modalFeedback")}
        assert told <= set(offered) and all(each.text for each in item.iter(f"{QTI}modalFeedback"))


@pytest.mark.parametrize(
    ("kind", "interaction", "cardinality", "base_type"),
    [
        ("single", "choiceInteraction", "single", "identifier"),
        ("multi", "choiceInteraction", "multiple", "identifier"),
        ("spot", "choiceInteraction", "multiple", "identifier"),
        ("order", "orderInteraction", "ordered", "identifier"),
        ("sort", "matchInteraction", "multiple", "directedPair"),
        ("match", "matchInteraction", "multiple", "directedPair"),
    ],
)
def test_each_type_has_its_interaction(kind, interaction, cardinality, base_type):
    item = item_of(kind)
    assert tags(one(item, f"{QTI}itemBody")) == [interaction]
    declared = one(item, f"{QTI}responseDeclaration")
    assert (declared.get("cardinality"), declared.get("baseType")) == (cardinality, base_type)


def test_a_story_is_asked_decision_by_decision():
    story = item_of_type("branch")
    asked = [name for name in items_of(LESSON) if name.startswith(f"{story.id}-")]
    assert asked == [f"{story.id}-photo", f"{story.id}-again"]
    first = items_of(LESSON)[asked[0]]
    assert one(first, f".//{QTI}prompt").text.startswith(
        "Mia plays a game online. Decide with her. Another player"
    )
    told = {each.get("identifier"): each.text for each in first.iter(f"{QTI}modalFeedback")}
    assert told["b"].startswith("Now the player wants more photos. A photo shows who she is")


def test_the_steps_of_an_order_do_not_stand_in_their_order():
    item = item_of("order")
    shown = [each.get("identifier") for each in item.iter(f"{QTI}simpleChoice")]
    key = [each.text for each in one(item, f"{QTI}responseDeclaration/{QTI}correctResponse")]
    assert shown == sorted(shown) and key != shown


def scored(item: ET.Element, response: list[str]) -> Fraction:
    """Response processing for the operators that we write, as QTI 2.1 defines them (section 8 and 15)."""
    declared = one(item, f"{QTI}responseDeclaration")
    right = [each.text for each in declared.findall(f"{QTI}correctResponse/{QTI}value")]
    if item.findall(f".//{QTI}responseCondition"):
        return Fraction(response == right)
    mapping = one(declared, f"{QTI}mapping")
    entries = {each.get("mapKey"): int(each.get("mappedValue")) for each in mapping}
    points = sum(entries.get(each, int(mapping.get("defaultValue"))) for each in response)
    (divide,) = item.findall(f".//{QTI}divide")
    return Fraction(max(points, int(mapping.get("lowerBound"))), int(one(divide, f"{QTI}baseValue").text))


@pytest.mark.parametrize("kind", ["single", "multi", "spot"])
def test_picks_are_worth_in_qti_what_they_are_worth_here(kind):
    ours, theirs = item_of_type(kind), item_of(kind)
    ids = [option.id for option in ours.options]
    for picks in range(1, 2 if kind == "single" else len(ids) + 1):
        for answer in permutations(ids, picks):
            assert scored(theirs, list(answer)) == mark(ours, answer)


@pytest.mark.parametrize("kind", ["sort", "match"])
def test_placed_cards_are_worth_in_qti_what_they_are_worth_here(kind):
    ours, theirs = item_of_type(kind), item_of(kind)
    for at in range(len(ours.options) + 1):
        answer = right_answer(ours)[:at]
        assert scored(theirs, [each.replace(".", " bin-") for each in answer]) == mark(ours, answer)


def test_an_order_is_right_as_a_whole():
    ours, theirs = item_of_type("order"), item_of("order")
    assert scored(theirs, right_answer(ours)) == 1
    assert scored(theirs, right_answer(ours)[::-1]) == 0
