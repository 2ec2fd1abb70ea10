"""Teaching together in a real browser: by keys alone, on a projector and on a phone; axe finds nothing."""

import pytest
import sqlalchemy as sa

from completion.models import Evidence
from core.database import db
from tests.browser.looking import is_sound_in_every_look, sticks_out, windows
from tests.teaching.makers import ClassInLms, a_platform

LESSON = "k-keep-safe-facts"
FIRST = f"/completion/together/{LESSON}/1"
HERE = f"/completion/together/{LESSON}/here"
NAMES = ("Amara Okafor", "Beatriz de la Cruz-Villanueva", "Caleb Whitehorse", "Chloé Dubois", "Daniel Kim")


@pytest.fixture
def teacher(curriculum, district, year, classroom, signed_in):
    room = ClassInLms(district, year, classroom, a_platform(district))
    room.link(f"/lessons/k/{LESSON}")
    room.seat(*NAMES, None)
    return signed_in("teacher", classroom=classroom)


@pytest.fixture
def open_page(chromium, address, teacher):
    """As a projector shows it, unless another size is asked for."""
    with windows(chromium, address) as opened:
        yield lambda path, width=1280, height=720, **options: opened(path, teacher, width, height, **options)


def tab_to(page, words: str) -> None:
    """Press Tab until what has the focus says these words."""
    for _ in range(40):
        page.keyboard.press("Tab")
        said = page.evaluate("(document.activeElement.closest('label') || document.activeElement).innerText")
        if said.strip().startswith(words):
            return
    raise AssertionError(f"the keyboard does not come to {words!r}")


def test_a_lesson_is_taught_and_recorded_with_the_keyboard_alone(open_page, classroom):
    page = open_page(FIRST)
    screens = 1
    while "/here" not in page.url:
        at = page.url
        page.keyboard.press("PageDown" if screens % 2 else "ArrowRight")
        page.wait_for_url(lambda url, at=at: url != at)
        screens += 1
    page.keyboard.press("Shift+Tab")
    tab_to(page, "Everyone was here")
    page.keyboard.press("Enter")
    assert page.locator("input[name=here]:checked").count() == 6
    tab_to(page, "Beatriz")
    page.keyboard.press("Space")
    tab_to(page, "Save who was here")
    page.keyboard.press("Enter")
    page.wait_for_url("**/sessions/**")
    assert page.locator("h1").inner_text().startswith("5 took part on ")
    db.remove()
    assert db.scalar(sa.select(sa.func.count()).select_from(Evidence)) == 5
    db.remove()
    tab_to(page, "Was not here")
    page.keyboard.press("Enter")
    page.locator("h1", has_text="4 took part").wait_for()


def test_back_goes_back_and_arrows_in_an_answer_stay_there(open_page):
    page = open_page(FIRST)
    page.keyboard.press("ArrowRight")
    page.wait_for_url("**/2?*")
    while page.locator("#practice input[type=radio]").count() == 0:
        at = page.url
        page.keyboard.press("PageDown")
        page.wait_for_url(lambda url, at=at: url != at)
    at = page.url
    page.locator("#practice input[type=radio]").first.focus()
    page.keyboard.press("ArrowRight")
    assert page.url == at
    page.keyboard.press("Enter")
    page.locator(".feedback").first.wait_for()
    page.keyboard.press("PageUp")
    page.wait_for_url(lambda url: url.split("?")[0] != at.split("?")[0])


@pytest.mark.parametrize("path", [FIRST, HERE])
def test_nothing_sticks_out_and_axe_finds_nothing(open_page, path):
    is_sound_in_every_look(open_page(path))


def test_without_scripts_everyone_is_ticked_by_a_page(open_page):
    page = open_page(HERE, width=640, java_script_enabled=False)
    page.get_by_role("link", name="Everyone was here").click()
    page.get_by_role("button", name="Save who was here").click()
    assert page.locator("h1").inner_text().startswith("6 took part on ")
    assert sticks_out(page) == 0
