"""Destroy what is held about one person, and certify it. What the schedule for staff evidence keeps stays until then.

A pupil or a guest leaves nothing but counts. A member of staff leaves what they took, signed and were exempted from,
and the names by which the district can say whose it is, until the district's term for staff evidence is over.
"""

import hashlib
import json
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa

from core.clock import now
from core.database import db, table_of
from core.errors import Refused
from core.sealed import new_secret
from held.inventory import table_called
from held.reaching import about, children_first
from held.shape import Held
from held.tables import INVENTORY
from people.audit import Actor, record
from people.holds import UnderHold, held_among, take_turns
from people.models import District, Enrollment, Identity, Person
from people.operators import SCHEME as OPERATOR_SCHEME
from people.roster_models import RosterInterval
from privacy.deliveries import count_away
from privacy.models import Erasure

NAMES_THAT_STAY = ("sis", "email", "username")
"""Of staff whose evidence stays: without one of these nobody could say whose it is."""

FORMAT = 1


@dataclass
class Plan:
    """What erasing would remove and keep. {table: rows}

    person_stays  as a bare number: rows that stay point at it
    comes_back    reasons why a next launch or roster would make them anew
    """

    removed: dict[str, int] = field(default_factory=dict)
    kept: dict[str, int] = field(default_factory=dict)
    person_stays: bool = False
    under_hold: bool = False
    comes_back: list[str] = field(default_factory=list)


class NotErasable(Refused):
    code = "not_erasable"


def plan_for(person: Person) -> Plan:
    """Look only; nothing is changed."""
    plan = Plan(under_hold=bool(held_among(person.district_id, [person.id])), comes_back=_comes_back(person))
    evidence = _evidence_of(person)
    for held in children_first():
        if held.table == "person":
            continue
        goes, stays = _goes(held, person.id, evidence), _stays(held, person.id, evidence)
        if count := _count(held, goes):
            plan.removed[held.table] = count
        if stays is not None and (count := _count(held, stays)):
            plan.kept[held.table] = count
    plan.person_stays = bool(plan.kept) or _had_a_hand(person.id)
    plan.removed |= {} if plan.person_stays else {"person": 1}
    return plan


def erase(person: Person, actor: Actor) -> Erasure:
    """One transaction. Raises UnderHold, NotErasable."""
    district = db.get_one(District, person.district_id)
    take_turns(district.id)
    # Whoever is about to write something that points at them waits, and then finds them gone.
    db.execute(sa.select(Person.id).filter_by(id=person.id).with_for_update())
    if _is_operator(person):
        raise NotErasable("This is the district's own operator and no person.")
    plan = plan_for(person)
    if plan.under_hold:
        raise UnderHold(
            "A legal hold covers this person; nothing about them may be destroyed until it is lifted."
        )
    seq = _number_in_the_log(person) if "standing" in plan.removed else None
    evidence = _evidence_of(person)
    for held in children_first():
        if held.table == "person":
            continue
        goes = _goes(held, person.id, evidence)
        if held.table == "evidence":
            count_away(district, db.execute(sa.select(table_called("evidence")).where(goes)).mappings().all())
        db.execute(sa.delete(table_called(held.table)).where(goes))
    if plan.person_stays:
        db.execute(sa.update(table_of(Person)).where(Person.id == person.id).values(language=None))
    else:
        db.execute(sa.delete(table_of(Person)).where(Person.id == person.id))
    return _certify(district, person.public_id, actor, plan, seq)


def certificate(erasure: Erasure, district: District) -> dict[str, Any]:
    """What the certificate says; its SHA-256 over this as canonical JSON stands in the audit log."""
    return {
        "format": FORMAT,
        "certificate": erasure.public_id,
        "district": district.slug,
        "person": erasure.person,
        "at": erasure.at.isoformat(),
        "by": erasure.by,
        "removed": erasure.removed,
        "kept": erasure.kept,
    }


def _certify(district: District, public_id: str, actor: Actor, plan: Plan, seq: int | None) -> Erasure:
    made = Erasure(
        district_id=district.id,
        public_id="er_" + new_secret(16),
        person=public_id,
        at=now(),
        by=actor.name,
        removed=plan.removed,
        kept=plan.kept,
        seq=seq,
    )
    text = json.dumps(certificate(made, district), sort_keys=True, separators=(",", ":"))
    made.sha256 = hashlib.sha256(text.encode()).hexdigest()
    db.add(made)
    record(
        district.id, actor, "person_erased", f"person:{public_id}", certificate=made.public_id, sha256=made.sha256
    )  # fmt: skip
    return made


def _evidence_of(person: Person) -> bool:
    """Whether this person's evidence outlives them here. What has no term of its own (names, merges) is none."""
    return person.audience == "staff" and any(
        held.evidence
        and held.period
        and held.table not in ("roster_interval", "assignment")
        and _count(held, about(held, person.id))
        for held in INVENTORY.values()
    )


def _goes(held: Held, person_id: int, evidence: bool) -> sa.ColumnElement[bool]:
    mine = about(held, person_id)
    if not (evidence and held.evidence):
        return mine
    if held.table == "identity":
        return sa.and_(mine, table_of(Identity).c.scheme.not_in(NAMES_THAT_STAY))
    return sa.false()


def _stays(held: Held, person_id: int, evidence: bool) -> sa.ColumnElement[bool] | None:
    if not (evidence and held.evidence):
        return None
    mine = about(held, person_id)
    if held.table == "identity":
        return sa.and_(mine, table_of(Identity).c.scheme.in_(NAMES_THAT_STAY))
    return mine


def _count(held: Held, which: sa.ColumnElement[bool]) -> int:
    return db.scalar(sa.select(sa.func.count()).select_from(table_called(held.table)).where(which)) or 0


def _had_a_hand(person_id: int) -> bool:
    """Whether somebody else's records say that they decided or entered something."""
    for name, held in INVENTORY.items():
        table = table_called(name)
        for column in held.by:
            others = sa.and_(table.c[column] == person_id, sa.not_(about(held, person_id)))
            if db.scalar(sa.select(table.c.id).where(others).limit(1)) is not None:
                return True
    return False


def _comes_back(person: Person) -> list[str]:
    seats = db.scalar(
        sa.select(sa.func.count()).select_from(Enrollment).filter_by(person_id=person.id, left_at=None)
    )
    on_roster = db.scalar(
        sa.select(sa.func.count())
        .select_from(RosterInterval)
        .where(
            RosterInterval.person_id == person.id,
            sa.or_(RosterInterval.ends_at.is_(None), RosterInterval.ends_at > now()),
        )
    )
    return [
        *(["they are in a class of the LMS: the next reading of its roster adds them anew"] if seats else []),
        *(["they are on the district's roster: the next import adds them anew"] if on_roster else []),
    ]


def _is_operator(person: Person) -> bool:
    return (
        db.scalar(sa.select(Identity.id).filter_by(person_id=person.id, scheme=OPERATOR_SCHEME)) is not None
    )


def _number_in_the_log(person: Person) -> int | None:
    """The next number of the district's log of standings, under its row lock, as every change there draws it."""
    log = table_called("standing_log")
    return db.execute(
        sa.update(log)
        .where(log.c.district_id == person.district_id)
        .values(last_seq=log.c.last_seq + 1)
        .returning(log.c.last_seq)
    ).scalar_one_or_none()
