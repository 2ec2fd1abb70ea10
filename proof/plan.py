"""What each grade was to be taught in a school year, with the tags of the Children's Internet Protection Act."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from core.database import db
from lessons.models import CurriculumRelease
from people.models import SchoolYear

STAFF_BAND = "staff"
COURSE = "course"
"""The topic that stands for every lesson of the grade."""
INSTRUCTION = {
    "CIPA-OB": "Appropriate online behavior",
    "CIPA-SN": "Social networking websites and chat rooms",
    "CIPA-CB": "Cyberbullying awareness and response",
}
"""The three topics in which minors must be educated, 47 CFR 54.520(c)(1)(i). Every grade is counted in each."""
ORDER = ("k", *(f"g{number}" for number in range(1, 13)))


@dataclass(frozen=True, slots=True)
class Taught:
    """A lesson of a grade's course."""

    id: str
    title: str
    tags: tuple[str, ...]

    @property
    def part(self) -> str:
        return f"lesson:{self.id}"


@dataclass(frozen=True)
class Plan:
    """`lessons` by grade in teaching order; `grades` says which grade a requirement belongs to."""

    lessons: Mapping[str, tuple[Taught, ...]]
    grades: Mapping[str, str]

    def of(self, grade: str) -> tuple[Taught, ...]:
        """None where no course of the grade is written."""
        return self.lessons.get(grade, ())

    def tags(self, grade: str) -> list[str]:
        """The three of the law, whether the grade has a course or not, then what else its lessons carry."""
        carried = {tag for lesson in self.of(grade) for tag in lesson.tags}
        return [*INSTRUCTION, *sorted(carried - set(INSTRUCTION))]

    def topics(self, grade: str) -> list[str]:
        """Everything that is counted for a grade."""
        lessons = self.of(grade)
        return [*self.tags(grade), *([COURSE] if lessons else []), *(lesson.part for lesson in lessons)]

    def met(self, grade: str, parts: Iterable[str]) -> set[str]:
        """The topics that these parts show: a tag by any lesson that carries it, the course by all of it."""
        shown = set(parts)
        lessons = [lesson for lesson in self.of(grade) if lesson.part in shown]
        met = {tag for lesson in lessons for tag in lesson.tags} | {lesson.part for lesson in lessons}
        return met | {COURSE} if lessons and len(lessons) == len(self.of(grade)) else met


def plan_of(year: SchoolYear, at: datetime) -> Plan:
    """By the release that was in force at the end of the year, or is at `at` if that is earlier.

    A release from before releases had tags takes those that its lessons have in the newest one.
    """
    newest, then = _release(None), _release(min(at, year.ends_at))
    courses = (then or newest or {}).items()
    tags = _tags((newest or {}).values())
    if any("cipa" in ref for _, course in courses for ref in course["lessons"]):
        tags = tags | _tags(course for _, course in courses)
    lessons = {
        grade: tuple(Taught(ref["id"], ref["title"], tags.get(ref["id"], ())) for ref in course["lessons"])
        for grade, course in courses
        if course["band"] != STAFF_BAND
    }
    return Plan(lessons, {course["requirement"]: grade for grade, course in courses if grade in lessons})


def by_age(grade: str) -> tuple[int, str]:
    """A sorting key: from the youngest up, then what the roster calls otherwise."""
    return (ORDER.index(grade) if grade in ORDER else len(ORDER), grade)


def _release(until: datetime | None) -> dict[str, Any] | None:
    rows = sa.select(CurriculumRelease.courses).order_by(
        CurriculumRelease.published_at.desc(), CurriculumRelease.id.desc()
    )
    if until is not None:
        rows = rows.where(CurriculumRelease.published_at < until)
    return db.scalars(rows.limit(1)).first()


def _tags(courses: Iterable[dict[str, Any]]) -> dict[str, tuple[str, ...]]:
    return {ref["id"]: tuple(ref["cipa"]) for course in courses for ref in course["lessons"] if "cipa" in ref}
