"""Count one district: a handful of group-bys over the roster, the ledger and the standings. Writes nothing."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from access.models import Standing
from completion.models import Progress
from core.database import db
from lessons.library import Course
from oversight.models import ClassFigure, CoverageFigure, LossFigure, StaffFigure
from oversight.places import STAFF_REQUIREMENT, pupils_here, staff_here
from people.models import District, Enrollment, SchoolYear

COURSE = "course"
TOPICS = ("CIPA-OB", "CIPA-SN", "CIPA-CB")
"""The three instruction topics of 47 CFR 54.520(c)(1)(i): online behavior, social networks and chat, cyberbullying."""
DONE = ("complete", "expiring", "exempt")
"""States of the staff in which nothing is owed."""

Row = tuple[Any, ...]
Place = tuple[int | None, str]
"""(building, grade)"""


@dataclass
class Counted:
    """{table: rows}, each row in the order of COLUMNS; and the day it stands for."""

    rows: dict[type[Any], set[Row]] = field(default_factory=dict)
    day: date | None = None
    today: dict[str, int] = field(default_factory=dict)


COLUMNS: dict[type[Any], tuple[str, ...]] = {
    CoverageFigure: ("school_year_id", "whole", "building_id", "grade", "topic", "enrolled", "taught"),
    ClassFigure: ("school_year_id", "building_id", "classroom_id", "pupils", "finished", "owed", "taught"),
    StaffFigure: ("whole", "building_id", "job", "state", "access", "people"),
    LossFigure: ("whole", "building_id", "day", "people", "would"),
}
"""Besides district_id. What is missing from a count stays as it was."""


def count(district: District, year: SchoolYear, courses: dict[str, Course], at: datetime) -> Counted:
    """`courses` of the release in force by id; that of a grade bears the grade's name."""
    plan = _Plan(courses)
    found = Counted(day=at.astimezone(ZoneInfo(district.timezone)).date())
    coverage = [row for whole in (True, False) for row in _coverage(year, plan, at, whole)]
    staff = [row for whole in (True, False) for row in _staff(district, at, whole)]
    found.rows = {
        CoverageFigure: set(coverage),
        ClassFigure: set(_classes(year, plan, at)),
        StaffFigure: set(staff),
    }
    everybody = [row for row in coverage if row[1]]
    found.today = {
        "owed": sum(row[5] * plan.size(row[3]) for row in everybody if row[4] == COURSE),
        "taught": sum(row[6] for row in everybody if row[4].startswith("lesson:")),
        "staff": sum(row[5] for row in staff if row[0]),
        "staff_done": sum(row[5] for row in staff if row[0] and row[3] in DONE),
    }
    return found


class _Plan:
    """What each grade is taught."""

    def __init__(self, courses: dict[str, Course]) -> None:
        self.lessons = {
            grade: {f"lesson:{ref.id}": ref.cipa for ref in course.lessons}
            for grade, course in courses.items()
            if course.band != "staff"
        }
        self.grades = {courses[grade].requirement: grade for grade in self.lessons}
        """{requirement: grade}"""

    def size(self, grade: str) -> int:
        return len(self.lessons.get(grade, ()))

    def topics(self, grade: str) -> list[str]:
        """What is counted for a grade: the topics of the Act whether its course has a lesson on them or not."""
        return [COURSE, *self.lessons.get(grade, ()), *TOPICS]

    def parts(self) -> sa.CTE:
        """(grade, part), a row for each lesson."""
        rows = [(grade, part) for grade, parts in self.lessons.items() for part in parts]
        return _table("parts", ("grade", "part"), rows)

    def topics_by_part(self) -> sa.CTE:
        """(grade, part, topic); a lesson is a topic of its own."""
        rows = [
            (grade, part, topic)
            for grade, parts in self.lessons.items()
            for part, cipa in parts.items()
            for topic in (part, *(tag for tag in cipa if tag in TOPICS))
        ]
        return _table("topics", ("grade", "part", "topic"), rows)


