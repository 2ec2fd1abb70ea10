"""The staff course in a real browser: its paths, what changed, a check, the certificate and the record."""

import pytest
from playwright.sync_api import Browser

from tests.browser.looking import findings, is_sound_in_every_look, sticks_out, windows
from tests.lessons.staff_course import MODULES, earlier_year, module, publish_course, took


@pytest.fixture
def modules(no_curriculum):
    made = [module(each) for each in MODULES]
    publish_course(*made)
    return made


@pytest.fixture
def dee(modules, signed_in, district):
    """On the refresher, with the whole course on record last year, and one module credited this year."""
    tab = signed_in("teacher")
    took(tab.person, earlier_year(district), *modules)
    tab.post("/lessons/ruc/path", data={"path": "refresher"})
    return tab


@pytest.mark.parametrize("page", ["", "/whats-new", "/history", "/certificate?year="])
def test_it_fits_and_axe_finds_nothing(chromium: Browser, address, dee, district, page):
    path = f"/lessons/ruc{page}" + (earlier_year(district).name if page.endswith("=") else "")
    with windows(chromium, address) as opened:
        is_sound_in_every_look(opened(path, dee))


def test_the_refresher_by_keyboard_alone(chromium: Browser, address, dee):
    with windows(chromium, address) as opened:
        page = opened("/lessons/ruc", dee, 320)
        press(page, page.get_by_role("link", name="Read what changed this year"))
        press(page, page.get_by_role("button", name="I have read what changed"))
        press(page, page.get_by_role("button", name="Check: Module 1"))
        for number in (1, 2, 3):
            page.get_by_text(f"Question {number} of 3").wait_for()
            page.locator("fieldset input").first.focus()
            page.keyboard.press("Space")
            press(page, page.get_by_role("button", name="Save and"))
        press(page, page.get_by_role("button", name="Hand in my answers"))
        heading = page.get_by_role("heading", level=1)
        assert heading.inner_text() in ("This module is credited.", "This module opens in full.")
        assert findings(page) == [] and sticks_out(page) <= 0
        press(page, page.get_by_role("link", name="Back to the course"))
        page.get_by_text("Check: Module 2").wait_for()


def test_the_job_is_chosen_by_keyboard(chromium: Browser, address, dee):
    with windows(chromium, address) as opened:
        page = opened("/lessons/ruc", dee, 320)
        page.get_by_label("My work is mostly…").focus()
        page.keyboard.type("Driv")
        press(page, page.get_by_role("button", name="Keep this"))
        assert page.get_by_label("My work is mostly…").input_value() == "driver"


def press(page, control) -> None:
    """Enter on it, and the page it leads to: what is read next shall not be of the page before."""
    control.focus()
    with page.expect_navigation():
        page.keyboard.press("Enter")
