"""Revocations that wait: an emergency until it is decided or lapses, any other until it is looked at again.

An emergency that nobody decides about within two days is over by the clock, as its facts say beforehand. One that was
decided never is: when its review is overdue it goes on, and lists say so.
"""

from datetime import datetime, timedelta

import sqlalchemy as sa

from completion.decision_models import Revocation
from completion.revocations import (
    OddRevocation,
    holds,
    lapsed,
    mark,
    refuse_as_decider,
    refuse_when_over,
)
from core.clock import now
from core.database import db
from core.messages import N_
from people.audit import WORKER, Actor, record
from people.models import Person
from people.office_holders import holds as holds_office

DECIDING = ("hr", "district")
"""The offices whose holders may uphold a revocation."""
LONGEST = timedelta(days=366)
"""Whatever stands is looked at once a year."""
AT_ONCE = 100


def uphold(revocation: Revocation, decided_by: Person, actor: Actor, review_due_at: datetime) -> None:
    """Somebody looked at it and it stands, until the next look. An emergency is decided by that, and lapses no more.

    Raises OddRevocation, Refused where it is over.
    """
    refuse_as_decider(revocation.person_id, revocation.district_id, decided_by)
    if not holds_office(decided_by, *DECIDING):
        raise OddRevocation(
            N_("Who decides must hold the personnel office or the district's."), field="decided_by"
        )
    if not now() < review_due_at <= now() + LONGEST:
        raise OddRevocation(
            N_("The next review must be in the future, and within a year."), field="review_due_at"
        )
    refuse_when_over(revocation)
    was_undecided = revocation.undecided
    if was_undecided and revocation.recorded_by == Actor.person(decided_by.public_id).name:
        raise OddRevocation(N_("Who recorded it does not decide it: a colleague does."), field="decided_by")
    revocation.decided_by, revocation.review_due_at = decided_by.id, review_due_at
    db.flush()
    record(
        revocation.district_id, actor, "revocation_upheld", f"revocation:{revocation.public_id}",
        decided_by=decided_by.public_id, review_due_at=review_due_at.isoformat(),
    )  # fmt: skip
    if was_undecided:
        # The clock ends it no longer, and standings say when the clock changes them.
        mark(revocation)


def undecided(district_id: int, at: datetime) -> list[Revocation]:
    """In force at `at`, and over by the clock unless somebody decides; what ends first is first."""
    return _of_district(district_id, Revocation.decided_by.is_(None), holds(at))


def due_for_review(district_id: int, at: datetime) -> list[Revocation]:
    """Decided, in force at `at`, and waiting for somebody to look at it again; the longest waiting first."""
    overdue = Revocation.review_due_at <= at
    return _of_district(district_id, Revocation.decided_by.is_not(None), overdue, holds(at))


def lapsed_since(district_id: int, at: datetime, since: datetime) -> list[Revocation]:
    """Emergencies that nobody decided about in time; the earliest first."""
    return _of_district(district_id, lapsed(at, since))


def without_pupils(revocations: list[Revocation]) -> dict[Revocation, Person]:
    """Those that the personnel office sees, each with whom it is about, in their order."""
    ids = {each.person_id for each in revocations}
    rows = db.scalars(sa.select(Person).where(Person.id.in_(ids), Person.audience != "pupil")) if ids else ()
    people = {each.id: each for each in rows}
    return {each: people[each.person_id] for each in revocations if each.person_id in people}


def note_lapses() -> int:
    """Worker step, one transaction: write down which emergencies have lapsed, once each. Returns how many.

    Nothing waits for it: standings end by the clock.
    """
    over = db.scalars(
        sa.select(Revocation)
        .where(Revocation.lapsed_at.is_(None), lapsed(now()))
        .order_by(Revocation.district_id, Revocation.id)
        .limit(AT_ONCE)
        .with_for_update(skip_locked=True)
    ).all()
    for each in over:
        each.lapsed_at = each.review_due_at
        record(each.district_id, WORKER, "revocation_lapsed", f"revocation:{each.public_id}")
    db.flush()
    return len(over)


def _of_district(district_id: int, *which: sa.ColumnElement[bool]) -> list[Revocation]:
    return list(
        db.scalars(
            sa.select(Revocation)
            .where(Revocation.district_id == district_id, *which)
            .order_by(Revocation.review_due_at, Revocation.id)
        )
    )
