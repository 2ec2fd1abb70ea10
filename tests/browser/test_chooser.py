"""The chooser in a real browser: small frames, axe, the keyboard, and no scripts."""

import pytest
from playwright.sync_api import Page, expect

from people.sign_in import COOKIE
from tests.browser.looking import is_sound_in_every_look
from tests.lti_tool.chooser import Chooser
from tests.lti_tool.suite import Suite

pytestmark = pytest.mark.usefixtures("curriculum")


@pytest.fixture
def choosing(school, address):
    """A teacher's chooser, ready for any browser: opened by a real launch."""
    return Chooser.open(Suite(school))


def tab(chromium, address, choosing, **options) -> Page:
    context = chromium.new_context(viewport={"width": 640, "height": 480}, **options)
    context.add_cookies([{"name": COOKIE, "value": choosing.browser.secret, "url": address}])
    page = context.new_page()
    page.goto(f"{address}{choosing.landed}")
    return page


def test_every_page_of_the_chooser_fits_and_axe_finds_nothing(chromium, address, choosing):
    page = tab(chromium, address, choosing)
    page.get_by_label("Same Me, On Screen and Off").first.check()
    page.get_by_text("What it teaches").first.click()
    is_sound_in_every_look(page)
    page.get_by_role("button", name="Add to my course").scroll_into_view_if_needed()
    page.get_by_role("button", name="Take all").click()
    is_sound_in_every_look(page)
    page.context.close()


def test_the_keyboard_alone_chooses_looks_and_comes_back(chromium, address, choosing):
    page = tab(chromium, address, choosing)
    page.get_by_role("checkbox").first.focus()
    page.keyboard.press("Space")
    look = page.get_by_role("button", name="Look at it").first
    look.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Same Me, On Screen and Off")).to_be_visible()
    page.get_by_role("link", name="Back to choosing").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("checkbox").first).to_be_checked()
    page.get_by_role("checkbox").nth(1).focus()
    page.keyboard.press("Space")
    page.keyboard.press("Enter")  # the usual way to send a form: on to the dates, not to another grade
    expect(page.get_by_role("heading", name="2 links for your course")).to_be_visible()


def test_without_scripts_the_answer_waits_for_its_button(chromium, address, choosing):
    page = tab(chromium, address, choosing, java_script_enabled=False)
    page.get_by_role("checkbox").first.check()
    page.get_by_role("button", name="Add to my course").click()
    expect(page.get_by_role("button", name="Go on to your LMS")).to_be_visible()
    is_there = page.locator("form[data-hand-over] input[name=JWT]")
    expect(is_there).to_have_count(1)
