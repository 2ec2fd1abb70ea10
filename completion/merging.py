"""What gives way in the ledger when two records turn out to be one person, and who is looked at again."""

from collections.abc import Sequence

import sqlalchemy as sa

from completion import reviews
from completion.models import Assignment, Attestation, Evidence, Progress, Review
from core.clock import now
from core.database import db
from people.audit import WORKER, record
from people.merging import Book

MERGED = "merged"
"""Why the later of two rows that show the same was voided."""
NOTED = "evidence_merged"
"""The action under which the audit log has that."""


def best_of_both(kept: Sequence[Progress], gone: Sequence[Progress], book: Book) -> None:
    """Begun when either was first begun, done when either was first done, and the better score."""
    mine = {(each.part, each.school_year_id): each for each in kept}
    for other in gone:
        own = mine.get((other.part, other.school_year_id))
        if own is None:
            continue
        scores = [each for each in (own.best_score, other.best_score) if each is not None]
        done = [each for each in (own.done_at, other.done_at) if each is not None]
        book.change(
            own,
            begun_at=min(own.begun_at, other.begun_at),
            best_score=max(scores, default=None),
            done_at=min(done, default=None),
        )


def count_once(kept: Sequence[Evidence], gone: Sequence[Evidence], book: Book) -> None:
    """What both have shown counts from when it was first shown; the later row stays, voided."""
    mine = {_what(each): each for each in kept if each.voided_at is None}
    for other in gone:
        own = mine.get(_what(other))
        if own is None or other.voided_at is not None:
            continue
        later = max(own, other, key=lambda each: (each.shown_at, each.id))
        book.change(later, voided_at=now(), void_reason=MERGED)
        record(later.district_id, WORKER, NOTED, f"evidence:{later.public_id}", reason=MERGED)


def sign_once(kept: Sequence[Attestation], gone: Sequence[Attestation], book: Book) -> None:
    """Of two signatures under one text the first stands."""
    mine = {(each.school_year_id, each.policy_text_id): each for each in kept if each.voided_at is None}
    for other in gone:
        own = mine.get((other.school_year_id, other.policy_text_id))
        if own is not None and other.voided_at is None:
            book.change(max(own, other, key=lambda each: (each.signed_at, each.id)), voided_at=now())


def look_again(district_id: int, person_ids: Sequence[int]) -> None:
    """The standings of both, under whatever was ever asked of either."""
    asked = sa.union(
        *(
            sa.select(each.requirement_id).where(each.person_id.in_(person_ids))
            for each in (Assignment, Review)
        )
    )
    reviews.mark_all(district_id, person_ids, sorted(db.scalars(asked)))


def _what(row: Evidence) -> tuple[str, int, str, str | None]:
    return row.part, row.school_year_id, row.version, row.source if row.kind == "group" else None
