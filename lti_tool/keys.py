"""Our key pairs: sealed at rest, published before they sign, parsed once.

Parsing a 2048-bit PEM costs 42 ms, a signature with a loaded key 0.3 ms, so keys are loaded once per process.
"""

from datetime import datetime, timedelta
from typing import Any

import jwt
import sqlalchemy as sa
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from core.clock import now
from core.database import db
from core.key_pairs import key_pair
from core.sealed import new_secret
from lti_tool.models import SigningKey

PUBLISHED_BEFORE_SIGNING = timedelta(hours=24)
KEPT_AFTER = timedelta(days=7)
"""A retired key stays published longer than any token signed with it and any platform's cache of our set."""

_loaded: dict[str, rsa.RSAPrivateKey] = {}


def add_signing_key(signs_from: datetime) -> SigningKey:
    """A new RSA pair, published at once; it signs from the given instant."""
    private = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    key = SigningKey(**key_pair(private, "RS256"), signs_from=signs_from)
    db.add(key)
    db.flush()
    return key


def ensure_signing_key() -> SigningKey:
    """The key that signs now. A new installation has none, and its first may sign at once."""
    key = signing_key()
    return key or add_signing_key(signs_from=now())


def rotate() -> SigningKey:
    """Publish the next key. It signs after the overlap, by when every platform has fetched it."""
    ensure_signing_key()
    return add_signing_key(signs_from=now() + PUBLISHED_BEFORE_SIGNING)


def signing_key() -> SigningKey | None:
    return db.scalars(
        sa.select(SigningKey)
        .where(SigningKey.signs_from <= now(), SigningKey.withdrawn_at.is_(None))
        .order_by(SigningKey.signs_from.desc(), SigningKey.id.desc())
        .limit(1)
    ).one_or_none()


def published_keys() -> list[dict[str, Any]]:
    """Our JWK set: the next key, the one that signs, and the one before it while tokens of it may live."""
    keys = db.scalars(
        sa.select(SigningKey).where(SigningKey.withdrawn_at.is_(None)).order_by(SigningKey.signs_from.desc())
    ).all()
    shown: list[dict[str, Any]] = []
    replaced_at: datetime | None = None
    for key in keys:
        if replaced_at is None or replaced_at > now() - KEPT_AFTER:
            shown.append(key.public_jwk)
        if key.signs_from <= now():
            replaced_at = key.signs_from
    return shown


class NoSigningKey(Exception):
    """`flask platform add` and the worker make the first key."""


def sign(claims: dict[str, Any]) -> str:
    """An RS256 JWT under the key that signs now, with its kid. Raises NoSigningKey."""
    key = signing_key()
    if key is None:
        raise NoSigningKey(NoSigningKey.__doc__)
    if key.kid not in _loaded:
        loaded = serialization.load_pem_private_key(key.private_pem.encode(), password=None)
        assert isinstance(loaded, rsa.RSAPrivateKey)
        _loaded[key.kid] = loaded
    return jwt.encode(claims, _loaded[key.kid], algorithm="RS256", headers={"kid": key.kid})


def client_assertion(client_id: str, audience: str) -> str:
    """Who we are, for a platform's token endpoint (1EdTech security framework 4.1.1): five minutes, used once."""
    issued = int(now().timestamp()) - 5  # Moodle refuses an iat three seconds ahead of its own clock
    return sign(
        {
            "iss": client_id,
            "sub": client_id,
            "aud": audience,
            "iat": issued,
            "exp": issued + 300,
            "jti": new_secret(),
        }
    )
