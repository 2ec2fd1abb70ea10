"""How many calls a client may make in a minute, counted over all processes.

The table is written once for a twentieth of the allowance, not once for a call: a process takes that many at a time and
gives them out from memory. Never more than the limit is given out in a minute; what one process took and did not use,
another can not, so with two processes a client may be told to wait up to a twentieth early.
"""

import math
import threading
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa

from core.clock import now
from core.database import beside, forget_with_database, insert_for, table_of
from people.client_models import ApiAllowance

WINDOW = timedelta(minutes=1)
SHARES = 20


@dataclass(frozen=True)
class Allowance:
    """`left` calls more until `resets_in` seconds are over; `granted` says whether this call is within them."""

    limit: int
    left: int
    resets_in: int
    granted: bool


@dataclass
class _Share:
    """What this process holds of a client's minute; `in_table` is what was left for everybody when it was taken."""

    limit: int
    began_at: datetime
    left: int
    in_table: int


_shares: dict[str, _Share] = {}
_locks: dict[str, threading.Lock] = {}


@forget_with_database
def forget() -> None:
    _shares.clear()


def take(client_id: int, name: str, limit: int) -> Allowance:
    """One call of this client (`name` is its public id)."""
    at = now()
    with _locks.setdefault(name, threading.Lock()):
        share = _shares.get(name)
        over = share is None or share.limit != limit or not _runs(share.began_at, at)
        if share is None or over or (share.left == 0 and share.in_table > 0):
            share = _shares[name] = _take_share(client_id, limit, at)
        granted = share.left > 0
        share.left -= granted
        seconds = (share.began_at + WINDOW - at).total_seconds()
        return Allowance(limit, share.left + share.in_table, max(1, math.ceil(seconds)), granted)


def _take_share(client_id: int, limit: int, at: datetime) -> _Share:
    row = table_of(ApiAllowance)
    with beside() as connection:
        connection.execute(
            insert_for(row).values(client_id=client_id, began_at=at, taken=0).on_conflict_do_nothing()
        )
        found = connection.execute(
            sa.select(row.c.began_at, row.c.taken).where(row.c.client_id == client_id).with_for_update()
        ).one()
        began_at, taken = (found.began_at, found.taken) if _runs(found.began_at, at) else (at, 0)
        share = max(0, min(max(1, limit // SHARES), limit - taken))
        connection.execute(
            sa.update(row).where(row.c.client_id == client_id).values(began_at=began_at, taken=taken + share)
        )
    return _Share(limit, began_at, share, max(0, limit - taken - share))


def _runs(began_at: datetime, at: datetime) -> bool:
    return began_at <= at < began_at + WINDOW
