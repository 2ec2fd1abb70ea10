"""Void evidence that was a mistake: the row stays with who and why, counts for nothing, and the requirement opens."""

import sqlalchemy as sa

from completion import requirements, reviews
from completion.checking import VOIDED
from completion.models import Attestation, Evidence, PolicyText, Progress
from completion.recorded_by_hand import OddRecord, check_hands
from core.clock import now
from core.database import db
from core.errors import NotFound, Refused
from core.messages import N_
from people.audit import Actor, record
from people.models import Person

REASONS = ("wrong_person", "entered_by_mistake", "not_their_own_work", "paper_not_found", "wrong_edition")


def void(evidence: Evidence, by: Person, reason: str) -> None:
    """Raises OddRecord, TwoPeople, and Refused when it was voided before or is a teacher's to take back.

    An equivalent course is voided as a whole, and a signature on screen with it, so that they can sign anew.
    """
    person = db.get_one(Person, evidence.person_id)
    check_hands(person, by)
    if reason not in REASONS:
        raise OddRecord(N_("Choose a reason from the list."), field="reason")
    if evidence.kind == "group":
        raise Refused(N_("What a class did together is taken back on the teacher's page."))
    rows = db.scalars(
        sa.select(Evidence)
        .where(*_with_it(evidence), Evidence.voided_at.is_(None))
        .with_for_update()
        .execution_options(populate_existing=True)
    ).all()
    if not rows:
        raise Refused(N_("This was voided before."))
    at = now()
    for row in rows:
        row.voided_at, row.voided_by, row.void_reason = at, by.id, reason
        db.flush()
        _recount(row)
        record(
            row.district_id, Actor.person(by.public_id), VOIDED, f"evidence:{row.public_id}",
            person=person.public_id, part=row.part, kind=row.kind, reason=reason,
        )  # fmt: skip
        reviews.mark(row.district_id, person.id, requirements.containing(row.part))
    if evidence.kind == "agreement":
        _void_signatures(evidence)


def evidence(district_id: int, public_id: str) -> Evidence:
    """One of this district. Raises NotFound."""
    found = None
    if public_id.isprintable():  # PostgreSQL refuses to compare with a NUL
        found = db.scalars(
            sa.select(Evidence).filter_by(district_id=district_id, public_id=public_id)
        ).one_or_none()
    if found is None:
        raise NotFound(N_("There is no such evidence here."))
    return found


def _with_it(evidence: Evidence) -> tuple[sa.ColumnElement[bool], ...]:
    if evidence.kind != "equivalent":
        return (Evidence.id == evidence.id,)
    return (
        Evidence.person_id == evidence.person_id,
        Evidence.kind == "equivalent",
        Evidence.source == evidence.source,
    )


def _recount(row: Evidence) -> None:
    """The part is done since what still counts first showed it, or not at all."""
    first = (
        sa.select(sa.func.min(Evidence.shown_at))
        .where(
            Evidence.person_id == row.person_id,
            Evidence.part == row.part,
            Evidence.school_year_id == row.school_year_id,
            Evidence.voided_at.is_(None),
        )
        .scalar_subquery()
    )
    db.execute(
        sa.update(Progress)
        .where(
            Progress.person_id == row.person_id,
            Progress.part == row.part,
            Progress.school_year_id == row.school_year_id,
        )
        .values(done_at=first)
        .execution_options(synchronize_session=False)
    )
    db.expire_all()


def _void_signatures(evidence: Evidence) -> None:
    texts = sa.select(PolicyText.id).where(
        "attestation:" + PolicyText.key == evidence.part,
        PolicyText.key + "-" + PolicyText.version == evidence.version,
    )
    db.execute(
        sa.update(Attestation)
        .where(
            Attestation.person_id == evidence.person_id,
            Attestation.school_year_id == evidence.school_year_id,
            Attestation.policy_text_id.in_(texts),
            Attestation.voided_at.is_(None),
        )
        .values(voided_at=now())
        .execution_options(synchronize_session=False)
    )
    db.expire_all()
