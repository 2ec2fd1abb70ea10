from __future__ import annotations

import re
from html import unescape

import pytest

from practice_lms import PracticeLms
from tests.practice_lms.tool import Caller, authorization_request


def shown(lms: PracticeLms, path: str, status: int = 200) -> str:
    answer = lms.app.test_client(use_cookies=False).get(path)
    assert answer.status_code == status
    assert "Set-Cookie" not in answer.headers
    return unescape(answer.text)


def fields(page: str) -> dict[str, str]:
    return dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', page))


def test_the_first_page_offers_people_and_says_what_this_is(lms: PracticeLms) -> None:
    page = shown(lms, "/")
    for name in (
        "Ana Reyes",
        "Ben Thistle",
        "Marisol Cruz",
        "Dee Moreau",
        "Priya Nand",
        "Luis Reyes",
        "Wren Calloway",
    ):
        assert name in page
    assert "stand-in for a district's LMS" in page


def test_a_person_is_offered_only_their_own_courses(canvas: PracticeLms) -> None:
    assert "Responsible Use and Internet Safety Course" not in shown(canvas, "/people/ana")
    assert "Responsible Use and Internet Safety Course" in shown(canvas, "/people/dee")
    assert "Incognito" in shown(canvas, "/people/ben")


def test_the_course_page_frames_the_tool_and_allows_it_only_for_its_own_origin(canvas: PracticeLms) -> None:
    answer = canvas.app.test_client().get("/people/ana/g4-same-me")
    assert 'src="/launch/ana/g4-same-me"' in answer.text
    assert 'allow="microphone http://localhost:8000;' in answer.text
    assert "frame-src 'self' http://localhost:8000" in answer.headers["Content-Security-Policy"]


@pytest.mark.parametrize("method", ["post", "get"])
def test_opening_an_item_sends_the_login_by_a_form_with_a_button(canvas: PracticeLms, method: str) -> None:
    page = shown(canvas, f"/launch/ana/g4-same-me?method={method}")
    assert f'<form method="{method}" action="http://localhost:8000/lti/login">' in page
    assert "<button" in page
    assert fields(page)["target_link_uri"] == "http://localhost:8000/lessons/g4/g4-same-me"


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_the_authorization_page_posts_the_token_back(canvas: PracticeLms, method: str) -> None:
    login = fields(shown(canvas, "/launch/ana/g4-same-me"))
    request = authorization_request(canvas, login, state='"><script>')
    where = {"query_string": request} if method == "GET" else {"data": request}
    answer = canvas.app.test_client().open("/auth", method=method, **where)
    assert '<form method="post" action="http://localhost:8000/lti/launch">' in answer.text
    assert fields(answer.text)["id_token"].count(".") == 2
    assert '"><script>' not in answer.text


def test_an_untrusted_request_stays_on_the_lmss_own_page(canvas: PracticeLms) -> None:
    assert "not one the tool has registered" in shown(
        canvas, "/auth?client_id=client-1&redirect_uri=https://evil.example", 404
    )


@pytest.mark.parametrize(
    "path", ["/people/nobody", "/people/ana/nothing", "/launch/ana/nothing", "/gradebook?course=x", "/x"]
)
def test_a_wrong_address_gets_a_page(canvas: PracticeLms, path: str) -> None:
    assert "There is nothing at this address" in shown(canvas, path, 404)


def test_the_gradebook_fills(canvas: PracticeLms) -> None:
    assert "No score has arrived yet" in shown(canvas, "/gradebook")
    Caller(canvas).score("ana", comment="Well read <b>")
    answer = canvas.app.test_client().get("/gradebook").text
    assert "80 / 100" in answer
    assert "Completed, fully graded" in answer
    assert "Well read &lt;b&gt;" in answer
    assert "1 of 26 people" in answer


def test_trouble_is_made_and_ended_by_a_button(canvas: PracticeLms) -> None:
    client = canvas.app.test_client()
    done = client.post("/trouble", data={"what": "busy"}, follow_redirects=True)
    assert "too many requests" in done.text
    assert Caller(canvas).score("ana").status_code == 429
    client.post("/trouble", data={"what": "stop"})
    assert canvas.active_faults() == []
    old = canvas.keys.current.kid
    client.post("/trouble", data={"what": "rotate"})
    assert canvas.keys.current.kid != old
    assert client.post("/trouble", data={"what": "made-up"}).status_code == 400


def test_what_a_tool_says_on_the_way_back_is_shown_as_text(canvas: PracticeLms) -> None:
    page = canvas.app.test_client().get("/courses/g4-room-12/return?lti_errormsg=<i>no</i>").text
    assert "&lt;i&gt;no&lt;/i&gt;" in page
