"""A quiz as the browser may know it before it is handed in: words and option ids, no key and no feedback."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from core.errors import NotFound
from core.messages import N_
from lessons.content import Lesson
from quizzes.draw import Drawn


class NoSuchQuestion(NotFound):
    """The quiz has no question of this number."""


@dataclass(frozen=True)
class Choice:
    id: str
    text: str
    picked: bool


@dataclass(frozen=True)
class Question:
    """One screen of a quiz. `many`: more than one choice may be picked; the stem says how many."""

    number: int
    item_id: str
    stem: str
    say: str
    many: bool
    choices: tuple[Choice, ...]

    @property
    def picked(self) -> list[str]:
        return [choice.id for choice in self.choices if choice.picked]


def questions(draw: Sequence[Drawn], lesson: Lesson, answers: Mapping[str, Sequence[str]]) -> list[Question]:
    """All questions in the order drawn, with what was picked so far."""
    return [_question(number, drawn, lesson, answers) for number, drawn in enumerate(draw, start=1)]


def numbered(asked: Sequence[Question], number: int) -> Question:
    """The question of this number, from 1. Raises NoSuchQuestion."""
    return asked[_place(number, len(asked))]


def drawn_at(draw: Sequence[Drawn], number: int) -> Drawn:
    """The line of the draw of this number, from 1. Raises NoSuchQuestion."""
    return draw[_place(number, len(draw))]


def first_open(asked: Sequence[Question]) -> Question | None:
    """The first question without an answer; None when all have one."""
    return next((question for question in asked if not question.picked), None)


def _place(number: int, total: int) -> int:
    if not 1 <= number <= total:
        raise NoSuchQuestion(
            N_(
                "This quiz has %(total)s questions; there is no number %(number)s.",
                total=total,
                number=number,
            )
        )
    return number - 1


def _question(number: int, drawn: Drawn, lesson: Lesson, answers: Mapping[str, Sequence[str]]) -> Question:
    item = lesson.item(drawn["item"])
    texts = {option.id: option.text for option in item.options}
    picks = answers.get(item.id, ())
    choices = tuple(Choice(name, texts[name], name in picks) for name in drawn["options"])
    return Question(number, item.id, item.stem, item.say, item.type == "multi", choices)
