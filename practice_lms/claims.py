"""The claims of an id_token: who launches what, in the words of the LMS being played."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from practice_lms.people import DISTRICT, Course, Link, Person

if TYPE_CHECKING:
    from practice_lms.lms import PracticeLms

LTI = "https://purl.imsglobal.org/spec/lti/claim/"
AGS_ENDPOINT = "https://purl.imsglobal.org/spec/lti-ags/claim/endpoint"
NRPS = "https://purl.imsglobal.org/spec/lti-nrps/claim/namesroleservice"
BASIC_OUTCOME = "https://purl.imsglobal.org/spec/lti-bo/claim/basicoutcome"

SHORT_NAMES = {
    name: LTI + name
    for name in (
        "message_type", "version", "deployment_id", "target_link_uri", "resource_link", "roles", "context",
        "custom", "lis", "launch_presentation", "tool_platform",
    )
} | {"endpoint": AGS_ENDPOINT, "nrps": NRPS, "mentor": LTI + "role_scope_mentor", "for_user": LTI + "for_user",
     "notices": LTI + "platformnotificationservice"}  # fmt: skip


class _Absent:
    def __repr__(self) -> str:
        return "ABSENT"


ABSENT = _Absent()
"""A change with this value takes the claim out."""


def launch_claims(lms: PracticeLms, person: Person, link: Link, changes: dict[str, Any]) -> dict[str, Any]:
    """The payload for `person` opening `link`, with `changes` made last (see the package's docstring)."""
    course = lms.world.courses[link.course]
    claims = common_claims(lms, person, course) | {
        LTI + "message_type": "LtiResourceLinkRequest",
        LTI + "target_link_uri": lms.target_of(link),
        LTI + "resource_link": {"id": lms.link_id(link), "title": link.title},
        LTI + "launch_presentation": _presentation(lms, course),
        LTI + "custom": custom_claim(lms, person, link),
        AGS_ENDPOINT: _endpoint(lms, link, course),
        NRPS: {"context_memberships_url": lms.memberships_url(course), "service_versions": ["2.0"]},
    }
    return changed(claims, changes)


def review_claims(
    lms: PracticeLms, person: Person, link: Link, learner: Person, changes: dict[str, Any]
) -> dict[str, Any]:
    """`person` opens what `learner` handed in, from the gradebook (AGS 2.0, LtiSubmissionReviewRequest)."""
    about = {
        LTI + "message_type": "LtiSubmissionReviewRequest",
        LTI + "for_user": {"user_id": lms.user_id(learner)},
    }
    return launch_claims(lms, person, link, about | changes)


def common_claims(lms: PracticeLms, person: Person, course: Course) -> dict[str, Any]:
    """What every message says: who, where, and for how long it holds."""
    now = int(time.time()) + lms.faults.clock_skew()
    return {
        "iss": lms.issuer,
        "aud": lms.client_id,
        "sub": lms.user_id(person),
        "iat": now,
        "exp": now + lms.personality.id_token_seconds,
        "nonce": "",
        LTI + "version": "1.3.0",
        LTI + "deployment_id": lms.deployment_id,
        LTI + "roles": lms.personality.launch_roles(person, lms.memberships.role_of(person, course)),
        LTI + "context": _context(lms, course),
        LTI + "tool_platform": _tool_platform(lms),
        LTI + "lis": _lis(lms, person, course),
        **who(lms, person),
        LTI + "platformnotificationservice": lms.notices.claim(),
        **_own_claims(lms, person, course),
    }


def changed(claims: dict[str, Any], changes: dict[str, Any]) -> dict[str, Any]:
    claims = {claim: value for claim, value in claims.items() if value is not None}
    for name, value in changes.items():
        claim = SHORT_NAMES.get(name, name)
        if value is ABSENT:
            claims.pop(claim, None)
        else:
            claims[claim] = value
    return claims


def who(lms: PracticeLms, person: Person) -> dict[str, str]:
    """Names and e-mail as far as the privacy level lets them out; the roster uses the same."""
    shown: dict[str, str] = {}
    if lms.settings.shares_names:
        shown |= {"name": person.name, "given_name": person.given, "family_name": person.family}
    if lms.settings.shares_emails:
        shown["email"] = person.email
    return shown


def sourced_id(lms: PracticeLms, person: Person) -> str | None:
    """The SIS id, or "" or None as settings and personality have it."""
    if lms.settings.sourced_ids == "absent":
        return None
    if lms.settings.sourced_ids == "empty":
        return ""
    if lms.personality.sourced_id_needs_name and not lms.settings.shares_names:
        return None
    # Moodle sends '' unless the user has an ID number; the others leave the claim out.
    return person.sourced_id or ("" if lms.personality.name == "moodle" else None)


def _lis(lms: PracticeLms, person: Person, course: Course) -> dict[str, str]:
    known = {"person_sourcedid": sourced_id(lms, person), "course_section_sourcedid": f"EVG-{course.label}"}
    return {key: value for key, value in known.items() if value is not None}


def _context(lms: PracticeLms, course: Course) -> dict[str, Any]:
    return {
        "id": lms.context_id(course),
        "label": course.label,
        "title": course.title,
        "type": [lms.personality.context_type],
    }


def _tool_platform(lms: PracticeLms) -> dict[str, str]:
    return {
        "guid": f"{lms.personality.name}.evergreen.example",
        "name": DISTRICT,
        "product_family_code": lms.personality.name,
        "version": "practice",
    }


def _presentation(lms: PracticeLms, course: Course) -> dict[str, str]:
    return {
        "document_target": "iframe",
        "locale": lms.settings.locale,
        "return_url": f"{lms.base_url}/courses/{course.key}/return",
    }


def custom_claim(lms: PracticeLms, person: Person, link: Link) -> dict[str, str]:
    """The tool's custom parameters of a link, with the variables this LMS knows filled in."""
    # $Canvas.user.sisid is a trap: it stands in sample configurations and is never
    # expanded.
    asked = {"sis_id": "$Canvas.user.sisid", "context_id_history": "$Context.id.history"}
    if link.deep_linked:
        asked |= {"lessonId": link.key} if link.custom is None else link.custom
    course = lms.world.courses[link.course]
    known = _variables(lms, person, course)
    custom = lms.personality.custom({key: known.get(value, value) for key, value in asked.items()})
    if lms.personality.name == "moodle":  # Moodle always adds this one beside the tool's own
        custom["context_memberships_url"] = lms.memberships_url(course)
    return custom


def _variables(lms: PracticeLms, person: Person, course: Course) -> dict[str, str]:
    return {
        "$User.username": person.username,
        "$Person.sourcedId": person.sourced_id,
        "$Context.id.history": ",".join(lms.context_id(each) for each in course.history),
    }


def _endpoint(lms: PracticeLms, link: Link, course: Course) -> dict[str, Any] | None:
    scopes = [scope for scope in lms.settings.granted_scopes if "/lti-ags/" in scope]
    if not scopes:
        return None
    claim: dict[str, Any] = {"scope": scopes, "lineitems": lms.lineitems_url(course)}
    return claim | lms.gradebook.lineitem_claim(link)


def _own_claims(lms: PracticeLms, person: Person, course: Course) -> dict[str, Any]:
    """Claims only one LMS sends."""
    if lms.personality.name == "canvas":
        mentor = lms.memberships.role_of(person, course) == "Mentor"
        watched = [lms.user_id(key) for key in person.watches] if mentor else None
        return {
            "azp": lms.client_id,
            "locale": lms.settings.locale,
            LTI + "lti11_legacy_user_id": lms.personality.context_id(course)[:8] + lms.user_id(person),
            LTI + "role_scope_mentor": watched,
        }
    if lms.personality.name == "moodle":
        # A leftover of LTI 1.1 grades; a 1.3 tool must not mind it.
        outcome = {
            "lis_result_sourcedid": "{}",
            "lis_outcome_service_url": f"{lms.base_url}/mod/lti/service.php",
        }
        user = {"user_username": person.username} if lms.settings.shares_names else {}
        return {BASIC_OUTCOME: outcome, LTI + "ext": {"lms": "moodle-2", **user}}
    return {}
