"""Programs of a district's IT that may ask us things: let in, recognized, given new keys, and shown out."""

import hmac
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from core.clock import now
from core.database import db
from core.errors import Refused
from core.sealed import hash_secret, new_secret
from people.audit import COMMAND, record
from people.models import ApiClient, ApiToken, District

SCOPES = {
    "standing.read": "read standings, one by one, as a list, as changes, and as events",
    "audit.read": "read who has completed what, and the signed evidence of it",
    "standing.decide": "ask what network one person gets (/radius/v1/standing, over HTTP Basic)",
    "webhook.manage": "see and change who is told of changes: webhooks, their secrets, replays",
    "roster.write": "hand in roster files, as `flask roster import` does",
}
BASIC_ONLY = "standing.decide"
"""Scopes that are used without a token, so that a client must have a secret."""
MOST_CALLS = 60_000


def issue(
    district: District,
    name: str,
    scopes: Iterable[str],
    *,
    jwks: list[dict[str, Any]] | None = None,
    per_minute: int = 600,
) -> tuple[ApiClient, str | None]:
    """A new client and its secret, which is shown this once: we keep its hash. With `jwks`, its public keys
    (people.client_keys), it has none. Raises Refused for odd scopes."""
    wanted = _checked(scopes)
    if jwks and BASIC_ONLY in wanted:
        raise Refused(f"{BASIC_ONLY} is asked over HTTP Basic, which needs a secret; leave the keys out")
    secret = None if jwks else new_secret(32)
    client = ApiClient(
        district_id=district.id,
        name=name,
        client_id="c_" + new_secret(12),
        secret_hash=hash_secret(secret) if secret else "",
        jwks=jwks,
        scopes=" ".join(wanted),
        per_minute=_calls(per_minute),
    )
    db.add(client)
    db.flush()
    _note(client, "client_added", scopes=wanted, signs=bool(jwks))
    return client, secret


def recognize(client_id: str, secret: str) -> ApiClient | None:
    """The client with this id and secret, unless it was revoked."""
    client = known_client(client_id)
    # Compared even when there is no such client, so that the time taken tells nothing.
    known = (client.secret_hash, client.previous_hash, client.previous_until) if client else ("", None, None)
    right = fits(secret, *known)
    return client if client and right and client.revoked_at is None else None


def fits(secret: str, secret_hash: str, previous_hash: str | None, previous_until: datetime | None) -> bool:
    """Whether this is the client's secret, or the one before while that still opens."""
    given = hash_secret(secret)
    present = hmac.compare_digest(secret_hash, given)
    previous = hmac.compare_digest(previous_hash or "", given)
    return present or (previous and previous_until is not None and now() < previous_until)


def known_client(client_id: object) -> ApiClient | None:
    if (
        not isinstance(client_id, str) or not client_id.isprintable()
    ):  # PostgreSQL refuses to compare with a NUL
        return None
    return db.scalars(sa.select(ApiClient).filter_by(client_id=client_id)).one_or_none()


def revoke(client_id: str) -> ApiClient:
    """Let a client in no more, and end the tokens it holds. Raises Refused when there is none."""
    client = _required(client_id)
    if client.revoked_at is None:
        client.revoked_at = now()
        _note(client, "client_revoked")
    _end_tokens(client)
    return client


def rotate(
    client_id: str, *, keeps_for: timedelta, jwks: list[dict[str, Any]] | None = None
) -> tuple[ApiClient, str | None]:
    """A new secret, or other public keys in the place of the old ones. The secret before opens for `keeps_for` yet;
    for no time at all, or with new keys, the client's tokens end as well. Raises Refused."""
    client = _required(client_id)
    if client.revoked_at is not None:
        raise Refused(f"client {client_id} is revoked; add a new one")
    if (jwks is None) != (client.jwks is None):
        raise Refused("a client that signs is given keys (--jwk), one with a secret is given a secret")
    secret = None
    if jwks is None:
        secret = new_secret(32)
        client.previous_hash, client.previous_until = client.secret_hash, now() + keeps_for
        client.secret_hash = hash_secret(secret)
    else:
        client.jwks = jwks
    if jwks is not None or not keeps_for:
        _end_tokens(client)
    _note(client, "client_rotated", keeps_for_hours=keeps_for.total_seconds() / 3600)
    return client, secret


def limit(client_id: str, per_minute: int) -> ApiClient:
    """Say how many calls a client may make in a minute. Raises Refused."""
    client = _required(client_id)
    client.per_minute = _calls(per_minute)
    _note(client, "client_limited", per_minute=per_minute)
    return client


def clients_of(district: District) -> list[ApiClient]:
    return list(db.scalars(sa.select(ApiClient).filter_by(district_id=district.id).order_by(ApiClient.id)))


def facts(client: ApiClient) -> Mapping[str, Any]:
    """What a list says of it."""
    return {
        "client_id": client.client_id,
        "name": client.name,
        "scopes": client.scopes.split(),
        "authenticates_by": "private_key_jwt" if client.jwks else "client_secret_basic",
        "per_minute": client.per_minute,
        "revoked_at": client.revoked_at,
    }


def _checked(scopes: Iterable[str]) -> list[str]:
    wanted = sorted(set(scopes))
    for scope in wanted:
        if scope not in SCOPES:
            raise Refused(f"there is no scope {scope}; there is: {', '.join(SCOPES)}")
    if not wanted:
        raise Refused("a client needs at least one scope")
    return wanted


def _calls(per_minute: int) -> int:
    if not 1 <= per_minute <= MOST_CALLS:
        raise Refused(f"a client makes 1 to {MOST_CALLS:,} calls a minute")
    return per_minute


def _required(client_id: str) -> ApiClient:
    client = known_client(client_id)
    if client is None:
        raise Refused(f"there is no client {client_id}")
    return client


def _end_tokens(client: ApiClient) -> None:
    db.execute(sa.delete(ApiToken).where(ApiToken.client_id == client.id))


def _note(client: ApiClient, action: str, **detail: Any) -> None:
    record(client.district_id, COMMAND, action, f"client:{client.client_id}", **detail)
