"""The life of our keys: rotated by the worker, listed, and withdrawn at once when one has leaked."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa

from core.clock import now
from core.database import db
from core.errors import NotFound, Refused
from core.logs import log
from core.messages import N_
from lti_tool.keys import KEPT_AFTER, add_signing_key, ensure_signing_key, rotate
from lti_tool.models import SigningKey

ROTATED_EVERY = timedelta(days=90)


@dataclass(frozen=True)
class KeyFacts:
    """state: next | signs | shown (replaced, and still published) | retired | withdrawn. `until` is when it changes."""

    kid: str
    state: str
    signs_from: datetime
    until: datetime | None = None


def keep_signing_keys() -> None:
    """Worker step: there is a key that signs, and the next one is published when it has signed for 90 days.

    Any number of workers publish one: the second waits for the first at the newest key's row, then sees its key.
    """
    ensure_signing_key()
    newest = db.scalars(_newest_first().with_for_update()).first()
    again = db.scalars(_newest_first()).first()
    if newest is None or again is None or again.id != newest.id:
        return
    if newest.signs_from <= now() - ROTATED_EVERY:
        key = rotate()
        log.info("signing_key_published", kid=key.kid, signs_from=key.signs_from.isoformat())


def _newest_first() -> sa.Select[SigningKey]:
    return (
        sa.select(SigningKey)
        .where(SigningKey.withdrawn_at.is_(None))
        .order_by(SigningKey.signs_from.desc(), SigningKey.id.desc())
        .limit(1)
    )


def all_keys() -> list[KeyFacts]:
    """Newest first."""
    rows = db.scalars(
        sa.select(SigningKey).order_by(SigningKey.signs_from.desc(), SigningKey.id.desc())
    ).all()
    return standings(rows, now())


def standings(rows: Sequence[SigningKey], at: datetime) -> list[KeyFacts]:
    """What each key is for at an instant; `rows` come newest first. Agrees with keys.published_keys."""
    facts: list[KeyFacts] = []
    replaced_at: datetime | None = None
    for row in rows:
        if row.withdrawn_at is not None:
            facts.append(KeyFacts(row.kid, "withdrawn", row.signs_from))
        elif row.signs_from > at:
            facts.append(KeyFacts(row.kid, "next", row.signs_from, row.signs_from))
        elif replaced_at is None:
            facts.append(KeyFacts(row.kid, "signs", row.signs_from))
        elif replaced_at > at - KEPT_AFTER:
            facts.append(KeyFacts(row.kid, "shown", row.signs_from, replaced_at + KEPT_AFTER))
        else:
            facts.append(KeyFacts(row.kid, "retired", row.signs_from))
        if row.withdrawn_at is None and row.signs_from <= at:
            replaced_at = row.signs_from
    return facts


def withdraw(kid: str) -> SigningKey:
    """Revoke a key now: it is shown no more and signs no more. Returns the key that signs from here on.

    Where it was the one that signed, the next one that is published signs at once, or else a new one. An older key
    that is still shown is not taken: it is as old as whatever leaked. Raises NotFound, Refused.
    """
    rows = db.scalars(
        sa.select(SigningKey).order_by(SigningKey.signs_from.desc(), SigningKey.id.desc()).with_for_update()
    ).all()
    held = next((row for row in rows if row.kid == kid), None)
    if held is None:
        raise NotFound(N_("There is no key %(kid)s; see: flask keys list", kid=kid))
    if held.withdrawn_at is not None:
        raise Refused(N_("Key %(kid)s was withdrawn before.", kid=kid))
    states = {each.kid: each.state for each in standings(rows, now())}
    held.withdrawn_at = now()
    log.info("signing_key_withdrawn", kid=kid, state=states[kid])
    if states[kid] != "signs":
        db.flush()
        return ensure_signing_key()
    following = [row for row in rows if states[row.kid] == "next"]
    if not following:
        return add_signing_key(signs_from=now())
    following[-1].signs_from = now()
    db.flush()
    return following[-1]
