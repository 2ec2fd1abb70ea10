"""Deep linking: the request that opens the tool's chooser, and the response that adds links to the course."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import jwt

from practice_lms.claims import LTI, changed, common_claims
from practice_lms.people import Course, Link, Person
from practice_lms.personalities import Placement
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


@dataclass(frozen=True)
class Offered:
    """A link as a response gave it, and its line item; nothing is added yet."""

    link: Link
    line_item: dict[str, Any]


def claims(
    lms: PracticeLms, person: Person, course: Course, placement: Placement, changes: dict[str, Any]
) -> dict[str, Any]:
    """The payload of an LtiDeepLinkingRequest: no resource link, no line item."""
    settings: dict[str, Any] = {
        "deep_link_return_url": lms.deep_link_return_url(person, course, placement),
        "accept_types": ACCEPTS[lms.personality.name],
        "accept_presentation_document_targets": ["iframe", "window"],
        "accept_multiple": placement.accept_multiple,
        "auto_create": False,
    }
    if placement.accept_lineitem is not None:
        settings["accept_lineitem"] = placement.accept_lineitem
    if lms.personality.name != "moodle":  # Moodle sends none (seen on 4.5.6)
        settings["data"] = _data(lms, course)
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


def receive(lms: PracticeLms, course: Course, response: str, placement: Placement) -> list[Offered]:
    """Check a response JWT; `add` puts its links into the course. Raises DeepLinksRefused."""
    now = datetime.now(UTC)
    try:
        said = _checked(lms, course, response)
        items = said[DL + "content_items"]
        if len(items) > 1 and not placement.accept_multiple:
            raise DeepLinksRefused("this place takes one content item")
        offered = [_offered(lms, course, placement, item) for item in items]
    except DeepLinksRefused as refusal:
        lms.state.deep_links.append(DeepLinksReceived(course.key, {}, str(refusal), now))
        raise
    lms.state.deep_links.append(DeepLinksReceived(course.key, said, "", now))
    return offered


def add(lms: PracticeLms, offered: list[Offered]) -> list[Link]:
    return [_add(lms, each.link, each.line_item) for each in offered]


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


def _offered(lms: PracticeLms, course: Course, placement: Placement, item: Any) -> Offered:
    if not isinstance(item, dict) or item.get("type") != "ltiResourceLink":
        raise DeepLinksRefused("this LMS takes only content items of type ltiResourceLink")
    custom = item.get("custom") or {}
    if not all(isinstance(value, str) for value in custom.values()):
        raise DeepLinksRefused("custom values must be strings")
    line_item = (item.get("lineItem") or {}) if placement.keeps_line_item else {}
    target = item.get("url") or lms.chooser_url  # without a url: the tool's own target link
    link = Link(
        "", item.get("title") or "Untitled", target, line_item.get("scoreMaximum"), True, custom, course.key
    )
    if lms.personality.keeps_dates:
        opens, due = item.get("available") or {}, item.get("submission") or {}
        link = replace(link, opens=opens.get("startDateTime", ""), due=due.get("endDateTime", ""))
    return Offered(link, line_item)


def _add(lms: PracticeLms, link: Link, line_item: dict[str, Any]) -> Link:
    with lms.state.lock:
        course = lms.world.courses[link.course]
        place = len(course.links) + 1
        link = replace(link, key=f"{course.key}-added-{place}", number=course.number * 100 + place)
        lms.world.links[link.key] = link
        lms.world.courses[course.key] = replace(course, links=(*course.links, link))
        if link.points is not None:
            own = "" if lms.personality.names_column_after_link else line_item.get("label")
            label = own or link.title
            resource_id, tag = (str(line_item.get(name) or "") for name in ("resourceId", "tag"))
            lms.gradebook.add_column(
                course.key, label, link.points, resource_id=resource_id, tag=tag, link=link.key
            )
    return link
