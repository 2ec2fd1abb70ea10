"""Where a person is in a lesson: begun, at which step, finished. Any device, any number of tabs.

A step is left by saying which one it was, never by "one more", so that a double tap, an old tab or the back
button can neither lose a place nor count twice. `furthest` only rises; `finished_at` is set once.
"""

import sqlalchemy as sa

from completion import ledger
from core.clock import now
from core.database import db, insert_for
from lessons import library
from lessons.models import LessonVisit
from lessons.opting_out import lesson_for
from people.models import Person, SchoolYear

_visit = sa.select(LessonVisit).where(
    LessonVisit.person_id == sa.bindparam("person_id"),
    LessonVisit.lesson_id == sa.bindparam("lesson_id"),
    LessonVisit.school_year_id == sa.bindparam("school_year_id"),
)


_in_force = library.newest.subquery()
_visit_and_release = (
    sa.select(_in_force, LessonVisit)
    .select_from(_in_force)
    .outerjoin(
        LessonVisit,
        sa.and_(
            LessonVisit.person_id == sa.bindparam("person_id"),
            LessonVisit.lesson_id == sa.bindparam("lesson_id"),
            LessonVisit.school_year_id == sa.bindparam("school_year_id"),
        ),
    )
)


def visit_and_release(person_id: int, lesson_id: str, year_id: int) -> LessonVisit | None:
    """`visit_of`, and in the same question to the database which release is in force (lessons.library)."""
    asked = {"person_id": person_id, "lesson_id": lesson_id, "school_year_id": year_id}
    row = db.execute(_visit_and_release, asked).one_or_none()
    library.note_in_force(row)
    return row.LessonVisit if row else None


def visit_of(person_id: int, lesson_id: str, year_id: int) -> LessonVisit | None:
    asked = {"person_id": person_id, "lesson_id": lesson_id, "school_year_id": year_id}
    return db.scalars(_visit, asked).one_or_none()


def visits_of(person_id: int, year_id: int) -> dict[str, LessonVisit]:
    """{lesson id: visit} of one person in one school year."""
    rows = db.scalars(sa.select(LessonVisit).filter_by(person_id=person_id, school_year_id=year_id))
    return {row.lesson_id: row for row in rows}


def begin(person: Person, lesson_id: str, year: SchoolYear, lang: str | None = None) -> LessonVisit:
    """Open the lesson as published now, or what stands in its place for who is excused from it; who began it before
    goes on in the version they began.

    `lang` is the language they chose for it, if they did.

    Raises lessons.library.NoSuchLesson.
    """
    found = visit_of(person.id, lesson_id, year.id)
    if found:
        return found
    lesson = lesson_for(person.id, lesson_id, year.id)
    db.execute(
        insert_for(LessonVisit)
        .values(
            district_id=person.district_id,
            person_id=person.id,
            school_year_id=year.id,
            lesson_id=lesson_id,
            version_id=library.version_id(lesson),
            lang=lang,
        )
        .on_conflict_do_nothing(index_elements=["person_id", "lesson_id", "school_year_id"])
    )
    ledger.record_begun(person, lesson.part, year)
    made = visit_of(person.id, lesson_id, year.id)
    assert made is not None, "it was written a moment ago"
    return made


def leave_step(visit: LessonVisit, step: int, steps: int) -> bool:
    """The person is through with `step` of `steps`. Returns whether that was the last one.

    A step they have not come to yet is not left: a made-up address can not skip ahead.
    """
    if step > visit.furthest:
        return False
    if step < steps:
        move_to(visit, step + 1)
        return False
    finish(visit)
    return True


def move_to(visit: LessonVisit, step: int) -> None:
    """Keep the place. The database compares, so that of two tabs the further one counts."""
    further = sa.case((LessonVisit.furthest < step, step), else_=LessonVisit.furthest)
    _update(visit, LessonVisit.id == visit.id, step=step, furthest=further)


def choose_language(visit: LessonVisit, lang: str) -> None:
    """From here on the lesson is in this language, at the same place. A quiz that is open stays as it is."""
    _update(visit, LessonVisit.id == visit.id, lang=lang)


def finish(visit: LessonVisit) -> None:
    """The last step was passed, so the quiz comes next. The first time counts."""
    _update(visit, sa.and_(LessonVisit.id == visit.id, LessonVisit.finished_at.is_(None)), finished_at=now())


def _update(visit: LessonVisit, which: sa.ColumnElement[bool], **values: object) -> None:
    db.execute(
        sa.update(LessonVisit).where(which).values(**values).execution_options(synchronize_session=False)
    )
    db.refresh(visit)
