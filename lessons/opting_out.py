"""Somebody takes the equivalent alternative of a sensitive lesson. It counts as that lesson, so nothing is left out.

The alternative is another version of the same lesson, under the same id: same link, same part, same gradebook column.
That is why no classmate can tell, and why completion stays whole (rule R7).
"""

from collections.abc import Collection

import sqlalchemy as sa

from core.clock import now
from core.database import db, insert_for
from core.errors import ToolError
from core.messages import N_
from lessons import library
from lessons.content import Lesson
from lessons.library import Course
from lessons.models import LessonVisit, OptOut
from people.models import Person, SchoolYear

REASONS = ("family", "counselor", "plan")
"""What a teacher may record: the family asked, a counselor advised, it stands in a support plan."""
OWN = "own"
"""The pupil chose the other lesson at the content note, which asks no reason."""


class NoAlternative(ToolError):
    status, code = 409, "no_alternative"
    next_step = N_("Ask your district which lesson to take instead.")


def opt_out(person: Person, lesson_id: str, year: SchoolYear, *, reason: str, by: Person) -> None:
    """From now on the alternative stands in the lesson's place; a visit begun starts over in it.

    Doing it again changes nothing. Raises NoAlternative, library.NoSuchLesson.
    """
    library.lesson(lesson_id)
    instead = library.alternative(lesson_id)
    if instead is None:
        raise NoAlternative(N_("No other lesson is written that could take the place of this one."))
    added = db.execute(
        insert_for(OptOut)
        .values(
            district_id=person.district_id,
            person_id=person.id,
            school_year_id=year.id,
            lesson_id=lesson_id,
            reason=reason,
            set_by=by.id,
        )
        .on_conflict_do_nothing()
        .returning(OptOut.id)
    ).scalar_one_or_none()
    if added is not None:
        _start_over(person.id, lesson_id, year, instead)


def end_opt_out(person: Person, lesson_id: str, year: SchoolYear, *, by: Person) -> None:
    """The lesson itself stands in its place again. The record of the opt-out is kept."""
    ended = db.execute(
        sa.update(OptOut)
        .where(_in_force(person.id, year.id), OptOut.lesson_id == lesson_id)
        .values(ended_at=now(), ended_by=by.id)
        .returning(OptOut.id)
    ).scalar_one_or_none()
    if ended is not None:
        _start_over(person.id, lesson_id, year, library.lesson(lesson_id))


def opt_outs_of(person_id: int, year_id: int) -> dict[str, OptOut]:
    """{lesson id: the opt-out in force}"""
    rows = db.scalars(sa.select(OptOut).where(_in_force(person_id, year_id)))
    return {row.lesson_id: row for row in rows}


def excused_from(lesson_id: str, person_ids: Collection[int], year_id: int) -> set[int]:
    """Who of these people takes the alternative in this lesson's place."""
    rows = db.scalars(
        sa.select(OptOut.person_id).where(
            OptOut.person_id.in_(person_ids),
            OptOut.lesson_id == lesson_id,
            OptOut.school_year_id == year_id,
            OptOut.ended_at.is_(None),
        )
    )
    return set(rows)


def lesson_for(person_id: int, lesson_id: str, year_id: int) -> Lesson:
    """What this person is taught under this id: the lesson in force or its alternative. Raises NoSuchLesson."""
    instead = library.alternative(lesson_id)
    if instead and lesson_id in opt_outs_of(person_id, year_id):
        return instead
    return library.lesson(lesson_id)


def has_alternative(lesson_id: str) -> bool:
    return library.alternative(lesson_id) is not None


def taught(course: Course, person_id: int, year_id: int) -> list[Lesson]:
    """The lessons of a course as this person is taught them."""
    excused = opt_outs_of(person_id, year_id) if any(ref.alternative for ref in course.lessons) else {}
    return [
        library.alternative(ref.id) or library.lesson(ref.id) if ref.id in excused else library.lesson(ref.id)
        for ref in course.lessons
    ]


def _in_force(person_id: int, year_id: int) -> sa.ColumnElement[bool]:
    return sa.and_(OptOut.person_id == person_id, OptOut.school_year_id == year_id, OptOut.ended_at.is_(None))


def _start_over(person_id: int, lesson_id: str, year: SchoolYear, lesson: Lesson) -> None:
    """A visit that stood in the other text begins anew in this one. What was done stays done."""
    db.execute(
        sa.update(LessonVisit)
        .where(
            LessonVisit.person_id == person_id,
            LessonVisit.lesson_id == lesson_id,
            LessonVisit.school_year_id == year.id,
        )
        .values(version_id=library.version_id(lesson), step=1, furthest=1, finished_at=None, away_at=None)
    )
