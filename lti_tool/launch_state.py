"""State and nonce across the OIDC round trip: bound to one browser, good for ten minutes, good for once.

The state is signed rather than stored, so a login writes nothing; the nonce is inserted when a launch is
accepted, and the unique row is what makes it one-time over any number of processes.
"""

from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from typing import Any

import sqlalchemy as sa
from itsdangerous import BadSignature, SignatureExpired, URLSafeTimedSerializer
from itsdangerous.encoding import base64_encode

from core.clock import now
from core.database import db, insert_row, table_of
from core.messages import N_
from core.sealed import hash_secret, new_secret
from lti_tool.models import SpentNonce
from lti_tool.refusals import AlreadyOpened, OtherBrowser, StateRefused
from people.sign_in import fitting

GOOD_FOR = timedelta(minutes=10)

LONG = 400
"""Bytes of a state that are worth compressing: more than any that remembers no login."""


@dataclass(frozen=True)
class LaunchState:
    """What we must remember between login and launch."""

    platform_id: int
    nonce: str
    browser_hash: str
    again: dict[str, str] | None = None
    """What the LMS said at a login that came without our cookie, to say it once more in a window of its own."""

    @property
    def kept_as(self) -> str:
        """The name under which a frame without our cookie keeps its secret until the launch (ladder.py)."""
        return f"browser_{self.nonce[:16]}"


class _Signer(URLSafeTimedSerializer):
    """Compresses only what is long. To set a compressor up costs more than all the rest of a login's state."""

    def dump_payload(self, obj: Any) -> bytes:
        written = self.serializer.dumps(obj).encode()
        return super().dump_payload(obj) if len(written) > LONG else base64_encode(written)


@cache
def _signer(secret_key: str) -> _Signer:
    return _Signer(secret_key, salt="lti-launch-state")


def new_state(platform_id: int, browser: str, again: dict[str, str] | None = None) -> LaunchState:
    return LaunchState(platform_id, new_secret(), hash_secret(browser), again)


def write_state(state: LaunchState, secret_key: str) -> str:
    return _signer(secret_key).dumps(vars(state))


def read_state(text: str, secret_key: str) -> LaunchState:
    """Whoever sent it: `same_browser` tells. Raises StateRefused when it is absent, not ours or too old."""
    if not text:
        raise StateRefused(N_("The LMS did not send back what we gave it (state)."))
    try:
        return LaunchState(**_signer(secret_key).loads(text, max_age=int(GOOD_FOR.total_seconds())))
    except SignatureExpired as error:
        raise StateRefused(N_("Opening the lesson took longer than ten minutes.")) from error
    except (BadSignature, TypeError) as error:
        raise StateRefused(N_("The LMS did not send back what we gave it (state).")) from error


def same_browser(state: LaunchState, secrets: list[str]) -> str:
    """The secret this login was begun with. Raises OtherBrowser when none of these is it (login CSRF)."""
    found = fitting(state.browser_hash, secrets)
    if found is None:
        raise OtherBrowser(state.again)
    return found


_spend = sa.insert(table_of(SpentNonce))


def spend_nonce(nonce: str) -> None:
    """Raises AlreadyOpened when this nonce has opened a launch before, in whichever process."""
    try:
        insert_row(_spend, nonce_hash=hash_secret(nonce), expires_at=now() + 2 * GOOD_FOR)
    except sa.exc.IntegrityError as error:
        raise AlreadyOpened(N_("This link has been opened already; each opening works once.")) from error


def forget_old_nonces() -> None:
    """Worker step: a nonce whose state has run out can not come back."""
    db.execute(sa.delete(SpentNonce).where(SpentNonce.expires_at < now()))
