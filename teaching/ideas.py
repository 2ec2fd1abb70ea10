"""Which idea of a lesson the class missed: first tries at the quiz, added up item by item, without anybody's name.

The first try says what was understood from the lesson; a later one has seen the answers.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import sqlalchemy as sa

from core.database import db
from lessons.content import Lesson, Step
from lessons.items import Item
from people.models import Enrollment, SchoolYear
from quizzes.attempts import PICKED
from quizzes.models import CHECK, Attempt, Response
from quizzes.review import card_for

FEWEST = 5
"""Pupils behind a figure; with fewer it would be about somebody."""


class Answered(NamedTuple):
    """One pupil's answer to one item. `points` 0 to 1."""

    item_id: str
    points: float
    answer: Sequence[str]


@dataclass(frozen=True, slots=True)
class Pick:
    """A wrong answer, how many chose it, and what the lesson says to who does."""

    text: str
    feedback: str
    count: int


@dataclass(frozen=True, slots=True)
class ItemFigure:
    """One question: how many answered it, and how many of them wholly right."""

    item: Item
    asked: int
    right: int
    picks: tuple[Pick, ...]


@dataclass(frozen=True, slots=True)
class Idea:
    """What the lesson wants them to be able to do, and how its questions went.

    card          the 1-based step that teaches it
    asked, right  answers to all its questions that are shown
    """

    words: str
    card: int
    step: Step
    items: tuple[ItemFigure, ...]

    @property
    def asked(self) -> int:
        return sum(each.asked for each in self.items)

    @property
    def right(self) -> int:
        return sum(each.right for each in self.items)

    @property
    def share(self) -> float:
        """Of its answers, those that were right; 0 to 1."""
        return self.right / self.asked


def ideas_of_class(classroom_id: int, lesson: Lesson, year: SchoolYear) -> list[Idea]:
    """The idea that went worst first; an idea or question with fewer than FEWEST pupils is left out. One query."""
    return ideas(lesson, _first_answers(classroom_id, lesson.id, year))


def ideas(lesson: Lesson, answers: Iterable[Answered]) -> list[Idea]:
    by_item: dict[str, list[Answered]] = defaultdict(list)
    for each in answers:
        by_item[each.item_id].append(each)
    by_objective: dict[int, list[ItemFigure]] = defaultdict(list)
    for item in lesson.quiz_items:
        if len(by_item[item.id]) >= FEWEST:
            by_objective[item.objective].append(_figure(item, by_item[item.id]))
    found = [_idea(lesson, objective, items) for objective, items in sorted(by_objective.items())]
    return sorted(found, key=lambda idea: idea.share)


def _idea(lesson: Lesson, objective: int, items: Sequence[ItemFigure]) -> Idea:
    worst_first = sorted(items, key=lambda each: each.right / each.asked)
    card = card_for(lesson, worst_first[0].item)
    return Idea(lesson.objectives[objective - 1], card, lesson.steps[card - 1], tuple(worst_first))


def _figure(item: Item, answers: Sequence[Answered]) -> ItemFigure:
    right = sum(each.points >= 1 for each in answers)
    picks = (
        _picks(item, Counter(pick for each in answers for pick in each.answer)) if item.type in PICKED else ()
    )
    return ItemFigure(item, len(answers), right, picks)


def _picks(item: Item, counted: Mapping[str, int]) -> tuple[Pick, ...]:
    wrong = [option for option in item.options if not option.correct and counted.get(option.id)]
    wrong.sort(key=lambda option: -counted[option.id])
    return tuple(Pick(option.text, option.feedback, counted[option.id]) for option in wrong)


def _first_answers(classroom_id: int, lesson_id: str, year: SchoolYear) -> list[Answered]:
    first = (
        sa.select(Attempt.person_id, sa.func.min(Attempt.number).label("number"))
        .join(Enrollment, Enrollment.person_id == Attempt.person_id)
        .where(
            Enrollment.classroom_id == classroom_id,
            Enrollment.district_id == year.district_id,
            Enrollment.role == "learner",
            Enrollment.left_at.is_(None),
            Attempt.lesson_id == lesson_id,
            Attempt.school_year_id == year.id,
            Attempt.number != CHECK,
            Attempt.submitted_at.is_not(None),
        )
        .group_by(Attempt.person_id)
        .subquery("first")
    )
    rows = db.execute(
        sa.select(Response.item_id, Response.points, Response.answer)
        .join(Attempt, Attempt.id == Response.attempt_id)
        .join(first, sa.and_(first.c.person_id == Attempt.person_id, first.c.number == Attempt.number))
        .where(
            Attempt.lesson_id == lesson_id,
            Attempt.school_year_id == year.id,
            Response.points.is_not(None),
        )
    )
    return [Answered(row.item_id, row.points, row.answer) for row in rows]
