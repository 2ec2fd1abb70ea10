"""Answering a practice item: feedback on what was chosen, nothing kept and nothing counted."""

from collections.abc import Iterable
from dataclasses import dataclass

from core.errors import NotFound
from lessons.content import Lesson
from lessons.items import Item, Option


class NoSuchPractice(NotFound):
    code = "no_such_practice"
    next_step = "Go back to the lesson and try again."


@dataclass(frozen=True, slots=True)
class Reaction:
    """What we say to an answer.

    marks   option id -> "good" | "look", for the options that were chosen and no others: an answer that was
            not found is not given away
    right   the right ones and no others were chosen
    missing how many right ones were not chosen
    """

    marks: dict[str, str]
    right: bool
    missing: int


def practice_item(lesson: Lesson, short: str) -> Item:
    """By its id inside the lesson ("p1"). Raises NoSuchPractice, for quiz items too: their answers stay here."""
    for item in lesson.items:
        if item.pool == "practice" and item.short == short:
            return item
    raise NoSuchPractice("This lesson has no such practice question.")


def react(item: Item, chosen: Iterable[str]) -> Reaction:
    """What to say to these option ids; ids the item does not have are passed over."""
    picked = [option for option in item.options if option.id in set(chosen)]
    ids = frozenset(option.id for option in picked)
    return Reaction(
        marks={option.id: _mark(option) for option in picked},
        right=ids == item.correct_ids,
        missing=len(item.correct_ids - ids),
    )


def _mark(option: Option) -> str:
    return "good" if option.correct else "look"
