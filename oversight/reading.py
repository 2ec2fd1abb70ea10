"""The figures as pages want them, in a few queries whatever the size of the district."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from core.database import db
from core.errors import NotFound
from oversight.coverage import Figure, Line, Share, lines
from oversight.models import ClassFigure, CoverageFigure, DayFigure, FigureCount, LossFigure, StaffFigure
from oversight.places import Buildings
from people.models import Classroom, District, SchoolYear
from people.roster_models import JOBS, Building


class NoSuchBuilding(NotFound):
    """Also for one of another district, or one that this office does not see."""

    code = "no_such_building"
    next_step = "Go back and choose one of the schools you see there."


@dataclass(frozen=True)
class ClassLine:
    """A class of a school: how many pupils of the school are in it, and how far they are."""

    title: str | None
    pupils: int
    finished: int
    owed: int
    taught: int

    @property
    def share(self) -> Share:
        return Share(self.owed, self.taught)


@dataclass(frozen=True)
class StaffRow:
    building_id: int | None
    job: str
    state: str
    access: str
    people: int


@dataclass(frozen=True)
class Loss:
    """`would`: who would lose access if the whole policy were in force."""

    day: date
    people: int
    would: int


@dataclass(frozen=True)
class Day:
    day: date
    owed: int
    taught: int
    staff: int
    staff_done: int


def counted_at(district_id: int) -> datetime | None:
    """None before the worker has come by for the first time."""
    return db.scalars(sa.select(FigureCount.counted_at).filter_by(district_id=district_id)).one_or_none()


def buildings(district_id: int, seen: Buildings) -> list[Building]:
    """By name."""
    wanted = sa.select(Building).filter_by(district_id=district_id).order_by(Building.name, Building.id)
    if seen is not None:
        wanted = wanted.where(Building.id.in_(seen))
    return list(db.scalars(wanted))


def chosen_building(there: list[Building], wanted: int | None) -> Building | None:
    """The one asked for, else the first; None where there is none. Raises NoSuchBuilding."""
    if wanted is None:
        return there[0] if there else None
    found = next((each for each in there if each.id == wanted), None)
    if found is None:
        raise NoSuchBuilding("There is no such school among those you see.")
    return found


def grades_of(year: SchoolYear, building_id: int) -> list[Line]:
    """A line for each grade of one building, with every topic."""
    return lines(
        _figures(
            CoverageFigure.grade,
            CoverageFigure.topic,
            CoverageFigure.enrolled,
            CoverageFigure.taught,
            where=(
                CoverageFigure.building_id == building_id,
                CoverageFigure.school_year_id == year.id,
                CoverageFigure.whole.is_(False),
            ),
        )
    )


def district_coverage(year: SchoolYear) -> tuple[list[Line], list[Line]]:
    """(a line for each grade of the whole district, a line for each building).

    Lessons are added up: the district's page is not about single ones.
    """
    topic = sa.case((CoverageFigure.topic.startswith("lesson:"), "lesson:any"), else_=CoverageFigure.topic)
    grade = sa.case((CoverageFigure.whole, CoverageFigure.grade))
    groups = (CoverageFigure.whole, CoverageFigure.building_id, grade, topic)
    rows = db.execute(
        sa.select(*groups, sa.func.sum(CoverageFigure.enrolled), sa.func.sum(CoverageFigure.taught))
        .where(
            CoverageFigure.district_id == year.district_id,
            CoverageFigure.school_year_id == year.id,
        )
        .group_by(*groups)
    ).all()
    whole = [Figure(row[2], row[3], int(row[4]), int(row[5])) for row in rows if row[0]]
    placed = [Figure(row[1], row[3], int(row[4]), int(row[5])) for row in rows if not row[0]]
    return lines(whole), lines(placed)


def _figures(*columns: Any, where: tuple[sa.ColumnElement[bool], ...]) -> list[Figure]:
    return [Figure(*row) for row in db.execute(sa.select(*columns).where(*where))]


def classes_of(year: SchoolYear, building_id: int) -> list[ClassLine]:
    rows = db.execute(
        sa.select(
            Classroom.title,
            ClassFigure.pupils,
            ClassFigure.finished,
            ClassFigure.owed,
            ClassFigure.taught,
        )
        .join(Classroom, Classroom.id == ClassFigure.classroom_id)
        .where(ClassFigure.building_id == building_id, ClassFigure.school_year_id == year.id)
        .order_by(Classroom.title, Classroom.id)
    )
    return [ClassLine(*row) for row in rows]


def staff_of(building_id: int) -> list[StaffRow]:
    rows = _staff(StaffFigure.building_id == building_id, StaffFigure.whole.is_(False))
    return [row for _, row in rows]


def staff_in(district_id: int) -> tuple[list[StaffRow], list[StaffRow]]:
    """(of the whole district, by building)"""
    rows = _staff(StaffFigure.district_id == district_id)
    return [row for whole, row in rows if whole], [row for whole, row in rows if not whole]


def _staff(*where: sa.ColumnElement[bool]) -> list[tuple[bool, StaffRow]]:
    """In the order of the jobs, who has none known last."""
    wanted = sa.select(
        StaffFigure.whole,
        StaffFigure.building_id,
        StaffFigure.job,
        StaffFigure.state,
        StaffFigure.access,
        StaffFigure.people,
    )
    rows = [(row[0], StaffRow(*row[1:])) for row in db.execute(wanted.where(*where))]
    return sorted(rows, key=lambda row: JOBS.index(row[1].job) if row[1].job in JOBS else len(JOBS))


def losses(district_id: int, first: date, building_id: int | None = None) -> list[Loss]:
    """From this day on, of one building or else of the whole district; the next first."""
    place = (
        LossFigure.whole.is_(True)
        if building_id is None
        else sa.and_(LossFigure.building_id == building_id, LossFigure.whole.is_(False))
    )
    rows = db.execute(
        sa.select(LossFigure.day, LossFigure.people, LossFigure.would)
        .where(LossFigure.district_id == district_id, LossFigure.day >= first, place)
        .order_by(LossFigure.day)
    )
    return [Loss(*row) for row in rows]


def days(district: District, first: date, last: date) -> list[Day]:
    """The last day of each week that was counted, and the newest day."""
    rows = db.execute(
        sa.select(DayFigure.day, DayFigure.owed, DayFigure.taught, DayFigure.staff, DayFigure.staff_done)
        .where(DayFigure.district_id == district.id, DayFigure.day.between(first, last))
        .order_by(DayFigure.day)
    )
    weeks = {row[0].isocalendar()[:2]: Day(*row) for row in rows}
    return list(weeks.values())
