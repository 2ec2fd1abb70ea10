"""What we ask an LMS for, and why: the one table behind dynamic registration, Canvas' JSON and the page for people.

https://www.imsglobal.org/spec/lti-dr/v1p0 section 3.6; what each LMS insists on is in docs/decisions/0012.
"""

from typing import Any, NamedTuple

from core.messages import N_
from lti_tool.openid_configuration import PlatformConfiguration
from lti_tool.scopes import LINEITEM_SCOPE, MEMBERSHIP_SCOPE, NOTICES_SCOPE, RESULT_SCOPE, SCORE_SCOPE
from lti_tool.tool_addresses import (
    ADMIN_PATH,
    CHOOSER_PATH,
    DESCRIPTION,
    HOME_PATH,
    TOOL_NAME,
    icon_url,
    our_addresses,
    our_domain,
)

TOOL_CONFIGURATION = "https://purl.imsglobal.org/spec/lti-tool-configuration"
CANVAS = "https://canvas.instructure.com/lti/"
TOOL_ID = "digital-citizenship"
RESOURCE_LINK, DEEP_LINKING = "LtiResourceLinkRequest", "LtiDeepLinkingRequest"
ADMINISTRATOR = "http://purl.imsglobal.org/vocab/lis/v2/institution/person#Administrator"


class Asked(NamedTuple):
    """A scope or claim we ask for, in the LMS's words and in ours."""

    name: str
    words: str | None
    """None where the entry before it says it too."""


SCOPES = (
    Asked(LINEITEM_SCOPE, N_("Find our gradebook columns, and make one where a lesson has none.")),
    Asked(RESULT_SCOPE, N_("Read back our own grades, so that a lost answer never grades twice.")),
    Asked(SCORE_SCOPE, N_("Send a score when a quiz is done.")),
    Asked(MEMBERSHIP_SCOPE, N_("Read who is in the class, so that the teacher sees who has not begun.")),
)

NOTICES = Asked(NOTICES_SCOPE, N_("Hear that a course was copied, so that the class page can say so."))
"""A hint we do without: asked for only where the LMS knows it, since others may refuse what they do not know."""

CLAIMS = (
    Asked("sub", N_("The number the LMS knows each person by. Lessons and grades need nothing else.")),
    Asked(
        "name",
        N_("Names, for the teacher's class page. They are kept sealed, and erased when a person leaves."),
    ),
    Asked("given_name", None),
    Asked("family_name", None),
    Asked("locale", N_("The language of the LMS, so that our pages speak it where we can.")),
)

EMAIL = Asked(
    "email",
    N_(
        "To recognize staff where the LMS holds no SIS ids. A pupil's address is dropped as it arrives. Leave this off "
        "where your LMS holds SIS ids."
    ),
)

VARIABLES = (
    ("context_id_history", ("Context.id.history",)),
    ("school_sis_id", ("Canvas.account.sisSourceId",)),
    ("section_sis_ids", ("Canvas.course.sectionSisSourceIds",)),
    ("sis_id", ("Canvas.user.sisSourceId", "Person.sourcedId")),
)
"""Custom parameters and the substitution variable of each; the first one the LMS knows is asked for. Keys are lower
case, since Schoology loses case and Moodle sends others twice. Never Canvas.user.sisid: no such variable exists, and
its name would arrive as everybody's id."""

CHOOSERS = ("assignment_selection", "link_selection", "module_index_menu_modal")
"""Canvas' placements for choosing lessons. Not the editor's button: a link inside a text has no gradebook column."""


def scopes_asked(known: frozenset[str] | None = None) -> tuple[Asked, ...]:
    """`known` are the LMS's scopes; None asks for all that Canvas has."""
    return (*SCOPES, NOTICES) if known is None or NOTICES.name in known else SCOPES


def scope_names(known: frozenset[str] | None = None) -> tuple[str, ...]:
    return tuple(each.name for each in scopes_asked(known))


def claims_asked(with_email: bool) -> tuple[Asked, ...]:
    return (*CLAIMS, EMAIL) if with_email else CLAIMS


def privacy_level(with_email: bool) -> str:
    """Canvas' word for what its launches and rosters tell us (docs/decisions/0012)."""
    return "public" if with_email else "name_only"


def custom_parameters(known: frozenset[str] | None = None) -> dict[str, str]:
    """`known` are the LMS's variables; None asks for all of Canvas'."""
    chosen = {
        key: next((each for each in names if known is None or each in known), None)
        for key, names in VARIABLES
    }
    return {key: f"${name}" for key, name in chosen.items() if name}


def tool_registration(
    platform: PlatformConfiguration, public_url: str, with_email: bool = False
) -> dict[str, Any]:
    """Our registration request, in the shape that Canvas, Moodle, Blackboard and Brightspace all take."""
    ours = our_addresses(public_url)
    claims = ["iss", *(each.name for each in claims_asked(with_email))]
    configuration: dict[str, Any] = {
        "domain": our_domain(public_url),
        "description": DESCRIPTION,
        "target_link_uri": ours["target_link_uri"],
        "custom_parameters": custom_parameters(platform.variables),
        "claims": claims,
        "messages": _messages(platform, public_url),
    }
    if platform.family == "canvas":
        configuration |= {CANVAS + "privacy_level": privacy_level(with_email), CANVAS + "tool_id": TOOL_ID}
    return {
        "application_type": "web",
        "client_name": TOOL_NAME,
        "client_uri": public_url,
        "logo_uri": icon_url(public_url),
        "grant_types": ["client_credentials", "implicit"],
        "response_types": ["id_token"],
        "initiate_login_uri": ours["login_url"],
        "redirect_uris": [ours["redirect_uri"]],
        "jwks_uri": ours["jwks_url"],
        "token_endpoint_auth_method": "private_key_jwt",
        "scope": " ".join(scope_names(platform.scopes_supported)),
        TOOL_CONFIGURATION: configuration,
    }


def _messages(platform: PlatformConfiguration, public_url: str) -> list[dict[str, Any]]:
    """A link opens a course of lessons, choosing opens the chooser. Placements only where the LMS names them."""
    lessons: dict[str, Any] = {
        "type": RESOURCE_LINK,
        "label": TOOL_NAME,
        "icon_uri": icon_url(public_url),
        "target_link_uri": public_url + HOME_PATH,
    }
    choosing: dict[str, Any] = {
        "type": DEEP_LINKING,
        "label": f"{TOOL_NAME}: choose lessons",
        "icon_uri": icon_url(public_url),
        "target_link_uri": public_url + CHOOSER_PATH,
    }
    offered = platform.placements.get(RESOURCE_LINK, frozenset())
    if "course_navigation" in offered:
        # In every course, switched off: a teacher switches it on where it belongs.
        lessons |= {"placements": ["course_navigation"], CANVAS + "course_navigation/default_enabled": False}
    choosers = [each for each in CHOOSERS if each in platform.placements.get(DEEP_LINKING, frozenset())]
    if choosers:
        choosing["placements"] = choosers
    messages = [lessons, choosing]
    if "account_navigation" in offered:
        messages.append(_administration(public_url))
    return messages


def _administration(public_url: str) -> dict[str, Any]:
    return {
        "type": RESOURCE_LINK,
        "label": f"{TOOL_NAME}: administration",
        "icon_uri": icon_url(public_url),
        "target_link_uri": public_url + ADMIN_PATH,
        "placements": ["account_navigation"],
        "roles": [ADMINISTRATOR],
        CANVAS + "visibility": "admins",
    }
