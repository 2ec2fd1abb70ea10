from __future__ import annotations

import time

import pytest

from practice_lms import PracticeLms
from practice_lms.faults import ConnectionClosed
from tests.practice_lms.tool import MEMBERS_TYPE, Caller


@pytest.mark.parametrize(
    ("kind", "status"),
    [
        ("down", 503),
        ("too_many", 429),
        ("throttled", 403),
        ("error", 500),
        ("conflict", 409),
        ("unauthorized", 401),
    ],
)
def test_a_fault_answers_for_the_service_as_often_as_told(
    canvas: PracticeLms, kind: str, status: int
) -> None:
    canvas.set_fault(kind, "scores", times=2)
    caller = Caller(canvas)
    assert [caller.score("ana").status_code for _ in range(3)] == [status, status, 200]
    assert [seen.status for seen in canvas.requests.to("scores")] == [status, status, 200]
    assert len(canvas.gradebook.scores) == 1


def test_too_many_says_when_to_come_back(canvas: PracticeLms) -> None:
    canvas.set_fault("too_many", "scores", retry_after=7)
    assert Caller(canvas).score("ana").headers["Retry-After"] == "7"


def test_throttling_looks_like_canvas(canvas: PracticeLms) -> None:
    canvas.set_fault("throttled", "*")
    answer = Caller(canvas).score("ana")
    assert b"Rate Limit Exceeded" in answer.data
    assert "X-Rate-Limit-Remaining" in answer.headers


def test_a_fault_lasts_until_cleared(canvas: PracticeLms) -> None:
    canvas.set_fault("status", "jwks", status=418, body="teapot")
    client = canvas.app.test_client()
    assert client.get("/jwks").status_code == 418
    assert [fault.kind for fault in canvas.active_faults()] == ["status"]
    canvas.clear_faults("jwks")
    assert client.get("/jwks").status_code == 200


def test_slow_is_slow_and_then_right(canvas: PracticeLms) -> None:
    canvas.set_fault("slow", "scores", times=1, seconds=0.2)
    began = time.monotonic()
    assert Caller(canvas).score("ana").status_code == 200
    assert time.monotonic() - began >= 0.2


def test_malformed_is_not_json(canvas: PracticeLms) -> None:
    canvas.set_fault("malformed", "memberships")
    answer = Caller(canvas).call("GET", canvas.memberships_url("g4-room-12"), MEMBERS_TYPE)
    assert answer.status_code == 200
    assert answer.get_json(force=True, silent=True) is None


def test_a_lost_answer_was_done_all_the_same(canvas: PracticeLms) -> None:
    canvas.set_fault("lost_answer", "scores", times=1)
    with pytest.raises(ConnectionClosed):
        Caller(canvas).score("ana")
    assert canvas.gradebook.result("ana", "g4-same-me") is not None


def test_a_closed_connection_did_nothing(canvas: PracticeLms) -> None:
    canvas.set_fault("closed", "scores", times=1)
    with pytest.raises(ConnectionClosed):
        Caller(canvas).score("ana")
    assert canvas.gradebook.result("ana", "g4-same-me") is None


def test_a_roster_can_lead_in_a_circle(canvas: PracticeLms) -> None:
    canvas.set_fault("next_page_loop", "memberships")
    caller = Caller(canvas)
    answer = caller.call("GET", canvas.memberships_url("g4-room-12") + "?limit=5", MEMBERS_TYPE)
    assert "/names_and_roles?limit=5>" in answer.headers["Link"]


@pytest.mark.parametrize(("kind", "endpoint"), [("explode", "scores"), ("down", "everything")])
def test_an_unknown_fault_is_refused_by_name(canvas: PracticeLms, kind: str, endpoint: str) -> None:
    with pytest.raises(ValueError, match=r"explode|everything"):
        canvas.set_fault(kind, endpoint)
