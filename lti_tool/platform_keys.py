"""The platforms' public keys: fetched once, again when a kid is unknown, and the last good set when they are down."""

import re
import threading
import time
from dataclasses import dataclass, field
from typing import Any

import jwt
import requests

from core.http import http
from core.logs import log
from core.messages import N_
from lti_tool.refusals import KeysOutOfReach, TokenRefused

SHORTEST, LONGEST = 300.0, 86_400.0
"""A platform's max-age is honoured between five minutes and a day (1EdTech security framework 6.3)."""

RETRY_AFTER = 30.0
"""An unknown kid, or a platform that is down, is asked about at most this often."""

TOO_STALE = 7 * 86_400.0

PATIENCE = 5.0
"""Seconds to wait for a platform's keys: somebody stands before a blank page meanwhile (row 93)."""

ALGORITHMS = {"RS256": "RSA", "RS384": "RSA", "RS512": "RSA", "ES256": "EC", "ES384": "EC", "ES512": "EC"}
"""The security framework 1.1's list, with the key type each one needs. No HMAC, no `none`."""


@dataclass
class _KeySet:
    keys: dict[str, dict[str, Any]] = field(default_factory=dict)
    parsed: dict[tuple[str, str], Any] = field(default_factory=dict)
    fetched_at: float = float("-inf")
    asked_at: float = float("-inf")
    good_for: float = SHORTEST


_sets: dict[str, _KeySet] = {}
_asking: dict[str, threading.Lock] = {}


def forget_platform_keys() -> None:
    _sets.clear()


def public_key(jwks_url: str, kid: str, algorithm: str) -> Any:
    """The key `kid` of the set at `jwks_url`, ready for PyJWT.

    Raises TokenRefused for a kid or algorithm the platform does not publish, KeysOutOfReach when its keys can
    not be read and we have none. The set's address comes from our registration, never from the token.
    """
    if algorithm not in ALGORITHMS:
        raise TokenRefused(N_("The LMS signed this link in a way we do not accept."))
    keys = _fresh_set(jwks_url, kid)
    jwk = keys.keys.get(kid)
    if jwk is None:
        raise TokenRefused(N_("The LMS signed this link with a key it does not publish."))
    if jwk.get("kty") != ALGORITHMS[algorithm] or jwk.get("alg", algorithm) != algorithm:
        raise TokenRefused(N_("The LMS signed this link in a way that does not fit its key."))
    if (kid, algorithm) not in keys.parsed:
        try:
            keys.parsed[kid, algorithm] = jwt.PyJWK(jwk, algorithm).key
        except (jwt.PyJWTError, ValueError, TypeError) as error:
            raise TokenRefused(N_("The LMS publishes a key we can not read.")) from error
    return keys.parsed[kid, algorithm]


def _fresh_set(url: str, kid: str) -> _KeySet:
    known = _sets.get(url)
    clock = time.monotonic()
    if known and _has(known, kid, clock):
        return known
    known = known or _sets.setdefault(url, _KeySet())
    usable = kid in known.keys and clock - known.fetched_at <= TOO_STALE
    asking = _asking.setdefault(url, threading.Lock())
    # Whoever comes meanwhile waits for the one answer, or goes on with an old key rather than wait.
    if not asking.acquire(blocking=not usable):
        return known
    try:
        known = _sets.setdefault(url, _KeySet())
        if not _has(known, kid, clock) and clock - known.asked_at >= RETRY_AFTER:
            known.asked_at = clock
            _sets[url] = known = _refetch(url, known, clock)
    finally:
        asking.release()
    if not known.keys or clock - known.fetched_at > TOO_STALE:
        raise KeysOutOfReach(N_("Your LMS does not answer when we ask for its keys."))
    return known


def _has(known: _KeySet, kid: str, clock: float) -> bool:
    return kid in known.keys and clock - known.fetched_at < known.good_for


def _refetch(url: str, known: _KeySet, clock: float) -> _KeySet:
    """A new set, or the old one when the platform is down: an error is never kept as if it were keys."""
    try:
        response = http().get(url, timeout=PATIENCE)
        response.raise_for_status()
        published = [key for key in response.json()["keys"] if isinstance(key, dict)]
        keys = {key["kid"]: key for key in published if isinstance(key.get("kid"), str)}
    except (requests.RequestException, ValueError, KeyError, TypeError) as error:
        log.warning("platform_keys_unread", url=url, error=error)
        return known
    return _KeySet(keys, {}, clock, clock, _max_age(response.headers.get("Cache-Control", "")))


def _max_age(cache_control: str) -> float:
    found = re.search(r"max-age=(\d+)", cache_control)
    return min(max(float(found.group(1)), SHORTEST), LONGEST) if found else SHORTEST * 12
