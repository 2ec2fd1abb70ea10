"""Withdraw somebody's access and give it back. Why stands in the row and the audit log only.

An emergency is in force before anybody with the right to decide has decided. Within two days somebody does
(completion.revocation_reviews), or it lapses by the clock; after that it can be renewed by a decision only.
"""

from datetime import datetime, timedelta

import sqlalchemy as sa

from completion import reviews
from completion.decision_models import Revocation
from completion.models import Requirement, Review
from core.clock import now
from core.database import db
from core.errors import NotFound, Refused, ToolError
from core.messages import N_
from people.audit import Actor, record
from people.models import Person

REASONS = ("misuse", "security_incident", "account_compromised", "investigation", "employment", "discipline")
CONDITIONS = ("none", "new_evidence", "supervised")
EMERGENCY_REVIEW = timedelta(days=2)
REVIEW = timedelta(days=90)
DECISION_ONLY = timedelta(days=30)
"""How long after an emergency has lapsed another one about the same person needs a decision: otherwise one a day would
hold somebody out for good, and nobody would have decided it."""


class OddRevocation(ToolError):
    """Something about a revocation is not as it must be; `field` says what."""

    status, code = 422, "odd_revocation"
    next_step = N_("Go back, correct it, and send it again. Nothing was recorded.")


def revoke(
    person: Person,
    *,
    reason_code: str,
    actor: Actor,
    decided_by: Person | None,
    starts_at: datetime | None = None,
    ends_at: datetime | None = None,
    review_due_at: datetime | None = None,
    emergency: bool = False,
) -> Revocation:
    """Withdraw access from `starts_at` (default: now), until `ends_at` or without end. Raises OddRevocation.

    decided_by     may be left out in an emergency only
    review_due_at  when somebody looks at it again: by default in 90 days, in an emergency in two
    """
    begins_at = starts_at or now()
    due_at = review_due_at or begins_at + (EMERGENCY_REVIEW if emergency else REVIEW)
    if reason_code not in REASONS:
        raise OddRevocation(N_("Choose a reason from the list."), field="reason_code")
    if ends_at is not None and ends_at <= max(begins_at, now()):
        raise OddRevocation(N_("It must end after it begins, and not in the past."), field="ends_at")
    if emergency and not max(begins_at, now()) < due_at <= begins_at + EMERGENCY_REVIEW:
        raise OddRevocation(N_("An emergency is looked at again within two days."), field="review_due_at")
    if decided_by is None:
        _refuse_undecided(person, emergency)
    else:
        refuse_as_decider(person.id, person.district_id, decided_by)
    revoked = Revocation(
        district_id=person.district_id,
        person_id=person.id,
        starts_at=begins_at,
        ends_at=ends_at,
        reason_code=reason_code,
        emergency=emergency,
        decided_by=decided_by.id if decided_by else None,
        recorded_by=actor.name,
        review_due_at=due_at,
    )
    db.add(revoked)
    db.flush()
    record(
        person.district_id, actor, "access_revoked", f"person:{person.public_id}",
        revocation=revoked.public_id, reason_code=reason_code, emergency=emergency,
        decided_by=decided_by.public_id if decided_by else None, starts_at=begins_at.isoformat(),
        ends_at=ends_at.isoformat() if ends_at else None, review_due_at=due_at.isoformat(),
    )  # fmt: skip
    mark(revoked)
    return revoked


def reinstate(revocation: Revocation, actor: Actor, conditions_code: str = "none") -> None:
    """Give access back now: the person falls back to the state underneath. Raises OddRevocation, Refused.

    conditions_code  `new_evidence`: what they showed before no longer counts, they take the course or sign anew
    """
    if conditions_code not in CONDITIONS:
        raise OddRevocation(N_("Choose a condition from the list."), field="conditions_code")
    subject = db.scalars(sa.select(Person).filter_by(id=revocation.person_id)).one()
    if actor == Actor.person(subject.public_id):
        raise OddRevocation(N_("Nobody decides about their own access."), field="decided_by")
    refuse_when_over(revocation)
    revocation.reinstated_at, revocation.reinstated_by = now(), actor.name
    revocation.conditions_code = conditions_code
    db.flush()
    record(
        revocation.district_id, actor, "access_reinstated", f"revocation:{revocation.public_id}",
        conditions_code=conditions_code,
    )  # fmt: skip
    mark(revocation)


