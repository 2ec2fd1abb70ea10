"""State and nonce across the OIDC round trip: bound to one browser, good for ten minutes, good for once.

The state is signed rather than stored, so a login writes nothing; the nonce is inserted when a launch is
accepted, and the unique row is what makes it one-time over any number of processes.
"""

import hmac
from dataclasses import asdict, dataclass
from datetime import timedelta

import sqlalchemy as sa
from itsdangerous import BadSignature, SignatureExpired, URLSafeTimedSerializer

from core.clock import now
from core.database import db, insert_row, table_of
from core.messages import N_
from core.sealed import hash_secret, new_secret
from lti_tool.models import SpentNonce
from lti_tool.refusals import AlreadyOpened, OtherBrowser, StateRefused, refused_by

GOOD_FOR = timedelta(minutes=10)


@dataclass(frozen=True)
class LaunchState:
    """What we must remember between login and launch."""

    platform_id: int
    nonce: str
    browser_hash: str


def _signer(secret_key: str) -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(secret_key, salt="lti-launch-state")


def new_state(platform_id: int, browser: str) -> LaunchState:
    return LaunchState(platform_id, new_secret(), hash_secret(browser))


def write_state(state: LaunchState, secret_key: str) -> str:
    return _signer(secret_key).dumps(asdict(state))


def read_state(text: str, browser: str | None, secret_key: str) -> LaunchState:
    """Raises StateRefused when it is absent, foreign or too old, OtherBrowser when another browser began it."""
    if not text:
        raise StateRefused(N_("The LMS did not send back what we gave it (state)."))
    try:
        state = LaunchState(**_signer(secret_key).loads(text, max_age=int(GOOD_FOR.total_seconds())))
    except SignatureExpired as error:
        raise StateRefused(N_("Opening the lesson took longer than ten minutes.")) from error
    except (BadSignature, TypeError) as error:
        raise StateRefused(N_("The LMS did not send back what we gave it (state).")) from error
    if browser is None or not hmac.compare_digest(state.browser_hash, hash_secret(browser)):
        with refused_by(state.platform_id):
            raise OtherBrowser(
                N_("This launch was not begun in this browser, or the browser kept our cookie back.")
            )
    return state


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
