"""Pages carried by script (core/static/core/carry.js): as good as loaded, with no cookie and all storage closed."""

import re
from contextlib import suppress
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import expect

from completion import policy_texts
from core.database import db
from core.errors import Refused
from people.models import SignIn
from tests.browser.looking import AND_GOOD_PRACTICE, findings
from tests.journeys.walks import pick_right, read_the_lesson, take_the_quiz

FRONT = "You will be able to"


def press(frame, name):
    """As assistive technology does it: a tap can fall beside a link while the LMS fits the frame to the page."""
    found = frame.get_by_role("link", name=name).or_(frame.get_by_role("button", name=name)).first
    expect(found).to_be_visible()
    found.evaluate("(found) => found.click()")


def reload(inner):
    """Until the page that comes after stands there."""
    inner.evaluate("document.documentElement.dataset.before = ''; location.reload()")
    expect(inner.locator("html:not([data-before]) body[data-page]")).to_be_attached()


@pytest.fixture
def agreement(framed):
    text = "\n\n".join(f"## Part {n}\n\n{'I treat others with respect. ' * 40}" for n in range(1, 8))
    with suppress(Refused):  # the curriculum's own is there already
        policy_texts.publish_policy_text(
            "rua", "2026.1", "en", text, title="Responsible Use Agreement", intent="I agree to follow it."
        )
        db.commit()
    db.remove()


@pytest.fixture
def carried(framed, keeping_nothing):
    """carried(person, link) opens an item in a browser that keeps nothing, by the platform's storage."""

    def opened(person="ana", link="g4-same-me"):
        page, frame = framed.open(keeping_nothing, person, link)
        expect(frame.locator("body[data-page] main h1").first).to_be_visible()
        inner = page.frames[1]
        assert keeping_nothing.cookies(framed.address) == []
        assert inner.evaluate("history.state.carried.length") == 32
        return page, frame, inner

    return opened


def test_a_whole_lesson_and_its_quiz_without_a_cookie(framed, carried):
    page, frame, inner = carried()
    errors = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    read_the_lesson(frame)
    take_the_quiz(frame)
    expect(frame.get_by_role("heading", name="You did it!")).to_be_focused()
    assert "/review?visit=" in inner.evaluate("location.href")
    assert [line for line in framed.asked if line.startswith("PUT ")], "each tap was kept at once"
    assert errors == []
    assert not [line for line in framed.asked if line.startswith("GET /lti/browser")][1:]


def test_two_items_side_by_side_keep_apart(framed, carried):
    page, _frame, _ = carried("ana", "g4-same-me")
    page.evaluate(
        """() => { const second = document.createElement("iframe"); second.id = "second";
        second.src = "/launch/ben/g4-tricky-messages"; document.body.append(second) }"""
    )
    second = page.frame_locator("iframe#second")
    expect(second.get_by_role("heading", name=FRONT)).to_be_visible()
    for each in [each for each in page.frames if "/lessons/" in each.url] * 2:
        reload(each)
    ours = [each for each in page.frames if "/lessons/" in each.url]
    secrets = [each.evaluate("history.state.carried") for each in ours]
    visits = [parse_qs(urlsplit(each.url).query)["visit"][0] for each in ours]
    assert len(set(secrets)) == len(set(visits)) == 2
    db.remove()
    people = {sign_in.person_id for sign_in in db.query(SignIn).filter(SignIn.key.in_(visits))}
    db.remove()
    assert len(people) == 2
    look = "async (visit) => (await fetch('/completion/mine?visit=' + visit)).status"
    assert [ours[0].evaluate(look, visit) for visit in visits] == [200, 401]


def test_back_forward_and_reload_go_where_they_say(carried):
    page, frame, inner = carried()
    heading = frame.locator("main h1").first
    front = heading.inner_text()
    press(frame, "All lessons")
    expect(heading).not_to_have_text(front)
    course = heading.inner_text()
    page.evaluate("history.back()")
    expect(heading).to_have_text(front)
    assert inner.evaluate("document.title") == front
    page.evaluate("history.forward()")
    expect(heading).to_have_text(course)
    reload(inner)
    expect(heading).to_have_text(course)
    page.evaluate("history.back()")
    expect(heading).to_have_text(front)


def test_the_place_on_a_long_page_is_found_again(agreement, carried):
    """As after a load: a new page begins at its top, and the way back leads to where one was."""
    page, frame, inner = carried("dee", "ruc")
    press(frame, "Read and sign")
    sign = frame.get_by_role("button", name="Sign the agreement")
    expect(sign).to_be_visible()
    page.evaluate("document.getElementById('tool').style.setProperty('max-height', '400px', 'important')")
    inner.evaluate("scrollTo(0, 600)")
    assert inner.evaluate("scrollY") == 600
    press(frame, "I do not want to sign now")
    expect(frame.get_by_role("heading", name="You have not signed")).to_be_visible()
    assert inner.evaluate("scrollY") == 0
    page.evaluate("history.back()")
    expect(sign).to_be_visible()
    assert inner.evaluate("scrollY") > 0


