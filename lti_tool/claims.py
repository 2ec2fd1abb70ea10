"""The claims of a launch, checked for shape and given names (LTI 1.3 core 5.3, 5.4).

A required claim that is wrong refuses the launch. An optional one that is null, empty or of the wrong type
counts as absent, because real platforms send all of these (rows 85-87); unknown claims are ignored.
"""

import re
from dataclasses import dataclass
from typing import Any

from marshmallow import EXCLUDE, Schema, ValidationError, fields, validate

from lti_tool.refusals import ClaimRefused, NobodyNamed, NotSupported

CLAIM = "https://purl.imsglobal.org/spec/lti/claim/"
AGS_CLAIM = "https://purl.imsglobal.org/spec/lti-ags/claim/endpoint"
NRPS_CLAIM = "https://purl.imsglobal.org/spec/lti-nrps/claim/namesroleservice"

RESOURCE_LINK_REQUEST = "LtiResourceLinkRequest"
LONGEST_ID = 255
LONGEST_URL = 1000

IDENTIFIER = re.compile(r"[\x20-\x7e]{1,255}")
"""sub, deployment_id, context.id, resource_link.id: up to 255 ASCII characters (core 5.3.1, 5.4.1)."""

_NO_BLANKS = re.compile(r"[!-~]{1,255}")
_WEB_ADDRESS = re.compile(r"https?://[!-~]+")
_LANGUAGE = re.compile(r"[A-Za-z0-9_-]{1,20}")

_NEVER_TEXT = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]+")
"""Control characters and halves of surrogate pairs: JSON carries them, no database takes them all."""


@dataclass(frozen=True)
class LaunchClaims:
    """A resource-link launch in our words. Optional texts are None when absent."""

    sub: str
    deployment_id: str
    target_link_uri: str
    link_id: str
    link_title: str | None
    roles: tuple[str, ...]
    context_id: str | None
    context_title: str | None
    email: str | None
    person_sourcedid: str | None
    custom: dict[str, str]
    family: str | None
    locale: str | None
    ags_scopes: tuple[str, ...]
    lineitems_url: str | None
    lineitem_url: str | None
    memberships_url: str | None


def _identifier(data_key: str | None = None) -> fields.Str:
    """At most 255 printable ASCII characters, kept exactly as sent (core 5.3.1, 5.4.1; row 82)."""
    fits = validate.Regexp(rf"\A{IDENTIFIER.pattern}\Z", error="must be 1 to 255 ASCII characters")
    return fields.Str(required=True, data_key=data_key, validate=fits)


class _ResourceLink(Schema):
    class Meta:
        unknown = EXCLUDE

    id = _identifier()


class _Required(Schema):
    """What no launch may lack."""

    class Meta:
        unknown = EXCLUDE

    version = fields.Str(required=True, data_key=CLAIM + "version", validate=validate.Equal("1.3.0"))
    deployment_id = _identifier(data_key=CLAIM + "deployment_id")
    target_link_uri = fields.Str(
        required=True, data_key=CLAIM + "target_link_uri", validate=validate.Length(1, 2000)
    )
    resource_link = fields.Nested(_ResourceLink, required=True, data_key=CLAIM + "resource_link")
    roles = fields.List(fields.Raw(allow_none=True), required=True, data_key=CLAIM + "roles")


_required = _Required()


def read_claims(token: dict[str, Any]) -> LaunchClaims:
    """Raises ClaimRefused naming the claim, NotSupported for another message type, NobodyNamed without `sub`."""
    _check_message_type(token)
    if not isinstance(token.get("sub"), str) or not token["sub"]:
        raise NobodyNamed("Your LMS did not tell us who you are, so nothing could be recorded for you.")
    if not IDENTIFIER.fullmatch(token["sub"]):
        raise ClaimRefused("The LMS sent a user id (sub) that is not 1 to 255 ASCII characters.", field="sub")
    try:
        given = _required.load(token)
    except ValidationError as error:
        claim = next(iter(error.messages_dict))
        raise ClaimRefused(f"The LMS sent no usable “{claim.removeprefix(CLAIM)}”.", field=claim) from error
    return _named(token, given)