def _table(name: str, columns: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> sa.CTE:
    # A table of no rows can not be written down; one that fits nobody can.
    values = sa.values(*(sa.column(each, sa.String) for each in columns), name=name)
    return values.data(rows or [("-",) * len(columns)]).cte(name)


def _done(here: sa.FromClause, wanted: sa.FromClause, year: SchoolYear) -> sa.Join:
    """`here` with a row for each wanted part that was done this year."""
    return here.join(wanted, wanted.c.grade == here.c.grade).join(
        Progress,
        sa.and_(
            Progress.person_id == here.c.person_id,
            Progress.part == wanted.c.part,
            Progress.school_year_id == year.id,
            Progress.done_at.is_not(None),
        ),
    )


def _coverage(year: SchoolYear, plan: _Plan, at: datetime, whole: bool) -> list[Row]:
    here = pupils_here(year, at, plan.grades, whole=whole)
    place = (here.c.building_id, here.c.grade)
    enrolled: dict[Place, int] = {
        (building, grade): number
        for building, grade, number in db.execute(sa.select(*place, sa.func.count()).group_by(*place))
    }
    wanted = plan.topics_by_part()
    taught = {
        (building, grade, topic): number
        for building, grade, topic, number in db.execute(
            sa.select(*place, wanted.c.topic, sa.func.count(here.c.person_id.distinct()))
            .select_from(_done(here, wanted, year))
            .group_by(*place, wanted.c.topic)
        )
    }
    for building, grade, lessons, number in db.execute(_by_lessons_done(here, plan, year, place)):
        if lessons == plan.size(grade):
            taught[building, grade, COURSE] = number
    return [
        (year.id, whole, building, grade, topic, number, taught.get((building, grade, topic), 0))
        for (building, grade), number in enrolled.items()
        for topic in plan.topics(grade)
    ]


def _by_lessons_done(
    here: sa.CTE, plan: _Plan, year: SchoolYear, place: tuple[sa.ColumnElement[Any], ...]
) -> sa.Select[Any]:
    """(..., lessons done, how many people have just so many)"""
    each = (
        sa.select(*place, here.c.person_id, sa.func.count().label("lessons"))
        .select_from(_done(here, plan.parts(), year))
        .group_by(*place, here.c.person_id)
        .subquery("each")
    )
    where = [each.c[column.key] for column in place if column.key]
    return sa.select(*where, each.c.lessons, sa.func.count()).group_by(*where, each.c.lessons)


def _classes(year: SchoolYear, plan: _Plan, at: datetime) -> list[Row]:
    pupils = pupils_here(year, at, plan.grades, whole=False)
    here = (
        sa.select(pupils, Enrollment.classroom_id)
        .join(Enrollment, Enrollment.person_id == pupils.c.person_id)
        .where(Enrollment.role == "learner", Enrollment.left_at.is_(None))
        .cte("seated")
    )
    place = (here.c.building_id, here.c.classroom_id, here.c.grade)
    numbers: dict[tuple[int | None, int], Counter[str]] = {}
    for building, classroom, grade, people in db.execute(sa.select(*place, sa.func.count()).group_by(*place)):
        numbers.setdefault((building, classroom), Counter()).update(
            pupils=people, owed=people * plan.size(grade)
        )
    for building, classroom, grade, lessons, people in db.execute(_by_lessons_done(here, plan, year, place)):
        finished = people if lessons == plan.size(grade) else 0
        numbers[building, classroom].update(taught=people * lessons, finished=finished)
    return [
        (year.id, building, classroom, row["pupils"], row["finished"], row["owed"], row["taught"])
        for (building, classroom), row in numbers.items()
    ]


def _staff(district: District, at: datetime, whole: bool) -> list[Row]:
    here = staff_here(district.id, at, whole=whole)
    groups = (here.c.building_id, here.c.job, Standing.state, Standing.access)
    rows = db.execute(
        sa.select(*groups, sa.func.count())
        .select_from(here.outerjoin(Standing, _standing_of(here)))
        .group_by(*groups)
    )
    return [
        (whole, building, job, state or "", access or "", number)
        for building, job, state, access, number in rows
    ]


def _standing_of(here: sa.CTE) -> sa.ColumnElement[bool]:
    return sa.and_(Standing.person_id == here.c.person_id, Standing.requirement == STAFF_REQUIREMENT)
