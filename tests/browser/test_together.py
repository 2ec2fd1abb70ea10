"""Teaching together in a real browser: by keys alone, on a projector and on a phone; axe finds nothing."""

import pytest
import sqlalchemy as sa

from completion.models import Evidence
from core.database import db
from people.sign_in import COOKIE
from tests.teaching.makers import ClassInLms, a_platform

Axe = pytest.importorskip(
    "axe_playwright_python.sync_playwright", reason="pip install -r requirements-dev.txt"
).Axe
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

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
    contexts = []

    def opening(path: str, width: int = 1280, height: int = 720, **options: object):
        context = chromium.new_context(viewport={"width": width, "height": height}, **options)
        context.add_cookies([{"name": COOKIE, "value": teacher.secret, "url": address}])
        contexts.append(context)
        page = context.new_page()
        page.goto(f"{address}{path}?visit={teacher.visit}")
        return page

    yield opening
    for context in contexts:
        context.close()


def sticks_out(page) -> int:
    return page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")


def findings(page) -> list[str]:
    run = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]}
    found = Axe().run(page, options=run).response["violations"]
    return [f"{each['id']}: {each['nodes'][0]['html']}" for each in found]


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
@pytest.mark.parametrize("width", [320, 640, 1280])
def test_nothing_sticks_out_and_axe_finds_nothing(open_page, path, width):
    page = open_page(path, width=width)
    assert sticks_out(page) == 0
    assert findings(page) == []


def test_without_scripts_everyone_is_ticked_by_a_page(open_page):
    page = open_page(HERE, width=640, java_script_enabled=False)
    page.get_by_role("link", name="Everyone was here").click()
    page.get_by_role("button", name="Save who was here").click()
    assert page.locator("h1").inner_text().startswith("6 took part on ")
    assert sticks_out(page) == 0
