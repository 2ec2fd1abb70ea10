"""Access tokens for the services: client_credentials with a signed assertion (Security Framework 4.1)."""

from __future__ import annotations

import json
import secrets
import time
from typing import TYPE_CHECKING, Any

import jwt
import requests

from practice_lms.settings import LINEITEM, LINEITEM_READONLY
from practice_lms.state import AccessToken

if TYPE_CHECKING:
    from practice_lms.lms import PracticeLms

TOKEN_SECONDS = 3600
ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
FETCH_TIMEOUT = (3.05, 5)


class TokenRefused(Exception):
    """`error` is the OAuth 2 code; the message says which part of the assertion was wrong."""

    def __init__(self, error: str, description: str) -> None:
        super().__init__(description)
        self.error = error


class ToolKeys:
    """The tool's public keys by kid: fetched once, and again when a kid or a signature does not fit."""

    def __init__(self, lms: PracticeLms) -> None:
        self.lms = lms
        self.http = requests.Session()
        self.http.headers["User-Agent"] = "practice-lms/1"
        self._keys: dict[str, Any] = {}
        self.fetches = 0

    def forget(self) -> None:
        self._keys = {}

    def get(self, kid: str) -> Any:
        return self._keys.get(kid) or self.fetch().get(kid)

    def fetch(self) -> dict[str, Any]:
        key_set = self.lms.registration.jwks or self._download()
        self._keys = {key.key_id: key.key for key in jwt.PyJWKSet.from_dict(key_set).keys if key.key_id}
        return self._keys

    def _download(self) -> dict[str, Any]:
        self.fetches += 1
        try:
            answer = self.http.get(self.lms.registration.jwks_url, timeout=FETCH_TIMEOUT)
            answer.raise_for_status()
            return dict(answer.json())
        except (requests.RequestException, ValueError) as error:
            raise TokenRefused("invalid_client", f"the tool's key set could not be read: {error}") from error


def grant(lms: PracticeLms, form: dict[str, str]) -> dict[str, Any]:
    """The token response for a token request's form fields."""
    if form.get("grant_type") != "client_credentials":
        raise TokenRefused("unsupported_grant_type", "grant_type must be client_credentials")
    if form.get("client_assertion_type") != ASSERTION_TYPE:
        raise TokenRefused("invalid_request", f"client_assertion_type must be {ASSERTION_TYPE}")
    _check_assertion(lms, form.get("client_assertion", ""))
    # Unknown scopes are dropped without a word; only when none is left is the request refused (Moodle
    # 4.5.6).
    scopes = [scope for scope in form.get("scope", "").split() if scope in lms.settings.granted_scopes]
    if not scopes:
        raise TokenRefused("invalid_scope", "none of the scopes asked for is granted to this tool")
    return {
        "access_token": issue_token(lms, scopes),
        "token_type": "Bearer",
        "expires_in": TOKEN_SECONDS,
        "scope": " ".join(scopes),
    }


def issue_token(lms: PracticeLms, scopes: list[str] | tuple[str, ...]) -> str:
    token = secrets.token_hex(16)
    with lms.state.lock:
        lms.state.tokens[token] = AccessToken(frozenset(scopes), time.time() + TOKEN_SECONDS)
    return token


def _check_assertion(lms: PracticeLms, assertion: str) -> None:
    try:
        claims = verified(lms, assertion, lms.token_url, ["iss", "sub", "aud", "iat", "exp", "jti"])
    except jwt.PyJWTError as error:
        raise TokenRefused("invalid_client", f"the assertion does not hold: {error}") from error
    if not claims["iss"] == claims["sub"] == lms.client_id:
        raise TokenRefused("invalid_client", "iss and sub must both be the client_id")
    _use_up(lms, claims["jti"])


def verified(lms: PracticeLms, signed: str, audience: str, required: list[str]) -> dict[str, Any]:
    """The claims of a JWT the tool has signed. Raises TokenRefused or PyJWTError.

    Real Moodle does not look at aud; here every personality does, so that a wrong one is found before Canvas.
    """
    kid = jwt.get_unverified_header(signed).get("kid")
    if not kid or lms.tool_keys.get(kid) is None:
        raise TokenRefused("invalid_client", "kid is missing or not in the tool's key set")
    try:
        return _decoded(lms, signed, kid, audience, required)
    except jwt.InvalidSignatureError:
        lms.tool_keys.fetch()  # the key may have been replaced under the same kid
    return _decoded(lms, signed, kid, audience, required)


def _decoded(lms: PracticeLms, signed: str, kid: str, audience: str, required: list[str]) -> dict[str, Any]:
    leeway = lms.personality.assertion_leeway
    options: Any = {"require": required}
    return jwt.decode(signed, lms.tool_keys.get(kid), ["RS256"], options, audience=audience, leeway=leeway)


def _use_up(lms: PracticeLms, jti: str) -> None:
    with lms.state.lock:
        if jti in lms.state.seen_jtis:
            raise TokenRefused("invalid_client", "this jti was used before")
        lms.state.seen_jtis[jti] = True


def bearer(lms: PracticeLms, authorization: str) -> AccessToken | None:
    """The token in an Authorization header, if it is one of ours and has not run out."""
    scheme, _, token = authorization.partition(" ")
    held: AccessToken | None = lms.state.tokens.get(token.strip())
    if scheme.lower() != "bearer" or held is None or held.expires_at <= time.time():
        return None
    return held


def covers(token: AccessToken, scope: str) -> bool:
    """The full line item scope also reads (AGS 3.1)."""
    return scope in token.scopes or (scope == LINEITEM_READONLY and LINEITEM in token.scopes)


def error_body(lms: PracticeLms, refusal: TokenRefused) -> str:
    if lms.personality.name == "moodle" and "kid" in str(refusal):  # not valid JSON; seen on 4.5.6
        return '{"error" : ""kid" invalid, unable to lookup correct key"}'
    return json.dumps({"error": refusal.error, "error_description": str(refusal)})
