"""The rules of a district in a real browser: in every look, on paper, and changed by keyboard alone without scripts."""

import pytest

from tests.browser.looking import is_sound_in_every_look, sticks_out, windows
from tests.rulebook.conftest import RULES, dee, officer, town

pytest.importorskip("playwright.sync_api", reason="pip install -r requirements-dev.txt")
__all__ = ["dee", "officer", "town"]


@pytest.fixture
def open_page(chromium, address: str, dee):
    with windows(chromium, address) as opened:
        yield lambda path, *size, **options: opened(path, dee, *size, **options)


def test_a_rule_is_changed_and_set_back_by_keyboard_on_a_narrow_page_without_scripts(open_page, town):
    page = open_page(RULES, 320, 568, java_script_enabled=False)
    page.get_by_label("Say something else for staff of one building").focus()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url("**building=*")
    page.get_by_label("As the district: Take the course or sign").focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    page.get_by_label("Days of grace after that day").focus()
    page.keyboard.type("many")
    page.keyboard.press("Enter")
    field = page.get_by_label("Days of grace after that day")
    field.wait_for()
    assert "whole number of days" in page.locator("#grace_days-error").inner_text()
    assert field.get_attribute("aria-invalid") == "true" and sticks_out(page) == 0
    field.focus()
    page.keyboard.press("Control+a")
    page.keyboard.type("7")
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="2 rules would change").wait_for()
    assert "3 people are done now and would be asked anew" in page.locator(".notice").inner_text()
    assert sticks_out(page) == 0
    page.get_by_role("button", name="Keep it").press("Enter")
    page.get_by_role("heading", name="Otherwise at Elm Elementary").wait_for()
    page.get_by_role("link", name="Set back").first.press("Enter")
    page.get_by_role("button", name="See what would change").press("Enter")
    page.get_by_role("button", name="Keep it").press("Enter")
    page.get_by_text("Every building is as the district.").first.wait_for()


def test_the_pages_hold_in_every_look_and_on_paper(open_page, town):
    for path in (RULES, f"{RULES}/guest?building={town.elm.id}", f"{RULES}/year"):
        is_sound_in_every_look(open_page(path))
    page = open_page(f"{RULES}/staff", 740)
    page.get_by_label("Take the course and sign the agreement.").check()
    page.get_by_label("Count the dates of this school year anew").check()
    page.get_by_label("More time, at most").fill("much")
    page.get_by_role("button", name="See what would change").click()
    page.locator("#extension_days-error").wait_for()
    assert page.evaluate("document.activeElement.getAttribute('role')") == "alert"
    is_sound_in_every_look(page)
    page.get_by_label("More time, at most").fill("10")
    page.get_by_role("button", name="See what would change").click()
    page.get_by_role("heading", name="Whom it concerns").wait_for()
    is_sound_in_every_look(page)
    page.emulate_media(media="print")
    assert sticks_out(page) == 0
    assert not any(button.is_visible() for button in page.get_by_role("button").all())
