"""What an LMS says about itself at its openid_configuration address, checked before anything is built on it.

https://www.imsglobal.org/spec/lti-dr/v1p0 section 3.5
"""

import re
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from marshmallow import EXCLUDE, Schema, ValidationError, fields, validate

from core.messages import N_
from core.settings import Settings
from lti_tool.frame_origins import frame_origins
from lti_tool.platform_answers import ask_platform
from lti_tool.registering import OddAddress, check_address
from lti_tool.registration_refusals import ConfigurationRefused

PLATFORM_CONFIGURATION = "https://purl.imsglobal.org/spec/lti-platform-configuration"
ACCOUNT_NAME = "https://canvas.instructure.com/lti/account_name"
LONGEST_ISSUER, LONGEST_ADDRESS, LONGEST_NAME = 255, 2000, 100
MOST_ENTRIES = 2000
BEARER = re.compile(r"[!-~]{1,8000}")
"""A registration token as it may stand in a header; Canvas and Moodle send JWTs."""

FAMILIES = {
    "canvas": "Canvas",
    "moodle": "Moodle",
    "schoology": "Schoology",
    "blackboardlearn": "Blackboard",
    "desire2learn": "Brightspace",
    "brightspace": "Brightspace",
}


@dataclass(frozen=True)
class PlatformConfiguration:
    """An LMS that asks to be registered. Every address in it has passed check_address."""

    issuer: str
    auth_login_url: str
    auth_token_url: str
    jwks_url: str
    registration_endpoint: str
    token_audience: str | None
    family: str | None
    name: str
    """For people: product, and the account or host it is of."""
    scopes_supported: frozenset[str] = frozenset()
    """Empty when the LMS does not say."""
    variables: frozenset[str] = frozenset()
    placements: dict[str, frozenset[str]] = field(default_factory=dict)
    """By message type."""

    @property
    def framed_by(self) -> tuple[str, ...]:
        """Where people see this LMS. Hosted Canvas registers at the district's own host, which may be in no domain of
        Canvas'."""
        return frame_origins(self.issuer, self.auth_login_url, self.registration_endpoint)


def read_configuration(url: str, token: str | None, settings: Settings) -> PlatformConfiguration:
    """Fetch and check it, with the registration token as bearer where there is one (Canvas demands it: row 139).

    Raises ConfigurationRefused, LmsOutOfReach, LmsDeclined. The address was entered by nobody we know, so the
    caller has checked an invitation first.
    """
    if not url:
        raise ConfigurationRefused(N_("Your LMS did not say where to read about it (openid_configuration)."))
    if token and not BEARER.fullmatch(token):
        raise ConfigurationRefused(N_("Your LMS sent a registration token we can not read."))
    _check("openid_configuration", url, settings)
    return check_configuration(ask_platform("GET", url, token), url, settings)


def check_configuration(said: Any, url: str, settings: Settings) -> PlatformConfiguration:
    """Raises ConfigurationRefused, naming what is wrong."""
    try:
        required = _Required().load(said)
    except ValidationError as error:
        name = next(iter(error.messages_dict), "")
        raise ConfigurationRefused(
            N_("What your LMS says about itself lacks “%(name)s”.", name=str(name)[:60])
        ) from error
    for name, address in required.items():
        _check(name, address, settings)
    if _host(required["issuer"]) != _host(url):
        raise ConfigurationRefused(
            N_(
                "Your LMS says it is %(issuer)s, but that was read from %(host)s.",
                issuer=required["issuer"],
                host=urlsplit(url).netloc,
            )
        )
    platform = said.get(PLATFORM_CONFIGURATION)
    platform = platform if isinstance(platform, dict) else {}
    family = _text(platform.get("product_family_code"), 60)
    return PlatformConfiguration(
        issuer=required["issuer"],
        auth_login_url=required["authorization_endpoint"],
        auth_token_url=required["token_endpoint"],
        jwks_url=required["jwks_uri"],
        registration_endpoint=required["registration_endpoint"],
        token_audience=_audience(said.get("authorization_server"), required["token_endpoint"], settings),
        family=family.lower() if family else None,
        name=_name(family, _text(platform.get(ACCOUNT_NAME), 60), required["issuer"]),
        scopes_supported=_texts(said.get("scopes_supported")),
        variables=_texts(platform.get("variables")),
        placements=_placements(platform.get("messages_supported")),
    )


class _Required(Schema):
    class Meta:
        unknown = EXCLUDE

    issuer = fields.Str(required=True, validate=validate.Length(1, LONGEST_ISSUER))
    authorization_endpoint = fields.Str(required=True, validate=validate.Length(1, LONGEST_ADDRESS))
    token_endpoint = fields.Str(required=True, validate=validate.Length(1, LONGEST_ADDRESS))
    jwks_uri = fields.Str(required=True, validate=validate.Length(1, LONGEST_ADDRESS))
    registration_endpoint = fields.Str(required=True, validate=validate.Length(1, LONGEST_ADDRESS))


def _check(name: str, address: str, settings: Settings) -> None:
    try:
        check_address(address, settings)
    except OddAddress as odd:
        raise ConfigurationRefused(
            N_("“%(name)s” of your LMS is no address we can use; it must begin with https://.", name=name)
        ) from odd


def _host(url: str) -> tuple[str | None, int | None]:
    parts = urlsplit(url)
    return parts.hostname, parts.port or {"https": 443, "http": 80}.get(parts.scheme)


def _audience(server: Any, token_endpoint: str, settings: Settings) -> str | None:
    """Brightspace names an audience that is not its token address. Canvas puts a bare host there, which is none."""
    if not isinstance(server, str) or server == token_endpoint:
        return None
    try:
        check_address(server, settings)
    except OddAddress:
        return None
    return server


def _name(family: str | None, account: str | None, issuer: str) -> str:
    product = FAMILIES.get((family or "").lower(), family or "LMS")
    return f"{product}, {account or urlsplit(issuer).netloc}"[:LONGEST_NAME]


def _text(value: Any, longest: int) -> str | None:
    """A text as a table and a page can hold it; whatever else is absent."""
    if not isinstance(value, str):
        return None
    return "".join(each for each in value if each.isprintable()).strip()[:longest] or None


def _texts(value: Any) -> frozenset[str]:
    entries = value[:MOST_ENTRIES] if isinstance(value, list) else []
    return frozenset(each for each in entries if isinstance(each, str))


def _placements(messages: Any) -> dict[str, frozenset[str]]:
    entries = messages[:MOST_ENTRIES] if isinstance(messages, list) else []
    return {
        each["type"]: _texts(each.get("placements"))
        for each in entries
        if isinstance(each, dict) and isinstance(each.get("type"), str)
    }
