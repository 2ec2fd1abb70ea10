"""Handing in a quiz: the whole story, from the marks to the gradebook."""

import math
from collections.abc import Collection

import sqlalchemy as sa

from completion import ledger
from core.clock import now
from core.database import db
from core.messages import N_
from lessons import library
from lessons.content import Lesson
from lti_tool import scores
from people.models import Person, SchoolYear
from quizzes.attempts import AlreadySubmitted, answers_of
from quizzes.marking import Marks, mark_attempt, passes
from quizzes.models import Attempt, Response

COMPLETE = 100.0
"""What a lesson is worth that is only to be finished (K-2): its gradebook says done, not how well."""


def submit_attempt(attempt: Attempt) -> None:
    """Mark and close the attempt, credit the learner, and queue the grades that rose.

    `attempt` is held by the caller (`own_attempt_to_change`). Raises AlreadySubmitted.
    """
    if attempt.submitted_at is not None:
        raise AlreadySubmitted(N_("This quiz was handed in before."))
    person = _hold(attempt.person_id)
    year = db.get_one(SchoolYear, attempt.school_year_id)
    lesson = library.lesson_by_version(attempt.version_id)
    done_before = _parts_done(person, year)

    marks = mark_attempt(attempt.draw, {item.id: item for item in lesson.items}, answers_of(attempt))
    _close(attempt, marks, passed=passes(marks, lesson.pass_mark))
    score = marks.score if lesson.pass_mark else COMPLETE
    is_best = ledger.record_score(person, lesson.part, year, score)
    if attempt.passed:
        _show(attempt, person, lesson, year, score)

    if is_best:
        _queue_lesson_score(person, lesson, year, score)
    if attempt.passed and lesson.part not in done_before:
        _queue_course_score(person, lesson, year, done_before | {lesson.part})


def share_done(parts: Collection[str], done: Collection[str]) -> float:
    """Percent of these parts that are done, rounded half up to 2 decimals."""
    return math.floor(sum(part in done for part in parts) * 10_000 / len(parts) + 0.5) / 100


def lesson_target(lesson: Lesson) -> str:
    """The path a link to this lesson opens, by which lti_tool finds the person's gradebook columns for it."""
    return f"/lessons/{lesson.course}/{lesson.id}"


def _hold(person_id: int) -> Person:
    # Two lessons handed in at once by one person would each miss the other's in the course percentage.
    # NO KEY UPDATE, so that rows that merely refer to the person need not wait.
    query = sa.select(Person).filter_by(id=person_id).with_for_update(key_share=True)
    return db.scalars(query).one()


def _parts_done(person: Person, year: SchoolYear) -> set[str]:
    known = ledger.progress_of(person.id, year.id)
    return {part for part, progress in known.items() if progress.done_at is not None}


def _close(attempt: Attempt, marks: Marks, *, passed: bool) -> None:
    attempt.submitted_at = now()
    attempt.score = marks.score
    attempt.passed = passed
    for response in db.scalars(sa.select(Response).filter_by(attempt_id=attempt.id)):
        response.points = marks.points[response.item_id]
    db.flush()


def _show(attempt: Attempt, person: Person, lesson: Lesson, year: SchoolYear, score: float) -> None:
    ledger.record_evidence(
        person,
        lesson.part,
        year,
        kind="course",
        version=lesson.content_hash,
        source=f"attempt {attempt.public_id}",
        score=score,
    )


def _queue_lesson_score(person: Person, lesson: Lesson, year: SchoolYear, score: float) -> None:
    scores.queue_score(
        person,
        target=lesson_target(lesson),
        resource_id=lesson.id,
        label=lesson.title,
        score=score,
        year=year,
    )


def _queue_course_score(person: Person, lesson: Lesson, year: SchoolYear, done: Collection[str]) -> None:
    """The course's own column shows how much of the course is done. It is never sent a 0."""
    course = library.course(lesson.course)
    percent = share_done([f"lesson:{each.id}" for each in course.lessons], done)
    scores.queue_score(
        person,
        target=f"/lessons/{course.id}",
        resource_id=course.id,
        label=course.title,
        score=percent,
        year=year,
    )
