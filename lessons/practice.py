"""Answering a practice item: feedback on what was chosen, nothing kept and nothing counted."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from core.errors import NotFound
from core.messages import N_
from lessons.answers import PLACES, fitting, is_whole, not_in_order, placed, walked
from lessons.content import Lesson
from lessons.items import Item


class NoSuchPractice(NotFound):
    code = "no_such_practice"
    next_step = N_("Go back to the lesson and try again.")


@dataclass(frozen=True, slots=True)
class Reaction:
    """What we say to an answer.

    marks    option id -> "good" | "look", for what was chosen, moved or placed and nothing else: an answer that was
             not found is not given away
    said     the options whose feedback is shown
    right    all of it is right
    missing  how many right ones were not chosen, or cards not placed
    done     there is enough of an answer to go on
    """

    marks: dict[str, str]
    said: tuple[str, ...]
    right: bool
    missing: int
    done: bool


def practice_item(lesson: Lesson, short: str) -> Item:
    """By its id inside the lesson ("p1"). Raises NoSuchPractice, for quiz items too: their answers stay here."""
    for item in lesson.items:
        if item.pool == "practice" and item.short == short:
            return item
    raise NoSuchPractice(N_("This lesson has no such practice question."))


def shown_in(item: Item) -> list[str]:
    """The ids of the options as practice shows them: as written, but for steps, whose order is the answer."""
    written = [option.id for option in item.options]
    return not_in_order(sorted(written), written) if item.type == "order" else written


def react(item: Item, chosen: Iterable[str]) -> Reaction:
    """What to say to this answer; what does not fit the item is passed over."""
    answer = fitting(item, chosen)
    if item.type == "order":
        return _to_order(item, answer)
    if item.type in PLACES:
        return _to_places(item, answer)
    if item.type == "branch":
        return _to_story(item, answer)
    picked = [option for option in item.options if option.id in answer]
    marks = {option.id: _mark(option.correct) for option in picked}
    return Reaction(
        marks,
        said=tuple(marks),
        right=set(answer) == item.correct_ids,
        missing=len(item.correct_ids - set(answer)),
        done=bool(marks),
    )


def _to_order(item: Item, answer: Sequence[str]) -> Reaction:
    """Feedback of the first step that stands elsewhere: one thing to mend at a time."""
    if not is_whole(item, answer):
        return Reaction({}, (), right=False, missing=0, done=False)
    right = [option.id for option in item.options]
    marks = {given: _mark(given == wanted) for given, wanted in zip(answer, right, strict=True)}
    wrong = [wanted for given, wanted in zip(answer, right, strict=True) if given != wanted]
    return Reaction(marks, tuple(wrong[:1] or right), right=not wrong, missing=0, done=True)


def _to_places(item: Item, answer: Sequence[str]) -> Reaction:
    lying = placed(item, answer)
    marks = {card.id: _mark(lying[card.id] == card.bin) for card in item.options if card.id in lying}
    missing = len(item.options) - len(marks)
    right = not missing and "look" not in marks.values()
    return Reaction(marks, tuple(marks), right=right, missing=missing, done=bool(marks))


def _to_story(item: Item, answer: Sequence[str]) -> Reaction:
    walk = walked(item, answer)
    marks = {choice.id: _mark(choice.correct) for choice in walk.made}
    over = walk.at is None
    return Reaction(marks, tuple(marks), right=over and walk.all_safe, missing=0, done=over)


def _mark(good: bool) -> str:
    return "good" if good else "look"
