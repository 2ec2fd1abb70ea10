"""Handing in a quiz: the whole story, from the marks to the gradebook."""

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

from completion import ledger
from core.clock import now
from core.database import db
from core.messages import N_
from lessons import library, progress
from lessons.content import Lesson
from lessons.staff_record import CHECKED
from people.models import Person, SchoolYear
from quizzes.attempts import AlreadySubmitted, answers_of
from quizzes.grades import COMPLETE, want_course_scores, want_lesson_scores
from quizzes.marking import Marks, mark_attempt, passes
from quizzes.models import Attempt, Response

ALL_RIGHT = 100.0
"""What a check of the refresher must come to."""


def submit_attempt(attempt: Attempt, launch: Mapping[str, Any] | None = None) -> None:
    """Mark and close the attempt, credit the learner, and queue the grades that rose.

    `attempt` is held by the caller (`own_attempt_to_change`); `launch` is what it was handed in through, for the
    evidence. Raises AlreadySubmitted.
    """
    if attempt.submitted_at is not None:
        raise AlreadySubmitted(N_("This quiz was handed in before."))
    person = _hold(attempt.person_id)
    year = db.get_one(SchoolYear, attempt.school_year_id)
    lesson = library.lesson_by_version(attempt.version_id)
    done_before = ledger.done_parts([person.id], year.id)[person.id]

    marks = mark_attempt(attempt.draw, {item.id: item for item in lesson.items}, answers_of(attempt))
    _close(attempt, marks, passed=passes(marks, ALL_RIGHT if attempt.is_check else lesson.pass_mark))
    if attempt.is_check and not attempt.passed:
        progress.begin(person, lesson.id, year)  # the module opens in full; nothing else is told to anybody
        return
    score = marks.score if lesson.pass_mark else COMPLETE
    is_best = ledger.record_score(person, lesson.part, year, score)
    if attempt.passed:
        _show(attempt, person, lesson, year, score=score, launch=launch)

    if is_best:
        want_lesson_scores({person.id: score}, lesson, year)
    if attempt.passed and lesson.part not in done_before:
        want_course_scores({person.id: done_before | {lesson.part}}, lesson, year)


def _hold(person_id: int) -> Person:
    # Two lessons handed in at once by one person would each miss the other's in the course percentage.
    # NO KEY UPDATE, so that rows that merely refer to the person need not wait.
    query = sa.select(Person).filter_by(id=person_id).with_for_update(key_share=True)
    return db.scalars(query).one()


def _close(attempt: Attempt, marks: Marks, *, passed: bool) -> None:
    attempt.submitted_at = now()
    attempt.score = marks.score
    attempt.passed = passed
    for response in db.scalars(sa.select(Response).filter_by(attempt_id=attempt.id)):
        response.points = marks.points[response.item_id]
    db.flush()


def _show(
    attempt: Attempt,
    person: Person,
    lesson: Lesson,
    year: SchoolYear,
    *,
    score: float,
    launch: Mapping[str, Any] | None,
) -> None:
    ledger.record_evidence(
        person,
        lesson.part,
        year,
        kind="course",
        version=lesson.content_hash,
        source=f"{CHECKED if attempt.is_check else 'attempt '}{attempt.public_id}",
        score=score,
        launch=launch,
        proof={"passed": True},
    )
