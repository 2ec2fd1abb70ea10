"""What the district's own roster says of people: who is on it, since when, and of whom it has never spoken."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import datetime

import sqlalchemy as sa

from core.clock import now
from core.database import db
from people.models import Identity, Person
from people.roster_models import RosterInterval


def joined_at(person: Person) -> datetime | None:
    """Since when they are on the staff, without a gap: the hire date where a file says it. None: no roster speaks
    of them as staff now."""
    return joined([person.id]).get(person.id)


def joined(person_ids: Collection[int]) -> dict[int, datetime]:
    """The same of many, in one query: {person id: since when}, without those of whom no roster speaks as staff now."""
    stays: dict[int, list[tuple[datetime, datetime | None]]] = defaultdict(list)
    for person_id, start, end in db.execute(
        sa.select(RosterInterval.person_id, RosterInterval.starts_at, RosterInterval.ends_at)
        .where(RosterInterval.person_id.in_(person_ids), RosterInterval.audience == "staff")
        .order_by(RosterInterval.starts_at.desc())
    ):
        stays[person_id].append((start, end))
    at = now()
    since = {person_id: _since(rows, at) for person_id, rows in stays.items()}
    return {person_id: start for person_id, start in since.items() if start is not None}


def _since(rows: Sequence[tuple[datetime, datetime | None]], at: datetime) -> datetime | None:
    since = min((start for start, end in rows if end is None or end > at), default=None)
    if since is None:
        return None
    # Another building or another job is no new hire: what ended when the next began is one stay.
    for start, end in rows:
        if end is not None and start < since <= end:
            since = start
    return since


def buildings_of(person_ids: Collection[int], at: datetime) -> dict[int, set[int]]:
    """{person id: buildings the roster has them at}, of those it has anywhere."""
    return _buildings(RosterInterval.person_id.in_(person_ids), at)


def buildings_in(district_id: int, at: datetime) -> dict[int, set[int]]:
    """The same of everybody in a district."""
    return _buildings(RosterInterval.district_id == district_id, at)


def _buildings(whose: sa.ColumnElement[bool], at: datetime) -> dict[int, set[int]]:
    rows = db.execute(
        sa.select(RosterInterval.person_id, RosterInterval.building_id).where(
            whose,
            RosterInterval.starts_at <= at,
            sa.or_(RosterInterval.ends_at.is_(None), RosterInterval.ends_at > at),
        )
    )
    found: dict[int, set[int]] = {}
    for person_id, building_id in rows:
        if building_id is not None:
            found.setdefault(person_id, set()).add(building_id)
    return found


def on_roster(audience: str) -> sa.ColumnElement[bool]:
    """A condition on Person: the roster has them as this now."""
    return _intervals(audience).where(_open()).exists()


def has_left(audience: str) -> sa.ColumnElement[bool]:
    """A condition on Person: the roster has had them as this and does not have them now."""
    return sa.and_(_intervals(audience).exists(), ~_intervals(audience).where(_open()).exists())


def covered_audiences(district_id: int) -> set[str]:
    """Audiences that the district has given us a roster of."""
    wanted = (
        sa.select(RosterInterval.audience)
        .where(RosterInterval.district_id == district_id, _open())
        .distinct()
    )
    return set(db.scalars(wanted))


def unmatched(district_id: int, audiences: Collection[str]) -> sa.Select[Person]:
    """People who came through an LMS, of audiences that the roster covers, of whom no roster has ever spoken."""
    known_by_lms = (
        sa.select(Identity.id).where(Identity.person_id == Person.id, Identity.scheme == "lti").exists()
    )
    spoken_of = sa.select(RosterInterval.id).where(RosterInterval.person_id == Person.id).exists()
    return sa.select(Person).where(
        Person.district_id == district_id, Person.audience.in_(audiences), known_by_lms, ~spoken_of
    )


def is_unmatched(person: Person) -> bool:
    """Whether somebody has to say who on the roster this is."""
    if person.audience not in covered_audiences(person.district_id):
        return False
    wanted = unmatched(person.district_id, [person.audience]).where(Person.id == person.id)
    return db.scalars(wanted).one_or_none() is not None


def _intervals(audience: str) -> sa.Select[int]:
    return sa.select(RosterInterval.id).where(
        RosterInterval.person_id == Person.id, RosterInterval.audience == audience
    )


def _open() -> sa.ColumnElement[bool]:
    at = now()
    return sa.and_(
        RosterInterval.starts_at <= at, sa.or_(RosterInterval.ends_at.is_(None), RosterInterval.ends_at > at)
    )
