"""Deep linking: the request that opens the tool's chooser, and the response that adds links to the course."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import jwt

from practice_lms.claims import LTI, changed, common_claims
from practice_lms.people import Course, Link, Person
from practice_lms.state import DeepLinksReceived
from practice_lms.tokens import TokenRefused, verified

if TYPE_CHECKING:
    from practice_lms.lms import PracticeLms

DL = "https://purl.imsglobal.org/spec/lti-dl/claim/"
ACCEPTS = {
    "canvas": ["link", "file", "html", "ltiResourceLink", "image"],
    "schoology": ["ltiResourceLink", "html"],
    "moodle": ["ltiResourceLink"],
}


class DeepLinksRefused(Exception):
    """The response does not hold; the message says why."""


def claims(lms: PracticeLms, person: Person, course: Course, changes: dict[str, Any]) -> dict[str, Any]:
    """The payload of an LtiDeepLinkingRequest: no resource link, no line item."""
    settings: dict[str, Any] = {
        "deep_link_return_url": lms.deep_link_return_url(person, course),
        "accept_types": ACCEPTS[lms.personality.name],
        "accept_presentation_document_targets": ["iframe", "window"],
        "accept_multiple": True,
        "auto_create": False,
    }
    if lms.personality.name != "moodle":  # Moodle sends neither (seen on 4.5.6)
        settings |= {"accept_lineitem": True, "data": _data(lms, course)}
    message = {
        LTI + "message_type": "LtiDeepLinkingRequest",
        LTI + "target_link_uri": lms.chooser_url,
        LTI + "launch_presentation": {"locale": lms.settings.locale},
        DL + "deep_linking_settings": settings,
    }
    return changed(common_claims(lms, person, course) | message, changes)


def _data(lms: PracticeLms, course: Course) -> str:
    """What the tool must give back byte for byte, with the characters that are easily mangled."""
    return f'{lms.context_id(course)} "&<'


def receive(lms: PracticeLms, course: Course, response: str) -> list[Link]:
    """Check a response JWT and add its links to the course. Raises DeepLinksRefused."""
    now = datetime.now(UTC)
    try:
        said = _checked(lms, course, response)
        links = [_link(lms, course, item) for item in said[DL + "content_items"]]
    except DeepLinksRefused as refusal:
        lms.state.deep_links.append(DeepLinksReceived(course.key, {}, str(refusal), now))
        raise
    lms.state.deep_links.append(DeepLinksReceived(course.key, said, "", now))
    items = said[DL + "content_items"]
    return [_add(lms, link, item.get("lineItem") or {}) for link, item in zip(links, items, strict=True)]


def _checked(lms: PracticeLms, course: Course, response: str) -> dict[str, Any]:
    try:
        said = verified(lms, response, lms.issuer, ["iss", "aud", "exp", "iat", "nonce"])
    except (jwt.PyJWTError, TokenRefused) as error:
        raise DeepLinksRefused(str(error)) from error
    expected = {
        "iss": lms.client_id,
        LTI + "message_type": "LtiDeepLinkingResponse",
        LTI + "version": "1.3.0",
        LTI + "deployment_id": lms.deployment_id,
        DL + "data": None if lms.personality.name == "moodle" else _data(lms, course),
    }
    for claim, value in expected.items():
        if said.get(claim) != value:
            raise DeepLinksRefused(f"{claim} must be {value!r}")
    if not isinstance(said.setdefault(DL + "content_items", []), list):
        raise DeepLinksRefused("content_items must be a list")
    return said


def _link(lms: PracticeLms, course: Course, item: Any) -> Link:
    if not isinstance(item, dict) or item.get("type") != "ltiResourceLink":
        raise DeepLinksRefused("this LMS takes only content items of type ltiResourceLink")
    custom = item.get("custom") or {}
    if not all(isinstance(value, str) for value in custom.values()):
        raise DeepLinksRefused("custom values must be strings")
    points = (item.get("lineItem") or {}).get("scoreMaximum")
    target = item.get("url") or lms.chooser_url  # without a url: the tool's own target link
    return Link("", item.get("title") or "Untitled", target, points, True, custom, course.key)


def _add(lms: PracticeLms, link: Link, line_item: dict[str, Any]) -> Link:
    with lms.state.lock:
        course = lms.world.courses[link.course]
        place = len(course.links) + 1
        link = replace(link, key=f"{course.key}-added-{place}", number=course.number * 100 + place)
        lms.world.links[link.key] = link
        lms.world.courses[course.key] = replace(course, links=(*course.links, link))
        if link.points is not None:
            label = line_item.get("label") or link.title
            resource_id, tag = (str(line_item.get(name) or "") for name in ("resourceId", "tag"))
            lms.gradebook.add_column(
                course.key, label, link.points, resource_id=resource_id, tag=tag, link=link.key
            )
    return link
