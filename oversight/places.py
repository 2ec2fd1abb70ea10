"""Who is where now, as the figures and the lists see it: by the roster, or by the LMS alone for whom no roster knows.

Everybody stands once in a place. A pupil of two schools is at each of them, and once in the district.
"""

from collections.abc import Mapping
from datetime import datetime

import sqlalchemy as sa

from completion.models import Assignment, Requirement
from people.models import Enrollment, Person, SchoolYear
from people.roster_models import RosterInterval

STAFF_REQUIREMENT = "rua"

Buildings = frozenset[int] | None
"""Buildings that somebody sees; None is the whole district, with those on no roster."""


def on_roster(audience: str, at: datetime) -> tuple[sa.ColumnElement[bool], ...]:
    """Of the intervals of this audience, those that hold at `at`."""
    return (
        RosterInterval.audience == audience,
        RosterInterval.starts_at <= at,
        sa.or_(RosterInterval.ends_at.is_(None), RosterInterval.ends_at > at),
    )


def never_on_a_roster(person_id: sa.SQLColumnExpression[int]) -> sa.ColumnElement[bool]:
    """Somebody of whom the roster has never spoken, which is not the same as having left."""
    return ~sa.select(RosterInterval.id).where(RosterInterval.person_id == person_id).exists()


def pupils_here(
    year: SchoolYear, at: datetime, grades: Mapping[str, str], *, whole: bool, name: str = "pupils"
) -> sa.CTE:
    """(person_id, building_id, grade) of the year's district.

    grades  {requirement: grade}, which tells the grade of whom no roster knows by the course they owe; they count
            as long as they have a seat in a class
    whole   one row a person with no building, instead of one a person and building
    """
    known = _rostered(year.district_id, "pupil", RosterInterval.grade, at)
    others = (
        sa.select(
            Assignment.person_id,
            sa.null().label("building_id"),
            sa.case(*[(Requirement.key == key, grade) for key, grade in grades.items()]).label("word"),
        )
        .join(Requirement, Requirement.id == Assignment.requirement_id)
        .where(
            Assignment.district_id == year.district_id,
            Assignment.school_year_id == year.id,
            Requirement.key.in_(list(grades)),
            never_on_a_roster(Assignment.person_id),
            sa.select(Enrollment.id)
            .where(
                Enrollment.person_id == Assignment.person_id,
                Enrollment.role == "learner",
                Enrollment.left_at.is_(None),
            )
            .exists(),
        )
    )
    return _once_a_place(sa.union_all(known, others) if grades else known, "grade", whole, name)


def staff_here(district_id: int, at: datetime, *, whole: bool, name: str = "staff") -> sa.CTE:
    """(person_id, building_id, job); whom no roster knows is of no building and no job."""
    others = sa.select(
        Person.id.label("person_id"), sa.null().label("building_id"), sa.null().label("word")
    ).where(
        Person.district_id == district_id,
        Person.audience == "staff",
        never_on_a_roster(Person.id),
    )
    known = _rostered(district_id, "staff", RosterInterval.job, at)
    return _once_a_place(sa.union_all(known, others), "job", whole, name)


def _rostered(
    district_id: int, audience: str, word: sa.SQLColumnExpression[str | None], at: datetime
) -> sa.Select[int, int | None, str | None]:
    return sa.select(RosterInterval.person_id, RosterInterval.building_id, word.label("word")).where(
        RosterInterval.district_id == district_id, *on_roster(audience, at)
    )


def _once_a_place(rows: sa.SelectBase, word: str, whole: bool, name: str) -> sa.CTE:
    found = rows.subquery(f"{name}_found")
    place = [] if whole else [found.c.building_id]
    building = sa.cast(sa.null(), sa.BigInteger) if whole else found.c.building_id
    return (
        sa.select(
            found.c.person_id,
            building.label("building_id"),
            sa.func.coalesce(sa.func.min(found.c.word), "").label(word),
        )
        .group_by(found.c.person_id, *place)
        .cte(name)
    )
