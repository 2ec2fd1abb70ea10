"""pylti1p3's MessageLaunch with its defects fenced in (docs/decisions/0005).

What pylti1p3 2.0.0 lets through and we do not: a nonce used again, a token without exp or iat, an `aud` list
whose first entry only is looked at, `azp`, clocks two seconds apart, keys fetched at every launch.
"""

import json
from typing import Any

import jwt
from pylti1p3.cookie import CookieService
from pylti1p3.launch_data_storage.base import LaunchDataStorage
from pylti1p3.message_launch import MessageLaunch
from pylti1p3.request import Request
from pylti1p3.session import SessionService

from core.clock import now
from core.http import http
from core.language import speak
from core.messages import N_
from lti_tool.claims import LaunchClaims, locale_of, read_claims
from lti_tool.launch_state import LaunchState
from lti_tool.platform_keys import public_key
from lti_tool.refusals import LinkExpired, TokenRefused, UnknownDeployment
from lti_tool.registrations import Registered

LEEWAY = 60
"""Seconds two clocks may differ (row 76, 77)."""

OLDEST = 3600
"""Seconds after which an id_token is stale, whatever its exp says (row 77)."""


class _Posted(Request):
    """The two form fields of a launch, as pylti1p3 asks for them."""

    def __init__(self, form: dict[str, str]) -> None:
        self._form = form

    @property
    def session(self) -> dict[str, Any]:
        return {}

    def get_param(self, key: str) -> str:
        return self._form.get(key, "")

    def is_secure(self) -> bool:
        return True


class _NoCookies(CookieService):
    """State is signed and bound to the browser by us; pylti1p3 keeps no cookie of its own."""

    def get_cookie(self, name: str) -> str | None:
        return None

    def set_cookie(self, name: str, value: str | int, exp: int | None = 3600) -> None:
        raise NotImplementedError


class _NoStorage(LaunchDataStorage[Any]):
    """A launch becomes rows of ours; its token is kept nowhere."""


def signed_by(platform: Registered, token: str) -> dict[str, Any]:
    """The claims of another token than a launch's: signed by this platform, for us, just now. Raises TokenRefused,
    LinkExpired or KeysOutOfReach."""
    signed = PlatformLaunch({"id_token": token}, platform)
    signed.validate_jwt_format().validate_registration().validate_jwt_signature()
    return signed.body


class PlatformLaunch(MessageLaunch[Any, Any, Any, Any]):
    """One launch: `PlatformLaunch(form, platform, state).claims()` or a refusal."""

    def __init__(self, form: dict[str, str], platform: Registered, state: LaunchState | None = None) -> None:
        request = _Posted(form)
        super().__init__(
            request,
            tool_config=None,
            session_service=SessionService(request),
            cookie_service=_NoCookies(),
            requests_session=http(),  # never used; without one, one is made for each launch
        )
        self._platform, self._state = platform, state
        self._registration = platform.registration()
        self._header: dict[str, Any] = {}
        self._body: dict[str, Any] = {}
        self._claims: LaunchClaims | None = None

    def claims(self) -> LaunchClaims:
        """The claims of a launch that holds in every point. Raises a LaunchRefused."""
        self.validate()
        assert self._claims is not None
        return self._claims

    @property
    def body(self) -> dict[str, Any]:
        return self._body

    def _get_request_param(self, key: str) -> str:
        return str(self._request.get_param(key))

    def validate_state(self) -> "PlatformLaunch":
        return self  # read_state has: the platform we check against comes from it

    def validate_jwt_format(self) -> "PlatformLaunch":
        parts = self._get_id_token().split(".")
        try:
            header, body = (json.loads(jwt.utils.base64url_decode(part)) for part in parts[:2])
        except (ValueError, RecursionError) as error:
            raise TokenRefused(N_("What the LMS sent is no id_token.")) from error
        if len(parts) != 3 or not isinstance(header, dict) or not isinstance(body, dict):
            raise TokenRefused(N_("What the LMS sent is no id_token."))
        self._header, self._body = header, body
        return self

    def _get_id_token(self) -> str:
        token = self._get_request_param("id_token")
        if not token:
            raise TokenRefused(N_("The LMS sent no id_token."))
        return token

    def validate_registration(self) -> "PlatformLaunch":
        """Issuer and client are those of the login (row 66); every audience is us, and azp too (rows 71-75)."""
        body = self._body
        audience = body.get("aud")
        audiences = audience if isinstance(audience, list) else [audience]
        if body.get("iss") != self._platform.issuer or not audiences:
            raise TokenRefused(N_("This link was signed by another LMS than the one it was opened from."))
        if any(each != self._platform.client_id for each in audiences):
            raise TokenRefused(N_("This link was meant for another tool."))
        if body.get("azp", self._platform.client_id) != self._platform.client_id:
            raise TokenRefused(N_("This link was meant for another tool."))
        return self

    def validate_jwt_signature(self) -> "PlatformLaunch":
        header = self._header
        kid, algorithm = header.get("kid"), header.get("alg")
        if not isinstance(kid, str) or not isinstance(algorithm, str) or not kid:
            raise TokenRefused(N_("The LMS did not say which key it signed this link with."))
        key = public_key(self._platform.jwks_url, kid, algorithm)
        try:
            jwt.decode(
                self._get_id_token(),
                key,
                algorithms=[algorithm],
                audience=self._platform.client_id,
                issuer=self._platform.issuer,
                leeway=LEEWAY,
                options={"require": ["exp", "iat", "aud", "iss", "nonce"], "verify_sub": False},
            )
        except (jwt.ExpiredSignatureError, jwt.ImmatureSignatureError) as error:
            raise LinkExpired(N_("This link has expired, or the clock of the LMS is wrong.")) from error
        except (jwt.PyJWTError, TypeError, ValueError, OverflowError) as error:
            raise TokenRefused(N_("What the LMS sent does not hold.")) from error
        self._check_age()
        return self

    def _check_age(self) -> None:
        """Stale, or in milliseconds: either way it is no fresh launch."""
        issued, expires = self._body["iat"], self._body["exp"]
        if (
            isinstance(issued, bool)
            or not isinstance(issued, int | float)
            or not isinstance(expires, int | float)
        ):
            raise TokenRefused(N_("The LMS sent times we can not read."))
        if issued < now().timestamp() - OLDEST or expires > now().timestamp() + 366 * 86_400:
            raise LinkExpired(N_("This link has expired, or the clock of the LMS is wrong."))

    def validate_nonce(self) -> "PlatformLaunch":
        if self._state is None or self._body.get("nonce") != self._state.nonce:
            raise TokenRefused(N_("This link does not belong to the login it came with."))
        return self

    def validate_message(self) -> "PlatformLaunch":
        if locale := locale_of(self._body):
            speak(locale)  # a refusal from here on is read by the person whose LMS said so
        self._claims = read_claims(self._body)
        return self

    def validate_deployment(self) -> "PlatformLaunch":
        return self  # below, once the claims have been read

    def save_launch_data(self) -> "PlatformLaunch":
        assert self._claims is not None
        if self._claims.deployment_id not in self._platform.deployments:
            raise UnknownDeployment(self._platform.id, self._claims.deployment_id)
        return self
