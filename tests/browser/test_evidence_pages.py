"""Evidence packs and the public report in a browser: nothing sticks out, axe finds nothing, progress is told."""

import pytest
import time_machine

from core.database import db
from people import offices
from people.audit import COMMAND
from people.school_years import ensure_school_year
from proof.freezing import freeze_due
from proof.jobs import make_due
from proof.kept import choose
from tests.browser.looking import is_sound_in_every_look, windows
from tests.proof.conftest import NOW, Place

HOME = "/completion/evidence"


@pytest.fixture
def place(curriculum, district) -> Place:
    made = Place()
    for key in ("north", "south"):
        building = made.school(key, f"{key.title()} Elementary School of the Evergreen Valley")
        made.take_all(*(made.pupil(building, sis=f"{key}{number}") for number in range(12)))
    made.pupil(made.school("west"))
    db.commit()
    return made


@pytest.fixture
def officer(place, signed_in):
    person = place.person("staff", None)
    offices.give(person, "district", COMMAND)
    db.commit()
    return signed_in("teacher", person=person)


@pytest.fixture
def look(chromium, address):
    with windows(chromium, address) as opened:
        yield opened


def test_the_page_fits_and_axe_finds_nothing(look, officer):
    officer.post(HOME, data={"year": "2026-27", "kind": "deidentified"})
    make_due()
    officer.post(HOME, data={"year": "2026-27", "kind": "identified"})
    page = look(HOME, officer)
    assert page.get_by_role("button", name="Download").count() == 1
    is_sound_in_every_look(page)


def test_by_keyboard_a_pack_is_asked_for_is_made_while_one_looks_and_comes(look, officer):
    page = look(HOME, officer)
    page.get_by_label("No person, and no count under ten").focus()
    page.keyboard.press("Space")
    page.get_by_role("button", name="Make it").focus()
    page.keyboard.press("Enter")
    page.get_by_text("Waits for the worker").wait_for()
    make_due()
    button = page.get_by_role("button", name="Download")
    button.wait_for(timeout=15_000)
    assert page.locator("[data-progress]").inner_text() == "The pack is made."
    button.focus()
    with page.expect_download() as waiting:
        page.keyboard.press("Enter")
    assert waiting.value.suggested_filename == "evidence-evergreen-2026-27-deidentified.zip"


def test_without_scripts_there_is_a_link_to_look_again(look, officer):
    officer.post(HOME, data={"year": "2026-27", "kind": "deidentified"})
    page = look(HOME, officer, java_script_enabled=False)
    make_due()
    page.get_by_role("link", name="Look again").click()
    page.get_by_role("button", name="Download").wait_for()


def test_the_public_report_fits_and_axe_finds_nothing(look, place):
    """Frozen by a worker of next year; the page shows it whenever it is looked at."""
    choose(place.district_id, COMMAND, freeze_after_days=0, public_report=True)
    db.commit()
    with time_machine.travel(NOW.replace(year=2027), tick=False):
        ensure_school_year(place.district)
        db.commit()
        freeze_due()
    for language in ("en-US", "es-US"):
        page = look("/public/evergreen/report/2026-27", None, locale=language)
        assert page.get_by_role("table").count() == 2
        is_sound_in_every_look(page)
