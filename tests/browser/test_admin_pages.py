"""The set-up pages in a real browser: nothing sticks out, axe finds nothing, keyboard alone is enough."""

from dataclasses import replace

import pytest

from core.database import db
from lti_tool.models import Deployment
from lti_tool.registering import let_speak_for_staff
from people.audit import COMMAND
from practice_lms.settings import ALL_SCOPES, SCORE
from tests.browser.looking import findings, is_sound_in_every_look, windows
from tests.browsers import Browser
from tests.lms import School

sync_playwright = pytest.importorskip(
    "playwright.sync_api", reason="pip install -r requirements-dev.txt"
).sync_playwright


@pytest.fixture
def it(school: School) -> Browser:
    """The administrator, on a day with something of everything: a scope that is off, refusals, one who knocks, and
    staff of an LMS that does not speak for them."""
    it = school.launch("admin", "g4")
    let_speak_for_staff(db.merge(school.platform), False, COMMAND)
    db.commit()
    school.launch("cruz", "g4")
    school.lms.settings = replace(
        school.lms.settings, granted_scopes=tuple(scope for scope in ALL_SCOPES if scope != SCORE)
    )
    school.post_launch("ana", "g4", aud="another-tool")
    school.post_launch("ana", "g4", deployment_id="57:8b1fa9c0e2d44f7fb1a2")
    assert it.post(f"/admin/platforms/{school.platform.id}/test").status_code == 303
    db.remove()
    return it


@pytest.fixture
def paths(school: School) -> dict[str, str]:
    return {
        "overview": "/admin/",
        "platform": f"/admin/platforms/{school.platform.id}",
        "new": "/admin/platforms/new",
        "change": f"/admin/platforms/{school.platform.id}/change",
    }


@pytest.fixture
def open_page(chromium, address: str, it: Browser, paths: dict[str, str]):
    with windows(chromium, address) as opened:
        yield lambda name, *size, **options: opened(paths[name], it, *size, **options)


PAGES = ["overview", "platform", "new", "change"]


@pytest.mark.parametrize("name", PAGES)
def test_nothing_sticks_out_and_axe_finds_nothing_at_any_width_or_theme(open_page, name):
    is_sound_in_every_look(open_page(name))


def test_the_page_speaks_the_language_it_says(open_page):
    page = open_page("overview", locale="es-MX")
    assert page.locator("html").get_attribute("lang") == "en"


def test_an_installation_is_approved_with_the_keyboard_alone(open_page):
    page = open_page("overview", java_script_enabled=False)
    assert "one deployment waits for you" in page.locator("h1").inner_text()
    for _ in range(40):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.textContent") == "Approve":
            break
    page.keyboard.press("Enter")
    page.wait_for_url("**told=approved**")
    assert page.get_by_role("status").inner_text().startswith("Approved")
    assert db.query(Deployment).filter_by(state="pending").count() == 0


def test_a_form_with_an_error_takes_the_reader_to_it(open_page):
    page = open_page("new")
    page.get_by_label("Name", exact=True).fill("Moodle")
    page.get_by_role("button", name="Connect it").click()
    alert = page.get_by_role("alert")
    alert.wait_for()
    assert "fields need another look" in alert.inner_text()
    assert page.evaluate("document.activeElement.getAttribute('role')") == "alert"
    assert page.get_by_label("Name", exact=True).input_value() == "Moodle"
    assert page.get_by_label("Client ID").get_attribute("aria-invalid") == "true"
    assert findings(page) == []


def test_a_refusal_is_found_under_its_reference(open_page):
    page = open_page("platform", java_script_enabled=False)
    reference = page.locator("#errors ~ .table .reference").first.inner_text()
    page.get_by_label("Reference").fill(reference)
    page.get_by_role("button", name="Find it").click()
    assert page.locator("#errors ~ .table tbody tr").count() == 1


def test_the_head_of_a_table_stays_in_sight(open_page):
    page = open_page("platform", width=1280, height=700)
    head = page.locator(".checks thead th").first
    page.evaluate("document.querySelector('.checks tbody tr:nth-child(4)').scrollIntoView()")
    assert head.bounding_box()["y"] == 0