def test_a_new_page_is_news_to_a_screen_reader_as_after_a_load(carried):
    """Chromium tells assistive technology that a document is complete; then title and focus are those of a load.

    Carried in a tab of its own, since Chromium's word of that is heard for a tab and not for a frame within.
    """
    page, _frame, inner = carried()
    tab = page.context.new_page()
    tab.goto(inner.evaluate("location.href"))
    tab.evaluate(
        "(secret) => history.replaceState({ carried: secret }, '')", inner.evaluate("history.state.carried")
    )
    tab.reload()
    devtools, told = page.context.new_cdp_session(tab), []
    devtools.on("Accessibility.loadComplete", lambda event: told.append(event["root"]["name"]["value"]))
    devtools.send("Accessibility.enable")
    devtools.send("Accessibility.getFullAXTree")
    press(tab, "All lessons")
    expect(tab.get_by_role("heading", name=re.compile("Grade 4"))).to_be_visible()
    title = tab.evaluate("document.title")
    for _ in range(100):
        if title in told:
            break
        tab.wait_for_timeout(100)
    assert title in told
    assert tab.evaluate("document.activeElement === document.body")
    tab.keyboard.press("Tab")
    assert tab.evaluate("document.activeElement.textContent") == "Skip to the page"
    assert findings(tab, AND_GOOD_PRACTICE) == []


def test_help_opens_over_the_page_and_preferences_last_from_page_to_page(carried):
    _, frame, inner = carried()
    press(frame, "Help")
    expect(frame.get_by_role("dialog").locator("h1, h2").first).to_be_visible()
    press(frame, "Back to where I was")
    press(frame, "Text, colors and language")
    frame.get_by_text("Dark", exact=True).click()
    press(frame, "Close")
    expect(frame.get_by_role("dialog")).to_have_count(0)
    press(frame, "All lessons")
    expect(frame.get_by_role("heading", name=re.compile("Grade 4"))).to_be_visible()
    assert inner.evaluate("document.documentElement.dataset.theme") == "dark", (
        "storage is closed; the window is not"
    )


def test_practice_answers_swap_without_losing_the_secret(carried):
    _, frame, inner = carried()
    press(frame, "Start")
    expect(frame.locator(".player")).to_contain_text("1 of ")
    pick_right(frame, frame.locator("form#practice fieldset legend").first.inner_text())
    press(frame, "Check my answer")
    expect(frame.locator(".feedback").first).to_be_visible()
    assert "chose=" in inner.evaluate("location.href")
    reload(inner)
    expect(frame.locator(".feedback").first).to_be_visible()


def test_a_form_that_is_refused_says_why_and_can_be_sent_again(agreement, carried):
    _, frame, inner = carried("dee", "ruc")
    press(frame, "Read and sign")
    expect(frame.get_by_role("checkbox")).to_be_visible()
    press(frame, "Sign the agreement")
    expect(frame.get_by_role("alert")).to_be_focused()
    assert urlsplit(inner.evaluate("location.href")).path == "/completion/agreement"
    press(frame, "Go to the form")
    frame.get_by_role("checkbox").check()
    frame.get_by_role("textbox").first.fill("Dee Practice")
    press(frame, "Sign the agreement")
    expect(frame.get_by_text("Your signature is recorded")).to_be_visible()
    with inner.page.expect_download() as download:
        press(frame, "Download the exact text you signed")
    assert download.value.suggested_filename.startswith("agreement-")
    expect(frame.get_by_text("Your signature is recorded")).to_be_visible()


def test_a_teacher_filters_the_class_and_takes_the_spreadsheet(carried):
    carried("ana", "g4-same-me")
    _, frame, inner = carried("cruz", "g4")
    press(frame, "See your class")
    frame.get_by_label("Sort by").select_option("-name")
    press(frame, "Show")
    expect(frame.get_by_label("Sort by")).to_have_value("-name")
    inner.wait_for_url("**sort=-name**")
    with inner.page.expect_download() as download:
        press(frame, "Download as a spreadsheet")
    assert download.value.suggested_filename.endswith(".csv")
    assert "," in download.value.path().read_text()
    expect(frame.get_by_label("Sort by")).to_be_visible()


def test_a_lost_connection_is_said_on_the_page_and_nothing_is_lost(carried):
    page, frame, _inner = carried()
    page.context.set_offline(True)
    press(frame, "All lessons")
    expect(frame.get_by_role("alert")).to_contain_text("Look at your connection")
    page.context.set_offline(False)
    press(frame, "All lessons")
    expect(frame.get_by_role("heading", name=re.compile("Grade 4"))).to_be_visible()


def test_a_copied_address_opens_nothing_and_says_what_to_do(carried, keeping_nothing):
    _, _, inner = carried()
    tab = keeping_nothing.new_page()
    tab.goto(inner.evaluate("location.href"))
    expect(
        tab.get_by_role("heading", name="We can not tell who you are in this tab any more.")
    ).to_be_focused()
    expect(tab.get_by_text("Go back to your course and open the lesson again.")).to_be_visible()
