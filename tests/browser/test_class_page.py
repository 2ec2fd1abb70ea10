"""The class page in a real browser: nothing sticks out, axe finds nothing, and it works without scripts."""

from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from completion.models import Progress
from core.clock import now
from core.database import db
from lti_tool.models import ScoreDelivery
from people.models import Enrollment
from tests.browser.looking import findings, is_sound_in_every_look, sticks_out, windows
from tests.browsers import Browser
from tests.teaching.makers import LESSONS, ClassInLms, a_platform, publish

sync_playwright = pytest.importorskip(
    "playwright.sync_api", reason="pip install -r requirements-dev.txt"
).sync_playwright

NAMES = [
    "Amara Okafor",
    "Aiden Nguyen",
    "Beatriz de la Cruz-Villanueva",
    "Caleb Whitehorse",
    "Chloé Dubois",
    "Daniel Kim",
    "Emma Johansson",
    "Farah Haddad",
    "Gabriel Santos",
    "Hana Suzuki",
    "Isaiah Brown",
    "Jasmine Patel",
    "Kai Nakamura",
    "Liam O’Connor",
    "Maya Goldberg",
    "Nikolai Petrov",
    "Olivia Smith",
    "Pedro Ramírez",
    "Quinn Taylor",
    "Rosa Jiménez",
    "Samuel Abebe",
    "Tala Manu",
    "Uma Krishnan",
    "Viktor Novák",
    "Wren Littlefeather",
]
PAGE = "/completion/class"
KEPT_OUT = "your LMS says it can not grade this person in this course."


@pytest.fixture
def room(no_curriculum, district, year, classroom) -> ClassInLms:
    """Twenty-six pupils, six lessons, grades in every state, and two who left."""
    publish({"g4": LESSONS})
    made = ClassInLms(district, year, classroom, a_platform(district))
    classroom.roster_as_of = now() - timedelta(minutes=9)
    links = [made.link(f"/lessons/g4/{lesson}", column=place != 4) for place, lesson in enumerate(LESSONS)]
    links.append(made.link("/lessons/g4"))
    pupils = made.seat(*NAMES, None)
    made.seat(None, None, left_at=now() - timedelta(days=20))
    for number, pupil in enumerate(pupils[:23]):
        lessons = list(LESSONS)[: 6 if number < 17 else number % 6 + 1]
        for place, lesson in enumerate(lessons):
            done = number < 17 or place < len(lessons) - 1
            made.works(pupil, lesson, 75 + (number * 7 + place * 5) % 26 if done else None, done=done)
            if done and place != 4 and (number + place) % 11:
                state = (
                    "refused" if (number, place) in ((3, 1), (8, 0)) else "sent" if number % 5 else "waiting"
                )
                made.grades(pupil, links[place], state, problem=KEPT_OUT if state == "refused" else None)
        made.grades(pupil, links[-1], "sent")
    return made


@pytest.fixture
def teacher(room: ClassInLms, signed_in) -> Browser:
    return signed_in("teacher", classroom=room.classroom)


@pytest.fixture
def open_page(chromium, address: str, teacher: Browser):
    """open_page("?lesson=...", width=320, ...) -> the class page as the teacher sees it."""
    with windows(chromium, address) as opened:
        yield lambda query="", **options: opened(PAGE + query, teacher, **options)


def names(page) -> list[str]:
    return page.locator("tbody tr:not(.sums) th").all_inner_texts()


ONE = f"?lesson={list(LESSONS)[1]}"


@pytest.mark.parametrize("query", ["", ONE])
def test_nothing_sticks_out_and_axe_finds_nothing_at_any_width_or_theme(open_page, query):
    page = open_page(query)
    assert len(names(page)) == 26
    is_sound_in_every_look(page)
    page.set_viewport_size({"width": 1000, "height": 800})
    assert sticks_out(page) == 0, "where the table is just too wide for its names"


def test_an_empty_class_page_is_as_sound(open_page, room):
    for table in (ScoreDelivery, Progress, Enrollment):
        db.execute(sa.delete(table))
    db.commit()
    page = open_page(width=320)
    assert page.locator("h1").inner_text() == "Nobody is enrolled in this class."
    assert sticks_out(page) == 0
    assert findings(page) == []


def test_sorting_and_filtering_work_without_scripts_and_survive_a_reload(open_page):
    page = open_page(java_script_enabled=False)
    assert names(page)[0] == "Aiden Nguyen"
    page.get_by_role("link", name="under way").click()
    page.get_by_label("Lesson", exact=True).select_option("Game Chat Choices")
    page.get_by_label("Sort by").select_option("Name, Z to A")
    page.get_by_role("button", name="Show", exact=True).click()
    assert names(page) == ["Rosa Jiménez"]
    page.get_by_role("link", name="in all").click()
    assert names(page)[-2:] == ["Aiden Nguyen", "Pupil 26"]
    page.get_by_role("link", name="Best score").click()
    by_score = names(page)
    assert page.locator("th[aria-sort=ascending]").inner_text() == "Best score▲"
    page.reload()
    assert names(page) == by_score


def test_a_refused_grade_is_sent_again_with_one_press_and_the_place_is_kept(open_page):
    page = open_page(f"{ONE}&show=refused", java_script_enabled=False)
    assert names(page) == ["Caleb Whitehorse"]
    page.get_by_role("button", name="Send the grade again").click()
    assert "The grade is sent again within a minute." in page.get_by_role("status").inner_text()
    assert "show=refused" in page.url
    page.get_by_role("link", name="Show everybody").click()
    assert "On its way" in page.locator("tr", has_text="Caleb Whitehorse").inner_text()


def test_the_roster_is_asked_for_with_one_press(open_page):
    page = open_page(java_script_enabled=False)
    page.get_by_role("button", name="Read the roster again").click()
    assert "It is being read now" in page.locator(".roster").inner_text()


def test_the_spreadsheet_comes_as_a_file(open_page):
    page = open_page("?sort=-name", accept_downloads=True)
    with page.expect_download() as coming:
        page.get_by_role("link", name="Download as a spreadsheet").click()
    file = coming.value
    assert file.suggested_filename.endswith(".csv")
    lines = Path(file.path()).read_text("utf-8-sig").splitlines()
    assert lines[1].startswith("Wren Littlefeather,yes,Not begun")


def test_on_paper_the_table_is_whole_and_buttons_are_gone(open_page):
    page = open_page(width=965)
    page.emulate_media(media="print")
    assert page.locator("thead").first.is_visible()
    assert page.locator("tbody tr").count() == 27
    assert not any(button.is_visible() for button in page.get_by_role("button").all())


def test_the_head_of_the_table_stays_in_sight(open_page):
    page = open_page(width=1280, height=700)
    page.evaluate("scrollTo(0, 1500)")
    assert page.locator("thead th").first.bounding_box()["y"] == 0
