"""Open a class: its room, what is linked in it, and how far everybody is."""

from dataclasses import dataclass

import sqlalchemy as sa

from completion.class_dates import ClassDates, class_dates
from core.clock import now
from core.database import db
from core.errors import NotFound
from core.messages import N_
from lessons.library import Course
from lti_tool.origins import copied_from
from people.models import Classroom, District, SignIn
from people.school_years import current_school_year
from teaching.arranging import Choice
from teaching.class_view import ClassView
from teaching.linked import Linked, choose_course, columns_of, courses_of, linked_in
from teaching.roster import read_class
from teaching.words import Wording


class NoClass(NotFound):
    """The launch came from no course of the LMS, so there is no class to show."""

    code = "no_class"
    next_step = N_("Open a lesson from one of your courses in the LMS, then choose the class page there.")


@dataclass(frozen=True)
class OpenClass:
    """Everything the class page and its CSV file show. `course` is None where no lesson is linked."""

    classroom: Classroom
    linked: Linked
    courses: list[Course]
    course: Course | None
    view: ClassView
    dates: ClassDates
    wording: Wording
    copied_from: list[str | None]
    """Titles of the LMS courses this one began as a copy of; None for one that was never opened here."""

    @property
    def reading_roster(self) -> bool:
        """Whether the worker is about to read the roster."""
        return self.linked.roster_due is not None and self.linked.roster_due <= now()


def classroom_at(sign_in: SignIn) -> int:
    """The classroom this sign-in was launched from, the only one it may see. Raises NoClass."""
    if sign_in.classroom_id is None:
        raise NoClass(N_("This page was not opened from a class."))
    return sign_in.classroom_id


def open_class(district_id: int, classroom_id: int, choice: Choice) -> OpenClass:
    """Raises NotLinkedHere for a lesson that nothing in this class leads to."""
    classroom, timezone = _room(district_id, classroom_id)
    linked = linked_in(classroom.id)
    courses = courses_of(linked)
    course = choose_course(courses, choice.course, choice.lesson)
    columns = columns_of(course, linked, choice.lesson) if course else []
    year = current_school_year(district_id)
    dates = class_dates(classroom.id, year.id)
    view = read_class(classroom.id, columns, year, dates)
    wording = Wording(timezone, adults=course is not None and course.band == "staff")
    origins = copied_from(district_id, classroom.id)
    return OpenClass(classroom, linked, courses, course, view, dates, wording, origins)


def _room(district_id: int, classroom_id: int) -> tuple[Classroom, str]:
    row = db.execute(
        sa.select(Classroom, District.timezone)
        .join(District, District.id == Classroom.district_id)
        .where(Classroom.id == classroom_id, Classroom.district_id == district_id)
    ).one()
    return row[0], row[1]
