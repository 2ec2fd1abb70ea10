"""Calls to a platform's services: one access token per registration and scopes, renewed in time, refusals in words.

Built on pylti1p3's ServiceConnector, which keeps a token for ever, knows GET and POST only, and lower-cases the
next page's address; its three flaws are the three overrides here.
"""

import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from typing import Any

import requests
from pylti1p3.service_connector import ServiceConnector

from core.clock import now
from core.database import only_reading
from core.http import http
from lti_tool import keys
from lti_tool.registrations import Registered

RENEW_BEFORE = 60
"""Seconds before a token's end at which it is renewed."""

LONGEST_PAUSE = 3600.0


class ServiceRefused(Exception):
    """The platform answered a service call with an error, or not at all.

    status      HTTP status, 0 when there was no answer
    pause       seconds the platform asks us to wait before any further call, None when it did not
    temporary   whether the same call may succeed later
    """

    def __init__(self, status: int, reason: str = "", pause: float | None = None) -> None:
        super().__init__(f"{status} {reason}")
        self.status, self.reason, self.pause = status, reason, pause

    @property
    def temporary(self) -> bool:
        return self.status in (0, 401, 408, 425, 429) or self.status >= 500 or self.pause is not None


class ToldToStop(Exception):
    """The worker is to end, so no further call is begun. What this one was for is done by the next worker."""


class NoToken(ServiceRefused):
    """The platform gives us no access token: a scope is off, or it can not read our keys. IT can mend both, so
    the call may succeed later."""

    @property
    def temporary(self) -> bool:
        return True


@dataclass(frozen=True)
class Answer:
    """A service's answer: its JSON (None for an empty body) and the address of the next page, case kept."""

    body: Any
    next_url: str | None


@dataclass
class _Token:
    value: str
    ends_at: float


_tokens: dict[tuple[int, tuple[str, ...]], _Token] = {}
_asking: dict[tuple[int, tuple[str, ...]], threading.Lock] = {}


def forget_tokens() -> None:
    _tokens.clear()


class PlatformService(ServiceConnector):
    """The services of one platform, for one thread. Once `stop` is set, every call raises ToldToStop."""

    def __init__(self, platform: Registered, stop: threading.Event | None = None) -> None:
        super().__init__(platform.registration(), requests_session=http())
        self._platform = platform
        self._stop = stop or threading.Event()

    def call(
        self,
        method: str,
        url: str,
        scopes: Sequence[str],
        *,
        accept: str = "*/*",
        content_type: str | None = None,
        data: str | None = None,
    ) -> Answer:
        """Raises ServiceRefused, ToldToStop. A 401 is tried once more with a new token."""
        if self._stop.is_set():
            raise ToldToStop
        headers = {"Accept": accept} | ({"Content-Type": content_type} if content_type else {})
        try:
            response = self._send(method, url, scopes, headers, data)
            if response.status_code == 401:
                _tokens.pop(self._token_key(scopes), None)
                response = self._send(method, url, scopes, headers, data)
        except requests.RequestException as error:
            raise ServiceRefused(0, type(error).__name__) from error
        if not response.ok:
            raise _refusal(response)
        next_url = response.links.get("next", {}).get("url")
        try:
            return Answer(response.json() if response.content else None, next_url)
        except ValueError as error:
            raise ServiceRefused(502, "no JSON") from error

    def _send(
        self, method: str, url: str, scopes: Sequence[str], headers: dict[str, str], data: str | None
    ) -> requests.Response:
        bearer = {"Authorization": f"Bearer {self.get_access_token(scopes)}"}
        return self._requests_session.request(method, url, data=data, headers=headers | bearer)

    def _token_key(self, scopes: Sequence[str]) -> tuple[int, tuple[str, ...]]:
        # By registration, never by issuer: two districts on hosted Canvas share one issuer.
        return self._platform.id, tuple(sorted(scopes))

    def get_access_token(self, scopes: Sequence[str]) -> str:
        """A bearer token for these scopes (1EdTech security framework 4.1). Raises ServiceRefused."""
        key = self._token_key(scopes)
        known = _tokens.get(key)
        if known and known.ends_at > time.monotonic() + RENEW_BEFORE:
            return known.value
        with _asking.setdefault(key, threading.Lock()):  # several threads that find it stale ask once
            known = _tokens.get(key)
            if known is None or known.ends_at <= time.monotonic() + RENEW_BEFORE:
                known = _tokens[key] = self._ask_for_token(scopes)
        return known.value

    def _ask_for_token(self, scopes: Sequence[str]) -> _Token:
        self._access_tokens.clear()
        response = self._requests_session.post(
            self._platform.auth_token_url,
            data={
                "grant_type": "client_credentials",
                "client_assertion_type": "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
                "client_assertion": self._assertion(),
                "scope": " ".join(sorted(scopes)),
            },
        )
        if not response.ok:
            raise _refusal(response, NoToken)
        try:
            given = response.json()
            return _Token(
                str(given["access_token"]), time.monotonic() + float(given.get("expires_in") or 3600)
            )
        except (ValueError, KeyError, TypeError) as error:
            raise NoToken(502, "no token") from error

    def _assertion(self) -> str:
        with only_reading():
            return keys.client_assertion(
                self._platform.client_id, self._platform.token_audience or self._platform.auth_token_url
            )


def _refusal(response: requests.Response, kind: type[ServiceRefused] = ServiceRefused) -> ServiceRefused:
    """Reason only from the status line: a body may hold names."""
    throttled = response.status_code == 403 and "rate limit" in response.text[:200].lower()
    pause = _retry_after(response.headers.get("Retry-After"))
    if pause is None and (response.status_code == 429 or throttled):
        pause = 10.0
    return kind(429 if throttled else response.status_code, response.reason or "", pause)


def _retry_after(value: str | None) -> float | None:
    """Seconds, from either form of Retry-After (RFC 9110 10.2.3), at most an hour."""
    if not value:
        return None
    try:
        seconds = float(value)
    except ValueError:
        try:
            seconds = (parsedate_to_datetime(value) - now()).total_seconds()
        except (ValueError, TypeError):
            return None
    return min(max(seconds, 0.0), LONGEST_PAUSE)
