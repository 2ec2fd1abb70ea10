"""Whose turn it is: feeds with something to be told, leased to this worker, and what became of it written down.

Any number of workers may look at once. A lease that runs out gives the feed to the next one; whoever lost it finds
out when it marks, and stops.
"""

import random
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from access.models import StandingLog
from core.clock import now
from core.database import db
from core.sealed import new_secret
from feeds.models import Feed
from feeds.patience import next_try
from feeds.posting import Outcome
from people.audit import WORKER, record
from people.models import District

LEASE = timedelta(seconds=60)


@dataclass(frozen=True)
class Turn:
    """A feed this worker may serve now, as it stood when it was claimed; `token` is its lease."""

    feed: Feed
    district: District
    token: str


def claim(
    kind: str, limit: int, due: sa.ColumnElement[bool] | None = None, *, lease: timedelta = LEASE
) -> list[Turn]:
    """Up to `limit` feeds of a kind that are behind the log (or `due` by a rule of their own) and in nobody's hand."""
    at = now()
    wanted = (
        sa.select(Feed.id)
        .outerjoin(StandingLog, StandingLog.district_id == Feed.district_id)
        .where(
            Feed.kind == kind,
            Feed.paused_at.is_(None),
            Feed.disabled_at.is_(None),
            sa.or_(Feed.next_try_at.is_(None), Feed.next_try_at <= at),
            sa.or_(Feed.leased_until.is_(None), Feed.leased_until < at),
            StandingLog.last_seq > Feed.cursor if due is None else due,
        )
        .order_by(Feed.last_ok_at.nulls_first(), Feed.id)
        .limit(limit)
        .with_for_update(skip_locked=True, of=Feed)
    )
    ids = list(db.scalars(wanted)) if limit > 0 else []
    if not ids:
        return []
    token = new_secret(12)
    db.execute(sa.update(Feed).where(Feed.id.in_(ids)).values(leased_until=at + lease, leased_by=token))
    rows = db.execute(
        sa.select(Feed, District)
        .join(District, District.id == Feed.district_id)
        .where(Feed.id.in_(ids))
        .execution_options(populate_existing=True)
    )
    return [Turn(feed, district, token) for feed, district in rows]


def mark_told(turn: Turn, cursor: int, *, over: bool, **values: Any) -> bool:
    """Everything up to `cursor` has arrived; `over` gives the feed back. False when it is not in our hand any more."""
    at = now()
    well = {"last_ok_at": at, "tries": 0, "last_error": None, "last_status": None, "next_try_at": None}
    return _mark(turn, **{"cursor": cursor, **well, **_lease(over, at), **values})


def put_off(turn: Turn, problem: str, until: datetime) -> None:
    """It did not go well and is tried again then, however often: what is wrong is on our side of the street."""
    at = now()
    failed = {"last_error": problem, "last_status": None, "failed_at": at, "tries": turn.feed.tries + 1}
    _mark(turn, next_try_at=until, **failed, **_lease(True, at))


def give_back(turn: Turn) -> None:
    _mark(turn, **_lease(True, now()))


def mark_failed(turn: Turn, outcome: Outcome, tries: int) -> None:
    """The `tries`-th failure in a row: a rung further, or switched off and noted in the audit log."""
    at = now()
    again = None if outcome.problem == "gone" else next_try(tries, at, random.random(), outcome.retry_after)  # noqa: S311
    reason = None if again else ("gone" if outcome.problem == "gone" else "gave_up")
    marked = _mark(
        turn,
        last_error=outcome.problem, last_status=outcome.status, failed_at=at, tries=tries, next_try_at=again,
        disabled_at=at if reason else None, disabled_reason=reason, **_lease(True, at),
    )  # fmt: skip
    if marked and reason:
        record(turn.district.id, WORKER, "feed_switched_off", f"feed:{turn.feed.id}", reason=reason)


def _lease(over: bool, at: datetime) -> dict[str, Any]:
    return {"leased_until": None, "leased_by": None} if over else {"leased_until": at + LEASE}


def _mark(turn: Turn, **values: Any) -> bool:
    marked = db.execute(
        sa.update(Feed)
        .where(Feed.id == turn.feed.id, Feed.leased_by == turn.token)
        .values(**values)
        .execution_options(synchronize_session=False)
    )
    return bool(marked.rowcount)  # type: ignore[attr-defined]
