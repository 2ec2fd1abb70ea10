"""private_key_jwt: a client proves who it is by signing; its private key never leaves its machine (RFC 7523)."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import jwt
import sqlalchemy as sa

from core.clock import now
from core.database import db, insert_for
from core.sealed import hash_secret
from people.api_clients import known_client
from people.client_keys import algorithm_of
from people.client_models import SpentAssertion
from people.models import ApiClient

TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
LONGEST = timedelta(minutes=10)
"""From now to `exp`: so long we must remember each `jti`."""
LEEWAY = timedelta(seconds=30)
CLAIMS = ["iss", "sub", "aud", "exp", "jti"]


class AssertionRefused(Exception):
    """The message says to the program's author what was wrong; it holds nothing of the assertion."""


def client_by_assertion(token: str, audiences: tuple[str, ...]) -> ApiClient:
    """The client that signed this. Raises AssertionRefused."""
    client, claims = _verified(token, audiences)
    _spend(client, str(claims["jti"]), datetime.fromtimestamp(claims["exp"], UTC))
    return client


def _verified(token: str, audiences: tuple[str, ...]) -> tuple[ApiClient, Mapping[str, Any]]:
    try:
        header = jwt.get_unverified_header(token)
        said = jwt.decode(token, options={"verify_signature": False})
    except jwt.InvalidTokenError as error:
        raise AssertionRefused("client_assertion is no signed JWT") from error
    client = known_client(said.get("sub"))
    if client is None or client.revoked_at is not None:
        raise AssertionRefused("the client in sub is not known here")
    for key in client.jwks or []:
        if header.get("kid") in (None, key["kid"]) and header.get("alg") == algorithm_of(key):
            try:
                return client, _claims(token, key, client, audiences)
            except jwt.InvalidSignatureError:
                continue
    raise AssertionRefused("no key of this client fits the assertion's kid, alg and signature")


def _claims(
    token: str, key: Mapping[str, Any], client: ApiClient, audiences: tuple[str, ...]
) -> dict[str, Any]:
    algorithm = str(algorithm_of(key))
    try:
        claims: dict[str, Any] = jwt.decode(
            token,
            jwt.PyJWK(dict(key), algorithm=algorithm).key,
            algorithms=[algorithm],
            audience=audiences,
            issuer=client.client_id,
            options={"require": CLAIMS},
            leeway=LEEWAY,
        )
    except jwt.InvalidSignatureError:
        raise
    except jwt.MissingRequiredClaimError as error:
        raise AssertionRefused(f"the assertion lacks {error.claim}") from error
    except jwt.InvalidTokenError as error:
        raise AssertionRefused(f"the assertion does not hold: {_WRONG.get(type(error), 'claims')}") from error
    # One meant for several servers could be carried from one to another.
    if isinstance(claims["aud"], list) and len(claims["aud"]) != 1:
        raise AssertionRefused("the assertion does not hold: aud names more than us")
    if datetime.fromtimestamp(claims["exp"], UTC) > now() + LONGEST + LEEWAY:
        raise AssertionRefused(f"exp is more than {LONGEST.total_seconds() / 60:.0f} minutes away")
    if not isinstance(claims["jti"], str) or not 1 <= len(claims["jti"]) <= 200:
        raise AssertionRefused("jti is 1 to 200 characters")
    return claims


_WRONG = {
    jwt.ExpiredSignatureError: "exp is past",
    jwt.InvalidAudienceError: "aud is not this token endpoint",
    jwt.InvalidIssuerError: "iss is not the client in sub",
    jwt.ImmatureSignatureError: "nbf or iat is in the future",
}


def _spend(client: ApiClient, jti: str, expires_at: datetime) -> None:
    over = sa.delete(SpentAssertion).where(
        SpentAssertion.client_id == client.id, SpentAssertion.expires_at < now() - LEEWAY
    )
    db.execute(over)
    spent = db.execute(
        insert_for(SpentAssertion)
        .values(
            client_id=client.id,
            jti_hash=hash_secret(jti.encode(errors="replace").decode()),
            expires_at=expires_at,
        )
        .on_conflict_do_nothing()
        .returning(SpentAssertion.id)
    ).scalar_one_or_none()
    if spent is None:
        raise AssertionRefused("this jti was used before; each assertion gets one token")
