"""How far each feed is behind the log, and since when, in a number of queries that does not grow with the feeds."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from access.listing import last_seq
from access.models import StandingChange
from core.clock import now
from core.database import db
from feeds.models import Feed


@dataclass(frozen=True)
class Lag:
    """behind   how many numbers of the log are still to be told
    waiting_since   when the oldest of them happened; None when there is none
    """

    feed: Feed
    behind: int
    waiting_since: datetime | None


def lags(district_id: int) -> list[Lag]:
    """Of every feed of a district, the oldest first, in two queries."""
    newest = last_seq(district_id)
    oldest = (
        sa.select(StandingChange.at)
        .where(StandingChange.district_id == Feed.district_id, StandingChange.seq > Feed.cursor)
        .order_by(StandingChange.seq)
        .limit(1)
        .correlate(Feed)
        .scalar_subquery()
    )
    rows = db.execute(sa.select(Feed, oldest).where(Feed.district_id == district_id).order_by(Feed.id))
    return [Lag(feed, max(0, newest - feed.cursor), at) for feed, at in rows]


def state_of(feed: Feed) -> str:
    """`off`, `paused`, `failing`, or `ok`."""
    if feed.disabled_at is not None:
        return "off"
    if feed.paused_at is not None:
        return "paused"
    return "failing" if feed.last_error is not None else "ok"


def feeds_by_state() -> Mapping[str, float]:
    """For the metrics, over all districts: every state always there, so that an alarm can be set on it."""
    counted = Counter(state_of(feed) for feed in db.scalars(sa.select(Feed)))
    return {state: counted[state] for state in ("ok", "paused", "failing", "off")}


def seconds_since(at: datetime) -> int:
    return max(0, int((now() - at).total_seconds()))
