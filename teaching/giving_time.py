"""A teacher says by when the class is to be done with each lesson, and gives some or all of it more time.

Only in their own class, for lessons that are linked in it, and never for the staff course: the time of the staff is
the personnel office's to give.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa

from completion import extensions
from completion.class_dates import Due, class_dates
from completion.extension_models import Extension
from completion.ledger import done_parts
from completion.requirements import assign_all, requirement
from completion.rules import PUPILS, Said, said_by
from completion.setting_dates import set_class_dates
from core.database import db
from core.errors import Refused
from core.messages import N_
from lessons.library import Course
from lessons.taking_part import STAFF_BAND
from people.audit import Actor
from people.models import Classroom, Enrollment, Person, SignIn
from people.school_years import current_school_year
from teaching.excusing import NoSuchPupil
from teaching.linked import choose_course, courses_of, linked_in
from teaching.open_class import classroom_at
from teaching.together import NotForTheClass, lesson_of_class

WHOLE = "whole-course"
"""In the place of a lesson: all that is asked of a pupil this year, where the district has a date for it."""


class NoDateYet(Refused):
    code = "no_date_yet"
    next_step = N_("Give the lesson a date for the class first, on the same page.")


def course_with_dates(sign_in: SignIn, course_id: str | None) -> Course | None:
    """The course asked for, or the first linked here; None where none is.

    Raises NoClass, NotLinkedHere, NotForTheClass.
    """
    course = choose_course(courses_of(linked_in(classroom_at(sign_in))), course_id, None)
    if course is not None and course.band == STAFF_BAND:
        raise NotForTheClass(N_("The time of the staff is given by the personnel office."))
    return course


def set_dates(sign_in: SignIn, course: Course, days: Mapping[str, date | None], by: Person) -> int:
    """{lesson id: last day, or None for no date}, of lessons of this course. Returns how many changed.

    Raises OddClassDate; other lessons are left alone.
    """
    classroom = db.get_one(Classroom, classroom_at(sign_in))
    year = current_school_year(sign_in.district_id)
    parts = {f"lesson:{ref.id}": days[ref.id] for ref in course.lessons if ref.id in days}
    return set_class_dates(classroom, year, parts, Actor.person(by.public_id))


def give_time(
    sign_in: SignIn,
    lesson_id: str,
    seats: Collection[int] | None,
    until: date,
    by: Person,
    *,
    course_id: str | None = None,
) -> list[Extension]:
    """More time for the pupils on these seats, or for everybody who is in the class now; for a lesson, or for WHOLE.

    Raises NotLinkedHere, NotForTheClass, NoSuchPupil, NoDateYet, OddExtension.
    """
    if lesson_id == WHOLE:
        return _give_for_the_course(sign_in, course_id, seats, until, by)
    lesson = lesson_of_class(sign_in, lesson_id)
    year = current_school_year(sign_in.district_id)
    due_at = class_dates(classroom_at(sign_in), year.id).by_part.get(lesson.part)
    if due_at is None:
        raise NoDateYet(N_("The class has no date for this lesson that could be moved."))
    pupils = _pupils(sign_in, seats)
    return extensions.extend_part(dict.fromkeys(pupils, due_at), lesson.part, until, by=by)


def _give_for_the_course(
    sign_in: SignIn, course_id: str | None, seats: Collection[int] | None, until: date, by: Person
) -> list[Extension]:
    course = course_with_dates(sign_in, course_id)
    if course is None:
        raise NoDateYet(N_("No lesson is linked in this class yet."))
    pupils, year = _pupils(sign_in, seats), current_school_year(sign_in.district_id)
    assign_all([person.id for person in pupils], requirement(course.requirement), year)
    return extensions.extend(pupils, course.requirement, until, by=by)


def course_is_due(sign_in: SignIn, course: Course) -> tuple[datetime, date] | None:
    """(when the first of the class is to be done with the course, the last day that all of them may be given).

    None where the district leaves them the whole school year, which nobody can make longer.
    """
    if said_by(sign_in.district_id, "pupil") == Said(PUPILS):
        return None
    offers = extensions.on_offer(_pupils(sign_in, None), course.requirement).values()
    return (min(due for due, _ in offers), min(last for _, last in offers)) if offers else None


def take_back(sign_in: SignIn, public_ids: Collection[str], by: Person) -> int:
    """Of pupils who are in the class now. Returns how many. Raises NotFound, NoSuchPupil, Refused."""
    found = [extensions.extension(sign_in.district_id, each) for each in sorted(set(public_ids))]
    here = {person.id for person in _pupils(sign_in, None)}
    if any(each.person_id not in here for each in found):
        raise NoSuchPupil(N_("There is no such pupil in this class."))
    for each in found:
        extensions.take_back(each, Actor.person(by.public_id))
    return len(found)


@dataclass(frozen=True)
class Dated:
    """A lesson of the class that has a date, for one pupil."""

    lesson_id: str
    title: str
    due: Due
    done: bool


def dates_of_pupil(sign_in: SignIn, seat: Enrollment) -> list[Dated]:
    """In the order of the courses that are linked here; what has no date is left out."""
    year = current_school_year(sign_in.district_id)
    dates = class_dates(seat.classroom_id, year.id)
    done = done_parts([seat.person_id], year.id)[seat.person_id] if dates.by_part else set()
    lessons = (ref for course in courses_of(linked_in(seat.classroom_id)) for ref in course.lessons)
    return [
        Dated(ref.id, ref.title, due, f"lesson:{ref.id}" in done)
        for ref in lessons
        if (due := dates.of(seat.id, f"lesson:{ref.id}"))
    ]


def _pupils(sign_in: SignIn, seats: Collection[int] | None) -> Sequence[Person]:
    learners = (
        sa.select(Person)
        .join(Enrollment, Enrollment.person_id == Person.id)
        .where(
            Enrollment.district_id == sign_in.district_id,
            Enrollment.classroom_id == classroom_at(sign_in),
            Enrollment.role == "learner",
            Enrollment.left_at.is_(None),
        )
        .order_by(Person.id)
    )
    if seats is None:
        return db.scalars(learners).all()
    found = db.scalars(learners.where(Enrollment.id.in_(seats))).all()
    if not found or len(found) != len(set(seats)):
        raise NoSuchPupil(N_("There is no such pupil in this class."))
    return found
