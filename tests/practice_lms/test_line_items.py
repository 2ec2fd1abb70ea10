from __future__ import annotations

import json
from typing import Any

import pytest
import requests
from werkzeug.test import TestResponse

from practice_lms import PracticeLms
from practice_lms.people import SCHOOL_YEAR
from practice_lms.settings import LINEITEM_READONLY, SCORE
from tests.practice_lms.tool import LINEITEM_TYPE, LINEITEMS_TYPE, Caller

NEW = {"label": "Grade 4, all lessons", "scoreMaximum": 100, "resourceId": "g4", "tag": SCHOOL_YEAR}


def listed(caller: Caller, **filters: Any) -> TestResponse:
    url, _, query = caller.lms.lineitems_url("g4-room-12").partition("?")
    asked = dict(pair.split("=") for pair in query.split("&") if pair) | filters
    return caller.call("GET", url, LINEITEMS_TYPE, query_string=asked)


def labels(answer: TestResponse) -> list[str]:
    return [item["label"] for item in answer.get_json(force=True)]


def made(caller: Caller, **changes: Any) -> TestResponse:
    url = caller.lms.lineitems_url("g4-room-12")
    return caller.call("POST", url, data=json.dumps(NEW | changes), content_type=LINEITEM_TYPE)


def test_the_lessons_with_points_have_columns(caller: Caller) -> None:
    answer = listed(caller)
    assert answer.mimetype == LINEITEMS_TYPE
    assert labels(answer) == [
        "Same Me, On Screen and Off",
        "Game Chat Choices",
        "Four Ways to Step In",
        "The Sign-Up Screen",
        "Tricky Messages",
    ]
    assert all(item["scoreMaximum"] == 100 for item in answer.get_json(force=True))


def test_columns_are_found_by_resource_tag_and_link(caller: Caller) -> None:
    link = caller.lms.link_id("g4-tricky-messages")
    assert labels(listed(caller, resource_id="g4-same-me", tag=SCHOOL_YEAR)) == ["Same Me, On Screen and Off"]
    assert labels(listed(caller, resource_link_id=link)) == ["Tricky Messages"]
    assert labels(listed(caller, tag="2025-26")) == []


def test_a_tool_makes_changes_and_removes_its_own_column(caller: Caller) -> None:
    answer = made(caller)
    assert answer.status_code == 201
    url = answer.get_json(force=True)["id"]
    changed = caller.call("PUT", url, data=json.dumps(NEW | {"label": "Renamed"}), content_type=LINEITEM_TYPE)
    assert changed.get_json(force=True)["label"] == "Renamed"
    assert caller.call("GET", url, LINEITEM_TYPE).get_json(force=True)["label"] == "Renamed"
    assert caller.call("DELETE", url).status_code == 204
    assert caller.call("GET", url).status_code == 404


@pytest.mark.parametrize("changes", [{"label": " "}, {"scoreMaximum": 0}, {"scoreMaximum": "100"}], ids=str)
def test_a_column_needs_a_label_and_a_maximum(caller: Caller, changes: dict[str, Any]) -> None:
    assert made(caller, **changes).status_code == (422 if caller.lms.personality.name == "canvas" else 400)


def test_a_column_belongs_to_a_link_of_the_course_or_to_none(caller: Caller) -> None:
    link = caller.lms.link_id("g4-my-day-in-blocks")
    assert made(caller, resourceLinkId=link).get_json(force=True)["resourceLinkId"] == link
    assert made(caller, resourceLinkId="made-up").status_code == 404
    assert made(caller, resourceLinkId=caller.lms.link_id("ruc")).status_code == 404


def test_after_the_tools_own_column_moodle_claims_an_empty_lineitem(moodle: PracticeLms) -> None:
    made(Caller(moodle), resourceLinkId=moodle.link_id("g4-my-day-in-blocks"))
    endpoint = moodle.launch_claims("ana", "g4-my-day-in-blocks")[
        "https://purl.imsglobal.org/spec/lti-ags/claim/endpoint"
    ]
    assert endpoint["lineitem"] == ""


def test_canvas_keeps_an_assignments_column_and_moodle_lets_it_go(caller: Caller) -> None:
    column = caller.lms.gradebook.column("g4-same-me")
    assert column is not None
    expected = 401 if caller.lms.personality.name == "canvas" else 204
    assert caller.call("DELETE", caller.lms.lineitem_url(column)).status_code == expected


def test_changing_the_maximum_rescales_the_grades(caller: Caller) -> None:
    caller.score("ana", scoreGiven=80)
    column = caller.lms.gradebook.column("g4-same-me")
    assert column is not None
    body = json.dumps({"label": column.label, "scoreMaximum": 10, "resourceId": "g4-same-me"})
    caller.call("PUT", caller.lms.lineitem_url(column), data=body, content_type=LINEITEM_TYPE)
    result = caller.lms.gradebook.result("ana", "g4-same-me")
    assert result is not None
    assert result.score == 8
    assert (column.link is None) == (caller.lms.personality.name == "moodle")


def test_reading_needs_the_readonly_scope_and_writing_the_full_one(caller: Caller) -> None:
    caller.token = caller.lms.issue_token(LINEITEM_READONLY)
    assert listed(caller).status_code == 200
    assert made(caller).status_code in (401, 403)
    caller.token = caller.lms.issue_token(SCORE)
    assert listed(caller).status_code in (401, 403)


def test_json_is_not_the_services_media_type(caller: Caller) -> None:
    url = caller.lms.lineitems_url("g4-room-12")
    moodle = caller.lms.personality.name == "moodle"
    assert caller.call("GET", url, "application/json").status_code == (400 if moodle else 406)
    posted = caller.call("POST", url, data=json.dumps(NEW), content_type="application/json")
    assert posted.status_code == (400 if moodle else 415)


def test_pages_are_followed_by_the_link_header_with_the_filters_inside(canvas: PracticeLms) -> None:
    caller = Caller(canvas)
    answer = listed(caller, limit=1, tag=SCHOOL_YEAR)
    seen = labels(answer)
    while "next" in (links := _links(answer)):
        answer = caller.call("GET", links["next"], LINEITEMS_TYPE)
        seen += labels(answer)
    assert seen == [
        "Same Me, On Screen and Off",
        "Game Chat Choices",
        "Four Ways to Step In",
        "The Sign-Up Screen",
    ]


def test_moodles_link_header_cannot_be_used_as_it_stands(moodle: PracticeLms) -> None:
    answer = listed(Caller(moodle), limit=2)
    header = answer.headers["Link"].encode("latin-1").decode()
    assert "rel=“next”" in header
    assert "&amp;from=2" in header
    assert "Link" not in listed(Caller(moodle)).headers


def _links(answer: TestResponse) -> dict[str, str]:
    parsed = requests.utils.parse_header_links(answer.headers.get("Link", ""))
    return {link["rel"]: link["url"] for link in parsed if "rel" in link}