def _check_message_type(token: dict[str, Any]) -> None:
    kind = token.get(CLAIM + "message_type")
    if kind == RESOURCE_LINK_REQUEST:
        return
    if not isinstance(kind, str) or not kind:
        raise ClaimRefused("The LMS did not say what kind of message this is.", field=CLAIM + "message_type")
    raise NotSupported("Your LMS asked for something this service does not do yet.")


def _named(token: dict[str, Any], given: dict[str, Any]) -> LaunchClaims:
    context = _object(token, CLAIM + "context")
    ags = _object(token, AGS_CLAIM)
    return LaunchClaims(
        sub=token["sub"],
        deployment_id=given["deployment_id"],
        target_link_uri=given["target_link_uri"],
        link_id=given["resource_link"]["id"],
        link_title=_text(_object(token, CLAIM + "resource_link"), "title"),
        roles=tuple(role for role in given["roles"] if isinstance(role, str)),
        context_id=_context_id(context),
        context_title=_text(context, "title") or _text(context, "label"),
        email=_text(token, "email"),
        person_sourcedid=_text(_object(token, CLAIM + "lis"), "person_sourcedid"),
        custom=_custom(token),
        family=_text(_object(token, CLAIM + "tool_platform"), "product_family_code", longest=60),
        locale=locale_of(token),
        ags_scopes=tuple(s for s in _list(ags, "scope") if isinstance(s, str) and _NO_BLANKS.fullmatch(s)),
        lineitems_url=_url(ags, "lineitems"),
        lineitem_url=_url(ags, "lineitem"),
        memberships_url=_url(_object(token, NRPS_CLAIM), "context_memberships_url"),
    )


def _object(holder: dict[str, Any], name: str) -> dict[str, Any]:
    value = holder.get(name)
    return value if isinstance(value, dict) else {}


def _list(holder: dict[str, Any], name: str) -> list[Any]:
    value = holder.get(name)
    return value if isinstance(value, list) else []


def _text(holder: dict[str, Any], name: str, longest: int = LONGEST_ID) -> str | None:
    """A text that says something. `$Person.sourcedId` that came back unexpanded says nothing (row 86)."""
    value = holder.get(name)
    if not isinstance(value, str) or value.startswith("$"):
        return None
    return _NEVER_TEXT.sub(" ", value).strip()[:longest] or None


def _context_id(context: dict[str, Any]) -> str | None:
    """None where there is none; raises ClaimRefused rather than cut one, since two courses would become one."""
    value = context.get("id")
    if not isinstance(value, str) or not value:
        return None
    if not IDENTIFIER.fullmatch(value):
        raise ClaimRefused("The LMS sent no usable “context”.", field=CLAIM + "context")
    return value


def _url(holder: dict[str, Any], name: str) -> str | None:
    value = holder.get(name)
    if not isinstance(value, str) or not _WEB_ADDRESS.fullmatch(value) or len(value) > LONGEST_URL:
        return None
    return value


def locale_of(token: dict[str, Any]) -> str | None:
    """A language tag, as in en-US (Moodle writes en_us); it will stand in our pages."""
    value = _object(token, CLAIM + "launch_presentation").get("locale")
    return value if isinstance(value, str) and _LANGUAGE.fullmatch(value) else None


def _custom(token: dict[str, Any]) -> dict[str, str]:
    """Custom parameters with lower-case keys: Schoology loses their case, Moodle sends both (lti.md 4.2, 8)."""
    custom = _object(token, CLAIM + "custom")
    texts = {key.lower(): str(value) for key, value in custom.items() if type(value) in (str, int)}
    return {key: value for key in texts if (value := _text(texts, key))}
