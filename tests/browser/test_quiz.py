"""The quiz in a real browser: by keyboard, without scripts, narrow, dark, and looked over by axe."""

from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.looking import AND_GOOD_PRACTICE, is_sound_in_every_look, windows
from tests.quizzes.conftest import Taker, ann, made_up, taker  # noqa: F401  the cast of tests/quizzes


@pytest.fixture
def open_page(chromium: Browser, address: str, ann: Taker) -> Iterator:  # noqa: F811
    """open_page(path, **context options) -> Page of Ann's; whatever the browser complains about fails the test."""
    complaints: list[str] = []

    def make(path: str, width: int = 1280, height: int = 720, **options: object) -> Page:
        return opened(path, ann.browser, width, height, **options)

    make.complaints = complaints  # type: ignore[attr-defined]
    with windows(chromium, address, complaints) as opened:
        yield make
    assert complaints == []


def at(page: Page) -> str:
    return urlsplit(page.url).path


def test_a_whole_quiz_by_keyboard_alone(open_page, ann, made_up):  # noqa: F811
    page = open_page(f"/quizzes/{made_up.id}")
    page.get_by_role("button", name="Start the quiz").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/attempts/**")
    attempt = ann.attempts(made_up)[-1]
    for number, drawn in enumerate(attempt.draw, start=1):
        expect(page.get_by_role("heading", level=1)).to_have_text(f"Question {number} of 4")
        item = made_up.item(drawn["item"])
        first = page.locator("[name=pick]").first
        for _ in range(20):  # Tab reaches the choices from the top of the page
            page.keyboard.press("Tab")
            if first.evaluate("box => box === document.activeElement"):
                break
        if item.type == "single":
            page.keyboard.press("Space")
            for option in drawn["options"]:
                if option in item.correct_ids:
                    break
                page.keyboard.press("ArrowDown")
            page.keyboard.press("Tab")  # Back
        else:
            for option in drawn["options"]:
                if option in item.correct_ids:
                    page.keyboard.press("Space")
                page.keyboard.press("Tab")
        page.keyboard.press("Tab")  # Save and go on
        page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("You answered 4 of 4")
    page.get_by_role("button", name="Hand in my answers").press("Enter")
    heading = page.get_by_role("heading", level=1)
    expect(heading).to_have_text("You did it!")
    expect(heading).to_be_focused()
    assert ann.attempts(made_up)[-1].score == 100


def test_a_tap_is_saved_at_once_and_said_politely(open_page, ann, made_up):  # noqa: F811
    attempt = ann.start(made_up)
    page = open_page(f"/quizzes/attempts/{attempt.public_id}/1")
    page.locator(".choice").nth(1).click()
    expect(page.get_by_role("status")).to_have_text("Saved")
    page.reload()
    expect(page.locator("[name=pick]").nth(1)).to_be_checked()


def test_quick_taps_end_with_the_last_one(open_page, ann, made_up):  # noqa: F811
    attempt = ann.start(made_up)
    number = next(n for n, d in enumerate(attempt.draw, start=1) if made_up.item(d["item"]).type == "single")
    page = open_page(f"/quizzes/attempts/{attempt.public_id}/{number}")
    page.route("**/attempts/**", lambda route: (page.wait_for_timeout(150), route.continue_()))
    for tap in (0, 1, 2):
        page.locator(".choice").nth(tap).click(no_wait_after=True)
    page.get_by_role("button", name="Save and").click()
    page.wait_for_url("**/check**" if number == 4 else f"**/{number + 1}?**")
    page.unroute_all()
    page.goto(page.url.replace(at(page), f"/quizzes/attempts/{attempt.public_id}/{number}"))
    expect(page.locator("[name=pick]").nth(2)).to_be_checked()


def test_a_tap_that_could_not_be_saved_says_so(open_page, ann, made_up):  # noqa: F811
    attempt = ann.start(made_up)
    page = open_page(f"/quizzes/attempts/{attempt.public_id}/1")
    page.context.set_offline(True)
    page.locator(".choice").first.click()
    expect(page.get_by_role("status")).to_contain_text("Not saved yet")
    page.context.set_offline(False)
    page.get_by_role("button", name="Save and go on").click()
    page.wait_for_url("**/2?**")
    offline = [each for each in open_page.complaints if "ERR_INTERNET_DISCONNECTED" in each]
    assert offline
    open_page.complaints[:] = [each for each in open_page.complaints if each not in offline]
    page.go_back()
    expect(page.locator("[name=pick]").first).to_be_checked()


def test_a_tap_after_handing_in_elsewhere_says_so(open_page, ann, made_up):  # noqa: F811
    attempt = ann.start(made_up)
    page = open_page(f"/quizzes/attempts/{attempt.public_id}/1")
    ann.submit(attempt)
    page.locator(".choice").first.click()
    expect(page.get_by_role("status")).to_have_text("This quiz was handed in already.")
    assert "409" in open_page.complaints.pop()
    page.get_by_role("button", name="Save and go on").click()
    page.wait_for_url("**/review?**")


def test_everything_works_without_scripts(open_page, ann, made_up):  # noqa: F811
    page = open_page(f"/quizzes/{made_up.id}", java_script_enabled=False)
    page.get_by_role("button", name="Start the quiz").click()
    page.wait_for_url("**/attempts/**")
    for drawn in ann.attempts(made_up)[-1].draw:
        for option in made_up.item(drawn["item"]).correct_ids:
            page.locator(f"[name=pick][value={option}]").check()
        page.get_by_role("button", name="Save and").click()
    page.get_by_role("button", name="Hand in my answers").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("You did it!")


def pages_of(ann: Taker, made_up) -> list[str]:  # noqa: F811
    """One of each kind: review of a miss and of a pass, an open question and the look over, the front."""
    missed, passed = ann.take(made_up, right=2), ann.take(made_up, right=4)
    attempt = ann.start(made_up)
    ann.save(attempt, 1, attempt.draw[0]["options"][:1])
    reviews = [f"/quizzes/attempts/{each.public_id}/review" for each in (missed, passed)]
    now_open = f"/quizzes/attempts/{attempt.public_id}"
    return [f"/quizzes/{made_up.id}", f"{now_open}/1", f"{now_open}/check", *reviews]


def test_nothing_scrolls_sideways_and_axe_finds_nothing(open_page, ann, made_up):  # noqa: F811
    for path in pages_of(ann, made_up):
        page = open_page(path, reduced_motion="reduce")
        for summary in page.locator("summary").all():
            summary.click()
        is_sound_in_every_look(page, AND_GOOD_PRACTICE)


def test_enter_in_an_answer_goes_on_and_not_back(open_page, ann, made_up):  # noqa: F811
    attempt = ann.start(made_up)
    page = open_page(f"/quizzes/attempts/{attempt.public_id}/1")
    page.locator("[name=pick]").first.focus()
    page.keyboard.press("Space")
    page.keyboard.press("Enter")
    page.wait_for_url("**/2?*")


def test_the_look_over_of_the_youngest_fits_with_the_largest_text(open_page, ann, made_up):  # noqa: F811
    attempt = ann.start(made_up)
    page = open_page(f"/quizzes/attempts/{attempt.public_id}/check", width=320, height=640)
    page.evaluate(
        "document.body.dataset.band = 'K-2';"
        "Object.assign(document.documentElement.dataset, {size: 'largest', spacing: 'wide'})"
    )
    assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") == 0
