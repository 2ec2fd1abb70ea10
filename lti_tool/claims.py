"""The claims of a launch, checked for shape and given names (LTI 1.3 core 5.3, 5.4; deep linking; submission review).

A required claim that is wrong refuses the launch. An optional one that is null, empty or of the wrong type
counts as absent, because real platforms send all of these (rows 85-87); unknown claims are ignored.
"""

from dataclasses import dataclass
from typing import Any

from marshmallow import EXCLUDE, Schema, ValidationError, fields, validate

from core.messages import N_
from lti_tool.claim_values import (
    CLAIM,
    IDENTIFIER,
    custom_in,
    identifiers_in,
    language_in,
    object_in,
    text_in,
    url_in,
    words_in,
)
from lti_tool.deep_linking_settings import (
    SETTINGS_CLAIM,
    DeepLinkingSettings,
    SettingsSchema,
    read_settings,
)
from lti_tool.refusals import ClaimRefused, NobodyNamed, NotSupported

AGS_CLAIM = "https://purl.imsglobal.org/spec/lti-ags/claim/endpoint"
NRPS_CLAIM = "https://purl.imsglobal.org/spec/lti-nrps/claim/namesroleservice"

RESOURCE_LINK = "LtiResourceLinkRequest"
DEEP_LINKING = "LtiDeepLinkingRequest"
SUBMISSION_REVIEW = "LtiSubmissionReviewRequest"

DOCUMENT_TARGETS = ("frame", "iframe", "window")


@dataclass(frozen=True)
class LaunchClaims:
    """A launch in our words. Optional texts are None when absent."""

    message: str
    """RESOURCE_LINK, DEEP_LINKING or SUBMISSION_REVIEW."""
    sub: str
    deployment_id: str
    target_link_uri: str
    link_id: str | None
    """None for deep linking, which comes from no link yet."""
    link_title: str | None
    roles: tuple[str, ...]
    context_id: str | None
    context_title: str | None
    email: str | None
    person_sourcedid: str | None
    custom: dict[str, str]
    family: str | None
    locale: str | None
    return_url: str | None
    """Where the LMS would have people go when they are done here."""
    document_target: str | None
    """frame, iframe or window: where the LMS shows us."""
    mentees: tuple[str, ...]
    """Subs of the pupils this person may look after (role_scope_mentor, core 5.4.8)."""
    for_user: str | None
    """Sub of the learner whose work is to be reviewed; only with SUBMISSION_REVIEW."""
    deep_linking: DeepLinkingSettings | None
    """Only with DEEP_LINKING."""
    ags_scopes: tuple[str, ...]
    lineitems_url: str | None
    lineitem_url: str | None
    memberships_url: str | None
    notices_url: str | None
    notice_types: tuple[str, ...]
    """Kinds of notices this platform sends, where it takes a handler for them."""


def _identifier(data_key: str | None = None) -> fields.Str:
    """At most 255 printable ASCII characters, kept exactly as sent (core 5.3.1, 5.4.1; row 82)."""
    fits = validate.Regexp(rf"\A{IDENTIFIER.pattern}\Z", error="must be 1 to 255 ASCII characters")
    return fields.Str(required=True, data_key=data_key, validate=fits)


class _Told(Schema):
    """An object of a claim; what else stands in it is not ours to check."""

    class Meta:
        unknown = EXCLUDE


class _ResourceLink(_Told):
    id = _identifier()


class _ForUser(_Told):
    user_id = _identifier()


class _Required(_Told):
    """What no launch may lack."""

    version = fields.Str(required=True, data_key=CLAIM + "version", validate=validate.Equal("1.3.0"))
    deployment_id = _identifier(data_key=CLAIM + "deployment_id")
    target_link_uri = fields.Str(
        required=True, data_key=CLAIM + "target_link_uri", validate=validate.Length(1, 2000)
    )
    roles = fields.List(fields.Raw(allow_none=True), required=True, data_key=CLAIM + "roles")


class _RequiredOfLink(_Required):
    resource_link = fields.Nested(_ResourceLink, required=True, data_key=CLAIM + "resource_link")


class _RequiredOfReview(_RequiredOfLink):
    for_user = fields.Nested(_ForUser, required=True, data_key=CLAIM + "for_user")


