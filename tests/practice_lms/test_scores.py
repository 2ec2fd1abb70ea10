from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from practice_lms import PracticeLms
from practice_lms.grading import CANVAS_SUBMISSION
from practice_lms.settings import LINEITEM
from tests.practice_lms.tool import RESULTS_TYPE, SCORE_TYPE, Caller, below


def later(seconds: float) -> str:
    return (datetime.now(UTC) + timedelta(seconds=seconds)).isoformat()


def grade(lms: PracticeLms, person: str = "ana") -> float | None:
    result = lms.gradebook.result(person, "g4-same-me")
    return result.score if result else None


def test_a_score_reaches_the_gradebook_and_is_written_down_as_it_came(caller: Caller) -> None:
    answer = caller.score("ana", scoreGiven=4, scoreMaximum=5, comment="Well read")
    assert answer.status_code == 200
    assert grade(caller.lms) == 80
    (seen,) = caller.lms.gradebook.scores_for("ana", "g4-same-me")
    assert seen.body["scoreGiven"] == 4
    assert seen.headers["Content-Type"] == SCORE_TYPE
    (request,) = caller.lms.requests.to("scores")
    assert (request.method, request.status) == ("POST", 200)


def test_only_moodle_answers_with_nothing(caller: Caller) -> None:
    assert (caller.score("ana").data == b"") == (caller.lms.personality.name == "moodle")


STRANGER = {"canvas": 422, "schoology": 400, "moodle": 400}


@pytest.mark.parametrize("person", ["cruz", "dee", "parent"])
def test_only_pupils_of_the_course_are_graded(caller: Caller, person: str) -> None:
    answer = caller.score(person)
    assert answer.status_code == STRANGER[caller.lms.personality.name]
    assert caller.lms.gradebook.scores[-1].status == answer.status_code
    assert caller.lms.gradebook.result(person, "g4-same-me") is None


def test_moodle_hides_its_reason_in_the_status_line(moodle: PracticeLms) -> None:
    answer = Caller(moodle).score("cruz")
    assert answer.data == b"[]"
    assert answer.status == "400 Incorrect score received, user cannot be graded"


def test_a_suspended_pupil_is_graded_only_in_moodle(caller: Caller) -> None:
    caller.lms.memberships.suspend("ana", "g4-room-12")
    assert (caller.score("ana").status_code == 200) == (caller.lms.personality.name == "moodle")


def test_somebody_who_left_is_graded_nowhere(caller: Caller) -> None:
    caller.lms.memberships.leave("ana", "g4-room-12")
    assert caller.score("ana").status_code == STRANGER[caller.lms.personality.name]


EARLIER = {"canvas": 400, "schoology": 409, "moodle": 409}


def test_an_earlier_score_never_overwrites_a_later_one(caller: Caller) -> None:
    caller.score("ana", timestamp=later(60))
    assert caller.score("ana", scoreGiven=10).status_code == EARLIER[caller.lms.personality.name]
    assert grade(caller.lms) == 80


def test_moodle_refuses_a_second_score_within_a_second_and_a_retry(moodle: PracticeLms) -> None:
    caller = Caller(moodle)
    assert caller.score("ana", timestamp="2026-11-02T10:00:00.100Z").status_code == 200
    assert caller.score("ana", timestamp="2026-11-02T10:00:00.900Z").status_code == 409
    assert caller.score("ana", timestamp="2026-11-02T10:00:00.100Z").status_code == 409
    assert caller.score("ana", timestamp="2026-11-02T10:00:01.000Z").status_code == 200


def test_canvas_takes_a_retry_with_the_same_timestamp(canvas: PracticeLms) -> None:
    caller = Caller(canvas)
    assert caller.score("ana", timestamp="2026-11-02T10:00:00.100Z").status_code == 200
    assert caller.score("ana", timestamp="2026-11-02T10:00:00.100Z").status_code == 200


@pytest.mark.parametrize(
    ("progress", "kept"),
    [
        ({"gradingProgress": "NotReady"}, {"schoology"}),
        ({"gradingProgress": "Pending"}, {"schoology"}),
        ({"gradingProgress": "PendingManual"}, {"schoology", "canvas"}),
        ({"gradingProgress": "FullyGraded", "scoreGiven": None}, {"schoology", "canvas"}),
    ],
    ids=lambda given: "-".join(sorted(given)),
)
def test_what_wipes_a_grade_wipes_it(caller: Caller, progress: dict[str, Any], kept: set[str]) -> None:
    caller.score("ana", timestamp=later(-60))
    assert caller.score("ana", scoreMaximum=100, **progress).status_code == 200
    assert (grade(caller.lms) == 80) == (caller.lms.personality.name in kept)


