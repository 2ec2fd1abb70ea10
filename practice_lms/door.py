"""What every service does before and after its work: token, scope, media type, pages, and the way it
refuses.
"""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from flask import Response, request

from practice_lms.tokens import bearer, covers

if TYPE_CHECKING:
    from practice_lms.lms import PracticeLms
    from practice_lms.people import Course

IMS = "application/vnd.ims."
LINEITEM_TYPE = IMS + "lis.v2.lineitem+json"
LINEITEMS_TYPE = IMS + "lis.v2.lineitemcontainer+json"
SCORE_TYPE = IMS + "lis.v1.score+json"
RESULTS_TYPE = IMS + "lis.v2.resultcontainer+json"
MEMBERSHIPS_TYPE = IMS + "lti-nrps.v2.membershipcontainer+json"


class Refusal(Exception):
    """A service says no: status and the reason in words."""

    def __init__(self, status: int, reason: str) -> None:
        super().__init__(reason)
        self.status = status


def check_caller(lms: PracticeLms, scope: str) -> None:
    if lms.personality.needs_user_agent and not request.headers.get("User-Agent"):
        raise Refusal(403, "User-Agent header is required")
    token = bearer(lms, request.headers.get("Authorization", ""))
    if token is None:
        raise Refusal(401, "Invalid access token")
    if not covers(token, scope):
        raise Refusal(lms.personality.scope_missing, "Insufficient scope")


def check_accept(lms: PracticeLms, media_type: str) -> None:
    """A caller must ask for the service's own media type or for anything, as Moodle has it; JSON is
    refused.
    """
    accept = request.headers.get("Accept", "*/*")
    if not any(part.split(";")[0].strip() in (media_type, "*/*") for part in accept.split(",")):
        raise Refusal(
            406 if lms.personality.unsupported_media == 415 else 400, "No handler found for this Accept"
        )


def body_of_type(lms: PracticeLms, media_type: str) -> Any:
    if request.mimetype != media_type:
        raise Refusal(lms.personality.unsupported_media, "No handler found for this Content-Type")
    try:
        return json.loads(request.get_data())
    except ValueError as error:
        raise Refusal(400, "The body is not JSON") from error


def course_numbered(lms: PracticeLms, number: int) -> Course:
    for course in lms.world.courses.values():
        if course.number == number:
            return course
    raise Refusal(404, "The course does not exist")


def answer(body: Any, media_type: str, headers: dict[str, str] | None = None, status: int = 200) -> Response:
    return Response(json.dumps(body), status, headers, content_type=media_type)


def refusal_answer(lms: PracticeLms, refusal: Refusal) -> Response:
    reason = str(refusal)
    if lms.personality.name == "moodle":
        body: Any = {"status": refusal.status, "reason": reason, "request": {"method": request.method}}
    else:
        body = {"errors": {"type": "refused", "message": reason}}
    told = answer(body, "application/json; charset=utf-8", status=refusal.status)
    if refusal.status == 401:
        told.headers["WWW-Authenticate"] = 'Bearer realm="practice-lms"'
    return told


def asked_page(
    lms: PracticeLms, items: Sequence[Any], own_size: int | None, drops: tuple[str, ...] = ()
) -> tuple[list[Any], dict[str, str]]:
    """The page asked for by `limit` and the cursor, and the Link header to the next.

    Moodle pages only when `limit` is given and counts with `from`; the others use an opaque cursor in
    mixed case.
    """
    size = _limit() or lms.settings.page_size or own_size or len(items) or 1
    moodle = lms.personality.name == "moodle"
    start = _number("from") if moodle else _start_of(request.args.get("cursor"))
    page = list(items[start : start + size])
    if start + size >= len(items):
        return page, {}
    asked = {name: value for name, value in request.args.items() if name not in ("cursor", "from")}
    if moodle:
        asked = {name: value for name, value in asked.items() if name not in drops}
    place = {"from": str(start + size)} if moodle else {"cursor": _cursor(start + size)}
    url = f"{lms.base_url}{request.path}?{urlencode(asked | {'limit': str(size)} | place)}"
    return page, {"Link": _link_header(lms, url, is_roster=bool(drops))}


def _limit() -> int | None:
    return _number("limit") or None


def _number(name: str) -> int:
    text = request.args.get(name, "")
    return int(text) if text.isdecimal() else 0


def _cursor(start: int) -> str:
    return base64.urlsafe_b64encode(f"Page:From:{start}".encode()).decode().rstrip("=")


def _start_of(cursor: str | None) -> int:
    if not cursor:
        return 0
    try:
        place = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode()
    except (binascii.Error, UnicodeDecodeError) as error:
        raise Refusal(404, "The cursor is not one of ours") from error
    word, _, start = place.rpartition(":")
    if word != "Page:From" or not start.isdigit():  # a tool that lower-cased the URL ends up here
        raise Refusal(404, "The cursor is not one of ours")
    return int(start)


def _link_header(lms: PracticeLms, url: str, is_roster: bool) -> str:
    if lms.personality.name == "moodle" and not is_roster:
        # Moodle's gradebook pages: curly quotes and HTML-escaped ampersands, in UTF-8 (seen on 4.5.6).
        return f"<{url}>; rel=“next”".replace("&", "&amp;").encode().decode("latin-1")
    return f'<{url}>; rel="next"'
