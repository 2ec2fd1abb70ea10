"""Place and lift legal holds, and ask whom they cover.

A hold and a destruction in the same moment: both begin with `take_turns`, so that either the hold stands before
anything is destroyed, or what was destroyed was gone before the hold.
"""

import re
from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from core.clock import now
from core.database import db, table_of
from core.errors import NotFound, ToolError
from core.messages import N_
from people.audit import Actor, record
from people.hold_models import LegalHold
from people.models import District, Person
from people.roster_models import Building, RosterInterval

MATTER = re.compile(r"[A-Za-z0-9][A-Za-z0-9./-]{1,39}")
"""A code such as `2026-LIT-014`. No blanks: a sentence about somebody does not fit in."""


class OddMatter(ToolError):
    status, code = 422, "odd_matter"


class NoSuchHold(NotFound):
    code = "no_such_hold"


class UnderHold(ToolError):
    """What was asked for would destroy records that a legal hold keeps."""

    status, code = 409, "under_hold"


def take_turns(district_id: int) -> None:
    """Wait for whoever places a hold or destroys something in this district right now; SQLite has one writer anyway."""
    # Not FOR UPDATE, which would also stop every insert that points at the district.
    db.execute(sa.select(District.id).filter_by(id=district_id).with_for_update(key_share=True))


def place(
    district: District,
    matter: str,
    actor: Actor,
    *,
    person: Person | None = None,
    building: Building | None = None,
) -> LegalHold:
    """Raises OddMatter."""
    if not MATTER.fullmatch(matter):
        raise OddMatter(
            N_(
                "A matter is the code of the case in your own books, such as 2026-LIT-014: "
                "2 to 40 letters, digits, dots, dashes and slashes."
            ),
            field="matter",
        )
    take_turns(district.id)
    hold = LegalHold(
        district_id=district.id,
        matter=matter,
        person_id=person.id if person else None,
        building_id=building.id if building else None,
        placed_by=actor.name,
    )
    db.add(hold)
    db.flush()
    record(district.id, actor, "hold_placed", _covered(person, building), hold=hold.public_id, matter=matter)
    return hold


def lift(district_id: int, public_id: str, actor: Actor) -> LegalHold:
    """Raises NoSuchHold: none by this id, or lifted before."""
    hold = db.scalars(
        sa.select(LegalHold)
        .filter_by(district_id=district_id, public_id=public_id, lifted_at=None)
        .with_for_update()
    ).one_or_none()
    if hold is None:
        raise NoSuchHold(N_("There is no hold in force by this id."))
    hold.lifted_by, hold.lifted_at = actor.name, now()
    record(district_id, actor, "hold_lifted", f"hold:{hold.public_id}", matter=hold.matter)
    return hold


def holds_of(district_id: int, *, in_force: bool = False) -> list[LegalHold]:
    """Newest first."""
    wanted = sa.select(LegalHold).filter_by(district_id=district_id).order_by(LegalHold.id.desc())
    if in_force:
        wanted = wanted.where(LegalHold.lifted_at.is_(None))
    return list(db.scalars(wanted))


def is_held(person_id: Any, district_id: int) -> sa.ColumnElement[bool]:
    """For statements: whether a hold in force covers the person whose id this column (or value) holds."""
    # Under names of their own: the statement around may read holds or intervals itself.
    hold, interval = aliased(LegalHold), aliased(RosterInterval)
    in_force = sa.select(hold.id).where(hold.district_id == district_id, hold.lifted_at.is_(None))
    of_person = in_force.where(hold.person_id == person_id)
    at_building = in_force.join(interval, interval.building_id == hold.building_id).where(
        interval.person_id == person_id
    )
    of_district = in_force.where(hold.person_id.is_(None), hold.building_id.is_(None))
    return sa.or_(of_person.exists(), at_building.exists(), of_district.exists())


def held_among(district_id: int, person_ids: Iterable[int]) -> set[int]:
    """Those of these that a hold covers."""
    wanted = sa.select(Person.id).where(Person.id.in_(list(person_ids)), Person.district_id == district_id)
    return set(db.scalars(wanted.where(is_held(table_of(Person).c.id, district_id))))


def _covered(person: Person | None, building: Building | None) -> str:
    if person:
        return f"person:{person.public_id}"
    return f"building:{building.key}" if building else "district"
