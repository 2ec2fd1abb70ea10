"""Which rows are past their term by the district's schedule and under no hold. Statements; they change nothing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from core.database import db, table_of
from held.inventory import table_called
from held.reaching import counted_by_year, period_of, reach
from held.shape import Held
from held.tables import INVENTORY
from held.terms import Term
from people.holds import is_held
from people.models import Classroom, District, Enrollment, Identity, Person, SchoolYear
from people.operators import SCHEME as OPERATOR_SCHEME
from people.roster_models import RosterInterval

STAFF = "staff"
YEARS_FOR = {"pupil_records", "staff_evidence", "quiz_answers"}


@dataclass(frozen=True)
class Past:
    """The school years of a district whose term for one kind is over, and the end of the newest of them."""

    years: Sequence[int]
    before: datetime | None


def past_years(district: District, terms: Mapping[str, Term], at: datetime) -> dict[str, Past]:
    """{kind: Past} for the kinds that are counted from the end of a year."""
    years = db.scalars(
        sa.select(SchoolYear).filter_by(district_id=district.id).order_by(SchoolYear.ends_at)
    ).all()
    found = {}
    for kind in YEARS_FOR:
        over = [year for year in years if terms[kind].after(year.ends_at, district.timezone) <= at]
        found[kind] = Past([year.id for year in over], over[-1].ends_at if over else None)
    return found


def kinds_of(held: Held) -> list[str]:
    """The kinds by which rows of this table are purged; none where they go with their person or their sign-in."""
    if not held.period:
        return []
    return ["pupil_records", "staff_evidence"] if held.kind == "work" else [held.kind]


def due_rows(held: Held, kind: str, district: District, past: Past) -> sa.Select[Any] | None:
    """The numbers of rows that are past their term and under no hold; None: there can be none."""
    if past.before is None:
        return None
    table = table_called(held.table)
    source, person_id = reach(held)
    person = table_of(Person)
    wanted = (
        sa.select(table.c.id)
        .select_from(source.join(person, person.c.id == person_id))
        .where(
            table.c.district_id == district.id, _over(held, past), sa.not_(is_held(person_id, district.id))
        )
        .order_by(table.c.id)
    )
    return wanted.where(whose(kind)) if held.kind == "work" else wanted


def whose(kind: str) -> sa.ColumnElement[bool]:
    """Whether the person of a row is one whose records are of this kind."""
    audience = table_of(Person).c.audience
    return audience == STAFF if kind == "staff_evidence" else audience != STAFF


def _over(held: Held, past: Past) -> sa.ColumnElement[bool]:
    period = period_of(held)
    assert period is not None, "kinds_of names no kind for a table without a period"
    # What ends with the year, as an exemption may, is of that year.
    return period.in_(past.years) if counted_by_year(held) else period <= past.before


def people_gone(district: District, past: Mapping[str, Past]) -> sa.Select[Any] | None:
    """Numbers of people of whom nothing dated is left and whom neither the roster nor a class has named since.

    Who still stands somewhere has an assignment of this school year, so that they are not among these.
    """
    person = table_of(Person)
    over = [
        sa.and_(
            whose(kind), person.c.created_at < past[kind].before, *_not_since(person.c.id, past[kind].before)
        )
        for kind in ("pupil_records", "staff_evidence")
        if past[kind].before is not None
    ]
    if not over:
        return None
    operator = sa.select(Identity.id).where(
        Identity.person_id == person.c.id, Identity.scheme == OPERATOR_SCHEME
    )
    return (
        sa.select(person.c.id)
        .where(
            person.c.district_id == district.id,
            sa.or_(*over),
            ~operator.exists(),
            *(~each.exists() for each in (*_dated_rows(person.c.id), *_hands(person.c.id))),
            sa.not_(is_held(person.c.id, district.id)),
        )
        .order_by(person.c.id)
    )


def _dated_rows(person_id: Any) -> list[sa.Select[Any]]:
    """What is purged by its own term; while one of these is there, its person is."""
    dated = [held for held in INVENTORY.values() if held.period and held.parent == "person"]
    return [sa.select(table_called(held.table).c.id).where(reach(held)[1] == person_id) for held in dated]


def _hands(person_id: Any) -> list[sa.Select[Any]]:
    """What they decided or entered about others stands as long as the others' records do, and names them by number."""
    return [
        sa.select(table_called(name).c.id).where(table_called(name).c[column] == person_id)
        for name, held in INVENTORY.items()
        for column in held.by
    ]


def _not_since(person_id: Any, before: datetime | None) -> list[sa.ColumnElement[bool]]:
    seats = (
        sa.select(Enrollment.id)
        .join(Classroom, Classroom.id == Enrollment.classroom_id)
        .where(
            Enrollment.person_id == person_id,
            sa.or_(
                Enrollment.left_at >= before,
                sa.and_(
                    Enrollment.left_at.is_(None),
                    sa.or_(Classroom.roster_as_of >= before, Enrollment.created_at >= before),
                ),
            ),
        )
    )
    intervals = sa.select(RosterInterval.id).where(
        RosterInterval.person_id == person_id,
        sa.or_(RosterInterval.ends_at.is_(None), RosterInterval.ends_at > before),
    )
    return [~seats.exists(), ~intervals.exists()]