def test_canvas_keeps_the_grade_when_told_to_preserve_it(canvas: PracticeLms) -> None:
    caller = Caller(canvas)
    caller.score("ana", timestamp=later(-60))
    caller.score("ana", gradingProgress="NotReady", **{CANVAS_SUBMISSION: {"preserve_score": True}})
    assert grade(canvas) == 80


def test_canvas_refuses_a_submission_from_the_future(canvas: PracticeLms) -> None:
    extension = {CANVAS_SUBMISSION: {"submitted_at": later(300)}}
    assert Caller(canvas).score("ana", **extension).status_code == 400


def test_a_score_without_a_comment_wipes_the_comment_only_in_moodle(caller: Caller) -> None:
    caller.score("ana", timestamp=later(-60), comment="Well read")
    caller.score("ana")
    result = caller.lms.gradebook.result("ana", "g4-same-me")
    assert result is not None
    assert (result.comment is None) == (caller.lms.personality.name == "moodle")


def test_moodle_cuts_a_score_above_the_maximum(caller: Caller) -> None:
    caller.score("ana", scoreGiven=120)
    assert grade(caller.lms) == (100 if caller.lms.personality.name == "moodle" else 120)


def test_a_teachers_grade_stays_in_moodle_and_is_overwritten_in_canvas(
    moodle: PracticeLms, canvas: PracticeLms
) -> None:
    for lms, expected in ((moodle, 55), (canvas, 80)):
        lms.gradebook.override("ana", "g4-same-me", 55)
        assert Caller(lms).score("ana", timestamp=later(60)).status_code == 200
        assert grade(lms) == expected


MISSING_MAXIMUM = {"canvas": 422, "schoology": 400, "moodle": 400}


@pytest.mark.parametrize(
    "name", ["userId", "timestamp", "activityProgress", "gradingProgress", "scoreMaximum"]
)
def test_a_score_must_be_whole(caller: Caller, name: str) -> None:
    expected = MISSING_MAXIMUM[caller.lms.personality.name] if name == "scoreMaximum" else 400
    assert caller.score("ana", **{name: None}).status_code == expected


@pytest.mark.parametrize(
    "changes",
    [
        {"timestamp": "yesterday"},
        {"timestamp": "2026-11-02T10:00:00"},
        {"scoreGiven": -1},
        {"gradingProgress": "Done"},
    ],
    ids=str,
)
def test_a_score_must_make_sense(caller: Caller, changes: dict[str, Any]) -> None:
    assert caller.score("ana", **changes).status_code == 400


def test_the_media_type_must_be_the_scores_own(caller: Caller) -> None:
    column = caller.lms.gradebook.column("g4-same-me")
    assert column is not None
    url = below(caller.lms.lineitem_url(column), "scores")
    refused = caller.call("POST", url, data="{}", content_type="application/json")
    assert refused.status_code == (400 if caller.lms.personality.name == "moodle" else 415)
    assert caller.call("POST", url, data="{", content_type=SCORE_TYPE).status_code == 400


def test_a_token_is_needed_and_must_cover_scores(caller: Caller) -> None:
    caller.token = "made-up"
    refused = caller.score("ana")
    assert refused.status_code == 401
    assert "Bearer" in refused.headers["WWW-Authenticate"]
    caller.token = caller.lms.issue_token(LINEITEM)
    assert caller.score("ana").status_code == (401 if caller.lms.personality.name == "moodle" else 403)
    assert caller.lms.gradebook.scores == []


def test_canvas_insists_on_a_user_agent(canvas: PracticeLms) -> None:
    caller = Caller(canvas)
    column = canvas.gradebook.column("g4-same-me")
    assert column is not None
    url = below(canvas.lineitem_url(column), "results")
    assert caller.call("GET", url, headers={"User-Agent": ""}).status_code == 403
    assert caller.call("GET", url).status_code == 200


def test_results_show_what_stands_and_can_be_asked_for_one_person(caller: Caller) -> None:
    caller.score("ana", scoreGiven=0)
    caller.score("ben", scoreGiven=50, comment="Half way")
    column = caller.lms.gradebook.column("g4-same-me")
    assert column is not None
    url = below(caller.lms.lineitem_url(column), "results")
    everyone = caller.call("GET", url, RESULTS_TYPE)
    assert everyone.mimetype == RESULTS_TYPE
    assert [result["resultScore"] for result in everyone.get_json(force=True)] == [0, 50]
    query = {**dict([pair.split("=") for pair in url.partition("?")[2].split("&") if pair])}
    one = caller.call(
        "GET", url.partition("?")[0], query_string=query | {"user_id": caller.lms.user_id("ben")}
    )
    assert [result["comment"] for result in one.get_json(force=True)] == ["Half way"]
