"""The privacy office and the public notice in a real browser: nothing sticks out, axe finds nothing, on paper too."""

import pytest

from core.database import db, transaction
from people import holds, offices
from people.audit import COMMAND
from people.disclosures import disclose
from privacy.erasing import erase
from tests.browser.looking import is_sound_in_every_look, windows
from tests.privacy.makers import Held

sync_playwright = pytest.importorskip(
    "playwright.sync_api", reason="pip install -r requirements-dev.txt"
).sync_playwright


@pytest.fixture
def pages(no_curriculum, district, year, make_person, signed_in):
    """({name: path}, the officer's browser)"""
    ann, ben = (Held(district, year, make_person("pupil"), make_person("staff")) for _ in range(2))
    with transaction():
        pia = db.merge(make_person("staff"))
        offices.give(pia, "privacy", COMMAND)
        holds.place(district, "2026-PUBLIC-RECORDS-REQUEST/0014", COMMAND, building=ben.building)
        disclose(district.id, COMMAND, "class_csv", "class:1", 28)
        made = erase(db.merge(ben.other), COMMAND)
    browser = signed_in("teacher", person=pia)
    person = f"/completion/privacy/people/{ann.person.public_id}"
    return {
        "overview": "/completion/privacy",
        "person": person,
        "erase": f"{person}/erase",
        "certificate": f"/completion/privacy/certificates/{made.public_id}",
        "audit": "/completion/audit",
        "notice": "/public/privacy",
    }, browser


def test_they_hold_at_every_width_theme_and_on_paper(pages, address, chromium):
    paths, browser = pages
    with windows(chromium, address) as open_page:
        for name, path in paths.items():
            page = open_page(path, browser)
            is_sound_in_every_look(page)
            page.emulate_media(media="print")
            assert page.locator("form:visible").count() == 0 or name in ("erase", "notice"), name
            assert page.locator("h1").is_visible(), name


def test_a_hold_is_placed_with_the_keyboard_alone(pages, address, chromium):
    paths, browser = pages
    with windows(chromium, address) as open_page:
        page = open_page(paths["overview"], browser, java_script_enabled=False)
        page.get_by_label("Matter").focus()
        page.keyboard.type("2026-LIT-9")
        page.keyboard.press("Tab")
        page.keyboard.press("ArrowDown")
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        page.wait_for_url("**told=held**")
        assert page.get_by_role("status").inner_text().startswith("The hold is in force")
