"""Invitations to register an LMS: one address, one district, one use (docs/decisions/0012)."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, cast
from urllib.parse import urlencode

import sqlalchemy as sa

from core.clock import now
from core.database import db, only_reading, transaction
from core.errors import ToolError
from core.messages import N_
from core.sealed import hash_secret, new_secret
from lti_tool.invite_models import RegistrationInvite
from lti_tool.keys import ensure_signing_key
from people.models import District

LASTS = timedelta(days=7)
CLAIM_LASTS = timedelta(minutes=1)
"""Longer than the two calls to an LMS can take, so that a claim lapses only when its process died."""


class InviteRefused(ToolError):
    """There is no such invitation, or it has had its day."""

    status, code = 403, "invite_refused"
    next_step = N_(
        "Ask whoever runs this service for a new invitation (flask platform invite). An invitation works once, "
        "for seven days."
    )


class InviteBusy(ToolError):
    status, code = 409, "invite_busy"
    next_step = N_("Wait a minute. If the LMS does not show the tool by then, press the button again.")


@dataclass(frozen=True)
class Invited:
    """An invitation that is good now, apart from any database session."""

    id: int
    district: District
    expires_at: datetime
    speaks_for_staff: bool | None = None
    """As IT said with the invitation; None where it said nothing."""


def invite_district(
    district: District, speaks_for_staff: bool | None = None
) -> tuple[RegistrationInvite, str]:
    """A new invitation and its secret, which is told once and kept as a hash only.

    `speaks_for_staff`: whether the LMS that uses it does. Without a word the first LMS of a district does; but of two
    invitations that wait for a first LMS only the first one made is for it, whichever LMS is quicker.
    """
    if speaks_for_staff is None and _waits(district):
        speaks_for_staff = False
    secret = new_secret()
    made = RegistrationInvite(
        district_id=district.id,
        speaks_for_staff=speaks_for_staff,
        secret_hash=hash_secret(secret),
        expires_at=now() + LASTS,
    )
    db.add(made)
    db.flush()
    return made, secret


def _waits(district: District) -> bool:
    open_now = sa.select(RegistrationInvite.id).where(
        RegistrationInvite.district_id == district.id,
        RegistrationInvite.speaks_for_staff.is_not(False),
        RegistrationInvite.used_at.is_(None),
        RegistrationInvite.expires_at > now(),
    )
    return db.scalar(open_now.limit(1)) is not None


def invite_address(public_url: str, secret: str) -> str:
    """What the LMS's administrator enters as the tool's registration URL."""
    return f"{public_url}/lti/register?{urlencode({'invite': secret})}"


def read_invite(secret: str) -> Invited:
    """Raises InviteRefused. Leaves no transaction open: an LMS is called next."""
    with only_reading():
        row = db.execute(
            sa.select(RegistrationInvite, District)
            .join(District, District.id == RegistrationInvite.district_id)
            .where(RegistrationInvite.secret_hash == hash_secret(secret))
        ).one_or_none()
        if row is None:
            raise InviteRefused(N_("This invitation is not one of ours, or its address was cut short."))
        invite, district = row
        if invite.used_at is not None:
            raise InviteRefused(N_("This invitation has been used already."))
        if invite.expires_at <= now():
            raise InviteRefused(N_("This invitation has run out."))
        db.expunge_all()
        return Invited(invite.id, district, invite.expires_at, invite.speaks_for_staff)


@contextmanager
def claimed(invited: Invited) -> Iterator[None]:
    """Hold the invitation while an LMS is asked; when anything is raised it is free again.

    Raises InviteBusy while another holds it, InviteRefused when it was used meanwhile.
    """
    with transaction():
        _claim(invited.id)
        ensure_signing_key()  # the LMS may fetch our keys as it registers us
    try:
        yield
    except BaseException:
        db.rollback()
        with transaction():
            db.execute(_unused(invited.id).values(claimed_until=None))
        raise


def use_invite(invited: Invited, platform_id: int) -> None:
    """Raises InviteRefused when it was used meanwhile: nothing of this request is kept then."""
    used = _unused(invited.id).values(used_at=now(), platform_id=platform_id, claimed_until=None)
    if _changed(used) != 1:
        raise InviteRefused(N_("This invitation has been used already."))


def _claim(invite_id: int) -> None:
    free = sa.or_(RegistrationInvite.claimed_until.is_(None), RegistrationInvite.claimed_until <= now())
    if _changed(_unused(invite_id).where(free).values(claimed_until=now() + CLAIM_LASTS)) == 1:
        return
    if db.get_one(RegistrationInvite, invite_id).used_at is not None:
        raise InviteRefused(N_("This invitation has been used already."))
    raise InviteBusy(N_("Somebody is registering with this invitation at this moment."))


def _unused(invite_id: int) -> sa.Update:
    return sa.update(RegistrationInvite).where(
        RegistrationInvite.id == invite_id, RegistrationInvite.used_at.is_(None)
    )


def _changed(update: sa.Update) -> int:
    return cast("sa.CursorResult[Any]", db.execute(update)).rowcount
