"""The make-up list, what the class missed, and the page about mail: they fit, axe finds nothing, and they print."""

import pytest
from playwright.sync_api import Browser

from core.database import db
from lessons import library
from people.audit import COMMAND
from people.models import District
from people.office_models import Office
from reminders.mail_settings import set_mail
from reminders.models import MailSettings
from tests.browser.looking import is_sound_in_every_look, windows
from tests.lessons.every_type import right_answer
from tests.teaching.makers import ClassInLms, a_platform
from tests.teaching.test_reteaching import FIRST, tries

PAGES = {
    "make-up": "/completion/class/make-up",
    "ideas": f"/completion/class/ideas/{FIRST}",
    "mail": "/admin/mail",
    "no mail": "/admin/mail",
}


@pytest.fixture
def room(curriculum, district, year, classroom) -> ClassInLms:
    made = ClassInLms(district, year, classroom, a_platform(district))
    made.link("/lessons/g4")
    pupils = made.seat(*(f"Beatriz de la Cruz-Villanueva {n}" for n in range(9)))
    for asked in [each for each in library.lesson(FIRST).quiz_items if each.type == "single"][:1]:
        wrong = next(option.id for option in asked.options if not option.correct)
        for number, pupil in enumerate(pupils):
            answer, points = ([wrong], 0) if number < 5 else (right_answer(asked), 1)
            tries(made, pupil, asked, answer, points)
    return made


@pytest.fixture
def tabs(room, signed_in, make_person, district):
    tess = make_person("staff")
    db.add(Office(district_id=district.id, person_id=tess.id, office="it"))
    db.commit()
    teacher, it = signed_in("teacher", classroom=room.classroom), signed_in("learner", person=tess)
    return {"make-up": teacher, "ideas": teacher, "mail": it, "no mail": it}


def set_up_mail(district) -> None:
    settings: MailSettings = set_mail(
        db.get_one(District, district.id),
        {
            "host": "a-long-name-of-a-mail-server.technology.evergreen.example",
            "sender": "lessons-and-reminders@evergreen.example",
            "course_url": "https://lms.evergreen.example/courses/7/modules/items/responsible-use-course",
        },
        COMMAND,
    )
    settings.problem, settings.answer, settings.problem_at = "login", 535, settings.created_at
    db.commit()


@pytest.mark.parametrize("name", list(PAGES))
def test_it_fits_axe_finds_nothing_and_it_prints(chromium: Browser, address: str, tabs, district, name):
    if name == "mail":
        set_up_mail(district)
    with windows(chromium, address) as opened:
        page = opened(PAGES[name], tabs[name])
        is_sound_in_every_look(page)
        page.emulate_media(media="print")
        assert not any(each.is_visible() for each in page.locator(".no-print").all())


def test_the_switch_works_by_keyboard_and_without_scripts(chromium: Browser, address: str, tabs, district):
    set_up_mail(district)
    with windows(chromium, address) as opened:
        page = opened(PAGES["mail"], tabs["mail"], java_script_enabled=False)
        page.get_by_role("button", name="Pause all reminders").press("Enter")
        assert page.locator("h1").inner_text() == "Reminders are paused."
        page.get_by_role("button", name="Go on sending").press("Enter")
        assert page.get_by_role("button", name="Pause all reminders").is_visible()
