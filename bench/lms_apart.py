"""A practice LMS in a process of its own, on the other core, that can be told how many scores a second it takes.

    with lms_apart(jwks, 50, core) as lms:     # `lms` is what the tool needs to know of it
        lms.allow(200)                         # from now on 429 above 200 scores a second
        lms.seen()                             # what it got since it was last asked

gunicorn serves it, since real LMSs keep connections open and the practice LMS's own small server does not.
"""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import requests
from flask import Flask, Response, request

from practice_lms import PracticeLms, PracticeSettings, Registration
from tests.postgres import _free_port

TOOL = "http://localhost:8000"
COURSE = "g4-room-12"
PAUSE = 1
"""Seconds in Retry-After; the header knows whole ones only."""


@dataclass(frozen=True)
class Seen:
    """Scores that were taken and refused; `early` of the refused came before a pause was over."""

    taken: int
    refused: int
    early: int


@dataclass(frozen=True)
class LmsApart:
    """The LMS as its administrator would describe it.

    columns   addresses of gradebook columns
    learners  user ids of who may be graded in them
    bearer    a token for whoever does not want to ask for one
    """

    base_url: str
    issuer: str
    client_id: str
    token_url: str
    columns: list[str]
    learners: list[str]
    bearer: str

    def allow(self, scores_a_second: int) -> None:
        requests.post(f"{self.base_url}/bench/allow/{scores_a_second}", timeout=10).raise_for_status()

    def seen(self) -> Seen:
        return Seen(**requests.post(f"{self.base_url}/bench/seen", timeout=10).json())


@contextmanager
def lms_apart(jwks: dict[str, Any], columns: int, core: int) -> Iterator[LmsApart]:
    port = _free_port()
    base_url = f"http://127.0.0.1:{port}"
    told = json.dumps({"base_url": base_url, "jwks": jwks, "columns": columns, "core": core})
    gunicorn = [
        Path(sys.executable).parent / "gunicorn",
        "bench.lms_apart:served()",
        "--bind",
        f"127.0.0.1:{port}",
    ]
    server = subprocess.Popen(
        [*gunicorn, "--workers=1", "--threads=4", "--max-requests=0", "--log-level=error"],
        env=os.environ | {"BENCH_LMS": told},
    )
    try:
        yield LmsApart(**described(base_url, server))
    finally:
        server.send_signal(signal.SIGINT)  # no need to wait for connections kept open
        server.wait(20)


def described(base_url: str, server: subprocess.Popen[bytes]) -> dict[str, Any]:
    """What the LMS says of itself once it answers; half a minute at the most."""
    last = time.monotonic() + 30
    while server.poll() is None and time.monotonic() < last:
        try:
            answer: dict[str, Any] = requests.get(f"{base_url}/bench/described", timeout=10).json()
            return answer
        except requests.ConnectionError:
            time.sleep(0.05)
    raise RuntimeError("the practice LMS did not start")


class Throttle:
    """So many scores in each second of the clock, then 429; and who comes during the pause is counted."""

    def __init__(self) -> None:
        self.limit = 0
        self.second, self.in_second = 0, 0
        self.closed_until = 0.0
        self.forget()

    def forget(self) -> None:
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
        if int(at) != self.second:
            self.second, self.in_second = int(at), 0
        self.in_second += 1
        return not self.limit or (self.in_second <= self.limit and at >= self.closed_until)


def served() -> Flask:
    """The LMS as gunicorn serves it, with three more addresses for the benchmark."""
    told = json.loads(os.environ["BENCH_LMS"])
    os.sched_setaffinity(0, {told["core"]})
    registration = Registration(
        client_id="10000000000001", deployment_ids=("1:evergreen",), login_url=f"{TOOL}/lti/login",
        redirect_uris=(f"{TOOL}/lti/launch",), jwks_url=f"{TOOL}/lti/jwks", jwks=told["jwks"],
    )  # fmt: skip
    lms = PracticeLms(PracticeSettings(base_url=told["base_url"], tool_url=TOOL, registration=registration))
    throttle, description = Throttle(), _description(lms, told["columns"])
    lms.app.before_request(throttle.before)
    lms.app.add_url_rule("/bench/described", "described", lambda: description)

    @lms.app.post("/bench/allow/<int:limit>")
    def allow(limit: int) -> dict[str, Any]:
        throttle.limit = limit
        throttle.forget()
        return {}

    @lms.app.post("/bench/seen")
    def seen() -> dict[str, Any]:
        counts = throttle.counts
        throttle.forget()
        return counts

    return lms.app


def _description(lms: PracticeLms, columns: int) -> dict[str, Any]:
    made = [lms.gradebook.add_column(COURSE, f"Column {number}", 100) for number in range(columns)]
    learners = [each.person for each in lms.memberships.of(COURSE) if each.role == "Learner"]
    return {
        "base_url": lms.base_url, "issuer": lms.issuer, "client_id": lms.client_id, "token_url": lms.token_url,
        "columns": [lms.lineitem_url(each) for each in made],
        "learners": [lms.user_id(each) for each in learners],
        "bearer": lms.issue_token("https://purl.imsglobal.org/spec/lti-ags/scope/score"),
    }  # fmt: skip
