"""Trouble on demand: what an LMS does to a tool on a bad day, per endpoint, for so many requests."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from threading import Lock
from typing import Any

from flask import Response, request

ENDPOINTS = (
    "jwks",
    "token",
    "lineitems",
    "lineitem",
    "scores",
    "results",
    "memberships",
    "notice_handlers",
    "launch",
)
DEFAULTS: dict[str, dict[str, Any]] = {
    "down": {"status": 503, "body": "The service is down for maintenance."},
    "closed": {},
    "slow": {"seconds": 8.0},
    "too_many": {"status": 429, "retry_after": 2, "body": "Too many requests."},
    "throttled": {"status": 403, "body": "403 Forbidden (Rate Limit Exceeded)\n"},
    "error": {"status": 500, "body": "[]"},
    "conflict": {"status": 409, "body": "[]"},
    "unauthorized": {"status": 401, "body": '{"errors":[{"message":"Invalid access token."}]}'},
    "status": {"status": 400, "body": ""},
    "malformed": {},
    "lost_answer": {},
    "next_page_loop": {},
    "skew": {"seconds": 0},
}


@dataclass
class Fault:
    kind: str
    endpoint: str
    times: int | None
    options: dict[str, Any] = field(default_factory=dict)


class Faults:
    """The faults now in force. The newest one that fits a request is the one that happens."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._active: list[Fault] = []

    def set(self, kind: str, endpoint: str, times: int | None = None, **options: Any) -> Fault:
        if kind not in DEFAULTS:
            raise ValueError(f"unknown fault {kind!r}; there are {', '.join(DEFAULTS)}")
        if endpoint not in (*ENDPOINTS, "*"):
            raise ValueError(f"unknown endpoint {endpoint!r}; there are {', '.join(ENDPOINTS)} and *")
        fault = Fault(kind, endpoint, times, {**DEFAULTS[kind], **options})
        with self._lock:
            self._active = [fault, *self._active]
        return fault

    def clear(self, endpoint: str | None = None) -> None:
        with self._lock:
            self._active = [] if endpoint is None else [f for f in self._active if f.endpoint != endpoint]

    def active(self) -> list[Fault]:
        return list(self._active)

    def take(self, endpoint: str | None) -> Fault | None:
        """The fault for one request to `endpoint`, counted down."""
        if not self._active or endpoint not in ENDPOINTS:
            return None
        with self._lock:
            for fault in self._active:
                if fault.endpoint in (endpoint, "*") and fault.kind != "skew":
                    return self._used(fault)
        return None

    def _used(self, fault: Fault) -> Fault:
        if fault.times is not None:
            fault.times -= 1
            self._active = [each for each in self._active if each.times is None or each.times > 0]
        return fault

    def clock_skew(self) -> int:
        """Seconds by which the platform's clock is off in what it signs."""
        return sum(int(fault.options["seconds"]) for fault in self._active if fault.kind == "skew")


def before(fault: Fault) -> Response | None:
    """What a fault answers instead of the service, if it does."""
    if fault.kind == "slow":
        time.sleep(float(fault.options["seconds"]))
    if fault.kind == "closed":
        return Response(status=503)  # noted like any request; `after` hangs up
    if "status" not in fault.options:
        return None
    answer = Response(fault.options["body"], status=fault.options["status"])
    answer.content_type = "application/json" if fault.options["body"][:1] in ("[", "{") else "text/plain"
    if "retry_after" in fault.options:
        answer.headers["Retry-After"] = str(fault.options["retry_after"])
    if fault.kind == "throttled":  # canvas-lms doc/api/throttling.md
        answer.headers["X-Rate-Limit-Remaining"] = "0.0"
        answer.headers["X-Request-Cost"] = "0.6341"
    return answer


def after(fault: Fault, answer: Response) -> Response:
    """What a fault does to an answer the service has already given."""
    if fault.kind == "malformed":
        answer.set_data(b'{"broken": [')
    if fault.kind in ("closed", "lost_answer"):
        return hang_up()
    if fault.kind == "next_page_loop":
        answer.headers["Link"] = f'<{request.url}>; rel="next"'
    return answer


class ConnectionClosed(ConnectionResetError):
    """Raised in place of an answer where there is no socket to close (a test client in process)."""


def hang_up() -> Response:
    """Close the connection without an answer: over real HTTP the caller sees it drop."""
    connection = request.environ.get("werkzeug.socket")
    if connection is None:
        raise ConnectionClosed("the practice LMS closed the connection")
    connection.shutdown(2)
    return Response(status=503)