def revocation(district_id: int, public_id: str) -> Revocation:
    """Raises NotFound."""
    found = None
    if public_id.isprintable():  # PostgreSQL refuses to compare with a NUL
        found = db.scalars(
            sa.select(Revocation).filter_by(district_id=district_id, public_id=public_id)
        ).one_or_none()
    if found is None:
        raise NotFound(N_("There is no such revocation here."))
    return found


def revocations_of(person: Person) -> list[Revocation]:
    """All there ever were, newest first. For HR: the rows say why."""
    return list(
        db.scalars(
            sa.select(Revocation)
            .filter_by(person_id=person.id, district_id=person.district_id)
            .order_by(Revocation.starts_at.desc(), Revocation.id.desc())
        )
    )


def in_force(district_id: int, at: datetime) -> list[Revocation]:
    """Of everybody in the district, the newest first."""
    return list(
        db.scalars(
            sa.select(Revocation)
            .where(Revocation.district_id == district_id, holds(at))
            .order_by(Revocation.starts_at.desc(), Revocation.id.desc())
        )
    )


def is_withdrawn(person: Person, at: datetime) -> bool:
    """That there is one, and nothing else of it."""
    one = sa.select(Revocation.id).where(Revocation.person_id == person.id, holds(at)).limit(1)
    return db.scalar(one) is not None


def holds(at: datetime) -> sa.ColumnElement[bool]:
    """Revocation.starts_at <= at < Revocation.over_at, as a condition."""
    return sa.and_(
        Revocation.starts_at <= at,
        Revocation.reinstated_at.is_(None),
        sa.or_(Revocation.ends_at.is_(None), Revocation.ends_at > at),
        sa.or_(Revocation.decided_by.is_not(None), Revocation.review_due_at > at),
    )


def lapsed(at: datetime, since: datetime | None = None) -> sa.ColumnElement[bool]:
    """That nobody decided about it, and it ended by that: by `at`, and no earlier than `since`."""
    return sa.and_(
        Revocation.decided_by.is_(None),
        Revocation.reinstated_at.is_(None),
        Revocation.review_due_at <= at,
        Revocation.review_due_at >= since if since is not None else sa.true(),
        sa.or_(Revocation.ends_at.is_(None), Revocation.ends_at > Revocation.review_due_at),
    )


def refuse_as_decider(subject_id: int, district_id: int, decided_by: Person) -> None:
    if decided_by.id == subject_id:
        raise OddRevocation(N_("Nobody decides about their own access."), field="decided_by")
    if decided_by.district_id != district_id:
        raise OddRevocation(N_("Who decides must be of the same district."), field="decided_by")


def refuse_when_over(revocation: Revocation) -> None:
    """Locks the row, so that of two who decide at once the second is told."""
    db.refresh(revocation, with_for_update=True)
    if revocation.over_at is not None and revocation.over_at <= now():
        raise Refused(N_("This revocation is over already."))


def mark(revocation: Revocation) -> None:
    """Look again at all that was ever asked of them; where nothing was, at what their audience is asked."""
    asked = db.scalars(sa.select(Review.requirement_id).filter_by(person_id=revocation.person_id)).all()
    audience = sa.select(Person.audience).filter_by(id=revocation.person_id).scalar_subquery()
    ids = asked or db.scalars(sa.select(Requirement.id).where(Requirement.audience == audience)).all()
    reviews.mark(revocation.district_id, revocation.person_id, list(ids))


def _refuse_undecided(person: Person, emergency: bool) -> None:
    if not emergency:
        raise OddRevocation(N_("Say who decided, or that it is an emergency."), field="decided_by")
    at = now()
    theirs = sa.select(Revocation.id).where(Revocation.person_id == person.id)
    if db.scalar(theirs.where(Revocation.decided_by.is_(None), holds(at)).limit(1)) is not None:
        raise OddRevocation(
            N_("An emergency about them waits for a decision already. Have it confirmed."), field="decided_by"
        )
    if db.scalar(theirs.where(lapsed(at, since=at - DECISION_ONLY)).limit(1)) is not None:
        raise OddRevocation(
            N_("An emergency about them lapsed lately, as nobody had decided. Say who decides this one."),
            field="decided_by",
        )
