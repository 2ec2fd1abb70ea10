"""The answer to a write, kept so that the same write sent again is answered and not done again.

`claim` is committed by itself, so that another process sees at once that somebody is at it; `keep` belongs to the
transaction of the write, so that a write and its answer are both there or neither. A process that died in between
leaves a claim that runs out: nothing was written, and the next one begins anew.
"""

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from http import HTTPStatus
from math import ceil
from typing import Any

import sqlalchemy as sa

from core.clock import now
from core.database import beside, db, insert_for, only_reading, table_of
from core.errors import ToolError
from core.sealed import fingerprint, new_secret
from people.client_models import KeptAnswer

KEPT_FOR = timedelta(hours=24)
RUNS_FOR = timedelta(minutes=2)
"""As long as one write may take before another run may begin it anew; a roster has more (rosters.api)."""
LOOKS = 3
ASK_AGAIN = 5
"""Seconds after which to ask what became of a write that is still running; most are done long before."""


class KeyUsedOtherwise(ToolError):
    """draft-ietf-httpapi-idempotency-key-header, "Error Scenarios"."""

    status, code = HTTPStatus.UNPROCESSABLE_ENTITY, "idempotency_key_used"


class StillRunning(ToolError):
    """The same: a retry while the first request is being worked on."""

    status, code = HTTPStatus.CONFLICT, "still_running"


@dataclass(frozen=True)
class Claim:
    """This run may do the write."""

    client_id: int
    key_hash: str
    token: str


@dataclass(frozen=True)
class Answered:
    """The write was done; this was the answer."""

    status: int
    body: str
    headers: dict[str, str]


def claim(
    client_id: int, key: str, request: tuple[str, ...], lasts: timedelta = RUNS_FOR
) -> Claim | Answered:
    """With no transaction under way. `request` is what makes two requests the same.

    Raises KeyUsedOtherwise, StillRunning.
    """
    mine = Claim(client_id, fingerprint("idempotency", str(client_id), key), new_secret(12))
    said = fingerprint("request", *request)
    for _ in range(LOOKS):
        with only_reading():  # on SQLite whoever only looks waits for no writer
            known = db.execute(_row(mine)).one_or_none()
        if known is not None and (decided := _decided(known, said)):
            return decided
        with beside() as connection:
            if _take(connection, mine, said, lasts):
                return mine
    raise _running()


def keep(held: Claim, status: int, body: str, headers: dict[str, str]) -> bool:
    """In the transaction of the write. False when the claim ran out and is another's: then nothing may be written."""
    table = table_of(KeptAnswer)
    kept = db.execute(
        sa.update(table)
        .where(*_of(held), table.c.token == held.token, table.c.status.is_(None))
        .values(status=status, answer=json.dumps({"body": body, "headers": headers}))
    )
    return bool(kept.rowcount)  # type: ignore[attr-defined]


def let_go(held: Claim) -> None:
    """What was refused changed nothing, so the key is free for the corrected request. With no transaction under way."""
    table = table_of(KeptAnswer)
    with beside() as connection:
        connection.execute(
            sa.delete(table).where(*_of(held), table.c.token == held.token, table.c.status.is_(None))
        )


def forget_old_answers() -> int:
    """The worker's: how many went."""
    gone = db.execute(sa.delete(table_of(KeptAnswer)).where(table_of(KeptAnswer).c.expires_at <= now()))
    return int(gone.rowcount)  # type: ignore[attr-defined]


def _take(connection: sa.Connection, mine: Claim, said: str, lasts: timedelta) -> bool:
    table, at = table_of(KeptAnswer), now()
    fresh = {
        "request_hash": said, "token": mine.token, "leased_until": at + lasts, "expires_at": at + KEPT_FOR,
        "status": None, "answer": None,
    }  # fmt: skip
    added = connection.execute(
        insert_for(table)
        .values(client_id=mine.client_id, key_hash=mine.key_hash, **fresh)
        .on_conflict_do_nothing()
        .returning(table.c.id)
    ).one_or_none()
    if added is not None:
        return True
    taken = connection.execute(sa.update(table).where(*_of(mine), _free(at)).values(**fresh))
    return bool(taken.rowcount)


def _free(at: datetime) -> sa.ColumnElement[bool]:
    """Too old, or left behind by a run that died."""
    table = table_of(KeptAnswer)
    left_behind = sa.and_(table.c.status.is_(None), table.c.leased_until <= at)
    return sa.or_(table.c.expires_at <= at, left_behind)


def _decided(known: Any, said: str) -> Answered | None:
    at = now()
    if known.expires_at <= at or (known.status is None and known.leased_until <= at):
        return None
    if known.request_hash != said:
        raise KeyUsedOtherwise(
            "This key was sent with another request. Take a new key for each new request.",
            field="Idempotency-Key",
        )
    if known.status is None:
        left = ceil((known.leased_until - at).total_seconds())
        raise _running(min(left, ASK_AGAIN))  # whoever left it behind is waited for no longer than its lease
    return Answered(known.status, **json.loads(known.answer))


def _running(seconds: int = ASK_AGAIN) -> StillRunning:
    return StillRunning(
        "A request with this key is being worked on. Ask again as Retry-After says.",
        field="Idempotency-Key",
        retry_after=seconds,
    )


def _row(mine: Claim) -> sa.Select[Any]:
    table = table_of(KeptAnswer)
    return sa.select(
        table.c.expires_at, table.c.status, table.c.leased_until, table.c.request_hash, table.c.answer
    ).where(*_of(mine))


def _of(mine: Claim) -> tuple[sa.ColumnElement[bool], ...]:
    table = table_of(KeptAnswer)
    return table.c.client_id == mine.client_id, table.c.key_hash == mine.key_hash
