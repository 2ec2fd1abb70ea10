"""Back to the course: the return address of the launch, on pages that end something and on refusals."""

import html
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.teaching.working import LESSON, hand_in, read_lesson


def links(page: str) -> list[str]:
    return [html.unescape(part.split('"')[0]) for part in page.split('href="')[1:]]


def test_a_refusal_leads_back_to_the_course(school, curriculum):
    pupil = school.launch("ana", LESSON)
    refused = pupil.get("/completion/class")
    assert refused.status_code == 403
    assert f"{school.lms.base_url}/courses/g4-room-12/return" in links(refused.text)


def test_who_passed_takes_a_word_along(school, curriculum):
    pupil = school.launch("ana", LESSON)
    read_lesson(pupil)
    hand_in(pupil)
    attempt = pupil.get(f"/quizzes/{LESSON}").text.split("/attempts/")[1].split("/")[0]
    page = pupil.get(f"/quizzes/attempts/{attempt}/review").text
    back = next(each for each in links(page) if "/return" in each)
    assert ("lti_msg" in parse_qs(urlsplit(back).query)) is ("You did it!" in page)


@pytest.mark.parametrize(
    "odd",
    ["javascript:alert(1)", "data:text/html,x", "", None, 7, "https://a b", '"><script>', "//evil.example"],
)
def test_an_odd_return_address_is_none(school, curriculum, odd):
    pupil = school.launch("ana", LESSON, launch_presentation={"return_url": odd})
    page = pupil.get("/completion/class").text
    assert "Back to your course" not in page and "javascript:" not in page and "evil.example" not in page


def test_its_query_is_kept_and_escaped(school, curriculum):
    url = "https://lms.example/back?sesskey=a%22b&c=<d>"
    pupil = school.launch("ana", LESSON, launch_presentation={"return_url": url, "document_target": "window"})
    page = pupil.get("/completion/class").text
    assert url in links(page) and "<d>" not in page
    assert 'data-shown-in="window"' in page


def test_the_return_addresss_site_may_frame_the_tab(school, curriculum):
    """A district that sees its LMS in a domain of its own: the signed return address lies there."""
    told = {"return_url": "https://learn.district.example/courses/1/back"}
    pupil = school.launch("ana", LESSON, launch_presentation=told)
    policy = pupil.get(pupil.landed).headers["Content-Security-Policy"]
    assert "https://learn.district.example" in policy
