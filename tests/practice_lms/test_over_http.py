"""Everything once over real HTTP: a tool with its own key set, a token, a roster, a column and a score."""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from threading import Thread

import pytest
import requests
from flask import Flask, jsonify
from werkzeug.serving import make_server

from practice_lms import PracticeLms, Registration
from practice_lms.server import running
from practice_lms.settings import ALL_SCOPES
from tests.practice_lms.tool import (
    LINEITEM_TYPE,
    MEMBERS_TYPE,
    SCORE_TYPE,
    assertion,
    below,
    key_set,
    token_form,
)


@pytest.fixture
def tool_url() -> Iterator[str]:
    tool = Flask("tool")
    tool.add_url_rule("/lti/jwks", view_func=lambda: jsonify(key_set()))
    server = make_server("127.0.0.1", 0, tool)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def live(lms: PracticeLms, tool_url: str) -> Iterator[PracticeLms]:
    with running(lms):
        lms.connect(Registration.of_tool(tool_url, "client-1", ("deployment-1",)), tool_url)
        yield lms


@pytest.fixture
def session(live: PracticeLms) -> requests.Session:
    session = requests.Session()
    answer = session.post(live.token_url, data=token_form(assertion(live), *ALL_SCOPES), timeout=5)
    session.headers["Authorization"] = f"Bearer {answer.json()['access_token']}"
    return session


def score(
    lms: PracticeLms, session: requests.Session, url: str, person: str, given: int
) -> requests.Response:
    body = {
        "userId": lms.user_id(person), "timestamp": datetime.now(UTC).isoformat(), "scoreGiven": given,
        "scoreMaximum": 100, "activityProgress": "Completed", "gradingProgress": "FullyGraded",
    }  # fmt: skip
    return session.post(below(url, "scores"), json=body, headers={"Content-Type": SCORE_TYPE}, timeout=5)


def test_a_token_a_roster_a_column_and_a_score(live: PracticeLms, session: requests.Session) -> None:
    first = session.get(
        live.memberships_url("g4-room-12") + "?limit=20", headers={"Accept": MEMBERS_TYPE}, timeout=5
    )
    rest = session.get(first.links["next"]["url"], headers={"Accept": MEMBERS_TYPE}, timeout=5)
    assert len(first.json()["members"] + rest.json()["members"]) == 29
    column = session.post(
        live.lineitems_url("g4-room-12"),
        json={"label": "All lessons", "scoreMaximum": 100, "resourceId": "g4"},
        headers={"Content-Type": LINEITEM_TYPE}, timeout=5,
    )  # fmt: skip
    assert score(live, session, column.json()["id"], "ana", 90).status_code == 200
    result = live.gradebook.result("ana", "g4")
    assert result is not None
    assert result.score == 90
    assert live.tool_keys.fetches == 1


def test_scores_of_a_class_arrive_side_by_side(live: PracticeLms, session: requests.Session) -> None:
    column = live.gradebook.column("g4-same-me")
    assert column is not None
    pupils = [f"pupil{place:02}" for place in range(3, 27)]
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda who: score(live, session, live.lineitem_url(column), who, 70), pupils))
    assert {answer.status_code for answer in answers} == {200}
    assert len(live.gradebook.scores) == len(live.state.results) == 24


@pytest.mark.parametrize("kind", ["closed", "lost_answer"])
def test_a_dropped_connection_is_dropped(live: PracticeLms, session: requests.Session, kind: str) -> None:
    live.set_fault(kind, "scores", times=1)
    column = live.gradebook.column("g4-same-me")
    assert column is not None
    with pytest.raises(requests.ConnectionError):
        score(live, session, live.lineitem_url(column), "ana", 70)
    assert len(live.gradebook.scores) == (1 if kind == "lost_answer" else 0)


def test_a_tool_whose_keys_cannot_be_read_gets_no_token(live: PracticeLms) -> None:
    live.connect(Registration.of_tool("http://127.0.0.1:9", "client-1", ("deployment-1",)))
    answer = requests.post(live.token_url, data=token_form(assertion(live), *ALL_SCOPES), timeout=10)
    assert answer.status_code == 400
    assert "could not be read" in answer.text


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.mark.parametrize("stop", [signal.SIGINT, signal.SIGTERM])
def test_the_command_serves_and_stops_when_told(stop: signal.Signals) -> None:
    port = free_port()
    root = Path(__file__).parents[2]
    command = [
        sys.executable,
        "-m",
        "practice_lms",
        "--port",
        str(port),
        "--personality",
        "moodle",
        "--client-id",
        "c",
    ]
    with subprocess.Popen(
        command, cwd=root, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as program:
        try:
            assert program.stdout is not None
            assert f"http://127.0.0.1:{port}" in program.stdout.readline()
            assert "Moodle" in requests.get(f"http://127.0.0.1:{port}/", timeout=5).text
            began = time.monotonic()
            program.send_signal(stop)
            _, complaints = program.communicate(timeout=10)
        finally:
            program.kill()
    assert program.returncode == 0
    assert complaints == ""
    assert time.monotonic() - began < 5
