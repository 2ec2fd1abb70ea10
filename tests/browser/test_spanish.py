"""Spanish pages in a real browser: longer words fit, axe finds nothing, and the choice of a language works."""

import re
from collections.abc import Callable, Iterator

import pytest

from core.database import db
from people.models import Person
from quizzes.models import Attempt
from tests.browser.looking import AND_GOOD_PRACTICE, findings, windows
from tests.browser.test_class_page import ONE, PAGE, room  # noqa: F401  a class of twenty-six
from tests.browser.test_player import LESSON, sticks_out
from tests.browsers import Browser


@pytest.fixture
def open_page(chromium, address: str) -> Iterator[Callable]:
    with windows(chromium, address) as opened:
        yield lambda who, path, width, **more: opened(path, who, width, 640, **more)


def spanish(tab: Browser) -> Browser:
    db.get_one(Person, tab.person.id).language = "es"
    db.commit()
    return tab


def pupil_pages(pupil: Browser) -> list[str]:
    """The way through a lesson and its quiz, a page of each kind."""
    pupil.post(LESSON)
    for step in range(1, 20):
        if "/quizzes/" in pupil.post(f"{LESSON}/steps/{step}").headers.get("Location", ""):
            break
    lesson = LESSON.rpartition("/")[2]
    pupil.post(f"/quizzes/{lesson}/attempts")
    attempt = db.query(Attempt).filter_by(person_id=pupil.person.id).one()
    return [
        "/lessons/g4", LESSON, f"{LESSON}/steps/1", f"{LESSON}/steps/4?chose=a&chose=b", f"/quizzes/{lesson}",
        f"/quizzes/attempts/{attempt.public_id}/1", f"/quizzes/attempts/{attempt.public_id}/check",
        "/completion/mine", "/no/such/page",
    ]  # fmt: skip


def is_sound(page) -> None:
    assert page.locator("html").get_attribute("lang") == "es"
    assert findings(page, AND_GOOD_PRACTICE) == [], page.url
    for width in (640, 320):
        page.set_viewport_size({"width": width, "height": 640})
        assert sticks_out(page) == [], (page.url, width)


def test_what_a_pupil_reads_is_sound_in_spanish(curriculum, year, signed_in, open_page):
    pupil = spanish(signed_in("learner"))
    for path in pupil_pages(pupil):
        is_sound(open_page(pupil, path, 640))
    attempt = db.query(Attempt).filter_by(person_id=pupil.person.id).one()
    pupil.post(f"/quizzes/attempts/{attempt.public_id}/submit")
    page = open_page(pupil, f"/quizzes/attempts/{attempt.public_id}/review", 640)
    is_sound(page)
    assert "Casi. Vamos a mirar otra vez." in page.locator("h1").inner_text()
    assert page.locator("h3").first.get_attribute("lang") == "es", (
        "a question is in the language the lesson was taken in"
    )


@pytest.mark.parametrize("query", ["", ONE])
def test_the_class_page_is_sound_in_spanish(room, signed_in, open_page, query):  # noqa: F811
    page = open_page(spanish(signed_in("teacher", classroom=room.classroom)), f"{PAGE}{query}", 640)
    is_sound(page)
    assert re.match(r"\d+ de 26 han terminado", page.locator("h1").inner_text())


def test_the_agreement_is_sound_in_spanish(curriculum, year, signed_in, open_page):
    for path in ("/completion/agreement", "/completion/agreement/not-now", "/lessons/ruc"):
        is_sound(open_page(spanish(signed_in("other")), path, 640))


def test_a_pupil_picks_spanish_and_stays_where_they_are(curriculum, year, signed_in, open_page):
    page = open_page(signed_in("learner"), f"{LESSON}?from=here", 640)
    page.get_by_role("button", name="Text, colors and language").click()
    page.get_by_role("button", name="Español (traducción automática, en revisión)").click()
    assert page.locator("html").get_attribute("lang") == "es" and f"{LESSON}?from=here" in page.url
    page.get_by_role("button", name="Texto, colores e idioma").click()
    assert page.locator("[name=language][aria-current]").inner_text().startswith("Español")
    assert findings(page, AND_GOOD_PRACTICE) == [] and sticks_out(page) == []


def test_without_scripts_the_languages_stand_at_the_foot(curriculum, year, signed_in, open_page):
    page = open_page(signed_in("learner"), LESSON, 320, java_script_enabled=False)
    page.get_by_role("button", name="Español (traducción automática, en revisión)").click()
    assert page.locator("html").get_attribute("lang") == "es"
