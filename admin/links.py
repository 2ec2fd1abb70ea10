"""Make a one-time link, look at it, and spend it."""

from datetime import timedelta

import sqlalchemy as sa

from admin.models import AdminLink
from core.clock import now
from core.database import db
from core.errors import Forbidden
from core.sealed import hash_secret, new_secret
from people.models import District

KEPT = timedelta(days=7)
"""A link that has run out is remembered this long, so that its reader is told that it has."""


class LinkRefused(Forbidden):
    code = "link_refused"
    next_step = "Make a new link on the server: flask admin-link --district, with your district's short name."


class LinkUnknown(LinkRefused):
    code = "link_unknown"


class LinkSpent(LinkRefused):
    code = "link_spent"


class LinkTooOld(LinkRefused):
    code = "link_expired"


def make_link(district: District, minutes: int) -> str:
    """The secret of a new link, which is shown this once. Links long past are swept on the way."""
    db.execute(sa.delete(AdminLink).where(AdminLink.expires_at < now() - KEPT))
    secret = new_secret(32)
    db.add(
        AdminLink(
            district_id=district.id,
            link_hash=hash_secret(secret),
            expires_at=now() + timedelta(minutes=minutes),
        )
    )
    db.flush()
    return secret


def district_behind(secret: str) -> District:
    """Whose set-up pages this link opens. Raises LinkUnknown, LinkSpent or LinkTooOld; changes nothing."""
    row = db.execute(
        sa.select(AdminLink, District)
        .join(District, District.id == AdminLink.district_id)
        .where(AdminLink.link_hash == hash_secret(secret))
    ).one_or_none()
    if row is None:
        raise LinkUnknown("This link is none of ours. It may have been cut when it was copied.")
    link, district = row
    if link.spent_at is not None:
        raise LinkSpent("This link has been used already; each one opens the set-up pages once.")
    if link.expires_at <= now():
        raise LinkTooOld("This link has expired.")
    return district


def spend(secret: str) -> District:
    """The same, and from now on it opens nothing. Of two who spend it at once, one is refused."""
    district = district_behind(secret)
    spent = (
        sa.update(AdminLink)
        .where(AdminLink.link_hash == hash_secret(secret), AdminLink.spent_at.is_(None))
        .values(spent_at=now())
        .returning(AdminLink.id)
    )
    if db.execute(spent).scalar_one_or_none() is None:
        raise LinkSpent("This link has been used already; each one opens the set-up pages once.")
    return district
