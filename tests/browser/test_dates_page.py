"""Dates and more time: the teacher's pages and what a pupil reads of them fit, and axe finds nothing."""

from datetime import timedelta

import pytest
from playwright.sync_api import Browser

from completion.dates import local_day
from completion.extensions import extend_part
from completion.setting_dates import set_class_dates
from core.clock import now
from core.database import db
from lessons import library
from people.audit import COMMAND
from people.models import Classroom, Person
from people.school_years import current_school_year
from tests.browser.looking import is_sound_in_every_look, windows
from tests.teaching.makers import ClassInLms, a_platform

PAGES = {
    "dates": ("teacher", "/completion/class/dates"),
    "class": ("teacher", "/completion/class"),
    "lessons": ("pupil", "/lessons/g4"),
    "mine": ("pupil", "/completion/mine"),
}


@pytest.fixture
def tabs(curriculum, district, year, classroom, signed_in, make_person):
    room = ClassInLms(district, year, classroom, a_platform(district))
    room.link("/lessons/g4")
    pupils = room.seat("Ana Sofía Villanueva-Montgomery", *(f"Pupil {n}" for n in range(8)))
    lessons = [ref.id for ref in library.course("g4").lessons]
    today = local_day(now(), district.timezone)
    last = local_day(year.ends_at, district.timezone) - timedelta(days=1)
    days = {
        f"lesson:{each}": min(today + timedelta(days=7 * n), last) for n, each in enumerate(lessons[:4], 1)
    }
    room_now = db.get_one(Classroom, classroom.id)
    set_class_dates(room_now, current_school_year(district.id), days, COMMAND)
    teacher = signed_in("teacher", classroom=classroom)
    by, some = db.get_one(Person, teacher.person.id), [db.get_one(Person, each.id) for each in pupils[:3]]
    extend_part(dict.fromkeys(some, now()), f"lesson:{lessons[0]}", today + timedelta(days=20), by=by)
    some[0].language = "es"
    db.commit()
    return {"teacher": teacher, "pupil": signed_in("learner", person=pupils[0], classroom=classroom)}


@pytest.mark.parametrize("name", list(PAGES))
def test_it_fits_and_axe_finds_nothing(chromium: Browser, address: str, tabs, name):
    who, path = PAGES[name]
    with windows(chromium, address) as opened:
        is_sound_in_every_look(opened(path, tabs[who]))


def test_a_teacher_gives_and_takes_back_by_keyboard_without_scripts(chromium: Browser, address: str, tabs):
    with windows(chromium, address) as opened:
        page = opened("/completion/class", tabs["teacher"], java_script_enabled=False)
        page.get_by_role("link", name="Dates and more time").press("Enter")
        page.get_by_label("They have until").fill((now() + timedelta(days=25)).date().isoformat())
        page.get_by_label("Pupil 7").press("Space")
        page.get_by_role("button", name="Give more time").press("Enter")
        assert "Given" in page.get_by_role("status").inner_text()
        given = page.locator("section", has=page.get_by_role("heading", name="Who has more time"))
        assert given.get_by_role("checkbox").count() == 4
        given.get_by_label("Pupil 7").press("Space")
        page.get_by_role("button", name="Take back what is ticked").press("Enter")
        assert "Taken back" in page.get_by_role("status").inner_text()
        assert given.get_by_role("checkbox").count() == 3
