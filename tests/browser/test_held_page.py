"""The page for people held back, in the small window of a captive portal: no script, no cookie, nobody else asked."""

import pytest

from access.tickets import ticket_for
from core.clock import now
from core.database import db
from people.roster_models import Building
from portal.models import CaptiveSite, PortalSettings
from tests.browser.looking import findings, is_sound_in_every_look, sticks_out, windows
from tests.portal.conftest import owing, staff_course

pytest.importorskip("playwright.sync_api", reason="pip install -r requirements-dev.txt")
__all__ = ["owing", "staff_course"]


@pytest.fixture
def paths(owing, district, signed_in):
    db.add(
        PortalSettings(
            district_id=district.id, start_url="https://lms.evergreen.example/courses/1/external_tools/22",
            lms_url="https://lms.evergreen.example", help_en="Help desk: 253-555-0100, or your school office",
        )
    )  # fmt: skip
    for name in ("Elm Elementary", "Rainier High School"):
        building = Building(district_id=district.id, key=name[:3], name=name)
        db.add(building)
        db.flush()
    db.add(CaptiveSite(district_id=district.id, building_id=building.id))
    db.commit()
    half, whole = owing(6), owing(10)
    tickets = {
        name: ticket_for(district.id, each.id, now()) for name, each in (("half", half), ("done", whole))
    }
    return {"general": "/public/evergreen/held"} | {
        name: f"/public/evergreen/held/{ticket}" for name, ticket in tickets.items()
    }


def test_it_holds_in_a_small_window_without_scripts_and_asks_nobody_else(paths, address, chromium):
    with windows(chromium, address) as open_page:
        for name, path in paths.items():
            for options in ({"java_script_enabled": False}, {"color_scheme": "dark"}):
                page = open_page(path, None, 320, 568, **options)
                asked = []
                page.on("request", lambda request, asked=asked: asked.append(request.url))
                page.reload()
                assert page.context.cookies() == []
                assert all(url.startswith(address) for url in asked), name
                assert page.locator("h1").count() == 1
            assert sticks_out(page) == 0 and findings(page) == [], name


def test_the_way_on_stands_before_the_first_scroll(paths, address, chromium):
    with windows(chromium, address) as open_page:
        page = open_page(paths["half"] + "?lang=es", None, 320, 568, java_script_enabled=False)
        button = page.get_by_role("link", name="Seguir donde lo dejó")
        box = button.bounding_box()
        assert box and box["y"] + box["height"] <= 568 and box["height"] >= 44
        page.get_by_role("link", name="English").click()
        assert page.get_by_role("link", name="Go on where you were").is_visible()


def test_its_page_holds(paths, address, chromium, signed_in):
    it = signed_in("administrator")
    with windows(chromium, address) as open_page:
        is_sound_in_every_look(open_page("/admin/portal", it))
