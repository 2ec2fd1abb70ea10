"""The launch's two steps on the platform's side: third-party initiated login, and the authentication
request.
"""

from __future__ import annotations

import json
import re
import secrets
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, urlsplit

from practice_lms.people import Course, Link, Person
from practice_lms.state import LaunchBegun

if TYPE_CHECKING:
    from practice_lms.lms import PracticeLms

LAUNCH_SECONDS = 600


@dataclass(frozen=True)
class FormPost:
    """A form the browser posts to the tool: where, and its fields."""

    action: str
    fields: dict[str, str]


class RefusedHere(Exception):
    """The LMS shows its own error page: it does not trust the address it would have to answer to."""

    status = 400

    def __init__(self, message: str, status: int = 400) -> None:
        super().__init__(message)
        self.status = status


class _PostedError(Exception):
    def __init__(self, error: str, description: str) -> None:
        super().__init__(description)
        self.error = error


def login_parameters(
    lms: PracticeLms,
    person: Person,
    course: Course,
    link: Link | None,
    *,
    placement: str = "",
    review_of: Person | None = None,
) -> dict[str, str]:
    """What the LMS sends to the tool's login URL (Security Framework 5.1.1.1), and remembers."""
    hint = _message_hint(lms, link)
    opened = link.key if link else None
    begun = LaunchBegun(
        person.key, course.key, opened, lms.user_id(person), hint, time.time(), placement=placement
    )
    begun.review_of = review_of.key if review_of else None
    with lms.state.lock:
        lms.state.launches[hint] = begun
    parameters = {
        "iss": lms.issuer,
        "login_hint": begun.login_hint,
        "target_link_uri": lms.target_of(link) if link else lms.chooser_url,
        "lti_message_hint": begun.message_hint,
        "client_id": lms.client_id,
        "lti_deployment_id": lms.deployment_id,
    }
    if lms.storage_target:
        parameters["lti_storage_target"] = lms.storage_target
    if lms.personality.name == "canvas":  # canvas-lms adds these three to every login
        extra = {
            "deployment_id": lms.deployment_id,
            "canvas_region": "us-west-2",
            "canvas_environment": "prod",
        }
        parameters |= extra
    return parameters


def _message_hint(lms: PracticeLms, link: Link | None) -> str:
    if lms.personality.name == "moodle":
        # JSON text, quotes and all, and no cmid in deep linking (seen on 4.5.6): a tool must not mangle it.
        number = link.number if link else 0
        launch = {"launchid": f"ltilaunch{number}_{secrets.randbelow(10**12)}"}
        return json.dumps(({"cmid": number} if link else {}) | launch, separators=(",", ":"))
    return secrets.token_urlsafe(24)


def authorize(lms: PracticeLms, parameters: dict[str, str] | str, changes: dict[str, Any]) -> FormPost:
    """Answer an authentication request with an id_token, or with an error, for the tool's redirect URI."""
    asked = dict(parse_qsl(urlsplit(parameters).query)) if isinstance(parameters, str) else parameters
    redirect_uri = _trusted_redirect(lms, asked)
    state = _cleaned_state(lms, asked.get("state", ""))
    try:
        begun = _launch_asked_for(lms, asked)
    except _PostedError as refusal:
        fields = {"error": refusal.error, "error_description": str(refusal), "state": state}
        return FormPost(redirect_uri, fields)
    changes = {"nonce": asked["nonce"], **changes}
    if begun.link is None:
        claims = lms.deep_linking_claims(begun.person, begun.course, begun.placement, **changes)
    elif begun.review_of:
        claims = lms.review_claims(begun.person, begun.link, begun.review_of, **changes)
    else:
        claims = lms.launch_claims(begun.person, begun.link, **changes)
    answer = {"id_token": lms.sign(claims), "state": state}
    if lms.storage_target:
        answer["lti_storage_target"] = lms.storage_target
    return FormPost(redirect_uri, answer)


def _trusted_redirect(lms: PracticeLms, asked: dict[str, str]) -> str:
    if asked.get("client_id") != lms.client_id:
        raise RefusedHere("No tool with this client_id is registered here.", 401)
    redirect_uri = asked.get("redirect_uri", "")
    if redirect_uri not in lms.registration.redirect_uris:  # to the letter, query string included
        raise RefusedHere("This redirect_uri is not one the tool has registered.", 404)
    return redirect_uri


def _cleaned_state(lms: PracticeLms, state: str) -> str:
    """Moodle cleans state as text: anything between < and > is gone."""
    return re.sub(r"<[^>]*>", "", state) if lms.personality.name == "moodle" else state


REQUIRED = {
    "response_type": ("id_token", "unsupported_response_type"),
    "response_mode": ("form_post", "invalid_request"),
    "scope": ("openid", "invalid_scope"),
    "prompt": ("none", "invalid_request"),
}


def _launch_asked_for(lms: PracticeLms, asked: dict[str, str]) -> LaunchBegun:
    for name, (value, error) in REQUIRED.items():
        if asked.get(name) != value:
            raise _PostedError(error, f"{name} must be {value}")
    for name in ("nonce", "state"):
        if not asked.get(name):
            raise _PostedError("invalid_request", f"{name} is missing")
    begun = _take_launch(lms, asked.get("lti_message_hint", ""))
    if asked.get("login_hint") != begun.login_hint:
        raise _PostedError("access_denied", "login_hint is not the one this launch began with")
    return begun


def _take_launch(lms: PracticeLms, message_hint: str) -> LaunchBegun:
    with lms.state.lock:
        begun: LaunchBegun | None = lms.state.launches.get(message_hint)
        if begun is None or time.time() - begun.begun_at > LAUNCH_SECONDS:
            raise _PostedError("invalid_request", "lti_message_hint is not the one this launch began with")
        if begun.used and lms.personality.launch_once:
            raise RefusedHere("Invalid request", 404)
        begun.used = True
        return begun
