"""The platform's side of LTI Dynamic Registration 1.0: what this LMS says about itself, registration tokens that work
once, and the registration endpoint with the checks and the bad manners of Canvas and Moodle.
"""

from __future__ import annotations

import secrets
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode, urlsplit

from practice_lms.people import DISTRICT
from practice_lms.settings import ALL_SCOPES, Registration

if TYPE_CHECKING:
    from practice_lms.lms import PracticeLms

TOOL_CONFIGURATION = "https://purl.imsglobal.org/spec/lti-tool-configuration"
PLATFORM_CONFIGURATION = "https://purl.imsglobal.org/spec/lti-platform-configuration"
CANVAS = "https://canvas.instructure.com/lti/"
TOKEN_SECONDS = 3600
VARIABLES = {
    "canvas": ["Context.id.history", "Person.sourcedId", "Canvas.user.sisSourceId", "Canvas.account.sisSourceId",
               "Canvas.course.sectionSisSourceIds", "Canvas.membership.roles", "ResourceLink.id"],
    "moodle": ["Context.id.history", "Person.sourcedId", "User.id", "CourseSection.sourcedId"],
}  # fmt: skip
PLACEMENTS = {
    "canvas": {
        "LtiResourceLinkRequest": ["account_navigation", "assignment_edit", "course_navigation", "user_navigation"],
        "LtiDeepLinkingRequest": ["assignment_selection", "editor_button", "link_selection", "module_index_menu_modal"],
    },
    "moodle": {"LtiResourceLinkRequest": [], "LtiDeepLinkingRequest": ["ContentArea"]},
}  # fmt: skip


@dataclass
class Registered:
    """A tool that registered itself, with what it asked for. Waits until the administrator activates it."""

    client_id: str
    deployment_id: str
    name: str
    asked: dict[str, Any]
    answered: dict[str, Any]
    active: bool = False


class NotRegistered(Exception):
    """The registration endpoint says no: status and its words; `html` where the real one shows a whole page."""

    def __init__(self, status: int, words: str, html: bool = False) -> None:
        super().__init__(words)
        self.status, self.html = status, html


def begin(lms: PracticeLms, tool_url: str) -> str:
    """The administrator entered a tool's registration URL: the address its page is opened at, token and all."""
    token = secrets.token_urlsafe(32)
    with lms.state.lock:
        lms.state.registration_tokens[token] = time.time() + TOKEN_SECONDS
    carried = urlencode({"openid_configuration": lms.openid_configuration_url, "registration_token": token})
    return f"{tool_url}{'&' if urlsplit(tool_url).query else '?'}{carried}"


def openid_configuration(lms: PracticeLms) -> dict[str, Any]:
    """What this LMS says about itself (section 3.5)."""
    name = lms.personality.name
    platform: dict[str, Any] = {
        "product_family_code": name,
        "version": "practice",
        "messages_supported": [
            {"type": kind, "placements": placements} for kind, placements in PLACEMENTS[name].items()
        ],
        "variables": VARIABLES[name],
    }
    said: dict[str, Any] = {
        "issuer": lms.issuer,
        "authorization_endpoint": lms.auth_url,
        "token_endpoint": lms.token_url,
        "token_endpoint_auth_methods_supported": ["private_key_jwt"],
        "token_endpoint_auth_signing_alg_values_supported": ["RS256"],
        "jwks_uri": lms.jwks_url,
        "registration_endpoint": lms.base_url + lms.personality.registration_path,
        "scopes_supported": list(ALL_SCOPES),
        "response_types_supported": ["id_token"],
        "subject_types_supported": ["public", "pairwise"],
        "id_token_signing_alg_values_supported": ["RS256"],
        "claims_supported": ["sub", "iss", "name", "given_name", "family_name", "email", "locale"],
        PLATFORM_CONFIGURATION: platform,
    }
    if name == "canvas":
        said["authorization_server"] = urlsplit(lms.base_url).netloc  # a bare host, as Canvas sends it
        platform[CANVAS + "account_name"] = DISTRICT
    return said


def check_token(lms: PracticeLms, authorization: str, use_up: bool) -> None:
    """Raises NotRegistered. Reading the configuration leaves the token good; registering uses it up."""
    token = authorization.removeprefix("Bearer ")
    with lms.state.lock:
        good_until = lms.state.registration_tokens.get(token)
        if good_until is None:
            raise _bad_token(lms)
        if good_until < time.time():
            raise NotRegistered(401, "token_already_used")
        if use_up:
            lms.state.registration_tokens[token] = 0.0


