"""Notices: who in the tool wants to hear what, and telling it (Platform Notification Service 1.0).

Like Canvas, it tries once: a tool that does not answer hears nothing of it later.
"""

from __future__ import annotations

import secrets
import time
import uuid
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import requests
from flask import Response, request

from practice_lms.claims import LTI
from practice_lms.door import Refusal, answer, body_of_type, check_caller
from practice_lms.people import Course
from practice_lms.settings import NOTICE_HANDLERS

if TYPE_CHECKING:
    from practice_lms.lms import PracticeLms

HELLO, CONTEXT_COPY = "LtiHelloWorldNotice", "LtiContextCopyNotice"
OFFERED = (HELLO, CONTEXT_COPY)
PATH = "/api/lti/notice-handlers/1"
TIMEOUT = (3.05, 5)


class Notices:
    def __init__(self, lms: PracticeLms) -> None:
        self.lms = lms
        self.handlers: dict[str, str] = {}

    def claim(self) -> dict[str, Any] | None:
        """What launches say of the service; None where this LMS has none."""
        if not self.lms.personality.sends_notices:
            return None
        return {
            "service_versions": ["1.0"],
            "platform_notification_service_url": self.lms.base_url + PATH,
            "scope": [NOTICE_HANDLERS],
            "notice_types_supported": [*OFFERED, "LtiAssetProcessorSubmissionNotice"],
        }

    def signed(self, kind: str, **changes: Any) -> str:
        """One notice as a JWT. A change is a claim, by its name or its whole address."""
        now = int(time.time())
        claims = {
            "iss": self.lms.issuer,
            "aud": self.lms.client_id,
            "azp": self.lms.client_id,
            "iat": now,
            "exp": now + 3600,
            "nonce": secrets.token_urlsafe(16),
            LTI + "version": "1.3.0",
            LTI + "deployment_id": self.lms.deployment_id,
            LTI + "notice": {
                "id": str(uuid.uuid4()),
                "timestamp": datetime.now(UTC).isoformat(timespec="seconds"),
                "type": kind,
            },
        }
        return self.lms.sign(claims | changes)

    def of_copy(self, course: Course, origin: Course) -> str:
        """The notice that `course` was made as a copy of `origin`."""
        context = {"id": self.lms.context_id(course), "label": course.label, "title": course.title}
        origins = [self.lms.context_id(origin)]
        return self.signed(CONTEXT_COPY, **{LTI + "context": context, LTI + "origin_contexts": origins})

    def course_copied(self, course: Course, origin: Course) -> int | None:
        """Tell the tool; the status of its answer, None when it did not ask for these or did not answer."""
        handler = self.handlers.get(CONTEXT_COPY)
        return self.post(handler, self.of_copy(course, origin)) if handler else None

    def hello(self) -> int | None:
        handler = self.handlers.get(HELLO)
        return self.post(handler, self.signed(HELLO)) if handler else None

    def post(self, handler: str, *tokens: str) -> int | None:
        body = {"notices": [{"jwt": token} for token in tokens]}
        try:
            return requests.post(handler, json=body, timeout=TIMEOUT).status_code
        except requests.RequestException:
            return None


def handlers_view(lms: PracticeLms) -> Response:
    """GET the handlers, PUT one: {"notice_type": "...", "handler": "https://..."}; an empty one takes it away."""
    check_caller(lms, NOTICE_HANDLERS)
    handlers = lms.notices.handlers
    if request.method == "PUT":
        put = body_of_type(lms, "application/json")
        kind, handler = str(put.get("notice_type")), str(put.get("handler"))
        if kind not in OFFERED:
            raise Refusal(400, "This notice_type is not supported")
        if handler and not handler.startswith(lms.tool_url + "/"):
            raise Refusal(400, "The handler must lie in the tool's own domain")
        handlers[kind] = handler
        return answer({"notice_type": kind, "handler": handler}, "application/json")
    listed = [{"notice_type": kind, "handler": handlers.get(kind, "")} for kind in OFFERED]
    body = {"client_id": lms.client_id, "deployment_id": lms.deployment_id, "notice_handlers": listed}
    return answer(body, "application/json")
