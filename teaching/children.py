"""How a mentor's own children are getting on: those the launch named, and nobody else (LTI 1.3 core 5.4.8)."""

from dataclasses import dataclass

import sqlalchemy as sa

from completion import ledger
from core.database import db
from lessons import library
from lessons.course_page import CoursePage, course_page
from lessons.library import Course
from lessons.opting_out import taught
from lessons.progress import visits_of
from lti_tool.launches import target_launched
from people.models import Person, SchoolYear, SignIn
from people.school_years import current_school_year
from teaching.linked import LESSON_PATH, courses_of, linked_in


@dataclass(frozen=True)
class ChildInCourse:
    """One course of one child. `scores` are the best ones, {lesson id: 0 to 100}."""

    course: Course
    page: CoursePage
    scores: dict[str, float]


@dataclass(frozen=True)
class Child:
    """A child by its place in the launch's list: names are neither sent nor kept for this."""

    number: int
    courses: tuple[ChildInCourse, ...]


def children_of(sign_in: SignIn) -> list[Child]:
    """In the order in which the LMS named them."""
    year = current_school_year(sign_in.district_id)
    courses = _courses(sign_in)
    here = sa.select(Person.id).where(Person.id.in_(sign_in.about), Person.district_id == sign_in.district_id)
    known = set(db.scalars(here))
    ids = [each for each in sign_in.about if each in known]
    return [
        Child(number, tuple(_in_course(course, person_id, year) for course in courses))
        for number, person_id in enumerate(ids, 1)
    ]


def _courses(sign_in: SignIn) -> list[Course]:
    """What the class takes; the course of the link itself where it came from no class."""
    found = courses_of(linked_in(sign_in.classroom_id)) if sign_in.classroom_id else []
    path = LESSON_PATH.fullmatch(target_launched(sign_in) or "")
    if found or path is None:
        return found
    try:
        return [library.course(path["course"])]
    except library.NoSuchCourse:
        return []


def _in_course(course: Course, person_id: int, year: SchoolYear) -> ChildInCourse:
    progress = ledger.progress_of(person_id, year.id)
    page = course_page(taught(course, person_id, year.id), progress, visits_of(person_id, year.id))
    scores = {
        each.id: best
        for each in course.lessons
        if (known := progress.get(f"lesson:{each.id}")) and (best := known.best_score) is not None
    }
    return ChildInCourse(course, page, scores)
