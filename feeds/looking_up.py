"""Everything behind one person's access that IT may see: kinds and dates, and no reason of anybody's decision."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from access.listing import strictest, vouched
from access.models import Standing, StandingChange
from completion.models import Evidence
from core.database import db
from core.errors import NotFound, ToolError
from people.directory import KNOWN_BY, person_called
from people.models import District, Person
from people.roster_models import Building, RosterInterval

LAST = 10
"""Changes of the log that are shown."""


class OddName(ToolError):
    status, code = 422, "odd_name"
    next_step = "Go back and write it as sis:100001, email:..., username:... or id:p_..."


class NobodyByThatName(NotFound):
    code = "nobody_by_that_name"
    next_step = "Go back and compare the number or name with your directory. We never search by likeness."


@dataclass(frozen=True)
class Place:
    """A stay on the roster; `building` is None where the roster names none."""

    building: str | None
    audience: str
    starts_at: datetime
    ends_at: datetime | None


@dataclass(frozen=True)
class Behind:
    """What stands behind an answer.

    decides   the one of `standings` that a gate acts on; None where nothing is asked of them
    evidence  (kind, when), the newest first
    """

    person: Person
    standings: list[Standing]
    decides: Standing | None
    places: list[Place]
    evidence: list[tuple[str, datetime]]
    changes: list[StandingChange]


def look_up(district: District, name: str) -> Behind:
    """By an exact name such as `sis:100001`, in a constant number of queries. Raises OddName, NobodyByThatName."""
    person = _person(district, name)
    standings = list(
        db.scalars(
            sa.select(Standing)
            .filter_by(person_id=person.id, district_id=district.id)
            .order_by(Standing.requirement)
        )
    )
    return Behind(
        person=person,
        standings=standings,
        decides=strictest(standings) if standings else None,
        places=_places(person),
        evidence=_evidence(person),
        changes=list(
            db.scalars(
                sa.select(StandingChange)
                .filter_by(person_id=person.id, district_id=district.id)
                .order_by(StandingChange.seq.desc())
                .limit(LAST)
            )
        ),
    )


def _person(district: District, name: str) -> Person:
    scheme, _, value = name.strip().partition(":")
    value = value.strip()
    if scheme not in (*KNOWN_BY, "id") or not value or len(value) > 250 or not value.isprintable():
        raise OddName("This is no exact name of a person.", field="name")
    # As for programs: an address of another domain identifies nobody to IT.
    unknown = scheme == "email" and not vouched(value, district)
    found = None if unknown else person_called(district.id, scheme, value)
    if found is None:
        raise NobodyByThatName("Nobody in your district is known by this name.")
    return found


def _places(person: Person) -> list[Place]:
    rows = db.execute(
        sa.select(RosterInterval, Building.name)
        .outerjoin(Building, Building.id == RosterInterval.building_id)
        .where(RosterInterval.person_id == person.id, RosterInterval.district_id == person.district_id)
        .order_by(RosterInterval.starts_at.desc(), RosterInterval.id)
    )
    return [Place(building, stay.audience, stay.starts_at, stay.ends_at) for stay, building in rows]


def _evidence(person: Person) -> list[tuple[str, datetime]]:
    rows = db.execute(
        sa.select(Evidence.kind, Evidence.shown_at)
        .where(
            Evidence.person_id == person.id,
            Evidence.district_id == person.district_id,
            Evidence.voided_at.is_(None),
        )
        .order_by(Evidence.shown_at.desc(), Evidence.id.desc())
    )
    return [(kind, at) for kind, at in rows]
