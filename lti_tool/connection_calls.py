"""The calls of a connection test: each with a short time of its own, all of them within one sum, nothing cached.

Apart from lti_tool.service_calls on purpose: a test asks for a new token with each scope and wants to know which
scopes the platform really gave, while the worker keeps its tokens and waits longer.
"""

import time
from dataclasses import dataclass
from typing import Any

import requests

from core.database import only_reading
from core.http import http
from lti_tool import keys
from lti_tool.registrations import Registered

SECONDS_IN_ALL = 24.0
CONNECT, ANSWER = 2.0, 4.0
"""Seconds for one call; none is begun that could end after the sum."""


@dataclass(frozen=True)
class Token:
    value: str
    scopes: frozenset[str]


class CallFailed(Exception):
    """status  HTTP status, 0 when there was no answer
    kind    `no_answer`, `refused`, `unreadable` or `no_time`: a call that was not begun
    reason  the error code of OAuth (RFC 6749 5.2), or the kind of error beneath; never a body, which may hold names
    """

    def __init__(self, kind: str, status: int = 0, reason: str = "") -> None:
        super().__init__(f"{kind} {status} {reason}")
        self.kind, self.status, self.reason = kind, status, reason


class Caller:
    """One test's calls to one platform."""

    def __init__(self, platform: Registered, seconds: float = SECONDS_IN_ALL) -> None:
        self.platform = platform
        self._ends_at = time.monotonic() + seconds
        self._tokens: dict[str, Token] = {}

    def get_keys(self) -> list[dict[str, Any]]:
        """The platform's key set, fetched now. Raises CallFailed."""
        body = _json(self._send("GET", self.platform.jwks_url, {"Accept": "application/json"}))
        keys_given = body.get("keys") if isinstance(body, dict) else None
        if not isinstance(keys_given, list):
            raise CallFailed("unreadable", 200, "no keys")
        return [each for each in keys_given if isinstance(each, dict)]

    def token(self, scope: str) -> Token:
        """A new access token for one scope (1EdTech security framework 4.1). Raises CallFailed."""
        if scope in self._tokens:
            return self._tokens[scope]
        form = {
            "grant_type": "client_credentials",
            "client_assertion_type": "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
            "client_assertion": self._assertion(),
            "scope": scope,
        }
        given = _json(self._send("POST", self.platform.auth_token_url, {}, form))
        if not isinstance(given, dict) or not isinstance(given.get("access_token"), str):
            raise CallFailed("unreadable", 200, "no token")
        # RFC 6749 5.1: no `scope` in the answer means that what was asked for was given.
        named = given.get("scope")
        scopes = frozenset(named.split()) if isinstance(named, str) and named else frozenset({scope})
        self._tokens[scope] = Token(given["access_token"], scopes)
        return self._tokens[scope]

    def call(
        self, method: str, url: str, scope: str, media_type: str, data: str | None = None
    ) -> tuple[Any, str | None]:
        """A service's answer and the address of its next page. Raises CallFailed."""
        headers = {"Authorization": f"Bearer {self.token(scope).value}", "Accept": media_type}
        if data is not None:
            headers["Content-Type"] = media_type
        answer = self._send(method, url, headers, data)
        return (_json(answer) if answer.content else None), answer.links.get("next", {}).get("url")

    def _send(
        self, method: str, url: str, headers: dict[str, str], data: dict[str, str] | str | None = None
    ) -> requests.Response:
        if time.monotonic() + CONNECT + ANSWER > self._ends_at:
            raise CallFailed("no_time")
        try:
            answer = http().request(method, url, headers=headers, data=data, timeout=(CONNECT, ANSWER))
        except requests.RequestException as error:
            raise CallFailed("no_answer", 0, type(error).__name__) from error
        if not answer.ok:
            raise CallFailed("refused", answer.status_code, _oauth_error(answer))
        return answer

    def _assertion(self) -> str:
        with only_reading():
            return keys.client_assertion(
                self.platform.client_id, self.platform.token_audience or self.platform.auth_token_url
            )


OAUTH_ERRORS = {
    "invalid_request",
    "invalid_client",
    "invalid_grant",
    "unauthorized_client",
    "unsupported_grant_type",
    "invalid_scope",
}


def _oauth_error(answer: requests.Response) -> str:
    try:
        error = answer.json().get("error")
    except (ValueError, AttributeError):
        return ""
    return error if isinstance(error, str) and error in OAUTH_ERRORS else ""


def _json(answer: requests.Response) -> Any:
    try:
        return answer.json()
    except ValueError as error:
        raise CallFailed("unreadable", answer.status_code, "no JSON") from error
