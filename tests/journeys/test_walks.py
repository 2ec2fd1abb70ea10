"""The walks: a pupil, a teacher, a staff member and IT, through the product that `make run` starts.

Chromium with third-party cookies allowed and really blocked; the tool on localhost, the LMS on 127.0.0.1.
"""

import json
import time
import urllib.request
from base64 import b64encode
from urllib.parse import urlencode

import pytest
from playwright.sync_api import expect

from tests.journeys.walks import open_and_read, open_in_course, take_the_quiz

QUICK = 20_000
"""Milliseconds the worker may take on a busy machine."""


ONCE = pytest.mark.parametrize("chromebook", ["third-party cookies allowed"], indirect=True)
"""For walks whose frame is walked blocked elsewhere."""


def ask(url: str, headers: dict[str, str], data: dict[str, str] | None = None) -> dict:
    request = urllib.request.Request(url, headers=headers, data=urlencode(data).encode() if data else None)
    with urllib.request.urlopen(request, timeout=10) as answer:
        return json.load(answer)


def token(street) -> str:
    basic = b64encode(f"{street.client['client_id']}:{street.client['client_secret']}".encode()).decode()
    return ask(
        f"{street.tool}/oauth/token",
        {"Authorization": f"Basic {basic}"},
        {"grant_type": "client_credentials"},
    )["access_token"]


def standing(street, key: str, wanted: str) -> dict:
    """IT asks until the worker has written the standing."""
    bearer = {"Authorization": f"Bearer {token(street)}"}
    deadline = time.monotonic() + QUICK / 1000
    found: dict = {}
    while time.monotonic() < deadline:
        try:
            found = ask(f"{street.tool}/api/v1/standings/{key}", bearer)
        except urllib.error.HTTPError as error:
            assert error.code == 404
        if found.get("state") == wanted:
            return found
        time.sleep(0.2)
    raise AssertionError(f"{key} is not {wanted}: {found}")


def test_a_pupil_reads_takes_the_quiz_and_the_grade_arrives(street, chromebook):
    person, lesson = ("ben", "g4-tricky-messages") if chromebook.blocks_third_party else ("ana", "g4-same-me")
    frame = open_and_read(chromebook, street.lms, person, lesson)
    take_the_quiz(frame)
    expect(frame.get_by_text("100")).not_to_have_count(0)
    expect(frame.get_by_text("Sent to the gradebook")).to_be_visible(timeout=QUICK)
    grades = chromebook.new_page()
    grades.goto(f"{street.lms}/gradebook")
    expect(grades.locator("table").first).to_contain_text("100")


def test_third_party_cookies_are_really_blocked_where_we_say_so(street, chromebook):
    """The control: an ordinary third-party cookie comes back in one browser and not in the other."""
    page, frame = open_in_course(chromebook, street.lms, "ana", "g4-same-me")
    expect(frame.get_by_role("heading", name="You will be able to")).to_be_visible()
    inner = next(each for each in page.frames if each.url.startswith(street.tool))
    inner.evaluate("document.cookie = 'plain=1; SameSite=None; Secure'")
    kept = "plain=1" in inner.evaluate("document.cookie")
    assert kept is not chromebook.blocks_third_party


def test_a_pupil_comes_back_to_the_same_card(street, chromebook):
    person = "pupil03" if chromebook.blocks_third_party else "pupil04"
    page, frame = open_in_course(chromebook, street.lms, person, "g4-game-chat-choices")
    frame.get_by_role("button", name="Start").click()
    expect(frame.locator(".player")).to_be_visible()
    page.close()
    page, frame = open_in_course(chromebook, street.lms, person, "g4-game-chat-choices")
    expect(frame.get_by_role("button", name="Continue at step 1")).to_be_visible()


def test_a_teacher_sees_the_class_with_the_roster_of_the_lms(street, chromebook):
    page, frame = open_in_course(chromebook, street.lms, "cruz", "g4")
    frame.get_by_role("link", name="class", exact=False).first.click()
    expect(frame.locator("table")).to_be_visible()
    deadline = time.monotonic() + QUICK / 1000
    while frame.locator("tbody tr").count() < 26 and time.monotonic() < deadline:
        page.wait_for_timeout(300)
        frame.locator("body").evaluate("() => location.reload()")
        expect(frame.locator("h1").first).to_be_visible()
    assert frame.locator("tbody tr").count() >= 26


@ONCE
def test_a_staff_member_signs_and_it_reads_the_standing(street, chromebook):
    _, frame = open_in_course(chromebook, street.lms, "dee", "ruc")
    frame.get_by_role("link", name="Read and sign").click()
    frame.get_by_role("checkbox").check()
    frame.get_by_role("textbox").first.fill("Dee Practice")
    frame.get_by_role("button", name="Sign", exact=False).click()
    expect(frame.get_by_text("2026.1", exact=False).first).to_be_visible()
    found = standing(street, "sis:100001", "complete")
    assert found["access"] == "allow" and found["reason"] == "agreement"


@ONCE
def test_a_teacher_takes_a_staff_module_and_it_hears_that_the_course_is_begun(street, chromebook):
    frame = open_and_read(chromebook, street.lms, "cruz", "ruc-7-social-media-with-students")
    take_the_quiz(frame)
    expect(frame.get_by_text("Passed").or_(frame.get_by_text("You did it")).first).to_be_visible()
    listed = ask(
        f"{street.tool}/api/v1/standings?requirement=rua", {"Authorization": f"Bearer {token(street)}"}
    )
    sis = next(
        each["ids"]["sis"] for each in listed["items"] if each["ids"].get("sis") not in (None, "100001")
    )
    assert standing(street, f"sis:{sis}", "in_progress")["evidence"] is None, "one module is not the course"
    _, course = open_in_course(chromebook, street.lms, "cruz", "ruc")
    expect(course.get_by_text("1 of 10 modules", exact=False)).to_be_visible()


@ONCE
def test_a_parent_sees_their_child_and_the_lesson_and_nothing_of_the_class(street, chromebook):
    _, of_the_child = open_in_course(chromebook, street.lms, "ana", "g4-same-me")
    expect(of_the_child.get_by_role("heading", name="You will be able to")).to_be_visible()
    page, frame = open_in_course(chromebook, street.lms, "parent", "g4-same-me")
    expect(frame.get_by_role("heading", name="Your child and the lessons")).to_be_visible()
    frame.get_by_role("link", name="Same Me, On Screen and Off").click()
    expect(frame.get_by_role("button", name="Look at the lesson")).to_be_visible()
    assert frame.get_by_role("link", name="class", exact=False).count() == 0
    inner = next(each for each in page.frames if each.url.startswith(street.tool))
    refused = inner.evaluate(
        "async (visit) => (await fetch('/completion/class?visit=' + visit)).status",
        inner.url.split("visit=")[1],
    )
    assert refused == 403
