"""Exempt somebody from a requirement for a while, and end that early. Why stands in the row and the audit log only."""

from datetime import datetime, timedelta

import sqlalchemy as sa

from completion import reviews
from completion.decision_models import Exemption
from completion.requirements import requirement
from core.clock import now
from core.database import db
from core.errors import NotFound, Refused, ToolError
from core.messages import N_
from people.audit import Actor, record
from people.models import Person

REASONS = ("leave", "no_network_use", "accommodation", "equivalent_training", "short_assignment", "legal")
LONGEST = timedelta(days=366)
"""An exemption is looked at again every year, by being given again."""


class OddExemption(ToolError):
    """Something about an exemption is not as it must be; `field` says what."""

    status, code = 422, "odd_exemption"
    next_step = N_("Go back, correct it, and send it again. Nothing was recorded.")


def exempt(
    person: Person,
    requirement_key: str,
    *,
    starts_at: datetime,
    ends_at: datetime,
    reason_code: str,
    approved_by: Person,
    actor: Actor,
) -> Exemption:
    """From `starts_at` until `ends_at` (exclusive) nothing is asked. Raises OddExemption, NoSuchRequirement."""
    owed = requirement(requirement_key)
    if reason_code not in REASONS:
        raise OddExemption(N_("Choose a reason from the list."), field="reason_code")
    if not starts_at < ends_at <= starts_at + LONGEST:
        raise OddExemption(N_("It must end after it begins, and within a year."), field="ends_at")
    if ends_at <= now():
        raise OddExemption(N_("It would be over already."), field="ends_at")
    if approved_by.id == person.id or actor == Actor.person(person.public_id):
        raise OddExemption(N_("Nobody exempts themselves: another person must approve."), field="approved_by")
    if approved_by.district_id != person.district_id:
        raise OddExemption(N_("Who approves must be of the same district."), field="approved_by")
    given = Exemption(
        district_id=person.district_id,
        person_id=person.id,
        requirement_id=owed.id,
        starts_at=starts_at,
        ends_at=ends_at,
        reason_code=reason_code,
        approved_by=approved_by.id,
        recorded_by=actor.name,
    )
    db.add(given)
    db.flush()
    record(
        person.district_id, actor, "exemption_given", f"person:{person.public_id}",
        exemption=given.public_id, requirement=owed.key, reason_code=reason_code,
        approved_by=approved_by.public_id, starts_at=starts_at.isoformat(), ends_at=ends_at.isoformat(),
    )  # fmt: skip
    reviews.mark(person.district_id, person.id, [owed.id])
    return given


def end(exemption: Exemption, actor: Actor) -> None:
    """End it now; the row keeps the end it was given. Raises Refused where it is over already."""
    at = now()
    ended = db.execute(
        sa.update(Exemption)
        .where(Exemption.id == exemption.id, Exemption.ended_at.is_(None), Exemption.ends_at > at)
        .values(ended_at=at, ended_by=actor.name)
        .returning(Exemption.id)
    ).scalar_one_or_none()
    if ended is None:
        raise Refused(N_("This exemption is over already."))
    db.refresh(exemption)
    record(exemption.district_id, actor, "exemption_ended", f"exemption:{exemption.public_id}")
    reviews.mark(exemption.district_id, exemption.person_id, [exemption.requirement_id])


def exemption(district_id: int, public_id: str) -> Exemption:
    """Raises NotFound."""
    found = None
    if public_id.isprintable():  # PostgreSQL refuses to compare with a NUL
        found = db.scalars(
            sa.select(Exemption).filter_by(district_id=district_id, public_id=public_id)
        ).one_or_none()
    if found is None:
        raise NotFound(N_("There is no such exemption here."))
    return found


def exemptions_of(person: Person) -> list[Exemption]:
    """All there ever were, newest first. For HR: the rows say why."""
    return list(
        db.scalars(
            sa.select(Exemption)
            .filter_by(person_id=person.id, district_id=person.district_id)
            .order_by(Exemption.starts_at.desc(), Exemption.id.desc())
        )
    )