class _RequiredOfDeepLinking(_Required):
    settings = fields.Nested(SettingsSchema, required=True, data_key=SETTINGS_CLAIM)


_required: dict[str, Schema] = {
    RESOURCE_LINK: _RequiredOfLink(),
    DEEP_LINKING: _RequiredOfDeepLinking(),
    SUBMISSION_REVIEW: _RequiredOfReview(),
}


def read_claims(token: dict[str, Any]) -> LaunchClaims:
    """Raises ClaimRefused naming the claim, NotSupported for another message type, NobodyNamed without `sub`."""
    message = _message_type(token)
    if not isinstance(token.get("sub"), str) or not token["sub"]:
        raise NobodyNamed(N_("Your LMS did not tell us who you are, so nothing could be recorded for you."))
    if not IDENTIFIER.fullmatch(token["sub"]):
        raise ClaimRefused(
            N_("The LMS sent a user id (sub) that is not 1 to 255 ASCII characters."), field="sub"
        )
    try:
        given: dict[str, Any] = _required[message].load(token)
    except ValidationError as error:
        claim = next(iter(error.messages_dict))
        raise ClaimRefused(
            N_("The LMS sent no usable “%(claim)s”.", claim=claim.rpartition("/")[2]), field=claim
        ) from error
    return _named(message, token, given)


def _message_type(token: dict[str, Any]) -> str:
    kind = token.get(CLAIM + "message_type")
    if not isinstance(kind, str) or not kind:
        raise ClaimRefused(
            N_("The LMS did not say what kind of message this is."), field=CLAIM + "message_type"
        )
    if kind not in _required:
        raise NotSupported(N_("Your LMS asked for something this service does not do."))
    return kind


def _named(message: str, token: dict[str, Any], given: dict[str, Any]) -> LaunchClaims:
    context = object_in(token, CLAIM + "context")
    presentation = object_in(token, CLAIM + "launch_presentation")
    ags = object_in(token, AGS_CLAIM)
    notices = object_in(token, CLAIM + "platformnotificationservice")
    target = presentation.get("document_target")
    return LaunchClaims(
        message=message,
        sub=token["sub"],
        deployment_id=given["deployment_id"],
        target_link_uri=given["target_link_uri"],
        link_id=given.get("resource_link", {}).get("id"),
        link_title=text_in(object_in(token, CLAIM + "resource_link"), "title"),
        roles=tuple(role for role in given["roles"] if isinstance(role, str)),
        context_id=_context_id(context),
        context_title=text_in(context, "title") or text_in(context, "label"),
        email=text_in(token, "email"),
        person_sourcedid=text_in(object_in(token, CLAIM + "lis"), "person_sourcedid"),
        custom=custom_in(token),
        family=text_in(object_in(token, CLAIM + "tool_platform"), "product_family_code", longest=60),
        locale=locale_of(token),
        return_url=url_in(presentation, "return_url"),
        document_target=target if target in DOCUMENT_TARGETS else None,
        mentees=identifiers_in(token, CLAIM + "role_scope_mentor"),
        for_user=given.get("for_user", {}).get("user_id"),
        deep_linking=read_settings(token) if message == DEEP_LINKING else None,
        ags_scopes=words_in(ags, "scope"),
        lineitems_url=url_in(ags, "lineitems"),
        lineitem_url=url_in(ags, "lineitem"),
        memberships_url=url_in(object_in(token, NRPS_CLAIM), "context_memberships_url"),
        notices_url=url_in(notices, "platform_notification_service_url"),
        notice_types=words_in(notices, "notice_types_supported"),
    )


def _context_id(context: dict[str, Any]) -> str | None:
    """None where there is none; raises ClaimRefused rather than cut one, since two courses would become one."""
    value = context.get("id")
    if not isinstance(value, str) or not value:
        return None
    if not IDENTIFIER.fullmatch(value):
        raise ClaimRefused(
            N_("The LMS sent no usable “%(claim)s”.", claim="context"), field=CLAIM + "context"
        )
    return value


def locale_of(token: dict[str, Any]) -> str | None:
    """The language an LMS shows this person its own pages in; also for a launch that is refused."""
    return language_in(object_in(token, CLAIM + "launch_presentation"), "locale")
