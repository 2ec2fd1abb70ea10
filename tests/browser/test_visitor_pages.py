"""A visitor signs on a small phone with the keyboard alone and without scripts; the desk's pages hold, on paper too."""

import pytest

from core.database import db
from tests.browser.looking import is_sound_in_every_look, sticks_out, windows
from tests.visitors.conftest import VISIT, Visitor, desk, guest_agreement, new_code, officer, schools

pytest.importorskip("playwright.sync_api", reason="pip install -r requirements-dev.txt")
__all__ = ["desk", "guest_agreement", "officer", "schools"]


def test_a_visitor_signs_with_the_keyboard_alone_and_no_script(desk, schools, address, chromium):
    code = new_code(desk, schools[0])
    with windows(chromium, address) as open_page:
        page = open_page(VISIT, None, 320, 568, java_script_enabled=False)
        assert sticks_out(page) == 0
        page.get_by_label("Code from the front office").focus()
        page.keyboard.type(f"{code[:4]}-{code[4:]}".lower())
        page.keyboard.press("Enter")
        page.wait_for_url(f"**/{code}**")
        assert not page.get_by_role("checkbox").is_checked()
        page.get_by_role("checkbox").focus()
        page.keyboard.press("Space")
        page.keyboard.press("Tab")
        page.keyboard.type("Val Ortiz")
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        page.wait_for_url("**/copy/**")
        assert "Val Ortiz" in page.locator("dl").inner_text()
        assert page.context.cookies() == []


def test_the_pages_of_visitors_and_of_the_desk_hold(app, desk, schools, address, chromium):
    code = new_code(desk, schools[0])
    visitor = Visitor(app)
    copy = visitor.sign(code, "Wilhelmina Featherstonehaugh-Quackenbush").headers["Location"]
    db.remove()
    shown = desk.post("/completion/visitors/codes", data={"building": schools[0].id, "for": "one"}).headers[
        "Location"
    ]
    shown = shown.partition("?")[0]
    with windows(chromium, address) as open_page:
        for path, who in (
            (VISIT, None),
            (f"{VISIT}/{code}?lang=es", None),
            (copy, None),
            ("/completion/visitors", desk),
            (shown, desk),
        ):
            page = open_page(path, who)
            is_sound_in_every_look(page)
        page.emulate_media(media="print")
        assert page.locator("form:visible").count() == 0 and page.locator(".huge").is_visible()
