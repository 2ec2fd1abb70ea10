"""The one read behind an answer: who asks, what their district's roles are, and where the person stands.

A port waits for it, so it is one statement over unique indexes, for somebody we know and for somebody we do not.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from access.listing import strictest, vouched_in
from access.models import Standing
from access.radius_models import RadiusPolicy
from core.database import forget_with_database
from core.glances import glance
from people.api_clients import fits
from people.directory import print_of
from people.models import ApiClient, District, Identity

SCHEMES = ("username", "email")
"""In this order: of a name that is one person's user name and another's address, the user name counts."""


@dataclass(frozen=True)
class Found:
    """What one read says.

    roles     None where the district has not said what its roles mean
    access    of the strictest standing; None where we know nobody by that name, or nothing is asked of them
    """

    district_id: int
    slug: str
    scopes: frozenset[str]
    roles: Mapping[str, Mapping[str, Any]] | None
    person_id: int | None = None
    access: str | None = None
    audience: str | None = None
    next_change_at: datetime | None = None


_district_of: dict[str, int] = {}
"""{client id: district id}. A client never changes districts; whether it may still ask is read each time."""

forget_with_database(_district_of.clear)


def _listed(*words: str) -> list[sa.ColumnElement[str]]:
    """Words as part of the statement: sent as values, they would have it put together anew for each question."""
    return [sa.literal_column(f"'{each}'") for each in words]


_DISTRICT = sa.select(ApiClient.district_id).where(ApiClient.client_id == sa.bindparam("client_id"))

_READ = (
    sa.select(
        ApiClient.secret_hash,
        ApiClient.previous_hash,
        ApiClient.previous_until,
        ApiClient.revoked_at,
        ApiClient.scopes,
        District.slug,
        District.email_domains,
        RadiusPolicy.roles,
        Identity.scheme,
        Standing.person_id,
        Standing.state,
        Standing.reason,
        Standing.access,
        Standing.audience,
        Standing.next_change_at,
    )
    .join(District, District.id == ApiClient.district_id)
    .outerjoin(RadiusPolicy, RadiusPolicy.district_id == District.id)
    .outerjoin(
        Identity,
        sa.and_(
            Identity.district_id == District.id,
            Identity.scheme.in_(_listed(*SCHEMES)),
            Identity.issuer.in_(_listed("")),
            Identity.fingerprint.in_([sa.bindparam(f"{scheme}_print") for scheme in SCHEMES]),
        ),
    )
    .outerjoin(
        Standing,
        sa.and_(
            Standing.person_id == Identity.person_id,
            # "+ 0" keeps SQLite from reading all of a district's standings by their index on (district, seq).
            Standing.district_id + sa.literal_column("0") == Identity.district_id,
        ),
    )
    .where(ApiClient.client_id == sa.bindparam("client_id"))
    .order_by(Standing.id)
)


def find(client_id: str, secret: str, username: str) -> Found | None:
    """What is known of `username` in the district of this client; None when the client may not ask at all."""
    district_id = _district(client_id)
    prints = {f"{scheme}_print": print_of(district_id, scheme, "", username) for scheme in SCHEMES}
    rows = glance(_READ, {"client_id": client_id, **prints}) if district_id else []
    # Compared even when there is no such client, so that the time taken tells nothing.
    known = (rows[0].secret_hash, rows[0].previous_hash, rows[0].previous_until) if rows else ("", None, None)
    right = fits(secret, *known)
    if not rows or not right or rows[0].revoked_at is not None:
        return None
    asker = rows[0]
    found = Found(district_id, asker.slug, frozenset(asker.scopes.split()), asker.roles)
    for scheme in SCHEMES:
        if scheme == "email" and not vouched_in(username, asker.email_domains):
            break
        of_them = [row for row in rows if row.scheme == scheme and row.access is not None]
        if any(row.scheme == scheme for row in rows):
            return _with(found, of_them)
    return found


def account_name(username: str) -> str:
    r"""The name of the account in what a device sends: Windows says EVERGREEN\drivera."""
    return username.rpartition("\\")[2].strip()


def _with(found: Found, rows: list[Any]) -> Found:
    if not rows:
        return found
    row = strictest(rows)
    return replace(
        found,
        person_id=row.person_id,
        access=row.access,
        audience=row.audience,
        next_change_at=row.next_change_at,
    )


def _district(client_id: str) -> int:
    """0 when there is no such client."""
    if client_id not in _district_of:
        if not client_id.isprintable():  # PostgreSQL refuses to compare with a NUL
            return 0
        rows = glance(_DISTRICT, {"client_id": client_id})
        if not rows:
            return 0  # not remembered: anybody could fill this memory
        _district_of[client_id] = rows[0].district_id
    return _district_of[client_id]
