"""Who of the staff owes what, by their standing; and how many of how many. A constant number of queries."""

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa

from access.models import Standing
from completion.dates import last_day_before
from completion.models import Requirement
from core.database import db
from people.models import District, Person
from people.roster_models import RosterInterval

OWING = ("assigned", "in_progress", "overdue", "reattest_due")
"""States in which there is something to do and a date by which."""
NOT_ASKED = ("not_applicable", "not_due", "exempt", "revoked")


@dataclass(frozen=True)
class Owed:
    """What one person owes, in days of the district. `again`: an agreement they signed was changed."""

    person_id: int
    requirement: str
    period: str
    state: str
    last_day: date
    last_grace_day: date
    again: bool

    @property
    def topic(self) -> str:
        """What all reminders of it have in common."""
        return f"{self.requirement}:{self.period}{':again' if self.again else ''}"


@dataclass(frozen=True)
class HowMany:
    """Of the staff of one building, or of the district: those it is asked of, those who owe it, those past the date."""

    asked: int
    owe: int
    late: int


def owed_in(district: District, at: datetime, person_id: int | None = None) -> list[Owed]:
    """What the staff owe, or one of them. Nobody whom a roster has as a pupil now: pupils are never written to."""
    is_pupil = (
        sa.select(RosterInterval.id)
        .where(RosterInterval.person_id == Person.id, RosterInterval.audience == "pupil", _holds(at))
        .exists()
    )
    rows = db.execute(
        sa.select(
            Standing.person_id,
            Standing.requirement,
            Standing.period,
            Standing.state,
            Standing.reason,
            Standing.due_at,
            Standing.grace_until,
        )
        .join(Person, Person.id == Standing.person_id)
        .join(Requirement, Requirement.key == Standing.requirement)
        .where(
            Standing.district_id == district.id,
            Standing.state.in_(OWING),
            Requirement.audience == "staff",
            Person.audience == "staff",
            ~is_pupil,
            Person.id == person_id if person_id is not None else sa.true(),
        )
        .order_by(Standing.person_id, Standing.requirement)
    )
    return [
        Owed(
            row.person_id,
            row.requirement,
            row.period,
            row.state,
            last_day_before(row.due_at, district.timezone),
            last_day_before(row.grace_until or row.due_at, district.timezone),
            row.reason == "revised",
        )
        for row in rows
        if row.due_at is not None
    ]


def how_many(district: District, at: datetime) -> dict[int | None, HowMany]:
    """{building id: figures}, None for the whole district; somebody of two buildings counts in both."""
    rows = db.execute(
        sa.select(Standing.person_id, Standing.state)
        .join(Person, Person.id == Standing.person_id)
        .join(Requirement, Requirement.key == Standing.requirement)
        .where(
            Standing.district_id == district.id,
            Standing.state.not_in(NOT_ASKED),
            Requirement.audience == "staff",
            Person.audience == "staff",
        )
    )
    states = {row.person_id: row.state for row in rows}
    places = db.execute(
        sa.select(RosterInterval.person_id, RosterInterval.building_id)
        .where(
            RosterInterval.district_id == district.id,
            RosterInterval.audience == "staff",
            RosterInterval.building_id.is_not(None),
            _holds(at),
        )
        .distinct()
    )
    found: dict[int | None, Counter[str]] = {None: Counter(states.values())}
    for person_id, building_id in places:
        if person_id in states:
            found.setdefault(building_id, Counter())[states[person_id]] += 1
    return {place: _figures(counted) for place, counted in found.items()}


def _figures(states: Counter[str]) -> HowMany:
    late = states["overdue"] + states["expired"]
    return HowMany(states.total(), sum(states[each] for each in OWING) + states["expired"], late)


def _holds(at: datetime) -> sa.ColumnElement[bool]:
    return sa.and_(
        RosterInterval.starts_at <= at,
        sa.or_(RosterInterval.ends_at.is_(None), RosterInterval.ends_at > at),
    )
