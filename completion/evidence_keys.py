"""The keys that sign evidence: Ed25519 pairs of this installation, the private half sealed at rest.

A new key signs at once, since nobody but us has to have fetched it first; the public halves stay published for good,
for evidence is checked years later. The private half of a key is erased when the next one takes over.
"""

from datetime import timedelta
from typing import Any

import sqlalchemy as sa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from completion.record_models import EvidenceKey
from core.clock import now
from core.database import db
from core.errors import NotFound, Refused
from core.key_pairs import key_pair
from core.logs import log
from core.messages import N_

ROTATED_EVERY = timedelta(days=365)


def signing_key() -> EvidenceKey:
    """The key that signs now; a new installation makes its first one here."""
    return _newest() or _add()


def rotate() -> EvidenceKey:
    """A new key signs from now on, and no older one ever again."""
    made = _add()
    db.execute(sa.update(EvidenceKey).where(EvidenceKey.id < made.id).values(private_pem=None))
    log.info("evidence_key_rotated", kid=made.kid)
    return made


def keep_evidence_keys() -> None:
    """Worker step: a key signs for a year. Two workers that rotate at once leave two keys, of which one signs."""
    newest = _newest()
    if newest is not None and newest.signs_from <= now() - ROTATED_EVERY:
        rotate()


def withdraw(kid: str) -> EvidenceKey:
    """A key has leaked: what it signed is believed no more. Returns the key that signs now.

    Raises NotFound, and Refused when it was withdrawn before.
    """
    held = db.scalars(sa.select(EvidenceKey).filter_by(kid=kid).with_for_update()).one_or_none()
    if held is None:
        raise NotFound(N_("There is no evidence key %(kid)s; see: flask evidence keys", kid=kid))
    if held.withdrawn_at is not None:
        raise Refused(N_("Evidence key %(kid)s was withdrawn before.", kid=kid))
    held.withdrawn_at, held.private_pem = now(), None
    db.flush()
    log.info("evidence_key_withdrawn", kid=kid)
    return signing_key()


def all_keys() -> list[EvidenceKey]:
    """Newest first."""
    return list(db.scalars(sa.select(EvidenceKey).order_by(EvidenceKey.id.desc())))


def published_keys() -> list[dict[str, Any]]:
    """Our JWK set: every key there ever was. `withdrawn_at` (ours) stands on one that is believed no more."""
    return [_published(each) for each in all_keys()]


def _published(key: EvidenceKey) -> dict[str, Any]:
    withdrawn = {"withdrawn_at": key.withdrawn_at.isoformat()} if key.withdrawn_at else {}
    return {**key.public_jwk, "signs_from": key.signs_from.isoformat(), **withdrawn}


def _newest() -> EvidenceKey | None:
    return db.scalars(
        sa.select(EvidenceKey)
        .where(EvidenceKey.private_pem.is_not(None), EvidenceKey.withdrawn_at.is_(None))
        .order_by(EvidenceKey.id.desc())
        .limit(1)
    ).one_or_none()


def _add() -> EvidenceKey:
    key = EvidenceKey(**key_pair(Ed25519PrivateKey.generate(), "EdDSA"), signs_from=now())
    db.add(key)
    db.flush()
    return key
