"""Which requirements there are, and who owes them."""

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa

from completion import reviews
from completion.deadlines import deadline
from completion.models import Assignment, Requirement
from completion.rules import rules_of
from core.clock import now
from core.database import db, insert_for
from core.errors import NotFound
from core.messages import N_
from people.models import District, Person, SchoolYear
from people.rostered import joined_at


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
    """Make this person owe the requirement this school year. Doing so again changes nothing.

    Staff whom a roster knows have their days from the hire date it says; others from when they first came to us.
    Whoever was here before the year began and is asked for the first time in the middle of it, because their
    district has only now given us a roster, has the days from when they are asked.
    """
    owed = requirement(requirement_key)
    found = _assignment(person.id, owed.id, year.id)
    if found:
        return found
    at = now()
    hired_at = joined_at(person) if owed.audience == "staff" else None
    starts_at = year.starts_at
    if hired_at is not None and hired_at <= starts_at and not _asked_before(person.id, owed.id):
        starts_at = max(starts_at, at)
    dates = deadline(
        owed.audience,
        year_starts_at=starts_at,
        year_ends_at=year.ends_at,
        joined_at=hired_at or person.created_at,
        rules=rules_of(person.district_id, owed.audience),
        timezone=db.scalars(sa.select(District.timezone).filter_by(id=person.district_id)).one(),
    )
    db.execute(
        insert_for(Assignment)
        .values(
            district_id=person.district_id,
            person_id=person.id,
            requirement_id=owed.id,
            school_year_id=year.id,
            assigned_at=at,
            due_at=dates.due_at,
            grace_until=dates.grace_until,
            basis=dates.basis,
            joined_at=_counted_from(dates.basis, starts_at, year, hired_at or person.created_at),
        )
        .on_conflict_do_nothing()
    )
    reviews.mark(person.district_id, person.id, [owed.id])
    made = _assignment(person.id, owed.id, year.id)
    assert made is not None, "it was written a moment ago"
    return made


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


def _asked_before(person_id: int, requirement_id: int) -> bool:
    wanted = sa.select(Assignment.id).filter_by(person_id=person_id, requirement_id=requirement_id).limit(1)
    return db.scalar(wanted) is not None
