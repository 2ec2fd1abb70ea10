"""Who must be looked at again, and when: the to-do list between the ledger and whoever derives from it."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import cast

import sqlalchemy as sa

from completion.models import Review, ReviewSweep
from core.clock import now
from core.database import db, insert_for, table_of

SWEPT_AT_ONCE = 1_000


@dataclass(frozen=True)
class Claim:
    """A review in hand: locked until the transaction ends (PostgreSQL; on SQLite there is one writer anyway)."""

    id: int
    district_id: int
    person_id: int
    requirement_id: int
    facts: int


def mark(district_id: int, person_id: int, requirement_ids: Sequence[int]) -> None:
    """New facts about this person under these requirements: look again now."""
    mark_all(district_id, [person_id], requirement_ids)


def mark_all(district_id: int, person_ids: Collection[int], requirement_ids: Sequence[int]) -> None:
    """The same for many people of one district, at once."""
    if not requirement_ids or not person_ids:
        return
    at = now()
    rows = [
        {"district_id": district_id, "person_id": person_id, "requirement_id": each, "due_at": at}
        for person_id in sorted(person_ids)
        for each in sorted(requirement_ids)
    ]
    statement = insert_for(table_of(Review))
    # The rows go beside the statement, not into it: written out they are compiled anew each time.
    db.connection().execute(
        statement.on_conflict_do_update(
            index_elements=["person_id", "requirement_id"],
            set_={"facts": Review.facts + 1, "due_at": statement.excluded.due_at},
        ),
        rows,
    )


def mark_everybody(district_id: int | None = None, requirement_id: int | None = None) -> None:
    """What many people share was changed: look again at everybody, or those of a district or under a requirement.

    Only noted here. The worker marks them (`sweep`), so that nobody waits for a large district.
    """
    db.add(ReviewSweep(district_id=district_id, requirement_id=requirement_id))
    db.flush()


def sweep(limit: int = SWEPT_AT_ONCE) -> int:
    """Worker step, one transaction: mark the next `limit` reviews of a sweep. Returns 0 when there is none to do."""
    under_way = db.scalars(
        sa.select(ReviewSweep).order_by(ReviewSweep.id).limit(1).with_for_update(skip_locked=True)
    ).one_or_none()
    if under_way is None:
        return 0
    wanted = sa.select(Review.id).where(Review.id > under_way.marked_to)
    if under_way.district_id is not None:
        wanted = wanted.where(Review.district_id == under_way.district_id)
    if under_way.requirement_id is not None:
        wanted = wanted.where(Review.requirement_id == under_way.requirement_id)
    # Locked in the order in which everybody marks, so that two markers wait for each other and never in a ring.
    ids = db.scalars(wanted.order_by(Review.id).limit(limit).with_for_update()).all()
    if len(ids) < limit:
        db.delete(under_way)
    else:
        under_way.marked_to = ids[-1]
    if ids:
        db.execute(
            sa.update(Review)
            .where(Review.id.in_(ids))
            .values(facts=Review.facts + 1, due_at=now())
            .execution_options(synchronize_session=False)
        )
    db.flush()
    return max(1, len(ids))


def claim(limit: int, at: datetime) -> list[Claim]:
    """Up to `limit` reviews due at `at`, oldest first, none that another worker has in hand."""
    rows = db.execute(
        sa.select(Review.id, Review.district_id, Review.person_id, Review.requirement_id, Review.facts)
        .where(Review.due_at <= at)
        .order_by(Review.due_at)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    return [Claim(*row) for row in rows]


def settle(claims: Sequence[Claim], next_at: Mapping[int, datetime | None]) -> None:
    """What was claimed has been looked at; `next_at` says by review id when the clock alone asks again.

    A fact that arrived since then has raised `facts` past what was seen, and keeps its review due.
    """
    if not claims:
        return
    table = cast(sa.Table, Review.__table__)
    db.connection().execute(
        sa.update(table)
        .where(table.c.id == sa.bindparam("review"))
        .values(
            seen=sa.bindparam("saw"),
            due_at=sa.case(
                (table.c.facts == sa.bindparam("saw"), sa.bindparam("next", type_=table.c.due_at.type)),
                else_=table.c.due_at,
            ),
        ),
        [{"review": each.id, "saw": each.facts, "next": next_at[each.id]} for each in claims],
    )


def waiting(at: datetime) -> int:
    """How many reviews are due: the length of the worker's queue."""
    return db.scalar(sa.select(sa.func.count()).select_from(Review).where(Review.due_at <= at)) or 0
