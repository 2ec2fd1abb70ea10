"""A quiz as the browser may know it before it is handed in: words and ids, no key and no feedback."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from core.errors import NotFound
from core.messages import N_
from lessons.asking import Asked, ask
from lessons.content import Lesson
from quizzes.draw import Drawn


class NoSuchQuestion(NotFound):
    """The quiz has no question of this number."""


@dataclass(frozen=True)
class Question:
    """One screen of a quiz."""

    number: int
    asked: Asked

    @property
    def item_id(self) -> str:
        return self.asked.item_id

    @property
    def state(self) -> str:
        """`done`, `part` (begun: a card is left, the story goes on) or `none`."""
        if self.asked.whole:
            return "done"
        return "part" if self.asked.answer else "none"


def questions(
    draw: Sequence[Drawn],
    lesson: Lesson,
    answers: Mapping[str, Sequence[str]],
    words: Callable[[str], str] = str,
) -> list[Question]:
    """All questions in the order drawn, with what was answered so far. `words` fills in the district's facts."""
    return [
        Question(number, _ask(drawn, lesson, answers, words)) for number, drawn in enumerate(draw, start=1)
    ]


def numbered(asked: Sequence[Question], number: int) -> Question:
    """The question of this number, from 1. Raises NoSuchQuestion."""
    return asked[_place(number, len(asked))]


def drawn_at(draw: Sequence[Drawn], number: int) -> Drawn:
    """The line of the draw of this number, from 1. Raises NoSuchQuestion."""
    return draw[_place(number, len(draw))]


def first_open(asked: Sequence[Question]) -> Question | None:
    """The first question that is not wholly answered; None when all are."""
    return next((question for question in asked if question.state != "done"), None)


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


def _ask(
    drawn: Drawn, lesson: Lesson, answers: Mapping[str, Sequence[str]], words: Callable[[str], str]
) -> Asked:
    item = lesson.item(drawn["item"])
    return ask(item, drawn["options"], answers.get(item.id, ()), lesson.band, words)
