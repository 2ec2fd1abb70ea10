"""Which requirements there are, and who owes them."""

from collections.abc import Collection, Sequence
from datetime import datetime

import sqlalchemy as sa

from completion import reviews
from completion.deadlines import deadline
from completion.models import Assignment, Requirement
from completion.rules import said_by
from core.clock import now
from core.database import db, insert_for, table_of
from core.errors import NotFound
from core.messages import N_
from people.models import District, Person, SchoolYear
from people.rostered import buildings_of, joined


class NoSuchRequirement(NotFound):
    code = "no_such_requirement"


def define(key: str, audience: str, title: str, alternatives: Sequence[Sequence[str]]) -> Requirement:
    """Say what a requirement is; saying it again changes it, for everyone who owes it.

    `alternatives`: lists of part keys, one list shown whole is enough. Audience is `pupil`, `staff` or `guest`.
    """
    lists = [list(parts) for parts in alternatives]
    found = db.scalars(sa.select(Requirement).filter_by(key=key)).one_or_none()
    if found is None:
        db.execute(
            insert_for(Requirement)
            .values(key=key, audience=audience, title=title, alternatives=lists)
            .on_conflict_do_nothing()
        )
        return requirement(key)
    if found.alternatives != lists or found.audience != audience:
        found.alternatives, found.audience = lists, audience
        reviews.mark_everybody(requirement_id=found.id)
    found.title = title
    db.flush()
    return found


def requirement(key: str) -> Requirement:
    """Raises NoSuchRequirement."""
    found = db.scalars(sa.select(Requirement).filter_by(key=key)).one_or_none()
    if found is None:
        raise NoSuchRequirement(
            N_("There is no requirement %(key)s; the curriculum that defines it is not loaded.", key=key)
        )
    return found


def ways_of(key: str) -> list[list[str]]:
    """The lists of parts of which one, shown whole, is enough; none where there is no such requirement."""
    found = db.scalars(sa.select(Requirement.alternatives).filter_by(key=key)).one_or_none()
    return found or []


def assign(person: Person, requirement_key: str, year: SchoolYear) -> Assignment:
    """Make this person owe the requirement this school year. Doing so again changes nothing."""
    owed = requirement(requirement_key)
    found = _assignment(person.id, owed.id, year.id)
    if found:
        return found
    assign_all([person.id], owed, year)
    made = _assignment(person.id, owed.id, year.id)
    assert made is not None, "it was written a moment ago"
    return made


def assign_all(person_ids: Collection[int], owed: Requirement, year: SchoolYear) -> int:
    """Make these people of the year's district owe it, in a constant number of statements. Returns of how many it is
    new; who owes it already keeps the dates they were given, whichever worker was first.

    Staff whom a roster knows have their days from the hire date it says; others from when they first came to us.
    Whoever was here before the year began and is asked for the first time in the middle of it, because their
    district has only now given us a roster, has the days from when they are asked. So has a pupil, always.
    """
    at = now()
    hired = joined(person_ids) if owed.audience == "staff" else {}
    asked_before = set(
        db.scalars(
            sa.select(Assignment.person_id).where(
                Assignment.person_id.in_(person_ids), Assignment.requirement_id == owed.id
            )
        )
    )
    came = sa.select(Person.id, Person.created_at).where(Person.id.in_(person_ids)).order_by(Person.id)
    said = said_by(year.district_id, owed.audience)
    places = buildings_of(person_ids, at) if said.buildings else {}
    timezone = db.scalars(sa.select(District.timezone).filter_by(id=year.district_id)).one()
    rows = []
    for person_id, created_at in db.execute(came):
        hired_at = hired.get(person_id)
        came_at = at if owed.audience == "pupil" else hired_at or created_at
        starts_at = year.starts_at
        if hired_at is not None and hired_at <= starts_at and person_id not in asked_before:
            starts_at = max(starts_at, at)
        dates = deadline(
            owed.audience,
            year_starts_at=starts_at,
            year_ends_at=year.ends_at,
            joined_at=came_at,
            rules=said.at(places.get(person_id, ())),
            timezone=timezone,
        )
        rows.append(
            {
                "district_id": year.district_id,
                "person_id": person_id,
                "requirement_id": owed.id,
                "school_year_id": year.id,
                "assigned_at": at,
                "due_at": dates.due_at,
                "grace_until": dates.grace_until,
                "basis": dates.basis,
                "joined_at": _counted_from(dates.basis, starts_at, year, came_at),
            }
        )
    if not rows:
        return 0
    # The rows go beside the statement, not into it: written out they are compiled anew each time.
    written = insert_for(table_of(Assignment)).on_conflict_do_nothing().returning(Assignment.person_id)
    made = db.connection().execute(written, rows).scalars().all()
    reviews.mark_all(year.district_id, made, [owed.id])
    return len(made)


def containing(part: str) -> list[int]:
    """Ids of the requirements in which this part counts. There are a few dozen at most."""
    rows = db.execute(sa.select(Requirement.id, Requirement.alternatives))
    return [id_ for id_, alternatives in rows if any(part in parts for parts in alternatives)]


def _assignment(person_id: int, requirement_id: int, year_id: int) -> Assignment | None:
    return db.scalars(
        sa.select(Assignment).filter_by(
            person_id=person_id, requirement_id=requirement_id, school_year_id=year_id
        )
    ).one_or_none()


def _counted_from(basis: str, starts_at: datetime, year: SchoolYear, joined: datetime) -> datetime | None:
    if basis == "joined_late":
        return joined
    return starts_at if starts_at > year.starts_at else None