def _bad_token(lms: PracticeLms) -> NotRegistered:
    if lms.personality.name == "moodle":  # a garbage token gets Moodle's 404 page (seen on 4.5.6)
        return NotRegistered(404, "<!doctype html><html><body><p>Not found</p></body></html>", html=True)
    return NotRegistered(401, "invalid registration token")


def register(lms: PracticeLms, asked: Any) -> dict[str, Any]:
    """Take a tool's registration; the answer repeats it with a client id. Raises NotRegistered."""
    if not isinstance(asked, dict):
        raise NotRegistered(400, "invalid_request")
    tool = _checked(lms, asked)
    number = 1 + len(lms.state.registered_tools)
    client_id = lms.personality.client_id[:-1] + f"{number}{secrets.randbelow(9000) + 1000}"
    deployment_id = str(number) if lms.personality.name == "moodle" else f"{number}:{secrets.token_hex(20)}"
    granted = [scope for scope in asked["scope"].split() if scope in ALL_SCOPES]
    answered = asked | {"client_id": client_id, "scope": " ".join(granted)}
    if lms.personality.name == "moodle":
        # It lists more than it gives, and a registration is a deployment there.
        answered["scope"] = " ".join(ALL_SCOPES)
        answered[TOOL_CONFIGURATION] = tool | {"deployment_id": deployment_id}
    made = Registered(client_id, deployment_id, str(asked["client_name"]), asked, answered)
    with lms.state.lock:
        lms.state.registered_tools[client_id] = made
    return answered


NEEDED = (
    "response_types", "initiate_login_uri", "redirect_uris", "client_name", "jwks_uri", "token_endpoint_auth_method",
)  # fmt: skip


def _checked(lms: PracticeLms, asked: dict[str, Any]) -> dict[str, Any]:
    """The tool's configuration. Moodle compares the domain with the target's host, port included."""
    for name in NEEDED:
        if not asked.get(name):
            raise NotRegistered(400, f"missing_{name}")
    tool = asked.get(TOOL_CONFIGURATION)
    if not isinstance(tool, dict):
        raise NotRegistered(400, "missing_lti_tool_configuration")
    if not tool.get("domain"):
        raise NotRegistered(400, "missing_domain")
    if urlsplit(str(tool.get("target_link_uri", ""))).netloc != tool["domain"]:
        raise NotRegistered(400, "domain_targetlinkuri_mismatch")
    if asked["token_endpoint_auth_method"] != "private_key_jwt" or asked["response_types"] != ["id_token"]:
        raise NotRegistered(400, "invalid_auth")
    if lms.personality.name == "canvas":
        _check_as_canvas(asked, tool)
    return tool


def _check_as_canvas(asked: dict[str, Any], tool: dict[str, Any]) -> None:
    """Canvas validates by schema: grant types, messages with known types and placements, text parameters."""
    if sorted(asked.get("grant_types", [])) != ["client_credentials", "implicit"]:
        raise NotRegistered(422, "grant_types must be client_credentials and implicit")
    if asked.get("application_type") != "web" or not isinstance(tool.get("claims"), list):
        raise NotRegistered(422, "application_type must be web, claims an array")
    for message in tool.get("messages") or [{}]:
        known = PLACEMENTS["canvas"].get(message.get("type"))
        if known is None or not set(message.get("placements", [])) <= set(known):
            raise NotRegistered(422, f"message {message.get('type')}: unknown type or placement")
    if not all(isinstance(value, str) for value in (tool.get("custom_parameters") or {}).values()):
        raise NotRegistered(422, "custom_parameters must be strings")


def activate(lms: PracticeLms, client_id: str) -> Registered:
    """The administrator turns the tool on: from now on this LMS launches it. Raises KeyError."""
    tool = lms.state.registered_tools[client_id]
    tool.active = True
    asked = tool.asked
    target = urlsplit(asked[TOOL_CONFIGURATION]["target_link_uri"])
    registration = Registration(
        client_id=client_id,
        deployment_ids=(tool.deployment_id,),
        login_url=asked["initiate_login_uri"],
        redirect_uris=tuple(asked["redirect_uris"]),
        jwks_url=asked["jwks_uri"],
    )
    lms.connect(registration, f"{target.scheme}://{target.netloc}")
    return tool
