"""A visitor signs: the same text, statement and signed record as on any other page, under a code of the office.

Who signs gets a record of their own, a number of audience `unknown`: nothing is asked of it, so it has no standing and
stands in no list of IT's. It is what evidence hangs from, what a records request or an erasure speaks of, and what the
office links to somebody known.
"""

from datetime import datetime

import sqlalchemy as sa

from completion import attestations
from completion.deadlines import start_of_day
from completion.models import Attestation
from completion.policy_texts import ShownText
from core.clock import now
from core.database import db, insert_for
from core.errors import Refused
from core.sealed import hash_secret
from people.audit import Actor, record
from people.models import District, Person, SchoolYear
from people.roster_models import Building
from people.school_years import current_school_year
from visitors.codes import check_open
from visitors.models import Visit, VisitCode, VisitRule

GUEST = "guest"
"""The key of the agreement."""
LONGEST_DAYS = 365


def sign(
    code: VisitCode, shown: ShownText, *, form: str, text_sha256: str, agreed: bool, typed_name: str
) -> Visit:
    """Sign `shown` under a code whose row is held. Sending the same form with the same name again signs once.

    Raises CodeOver, and what completion.attestations.sign raises.
    """
    form_hash = hash_secret(f"{form} {' '.join(typed_name.split()).casefold()}")
    before = db.scalars(
        sa.select(Visit).filter_by(district_id=code.district_id, form_hash=form_hash)
    ).one_or_none()
    if before is not None:
        return before
    check_open(code)
    district, building = db.get_one(District, code.district_id), db.get_one(Building, code.building_id)
    year, at = current_school_year(district.id), now()
    until = holds_until(district, year, at)
    person = Person(district_id=district.id, audience="unknown")
    db.add(person)
    db.flush()
    signed = attestations.sign(
        person,
        shown,
        signer=person.public_id,
        text_sha256=text_sha256,
        agreed=agreed,
        typed_name=typed_name,
        provenance={
            "visit_code": code.public_id,
            "building": building.key,
            "valid_until": until.isoformat(),
        },
        year=year,
    )
    code.used += 1
    made = Visit(
        district_id=district.id,
        attestation_id=signed.id,
        building_id=building.id,
        under_code=code.public_id,
        form_hash=form_hash,
        signed_at=signed.signed_at,
        valid_until=until,
    )
    db.add(made)
    db.flush()
    return made


def signature(visit: Visit) -> Attestation:
    return db.get_one(Attestation, visit.attestation_id)


def holds_until(district: District, year: SchoolYear, at: datetime) -> datetime:
    """The end of the school year, or of so many days, whichever is first; today is the first of them."""
    days = days_of(district.id)
    if days is None:
        return year.ends_at
    return min(year.ends_at, start_of_day(at, district.timezone, days_later=days))


def days_of(district_id: int) -> int | None:
    """None: the school year, as for every guest."""
    return db.scalars(sa.select(VisitRule.days).filter_by(district_id=district_id)).one_or_none()


def set_days(district: District, days: int | None, actor: Actor) -> None:
    """For what is signed from now on; None is the school year again. Raises Refused."""
    if days is not None and not 1 <= days <= LONGEST_DAYS:
        raise Refused(f"a visitor's signature holds from 1 to {LONGEST_DAYS} days, or for the school year")
    before = days_of(district.id)
    if days is None:
        db.execute(sa.delete(VisitRule).where(VisitRule.district_id == district.id))
    else:
        statement = insert_for(VisitRule).values(district_id=district.id, days=days)
        db.execute(
            statement.on_conflict_do_update(
                index_elements=["district_id"], set_={"days": statement.excluded.days}
            )
        )
    record(district.id, actor, "visit_days_set", f"district:{district.slug}", before=before, after=days)
