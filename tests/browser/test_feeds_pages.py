"""IT's pages of feeds in a real browser: nothing sticks out, axe finds nothing, and they work by keyboard."""

from datetime import timedelta

import pytest

from completion.models import Evidence
from core.clock import now
from core.database import db
from feeds import setting_up
from feeds.models import Feed
from people import offices
from people.audit import COMMAND
from people.school_years import ensure_school_year
from tests.browser.looking import findings, is_sound_in_every_look, sticks_out, windows
from tests.oversight.makers import Town, in_days

sync_playwright = pytest.importorskip(
    "playwright.sync_api", reason="pip install -r requirements-dev.txt"
).sync_playwright

FEEDS = "/admin/feeds/"


@pytest.fixture
def town(clean: None, district) -> Town:
    made = Town(district)
    school = made.building("b1", "Martin Luther King Jr. Elementary School and Learning Center")
    person = made.person(
        "staff", school, job="teacher", sis="100001", email="a.rather.long.name.of.somebody@evergreen.example"
    )
    made.stands(
        person, "overdue", "allow", would_be="limited", due_at=in_days(-2), grace_until=in_days(12),
        next_change_at=in_days(12),
    )  # fmt: skip
    db.add(
        Evidence(
            district_id=district.id, person_id=person.id, school_year_id=ensure_school_year(district).id,
            part="lesson:ruc-1", kind="course", version="v", shown_at=now(), source="attempt 1",
        )
    )  # fmt: skip
    states = {
        "SIEM": {},
        "The ticket system of the service desk, which has a rather long name": {
            "last_error": "answered", "last_status": 503, "tries": 4, "failed_at": now(),
            "next_try_at": now() + timedelta(hours=2),
        },
        "Paused": {"paused_at": now()},
        "Gone": {"disabled_at": now(), "disabled_reason": "gone", "last_error": "gone", "last_status": 410},
    }  # fmt: skip
    for name, values in states.items():
        feed, _ = setting_up.add_webhook(
            district, name, "http://127.0.0.1:9/hook/k3y", COMMAND, plain_allowed=True
        )
        for key, value in values.items():
            setattr(feed, key, value)
    db.commit()
    return made


@pytest.fixture
def tab(town: Town, signed_in):
    person = town.person("staff", rostered=False)
    offices.give(person, "it", COMMAND)
    db.commit()
    return signed_in("learner", person=person)


@pytest.fixture
def open_page(chromium, address: str, tab):
    with windows(chromium, address) as opened:
        yield lambda path, *size, **options: opened(path, tab, *size, **options)


@pytest.mark.parametrize("path", [FEEDS, "the feed", f"{FEEDS}forecast", f"{FEEDS}person", "the person"])
def test_nothing_sticks_out_and_axe_finds_nothing_at_any_width_or_theme(open_page, path):
    number = db.query(Feed).filter_by(tries=4).one().id
    db.remove()
    address = {"the feed": f"{FEEDS}{number}", "the person": f"{FEEDS}person"}.get(path, path)
    page = open_page(address)
    if path == "the person":
        look_up(page)
    is_sound_in_every_look(page)


def test_a_feed_is_paused_by_keyboard_and_without_scripts(open_page):
    page = open_page(FEEDS, java_script_enabled=False)
    row = page.locator("tr", has_text="SIEM")
    row.get_by_role("button", name="Pause").press("Enter")
    page.wait_for_url("**told=paused*")
    assert "Paused. Nothing is lost" in page.get_by_role("status").inner_text()


def test_one_person_is_looked_up_and_their_name_stands_in_no_address(open_page):
    page = open_page(f"{FEEDS}person", java_script_enabled=False)
    look_up(page)
    assert page.locator("h1").inner_text() == "Allowed: Past due"
    assert "100001" not in page.url
    assert "Took a part of the course" in page.locator("main").inner_text()


def test_a_new_webhook_shows_its_secret_once(open_page):
    page = open_page(FEEDS)
    page.get_by_label("Name, for this list").fill("New one")
    page.get_by_label("Address (https)").fill("http://127.0.0.1:9/x")
    page.get_by_role("button", name="Add it").click()
    assert page.locator("code.once").inner_text().startswith("whsec_")
    assert findings(page) == []


def test_on_paper_buttons_are_gone(open_page):
    page = open_page(FEEDS, 740)
    page.emulate_media(media="print")
    assert sticks_out(page) == 0
    assert not any(button.is_visible() for button in page.get_by_role("button").all())
    assert not page.get_by_role("navigation", name="Pages for IT").is_visible()


def look_up(page) -> None:
    page.get_by_label("Exact name").fill("sis:100001")
    page.get_by_role("button", name="Look up").click()
    page.get_by_role("heading", name="The facts behind it").wait_for()
