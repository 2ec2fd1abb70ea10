"""What the front office sees and decides: who signed at its building on a day, voided, and linked to somebody known."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa

from completion import requirements, voiding
from completion.deadlines import day_after
from completion.models import Attestation, Evidence, PolicyText
from core.database import db
from core.errors import NotFound, Refused
from people.audit import Actor
from people.directory import find_by_identity, raise_audience
from people.merging import merge
from people.models import District, Person, SchoolYear
from people.roster_models import Building
from visitors.codes import Buildings
from visitors.models import Visit
from visitors.signing import GUEST

SCHEMES = {"sis": "Number", "email": "E-mail address", "username": "User name"}
VOID_REASONS = {
    "wrong_person": "It belongs to somebody else",
    "entered_by_mistake": "It was signed by mistake",
}


class NobodyKnown(NotFound):
    code = "nobody_known"
    next_step = "Go back and compare the number, address or user name with your list, letter by letter."


class NotAGuest(Refused):
    code = "not_a_guest"
    next_step = "Go back. Staff sign an agreement of their own, and pupils sign nothing."


@dataclass(frozen=True)
class Signed:
    """`known` is whether it was linked to somebody."""

    visit: Visit
    signature: Attestation
    evidence: Evidence
    person: str
    known: bool
    version: str
    lang: str


def signed_on(building: Building, day: date, timezone: str) -> list[Signed]:
    """Newest first, voided ones too, in one query."""
    rows = db.execute(
        _signed().where(
            Visit.building_id == building.id,
            Visit.signed_at >= day_after(day - timedelta(days=1), timezone),
            Visit.signed_at < day_after(day, timezone),
        )
    )
    return [_read(row) for row in rows]


def signed_visit(district_id: int, buildings: Buildings, signature_id: str) -> Signed:
    """One at these buildings, by the signature's number. Raises NotFound."""
    row = None
    if signature_id.isprintable():  # PostgreSQL refuses to compare with a NUL
        wanted = _signed().where(Visit.district_id == district_id, Attestation.public_id == signature_id)
        row = db.execute(wanted).one_or_none()
    if row is None or (buildings is not None and row[0].building_id not in buildings):
        raise NotFound("There is no such signature at your desk.")
    return _read(row)


def void(signed: Signed, by: Person, reason: str) -> None:
    """Raises what completion.voiding.void raises."""
    voiding.void(signed.evidence, by, reason)


def link(signed: Signed, scheme: str, value: str, by: Person) -> Person:
    """What this visitor signed counts for a guest whom the district knows by this name, from here on to the network
    too. It is undone on the page of unmatched people. Raises NobodyKnown, NotAGuest, Refused.
    """
    visitor = db.get_one(Person, signed.signature.person_id)
    if signed.signature.voided_at is not None or signed.known:
        raise Refused("This signature was voided or linked before.")
    kept = find_by_identity(visitor.district_id, scheme, value) if scheme in SCHEMES else None
    if kept is None:
        raise NobodyKnown("Nobody in the district is known by this.")
    if kept.audience not in ("unknown", GUEST):
        raise NotAGuest("This is the number of a pupil or of somebody of the staff.")
    if kept.id == by.id:
        raise Refused("Nobody links a signature to themselves; a colleague does.")
    year = db.get_one(SchoolYear, signed.signature.school_year_id)
    if signed.visit.valid_until < year.ends_at:
        raise Refused("It holds for a visit, not for the school year; the network can not be told so.")
    merge(kept, visitor, Actor.person(by.public_id))
    kept = db.get_one(Person, kept.id)
    raise_audience(kept, GUEST)
    requirements.assign(kept, GUEST, year)
    return kept


def buildings_at(district: District, buildings: Buildings) -> list[Building]:
    """By name."""
    wanted = sa.select(Building).filter_by(district_id=district.id).order_by(Building.name, Building.id)
    if buildings is not None:
        wanted = wanted.where(Building.id.in_(buildings))
    return list(db.scalars(wanted))


def _signed() -> sa.Select[Visit, Attestation, Evidence, str, str, str, str]:
    return (
        sa.select(
            Visit,
            Attestation,
            Evidence,
            Person.public_id,
            Person.audience,
            PolicyText.version,
            PolicyText.lang,
        )
        .join(Attestation, Attestation.id == Visit.attestation_id)
        .join(PolicyText, PolicyText.id == Attestation.policy_text_id)
        .join(Person, Person.id == Attestation.person_id)
        .join(
            Evidence,
            sa.and_(
                Evidence.person_id == Attestation.person_id,
                Evidence.source == sa.literal("attestation ") + sa.cast(Attestation.id, sa.String),
            ),
        )
        .order_by(Visit.signed_at.desc(), Visit.id.desc())
    )


def _read(row: Any) -> Signed:
    visit, signature, evidence, person, audience, version, lang = row
    return Signed(visit, signature, evidence, person, audience != "unknown", version, lang)
