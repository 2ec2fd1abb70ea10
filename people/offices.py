"""What somebody of the district may see and decide beyond their own classes, and how that is given and taken.

    school    the figures and people of one building
    hr        staff evidence, paper signatures, exemptions; of the whole district
    it        access decisions, never the reasons of an exemption or a revocation
    privacy   export, erase, holds, purge, the disclosure log
    district  everything the others see, and who holds which office

An LMS says who is a teacher; it does not say who works in personnel. So an office is given by the district
itself, first on the command line, and every giving and taking stands in the audit log.
"""

import sqlalchemy as sa

from core.database import db, insert_for
from people.audit import Actor, record
from people.models import Person, SignIn
from people.office_models import OFFICES, Office
from people.sign_in import OPERATOR


def give(person: Person, office: str, actor: Actor, building_id: int | None = None) -> None:
    """Giving again changes nothing."""
    made = db.execute(
        insert_for(Office)
        .values(district_id=person.district_id, person_id=person.id, office=office, building_id=building_id)
        .on_conflict_do_nothing()
        .returning(Office.id)
    ).scalar_one_or_none()
    if made is not None:
        record(person.district_id, actor, "office_given", f"person:{person.public_id}", office=office)


def take(person: Person, office: str, actor: Actor, building_id: int | None = None) -> bool:
    """Whether they held it."""
    taken = db.execute(
        sa.delete(Office).where(
            Office.person_id == person.id,
            Office.office == office,
            Office.building_id.is_not_distinct_from(building_id),
        )
    ).rowcount  # type: ignore[attr-defined]
    if taken:
        record(person.district_id, actor, "office_taken", f"person:{person.public_id}", office=office)
    return bool(taken)


def held_by(sign_in: SignIn) -> set[tuple[str, int | None]]:
    """(office, building id or None) pairs that this tab acts in, as they were given.

    The operator of the command line stands in for the district.
    """
    if sign_in.role == OPERATOR:
        return {(office, None) for office in OFFICES}
    rows = db.execute(
        sa.select(Office.office, Office.building_id).filter_by(
            person_id=sign_in.person_id, district_id=sign_in.district_id
        )
    )
    return {(office, building_id) for office, building_id in rows}


def offices_of(sign_in: SignIn) -> set[str]:
    """The offices this tab may act in: who holds the district's may act in all."""
    held = {office for office, _building in held_by(sign_in)}
    return set(OFFICES) if "district" in held else held
