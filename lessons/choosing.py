"""What a teacher may pick for a course in the LMS: lessons, and course pages as one link; and what was picked."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from core.messages import N_
from lessons import library
from lessons.choosing_dates import Window
from lessons.content import Lesson
from lessons.library import Course
from lessons.scope import STAFF_COURSE
from lti_tool.content_items import Choice


@dataclass(frozen=True, slots=True)
class Pick:
    """Something that can be linked: a lesson, or a course as a whole, which has no column of its own."""

    id: str
    title: str
    minutes: int
    course: Course
    lesson: Lesson | None

    @property
    def path(self) -> str:
        return f"/lessons/{self.course.id}" + (f"/{self.lesson.id}" if self.lesson else "")


def courses() -> list[Course]:
    """Those with written lessons, grade by grade and the staff course last, as the curriculum lists them."""
    return list(library.current_release().courses.values())


def course_to_show(asked: str | None, picked: Sequence[str], class_title: str) -> Course | None:
    """The course asked for, else that of the last pick, else the grade the class's name tells, else the first.

    None when nothing is published.
    """
    known = {course.id: course for course in courses()}
    if asked in known:
        return known[asked]
    for pick in reversed(picks_of(picked)):
        return pick.course
    named = (each for each in known.values() if _is_named(each, class_title))
    return next(named, None) or next(iter(known.values()), None)


def _is_named(course: Course, class_title: str) -> bool:
    """Whether a class's title says the grade: "Grade 4, Room 12", "4th grade"."""
    grade = course.id.removeprefix("g")
    said = rf"\b(grade {grade}|{grade}(st|nd|rd|th) grade)\b"
    return grade.isdigit() and re.search(said, class_title, re.IGNORECASE) is not None


def grade_of(course: Course) -> str:
    """What the button for this course says."""
    if course.id == STAFF_COURSE:
        return N_("Staff")
    grade = course.id.removeprefix("g")
    return N_("Grade %(grade)s", grade=grade) if grade.isdigit() else N_("Kindergarten")


def picks_in(course: Course) -> list[Pick]:
    """The lessons of a course, in teaching order."""
    return [_lesson_pick(course, library.lesson(ref.id)) for ref in course.lessons]


def whole_course(course: Course) -> Pick:
    minutes = sum(ref.minutes for ref in course.lessons)
    return Pick(course.id, course.title, minutes, course, None)


def picks_of(ids: Iterable[str]) -> list[Pick]:
    """What these ids name, in teaching order, each once; what is not published is left out."""
    wanted = set(ids)
    found: list[Pick] = []
    for course in courses():
        found += [whole_course(course)] if course.id in wanted else []
        found += [pick for pick in picks_in(course) if pick.id in wanted]
    return found


def picked_after(before: Sequence[str], shown: Course, ticked: Sequence[str], several: bool) -> list[str]:
    """The selection once the form of one course was sent: elsewhere as it was, here as ticked.

    Where the LMS takes one link only, the newest tick counts.
    """
    here = {shown.id, *(ref.id for ref in shown.lessons)}
    new = [each for each in ticked if each in here]
    if not several and new:
        return new[:1]
    return [each for each in before if each not in here] + new


def choice(pick: Pick, window: Window, tag: str, with_column: bool) -> Choice:
    made = Choice(pick.path, pick.title, _text(pick), opens_at=window.opens_at, due_at=window.due_at)
    if pick.lesson is None or not with_column:
        return made
    return replace(made, resource_id=pick.lesson.id, tag=tag)


def _text(pick: Pick) -> str:
    if pick.lesson is None:
        return N_("All lessons of the course in order, about %(minutes)s minutes.", minutes=pick.minutes)
    return " ".join(f"{objective.rstrip('.')}." for objective in pick.lesson.objectives)


def _lesson_pick(course: Course, lesson: Lesson) -> Pick:
    return Pick(lesson.id, lesson.title, lesson.minutes, course, lesson)
