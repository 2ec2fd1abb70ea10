"""Programs of a district's IT that may ask us things: let in, recognized, and shown out."""

import hmac
from collections.abc import Iterable

import sqlalchemy as sa

from core.clock import now
from core.database import db
from core.errors import Refused
from core.sealed import hash_secret, new_secret
from people.models import ApiClient, ApiToken, District

SCOPES = {
    "standing.read": "read standings, one by one, as a list, as changes, and as events",
    "audit.read": "read who has completed what, and the signed evidence of it",
    "standing.decide": "ask what network one person gets (/radius/v1/standing, over HTTP Basic)",
}
RESERVED = ("roster.write", "webhook.manage")
"""Names other programs may not take; nothing answers to them yet."""


def issue(district: District, name: str, scopes: Iterable[str]) -> tuple[ApiClient, str]:
    """A new client and its secret, which is shown this once: we keep its hash. Raises Refused for odd scopes."""
    wanted = sorted(set(scopes))
    for scope in wanted:
        if scope in RESERVED:
            raise Refused(f"the scope {scope} is reserved for later; today there is: {', '.join(SCOPES)}")
        if scope not in SCOPES:
            raise Refused(f"there is no scope {scope}; there is: {', '.join(SCOPES)}")
    if not wanted:
        raise Refused("a client needs at least one scope")
    secret = new_secret(32)
    client = ApiClient(
        district_id=district.id,
        name=name,
        client_id="c_" + new_secret(12),
        secret_hash=hash_secret(secret),
        scopes=" ".join(wanted),
    )
    db.add(client)
    db.flush()
    return client, secret


def recognize(client_id: str, secret: str) -> ApiClient | None:
    """The client with this id and secret, unless it was revoked."""
    client = None
    if client_id.isprintable():  # PostgreSQL refuses to compare with a NUL
        client = db.scalars(sa.select(ApiClient).filter_by(client_id=client_id)).one_or_none()
    # Compared even when there is no such client, so that the time taken tells nothing.
    known_hash = client.secret_hash if client else hash_secret("")
    right = hmac.compare_digest(known_hash, hash_secret(secret))
    return client if client and right and client.revoked_at is None else None


def revoke(client_id: str) -> ApiClient:
    """Let a client in no more, and end the tokens it holds. Raises Refused when there is none."""
    client = db.scalars(sa.select(ApiClient).filter_by(client_id=client_id)).one_or_none()
    if client is None:
        raise Refused(f"there is no client {client_id}")
    client.revoked_at = client.revoked_at or now()
    db.execute(sa.delete(ApiToken).where(ApiToken.client_id == client.id))
    return client


def clients_of(district: District) -> list[ApiClient]:
    return list(db.scalars(sa.select(ApiClient).filter_by(district_id=district.id).order_by(ApiClient.id)))
