"""A quiz looked at again, once it is handed in: what was right, why, and which card to read."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from lessons.content import Lesson
from lessons.items import Item
from quizzes.draw import Drawn
from quizzes.marking import ALL, NOTHING, mark

OFFER_LESSON_BEFORE = 3
"""Before this attempt the lesson itself is offered first (curriculum 4.4)."""


@dataclass(frozen=True)
class ReviewedChoice:
    """feedback is "" for a choice that was neither picked nor right: nobody asked about it."""

    text: str
    picked: bool
    correct: bool
    feedback: str


@dataclass(frozen=True)
class ReviewedQuestion:
    """verdict: `right`, `partly` or `missed`; card: 1-based step of the lesson to read again."""

    number: int
    stem: str
    verdict: str
    answered: bool
    critical: bool
    choices: tuple[ReviewedChoice, ...]
    card: int


def review(
    draw: Sequence[Drawn], lesson: Lesson, answers: Mapping[str, Sequence[str]]
) -> list[ReviewedQuestion]:
    """Every question in the order it was asked."""
    return [_reviewed(number, drawn, lesson, answers) for number, drawn in enumerate(draw, start=1)]


def card_for(lesson: Lesson, item: Item) -> int:
    """The step (from 1) that teaches what this item asks.

    It is the card before the first practice of the item's objective. Where the lesson practices it nowhere, it is
    the card that shares the most words with the objective and the item.
    """
    last_card = 1
    for number, step in enumerate(lesson.steps, start=1):
        if step.kind == "card":
            last_card = number
        elif (
            step.kind == "practice" and step.item_id and lesson.item(step.item_id).objective == item.objective
        ):
            return last_card
    return _nearest_card(lesson, item)


def can_now(lesson: Lesson) -> str:
    """One sentence for the moment of passing, made from the lesson's first objective."""
    objective = lesson.objectives[0].rstrip(".")
    return f"You can now {objective[0].lower()}{objective[1:]}."


def _nearest_card(lesson: Lesson, item: Item) -> int:
    asked = _words(
        lesson.objectives[item.objective - 1], item.stem, *(option.text for option in item.options)
    )
    cards = [number for number, step in enumerate(lesson.steps, start=1) if step.kind == "card"]
    return max(cards, key=lambda number: len(asked & _words(lesson.steps[number - 1].text)))


def _words(*texts: str) -> set[str]:
    """Those of four letters or more; shorter ones are about nothing."""
    return set(re.findall(r"[a-z]{4,}", " ".join(texts).lower()))


def _reviewed(
    number: int, drawn: Drawn, lesson: Lesson, answers: Mapping[str, Sequence[str]]
) -> ReviewedQuestion:
    item = lesson.item(drawn["item"])
    picks = answers.get(item.id, ())
    return ReviewedQuestion(
        number=number,
        stem=item.stem,
        verdict=_verdict(item, picks),
        answered=bool(picks),
        critical=item.critical,
        choices=tuple(_choice(item, name, picks) for name in drawn["options"]),
        card=card_for(lesson, item),
    )


def _verdict(item: Item, picks: Sequence[str]) -> str:
    points = mark(item, picks)
    if points == ALL:
        return "right"
    return "missed" if points == NOTHING else "partly"


def _choice(item: Item, name: str, picks: Sequence[str]) -> ReviewedChoice:
    option = next(each for each in item.options if each.id == name)
    picked = name in picks
    return ReviewedChoice(
        option.text, picked, option.correct, option.feedback if picked or option.correct else ""
    )
