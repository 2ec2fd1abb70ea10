"""A teacher takes one pupil out of a sensitive lesson, or puts them back. Only in their own class, and only for lessons
that are linked in it."""

from dataclasses import dataclass

import sqlalchemy as sa

from core.database import db
from core.errors import NotFound
from core.messages import N_
from lessons import library
from lessons.content import Lesson
from lessons.models import OptOut
from lessons.opting_out import end_opt_out, opt_out, opt_outs_of
from people.models import Enrollment, Person, SignIn
from people.school_years import current_school_year
from quizzes.attempts import drop_open_attempt
from teaching.linked import NotLinkedHere, courses_of, linked_in
from teaching.open_class import classroom_at


class NoSuchPupil(NotFound):
    """Not there, in another class or another district, which we do not tell apart."""

    code = "no_such_pupil"
    next_step = N_("Go back to the class page and choose a pupil there.")


@dataclass(frozen=True)
class Excusable:
    """A lesson of this class that has an alternative. `opted_out` is the record in force, or None."""

    lesson: Lesson
    instead: Lesson
    opted_out: OptOut | None


@dataclass(frozen=True)
class OnePupil:
    """One learner who is in the class now, and what they may be excused from."""

    seat: Enrollment
    excusable: tuple[Excusable, ...]


def one_pupil(sign_in: SignIn, seat_id: int) -> OnePupil:
    """Raises NoClass, NoSuchPupil."""
    seat = _seat(sign_in, seat_id)
    year = current_school_year(sign_in.district_id)
    known = opt_outs_of(seat.person_id, year.id)
    return OnePupil(
        seat,
        tuple(
            Excusable(library.lesson(lesson_id), instead, known.get(lesson_id))
            for lesson_id, instead in _alternatives(seat.classroom_id).items()
        ),
    )


def excuse(sign_in: SignIn, seat_id: int, lesson_id: str, reason: str, by: Person) -> None:
    """The alternative takes the lesson's place at once. Raises NoClass, NoSuchPupil, NotLinkedHere."""
    pupil, lesson_id = _pupil_and_lesson(sign_in, seat_id, lesson_id)
    year = current_school_year(sign_in.district_id)
    opt_out(pupil, lesson_id, year, reason=reason, by=by)
    drop_open_attempt(pupil.id, lesson_id, year.id)


def end_excuse(sign_in: SignIn, seat_id: int, lesson_id: str, by: Person) -> None:
    """Raises NoClass, NoSuchPupil, NotLinkedHere."""
    pupil, lesson_id = _pupil_and_lesson(sign_in, seat_id, lesson_id)
    year = current_school_year(sign_in.district_id)
    end_opt_out(pupil, lesson_id, year, by=by)
    drop_open_attempt(pupil.id, lesson_id, year.id)


def _pupil_and_lesson(sign_in: SignIn, seat_id: int, lesson_id: str) -> tuple[Person, str]:
    seat = _seat(sign_in, seat_id)
    if lesson_id not in _alternatives(seat.classroom_id):
        raise NotLinkedHere(N_("No lesson of this class is exchanged under that name."))
    return db.get_one(Person, seat.person_id), lesson_id


def _seat(sign_in: SignIn, seat_id: int) -> Enrollment:
    seat = db.scalars(
        sa.select(Enrollment).filter_by(
            id=seat_id,
            district_id=sign_in.district_id,
            classroom_id=classroom_at(sign_in),
            role="learner",
            left_at=None,
        )
    ).one_or_none()
    if seat is None:
        raise NoSuchPupil(N_("There is no such pupil in this class."))
    return seat


def _alternatives(classroom_id: int) -> dict[str, Lesson]:
    """{lesson id: what may be taken in its place}, of the courses linked in this class."""
    found = {}
    for course in courses_of(linked_in(classroom_id)):
        for ref in course.lessons:
            instead = library.alternative(ref.id)
            if instead:
                found[ref.id] = instead
    return found
