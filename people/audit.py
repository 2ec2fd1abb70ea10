"""The audit log of a district: append-only, each entry bound to the one before by its hash.

Whoever changes or removes an entry breaks every hash after it (`broken_at`), and whoever rewrites the whole chain
still disagrees with a head that the district has written down elsewhere. Entries name people by public id only.
"""

import hashlib
import json
from contextlib import closing
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from structlog.contextvars import get_contextvars

from core.clock import now
from core.database import db, insert_for
from people.audit_models import START, AuditEntry, AuditHead


@dataclass(frozen=True)
class Actor:
    """Who did it, as the log says it."""

    name: str

    @classmethod
    def person(cls, public_id: str) -> "Actor":
        return cls(f"person:{public_id}")


COMMAND, WORKER = Actor("command"), Actor("worker")


def record(district_id: int, actor: Actor, action: str, subject: str, **detail: Any) -> None:
    """Append an entry, in the caller's transaction: what is rolled back was never logged, and the other way round.

    `detail` holds JSON values. Other writers of this district's log wait until the transaction ends.
    """
    db.execute(insert_for(AuditHead).values(district_id=district_id).on_conflict_do_nothing())
    head = db.scalars(
        sa.select(AuditHead)
        .filter_by(district_id=district_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one()
    entry = AuditEntry(
        district_id=district_id,
        seq=head.seq + 1,
        at=now(),
        actor=actor.name,
        action=action,
        subject=subject,
        detail=detail,
        request_id=get_contextvars().get("reference"),
    )
    entry.sha256 = _hash(head.sha256, entry)
    db.add(entry)
    head.seq, head.sha256 = entry.seq, entry.sha256
    db.flush()


def broken_at(district_id: int) -> int | None:
    """The first number at which the chain does not hold, or None. Reads the log as a stream."""
    expected, seq = START, 0
    entries = sa.select(AuditEntry).filter_by(district_id=district_id).order_by(AuditEntry.seq)
    with closing(db.scalars(entries.execution_options(yield_per=500))) as read:
        for entry in read:
            expected = _hash(expected, entry)
            seq += 1
            if entry.seq != seq or entry.sha256 != expected:
                return seq
            db.expunge(entry)
    last, head = head_of(district_id)
    return None if (last, head) == (seq, expected) else seq + 1


def head_of(district_id: int) -> tuple[int, str]:
    """(number, hash) of the newest entry: what a district writes down elsewhere."""
    head = db.scalars(sa.select(AuditHead).filter_by(district_id=district_id)).one_or_none()
    return (head.seq, head.sha256) if head else (0, START)


def _hash(before: str, entry: AuditEntry) -> str:
    said = [
        before, entry.district_id, entry.seq, entry.at.isoformat(), entry.actor, entry.action, entry.subject,
        entry.detail, entry.request_id,
    ]  # fmt: skip
    return hashlib.sha256(json.dumps(said, sort_keys=True, separators=(",", ":")).encode()).hexdigest()
