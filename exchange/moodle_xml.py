"""Moodle XML, the format of Moodle's question bank: one category a lesson.

Moodle keeps fractions as percent with five decimals and knows only certain ones, which ours are: n right answers
are worth 100/n each, a wrong pick takes as much away.
"""

import xml.etree.ElementTree as ET
from collections.abc import Sequence

from exchange.questions import QuestionSet
from exchange.tags import tags_of
from exchange.xml_writing import document, element
from lessons.items import Item, Option

LOSSES = (
    (("order", "sort", "match"), "Moodle shows the feedback of steps and pairs together, below the question"),
    (("order",), "the question type ordering needs Moodle 4.4, or its plugin before that"),
)


def moodle_xml(sets: Sequence[QuestionSet], readme: str) -> bytes:
    questions = [
        each
        for of_lesson in sets
        for each in (_category(of_lesson), *(_question(item) for item in of_lesson.questions))
    ]
    return document(element("quiz", {}, *questions), readme)


def percent(share: int, of: int) -> str:
    """ "33.33333": a share of the points as Moodle writes it."""
    return f"{100 * share / of:.5f}".rstrip("0").rstrip(".")


def _category(of_lesson: QuestionSet) -> ET.Element:
    name = f"$course$/top/{of_lesson.lesson_id}"
    return element(
        "question", {"type": "category"}, element("category", {}, _text(name)), _html("info", of_lesson.title)
    )


def _question(item: Item) -> ET.Element:
    kind = {"order": "ordering", "sort": "matching", "match": "matching"}.get(item.type, "multichoice")
    parts = {"ordering": _ordering, "matching": _matching, "multichoice": _choices}[kind](item)
    together = " ".join(option.feedback for option in item.options) if kind != "multichoice" else ""
    return element(
        "question",
        {"type": kind},
        element("name", {}, _text(item.id)),
        _html("questiontext", item.stem),
        _html("generalfeedback", together),
        element("defaultgrade", {}, "1"),
        element("penalty", {}, "0"),
        element("hidden", {}, "0"),
        element("idnumber", {}, item.id),
        *parts,
        element("tags", {}, *(element("tag", {}, _text(word)) for word in tags_of(item))),
    )


def _choices(item: Item) -> list[ET.Element]:
    one = item.type == "single"
    shuffled = "false" if item.type == "spot" else "true"
    answers = [_answer(option, _fraction(item, option)) for option in item.options]
    return [
        element("single", {}, "true" if one else "false"),
        element("shuffleanswers", {}, shuffled),
        element("answernumbering", {}, "none"),
        *answers,
    ]


def _fraction(item: Item, option: Option) -> str:
    if item.type == "single":
        return "100" if option.correct else "0"
    worth = percent(1, len(item.correct_ids))
    return worth if option.correct else f"-{worth}"


def _ordering(item: Item) -> list[ET.Element]:
    """An answer's fraction is its place. Relative to all others is how we count as well: pairs in the right order."""
    settings = {
        "layouttype": "VERTICAL",
        "selecttype": "ALL",
        "selectcount": "0",
        "gradingtype": "RELATIVE_ALL_PREVIOUS_AND_NEXT",
        "showgrading": "SHOW",
        "numberingstyle": "none",
    }
    answers = [_answer(option, str(place)) for place, option in enumerate(item.options, start=1)]
    return [*(element(name, {}, value) for name, value in settings.items()), *answers]


def _matching(item: Item) -> list[ET.Element]:
    bins = {each.id: each.text for each in item.bins}
    pairs = [
        element(
            "subquestion",
            {"format": "html"},
            _text(_escaped(card.text)),
            element("answer", {}, _text(bins[card.bin])),
        )
        for card in item.options
    ]
    return [element("shuffleanswers", {}, "true"), *pairs]


def _answer(option: Option, fraction: str) -> ET.Element:
    return element(
        "answer",
        {"fraction": fraction, "format": "html"},
        _text(_escaped(option.text)),
        _html("feedback", option.feedback),
    )


def _html(name: str, text: str) -> ET.Element:
    return element(name, {"format": "html"}, _text(_escaped(text)))


def _escaped(text: str) -> str:
    """Moodle reads these texts as HTML, so what is plain here is written as HTML inside the XML."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _text(text: str) -> ET.Element:
    return element("text", {}, text)
