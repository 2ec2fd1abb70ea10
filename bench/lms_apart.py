"""A practice LMS in a process of its own, on the other core, that can be told how many scores a second it takes.

with lms_apart(jwks, columns=50) as lms:   # `lms` is what the tool needs to know of it
    lms.allow(200)                         # from now on 429 above 200 scores a second
    lms.seen()                             # what it got since it was last asked
"""

import multiprocessing
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from typing import Any

from flask import Response, request

from practice_lms import PracticeLms, PracticeSettings, Registration
from practice_lms.server import running

TOOL = "http://localhost:8000"
COURSE = "g4-room-12"
LINK = "g4-same-me"
PAUSE = 1
"""Seconds in Retry-After; the header knows whole ones only."""


@dataclass(frozen=True)
class Seen:
    """`early` came before a pause was over."""

    taken: int = 0
    refused: int = 0
    early: int = 0


@dataclass
class LmsApart:
    """The LMS as its administrator would describe it, and a line to it."""

    issuer: str
    client_id: str
    token_url: str
    jwks_url: str
    columns: list[str]
    """Addresses of gradebook columns."""
    learners: list[str]
    """User ids of who may be graded in them."""
    bearer: str
    """A token for whoever does not want to ask for one."""
    line: Connection = field(repr=False)

    def allow(self, scores_a_second: int) -> None:
        self.line.send(scores_a_second)
        self.line.recv()

    def seen(self) -> Seen:
        self.line.send("seen")
        seen: Seen = self.line.recv()
        return seen


class Throttle:
    """So many scores in each second of the clock, then 429; and who comes during the pause is counted."""

    def __init__(self) -> None:
        self.limit = 0
        self.second, self.in_second = 0, 0
        self.closed_until = 0.0
        self.counts = {"taken": 0, "refused": 0, "early": 0}

    def before(self) -> Response | None:
        if request.endpoint != "scores":
            return None
        at = time.monotonic()
        if self._has_room(at):
            self.counts["taken"] += 1
            return None
        self.counts["refused"] += 1
        self.counts["early"] += at < self.closed_until
        self.closed_until = max(self.closed_until, at + PAUSE)
        return Response("Too many requests.", 429, {"Retry-After": str(PAUSE)})

    def _has_room(self, at: float) -> bool:
        if not self.limit:
            return True
        if int(at) != self.second:
            self.second, self.in_second = int(at), 0
        self.in_second += 1
        return self.in_second <= self.limit and at >= self.closed_until

    def take(self) -> Seen:
        seen, self.counts = Seen(**self.counts), dict.fromkeys(self.counts, 0)
        return seen


@contextmanager
def lms_apart(jwks: dict[str, Any], columns: int) -> Iterator[LmsApart]:
    spawned = multiprocessing.get_context("spawn")
    line, theirs = spawned.Pipe()
    child = spawned.Process(target=_serve, args=(theirs, jwks, columns), daemon=True)
    child.start()
    try:
        yield LmsApart(**line.recv(), line=line)
    finally:
        line.send("stop")
        child.join(10)
        child.kill()


def _serve(line: Connection, jwks: dict[str, Any], columns: int) -> None:
    os.sched_setaffinity(0, {max(range(os.cpu_count() or 1))})
    registration = Registration(
        client_id="10000000000001", deployment_ids=("1:evergreen",), login_url=f"{TOOL}/lti/login",
        redirect_uris=(f"{TOOL}/lti/launch",), jwks_url=f"{TOOL}/lti/jwks", jwks=jwks,
    )  # fmt: skip
    lms = PracticeLms(PracticeSettings(tool_url=TOOL, registration=registration))
    throttle = Throttle()
    lms.app.before_request(throttle.before)
    with running(lms):
        line.send(_described(lms, columns))
        while (told := line.recv()) != "stop":
            if told != "seen":
                throttle.limit = int(told)
            line.send(throttle.take())


def _described(lms: PracticeLms, columns: int) -> dict[str, Any]:
    made = [lms.gradebook.add_column(COURSE, f"Column {number}", 100) for number in range(columns)]
    learners = [each.person for each in lms.memberships.of(COURSE) if each.role == "Learner"]
    return {
        "issuer": lms.issuer, "client_id": lms.client_id, "token_url": lms.token_url, "jwks_url": lms.jwks_url,
        "columns": [lms.lineitem_url(each) for each in made],
        "learners": [lms.user_id(each) for each in learners],
        "bearer": lms.issue_token("https://purl.imsglobal.org/spec/lti-ags/scope/score"),
    }  # fmt: skip
