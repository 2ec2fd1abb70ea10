"""GIFT, the text format of Moodle's question bank, which several other systems read.

Single and several choice, and pairs; steps to order have no form in it. A question stands on one line each for stem,
answers and end, so no text of ours begins a line and none is taken for a comment.
"""

import re
from collections.abc import Sequence

from exchange.moodle_xml import percent
from exchange.questions import QuestionSet
from exchange.tags import tags_of
from lessons.items import Item, Option

CONTROL = re.compile(r"[\\~=#{}:]")
LOOKS_LIKE_A_WEIGHT = re.compile(r"\s*%")
LOSSES = ((("sort", "match"), "GIFT shows the feedback of pairs together, below the question"),)


def left_out(item: Item) -> str:
    """Why GIFT can not hold this question, or ""."""
    if item.type == "order":
        return "GIFT has no questions with steps to order"
    if item.type in ("sort", "match") and any("->" in card.text for card in item.options):
        return 'GIFT can not write "->" in a pair'
    return ""


def gift(sets: Sequence[QuestionSet], readme: str) -> bytes:
    lines = [f"// {line}".rstrip() for line in readme.splitlines()]
    for of_lesson in sets:
        lines += ["", f"$CATEGORY: $course$/top/{of_lesson.lesson_id}", ""]
        for item in of_lesson.questions:
            lines += [*_question(item), ""]
    return ("\n".join(lines).rstrip("\n") + "\n").encode()


def escaped(text: str) -> str:
    return CONTROL.sub(r"\\\g<0>", text)


def _question(item: Item) -> list[str]:
    about = " ".join(f"[tag:{word}]" for word in tags_of(item))
    return [
        f"// [id:{item.id}] {about}",
        f"::{escaped(item.id)}::[plain]{escaped(item.stem)} {{",
        *(_pairs(item) if item.type in ("sort", "match") else _choices(item)),
        "}",
    ]


def _choices(item: Item) -> list[str]:
    return [
        f"{_worth(item, option)}{escaped(option.text)}#{escaped(option.feedback)}" for option in item.options
    ]


def _worth(item: Item, option: Option) -> str:
    """A text such as "%50% off" would be read as a weight, so it gets one before it."""
    if item.type != "single":
        worth = percent(1, len(item.correct_ids))
        return f"~%{worth}%" if option.correct else f"~%-{worth}%"
    sign, weight = ("=", "%100%") if option.correct else ("~", "%0%")
    return sign + weight if LOOKS_LIKE_A_WEIGHT.match(option.text) else sign


def _pairs(item: Item) -> list[str]:
    bins = {each.id: each.text for each in item.bins}
    pairs = [f"={escaped(card.text)} -> {escaped(bins[card.bin])}" for card in item.options]
    together = " ".join(option.feedback for option in item.options)
    return [*pairs, f"####{escaped(together)}"]
