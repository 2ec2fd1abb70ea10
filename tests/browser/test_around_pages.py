"""The pages around a lesson in a real browser: sound at every width and theme, good on paper, asking nobody else."""

import re

import pytest

from completion import ledger
from core.database import db
from lessons import library
from tests.browser.looking import is_sound_in_every_look, windows
from tests.browsers import Browser

HIGH = "/lessons/g10/g10-intimate-images-law"
FAMILY = ("/public/", "/public/letters/g10", "/public/lessons/g10/g10-intimate-images-law")
TEACHERS = (f"{HIGH}/guide",)
PUPILS = (f"{HIGH}/handout", f"{HIGH}/steps/1", HIGH, "/lessons/away", "/lessons/k", "/lessons/k/certificate")


@pytest.fixture
def pupil(curriculum, signed_in, year) -> Browser:
    """Done with Kindergarten, one step into the sensitive lesson."""
    ann = signed_in("learner")
    for ref in library.course("k").lessons:
        ledger.record_evidence(
            ann.person, f"lesson:{ref.id}", year, kind="course", version=ref.hash, source="attempt 1"
        )
    db.commit()
    ann.post(HIGH)
    return ann


@pytest.fixture
def teacher(curriculum, signed_in) -> Browser:
    return signed_in("teacher")


@pytest.fixture
def open_page(chromium, address):
    with windows(chromium, address) as opened:
        yield opened


@pytest.fixture
def every_page(pupil, teacher):
    """[(path, who opens it)]"""
    return [
        *((path, None) for path in FAMILY),
        *((path, teacher) for path in TEACHERS),
        *((path, pupil) for path in PUPILS),
    ]


def test_nothing_sticks_out_and_axe_finds_nothing(open_page, every_page):
    for path, who in every_page:
        is_sound_in_every_look(open_page(path, who))


def test_families_pages_ask_no_other_site_and_leave_no_cookie(open_page, curriculum, address):
    for path in FAMILY:
        page = open_page(path)
        asked: list[str] = []
        page.on("request", lambda request, asked=asked: asked.append(request.url))
        page.reload(wait_until="networkidle")
        assert asked and all(url.startswith(address) for url in asked), asked
        assert page.context.cookies() == []


def test_the_exit_hides_the_lesson_and_back_does_not_bring_it_again(open_page, pupil):
    page = open_page(HIGH, pupil)
    page.get_by_role("button", name="Continue").click()
    page.wait_for_url("**/steps/1**")
    page.get_by_role("button", name="Leave this page").click()
    page.wait_for_url("**/lessons/away**")
    page.go_back()
    page.wait_for_url("**/lessons/away**")
    assert page.locator("h1").inner_text() == "A short break"
    assert "Jordan" not in page.content()
    page.get_by_role("button", name="Go on where I was").click()
    page.wait_for_url(f"**{HIGH}**")


def test_the_exit_is_reached_by_keyboard_before_the_card(open_page, pupil):
    page = open_page(f"{HIGH}/steps/1", pupil)
    for _ in range(12):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.innerText").strip() == "Leave this page":
            break
    page.keyboard.press("Enter")
    page.wait_for_url("**/lessons/away**")


@pytest.mark.parametrize(
    "lesson_id", ["k-kind-taps", "g4-tricky-messages", "g7-claim-check", "g10-devices-permissions-malware"]
)
def test_a_handout_is_one_page_of_paper(open_page, pupil, lesson_id):
    page = open_page(f"/lessons/{lesson_id.partition('-')[0]}/{lesson_id}/handout", pupil)
    assert pages_of(page.pdf(format="Letter", prefer_css_page_size=True)) == 1


def test_the_certificate_is_one_page_of_paper(open_page, pupil):
    page = open_page("/lessons/k/certificate", pupil)
    assert pages_of(page.pdf(format="Letter")) == 1


def pages_of(pdf: bytes) -> int:
    return len(re.findall(rb"/Type\s*/Page\b", pdf))
