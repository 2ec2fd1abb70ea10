"""A signature on paper: one person of personnel enters it, a second who has seen the paper confirms it.

The paper stays with the records officer; we keep the date, the edition, and which two people stand for it.
"""

from datetime import date

import sqlalchemy as sa

from completion.ledger import record_evidence
from completion.models import Evidence, PolicyEdition
from completion.record_models import PaperSignature
from completion.recorded_by_hand import OddRecord, TwoPeople, check_hands, day_of
from core.clock import now
from core.database import db, insert_for
from core.errors import NotFound, Refused
from core.messages import N_
from people.audit import Actor, record
from people.models import Person, SchoolYear

WAITING, CONFIRMED, SENT_BACK, TAKEN_BACK = "waiting", "confirmed", "sent_back", "taken_back"


def enter(person: Person, edition: PolicyEdition, signed_on: date, by: Person) -> PaperSignature:
    """It waits for a second person and counts for nothing until then.

    Raises OddRecord, TwoPeople, and Refused when the same waits already or was signed already.
    """
    check_hands(person, by)
    at, year = day_of(person, signed_on, edition.key)
    if edition.effective_at is not None and at.date() < edition.effective_at.astimezone(at.tzinfo).date():
        raise OddRecord(N_("That edition was not in effect on this day."), field="day")
    if _counts_already(person, edition, year):
        raise Refused(N_("This edition is signed for this school year already."))
    made: PaperSignature | None = db.scalars(
        insert_for(PaperSignature)
        .values(
            district_id=person.district_id,
            person_id=person.id,
            school_year_id=year.id,
            edition_id=edition.id,
            signed_on=signed_on,
            entered_by=by.id,
        )
        .on_conflict_do_nothing()
        .returning(PaperSignature)
    ).one_or_none()
    if made is None:
        raise Refused(N_("This signature waits for a second person already."))
    record(
        person.district_id, Actor.person(by.public_id), "paper_entered", f"person:{person.public_id}",
        paper=made.public_id, version=_version(edition), signed_on=signed_on.isoformat(), year=year.name,
    )  # fmt: skip
    return made


def confirm(paper: PaperSignature, by: Person) -> Evidence:
    """From here on it counts, from the day it was signed. Raises TwoPeople, and Refused when it was decided before."""
    person, edition = _decide(paper, by, CONFIRMED)
    year = db.get_one(SchoolYear, paper.school_year_id)
    at, _ = day_of(person, paper.signed_on, edition.key)
    entered_by = db.get_one(Person, paper.entered_by)
    return record_evidence(
        person,
        f"attestation:{edition.key}",
        year,
        kind="paper",
        version=_version(edition),
        source=f"paper {paper.public_id}",
        shown_at=at,
        proof={
            "signed_on": paper.signed_on.isoformat(),
            "edition_sha256": edition.sha256,
            "lang": edition.lang,
            "entered_by": entered_by.public_id,
            "confirmed_by": by.public_id,
        },
    )


def send_back(paper: PaperSignature, by: Person) -> None:
    """The second person does not find it so; it counts for nothing. Raises TwoPeople, Refused."""
    _decide(paper, by, SENT_BACK)


def take_back(paper: PaperSignature, by: Person) -> None:
    """Who entered it was mistaken; it counts for nothing. Raises TwoPeople, and Refused when it was decided before."""
    _decide(paper, by, TAKEN_BACK)


def waiting(district_id: int) -> list[tuple[PaperSignature, Person, PolicyEdition]]:
    """What waits for a second person, oldest first."""
    rows = db.execute(
        sa.select(PaperSignature, Person, PolicyEdition)
        .join(Person, Person.id == PaperSignature.person_id)
        .join(PolicyEdition, PolicyEdition.id == PaperSignature.edition_id)
        .where(PaperSignature.district_id == district_id, PaperSignature.state == WAITING)
        .order_by(PaperSignature.id)
    )
    return [(row[0], row[1], row[2]) for row in rows]


def paper_signature(district_id: int, public_id: str) -> PaperSignature:
    """One of this district. Raises NotFound."""
    found = None
    if public_id.isprintable():  # PostgreSQL refuses to compare with a NUL
        found = db.scalars(
            sa.select(PaperSignature).filter_by(district_id=district_id, public_id=public_id)
        ).one_or_none()
    if found is None:
        raise NotFound(N_("There is no such paper signature here."))
    return found


def _decide(paper: PaperSignature, by: Person, state: str) -> tuple[Person, PolicyEdition]:
    person = db.get_one(Person, paper.person_id)
    check_hands(person, by)
    if state == TAKEN_BACK and by.id != paper.entered_by:
        raise TwoPeople(N_("Somebody else entered this one; you confirm it or send it back."))
    if state != TAKEN_BACK and by.id == paper.entered_by:
        raise TwoPeople(N_("You entered this one; a second person decides."))
    decided = db.execute(
        sa.update(PaperSignature)
        .where(PaperSignature.id == paper.id, PaperSignature.state == WAITING)
        .values(state=state, decided_by=by.id, decided_at=now())
        .returning(PaperSignature.id)
    ).scalar_one_or_none()
    if decided is None:
        raise Refused(N_("This one was decided before."))
    db.refresh(paper)
    record(
        paper.district_id, Actor.person(by.public_id), f"paper_{state}", f"person:{person.public_id}",
        paper=paper.public_id,
    )  # fmt: skip
    return person, db.get_one(PolicyEdition, paper.edition_id)


def _counts_already(person: Person, edition: PolicyEdition, year: SchoolYear) -> bool:
    rows = sa.select(Evidence.id).filter_by(
        person_id=person.id,
        school_year_id=year.id,
        part=f"attestation:{edition.key}",
        version=_version(edition),
        voided_at=None,
    )
    return db.scalars(rows.limit(1)).first() is not None


def _version(edition: PolicyEdition) -> str:
    return f"{edition.key}-{edition.version}"
