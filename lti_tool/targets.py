"""Where a launch leads on our own host."""

import re
from collections.abc import Sequence
from urllib.parse import urlsplit

from core.messages import N_
from lti_tool.claims import DEEP_LINKING, SUBMISSION_REVIEW, LaunchClaims
from lti_tool.refusals import NotOurAddress

PLAIN_ADDRESS = re.compile(r"[!#-;=?-\[\]-~]{1,2000}")
"""Printable ASCII without spaces, quotes, angle brackets and backslashes: what browsers and we read alike."""

SUBMISSION = "/completion/submission"
CHILDREN = "/completion/children"


CHOOSER = "/lessons/choose"
"""Where a deep-linking request leads, whatever its target says."""

GENERAL = ("", "/lessons", CHOOSER, "/lti/launch")
"""Addresses of the tool as a whole. Where a platform loses the `url` of a link it sends one of these, and the link's
own custom parameters say which lesson is meant (Moodle, Schoology)."""

ID = re.compile(r"[a-z0-9][a-z0-9-]{0,79}")


def our_path(target_link_uri: str, public_url: str) -> str:
    """The path of an address of ours. Raises NotOurAddress for anything else: never an open redirect (row 54)."""
    ours = urlsplit(public_url)
    try:
        target = urlsplit(target_link_uri if PLAIN_ADDRESS.fullmatch(target_link_uri) else "")
    except ValueError:  # urlsplit's word for http://[
        target = urlsplit("")
    if (target.scheme, target.netloc.lower()) != (ours.scheme, ours.netloc.lower()):
        raise NotOurAddress(N_("The link in your course leads to an address that is not ours."))
    return "/" + target.path.lstrip("/")[:499]


def target_of(claims: LaunchClaims, public_url: str) -> str:
    """The path this launch leads to. Raises NotOurAddress."""
    path = our_path(claims.target_link_uri, public_url)
    if claims.message == DEEP_LINKING:
        return CHOOSER
    if path.rstrip("/") in GENERAL:
        return path_named_by(claims.custom) or path
    return path


def custom_of(path: str) -> dict[str, str]:
    """What a link says besides its address: lower-case keys and plain values, which every platform keeps."""
    _, _, course_id, *lesson = path.split("/")
    return {"course_id": course_id} | ({"lesson_id": lesson[0]} if lesson else {})


def path_named_by(custom: dict[str, str]) -> str | None:
    """The reverse. A lesson's id begins with its course's, so that a link copied with half of them still leads home."""
    lesson_id = custom.get("lesson_id", "")
    course_id = custom.get("course_id") or lesson_id.partition("-")[0]
    if not ID.fullmatch(course_id) or (lesson_id and not ID.fullmatch(lesson_id)):
        return None
    return f"/lessons/{course_id}/{lesson_id}" if lesson_id else f"/lessons/{course_id}"


def first_page(claims: LaunchClaims, target: str, role: str, about: Sequence[int]) -> str:
    """Where the person begins: at the link's own target, at the work to be reviewed, or a mentor at their children."""
    if claims.message == SUBMISSION_REVIEW:
        return SUBMISSION
    return CHILDREN if role == "mentor" and about else target
