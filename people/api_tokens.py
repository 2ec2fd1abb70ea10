"""Access tokens: one hour long, kept by their hash only."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

import sqlalchemy as sa

from core.clock import now
from core.database import db
from core.sealed import hash_secret, new_secret
from people.audit import Actor
from people.models import ApiClient, ApiToken, District

LASTS = timedelta(hours=1)


@dataclass(frozen=True)
class Holder:
    """Who shows a token: a program of one district, and what it may do. The district comes from here alone."""

    client_id: int
    district: District
    scopes: frozenset[str]
    name: str
    """Its public client id, `c_...`."""
    per_minute: int = 600

    @property
    def actor(self) -> Actor:
        return Actor(f"client:{self.name}")


def issue_token(client: ApiClient, scopes: Iterable[str]) -> str:
    """A new token for these scopes of the client; its expired ones are swept on the way."""
    token = new_secret(32)
    db.execute(sa.delete(ApiToken).where(ApiToken.client_id == client.id, ApiToken.expires_at <= now()))
    db.add(
        ApiToken(
            district_id=client.district_id,
            client_id=client.id,
            token_hash=hash_secret(token),
            scopes=" ".join(sorted(scopes)),
            expires_at=now() + LASTS,
        )
    )
    db.flush()
    return token


def holder_of(token: str) -> Holder | None:
    """Who holds this token; None when it is unknown, has expired, or its client was revoked."""
    row = db.execute(
        sa.select(ApiToken.client_id, ApiToken.scopes, District, ApiClient.client_id, ApiClient.per_minute)
        .join(ApiClient, ApiClient.id == ApiToken.client_id)
        .join(District, District.id == ApiToken.district_id)
        .where(
            ApiToken.token_hash == hash_secret(token),
            ApiToken.expires_at > now(),
            ApiClient.revoked_at.is_(None),
        )
    ).one_or_none()
    if row is None:
        return None
    client_id, scopes, district, name, per_minute = row
    return Holder(client_id, district, frozenset(scopes.split()), name, per_minute)
