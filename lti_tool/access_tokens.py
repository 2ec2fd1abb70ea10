"""Bearer tokens for a platform's services (1EdTech security framework 4.1): one per registration and scopes,
asked for once however many threads want it, renewed in time, and not asked for in vain.
"""

import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass

import requests

from core.database import only_reading
from lti_tool import keys
from lti_tool.registrations import Registered
from lti_tool.service_refusals import NoToken, ScopeOff, refusal_of

RENEW_BEFORE = 60
"""Seconds before a token's end at which it is renewed."""

NOT_ASKED_AGAIN_FOR = 600.0
"""Seconds during which a scope that is off is not asked for again, whoever wants it (row 101)."""

Key = tuple[int, str, tuple[str, ...]]


@dataclass
class _Token:
    value: str
    ends_at: float


@dataclass
class _Off:
    refusal: ScopeOff
    until: float


_tokens: dict[Key, _Token] = {}
_off: dict[Key, _Off] = {}
_asking: dict[Key, threading.Lock] = {}


def forget_tokens() -> None:
    _tokens.clear()
    _off.clear()


def _key(platform: Registered, scopes: Sequence[str]) -> Key:
    # By registration, never by issuer: two districts on hosted Canvas share one issuer (row 99). And by client id: a
    # registration that is renewed gets another one, and its old token was the old client's.
    return platform.id, platform.client_id, tuple(sorted(scopes))


def drop_token(platform: Registered, scopes: Sequence[str]) -> None:
    """The platform does not take it any more."""
    _tokens.pop(_key(platform, scopes), None)


def token_for(platform: Registered, scopes: Sequence[str], session: requests.Session) -> str:
    """Raises NoToken, or ScopeOff for a scope the LMS does not grant us."""
    key = _key(platform, scopes)
    known = _good(key)
    if known is None:
        with _asking.setdefault(key, threading.Lock()):  # several threads that find it stale ask once
            known = _good(key) or _ask(platform, key, session)
    return known.value


def _good(key: Key) -> _Token | None:
    known = _tokens.get(key)
    return known if known and known.ends_at > time.monotonic() + RENEW_BEFORE else None


def _ask(platform: Registered, key: Key, session: requests.Session) -> _Token:
    off = _off.get(key)
    if off and off.until > time.monotonic():
        raise off.refusal
    try:
        token = _tokens[key] = _asked(platform, key[2], session)
    except ScopeOff as refusal:
        _off[key] = _Off(refusal, time.monotonic() + NOT_ASKED_AGAIN_FOR)
        raise
    _off.pop(key, None)
    return token


def _asked(platform: Registered, scopes: tuple[str, ...], session: requests.Session) -> _Token:
    response = session.post(
        platform.auth_token_url,
        data={
            "grant_type": "client_credentials",
            "client_assertion_type": "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
            "client_assertion": _assertion(platform),
            "scope": " ".join(scopes),
        },
    )
    if not response.ok:
        if response.status_code < 500 and _error(response) == "invalid_scope":
            raise ScopeOff(response.status_code, scopes)
        raise refusal_of(response, NoToken)
    try:
        given = response.json()
        token = _Token(str(given["access_token"]), time.monotonic() + float(given.get("expires_in") or 3600))
        granted = given.get("scope")
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise NoToken(502, "no token") from error
    # Moodle drops a scope that is off without a word, and refuses the call itself later.
    if isinstance(granted, str) and granted and set(scopes) - set(granted.split()):
        raise ScopeOff(response.status_code, scopes)
    return token


def _error(response: requests.Response) -> str | None:
    """The OAuth 2 error code, which is all of the body that we read."""
    try:
        body = response.json()
    except ValueError:
        return None
    return str(body.get("error")) if isinstance(body, dict) else None


def _assertion(platform: Registered) -> str:
    with only_reading():
        return keys.client_assertion(platform.client_id, platform.token_audience or platform.auth_token_url)
