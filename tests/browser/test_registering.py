"""From an invitation to the first lesson, as an administrator and a pupil walk it in the practice LMS."""

from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from playwright.sync_api import Browser, Page, expect

from core.database import db
from lti_tool.invites import invite_address, invite_district
from lti_tool.models import Deployment, Platform
from lti_tool.registering import approve_deployment
from practice_lms import PracticeLms
from practice_lms.registration import begin
from tests.browser.looking import is_sound_in_every_look
from tests.lti_tool.registering import an_lms

PUPIL_OPENS = "/people/ana/g4-same-me"


@pytest.fixture
def here(app, address, monkeypatch) -> str:
    """The app knows under which address it is served in this test: it tells the LMS."""
    monkeypatch.setitem(app.config, "SETTINGS", replace(app.config["SETTINGS"], public_url=address))
    return address


@pytest.fixture
def new_invitation(district, here) -> Callable[[], str]:
    def make() -> str:
        _, secret = invite_district(district)
        db.commit()
        db.remove()
        return invite_address(here, secret)

    return make


@pytest.fixture(params=["moodle", "canvas"])
def lms(request, lms_keys) -> Iterator[PracticeLms]:
    with an_lms(request.param, lms_keys) as opened:
        yield opened


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    context = chromium.new_context(viewport={"width": 1100, "height": 900})
    yield context.new_page()
    context.close()


def open_registration(page: Page, lms: PracticeLms, invitation: str):
    """The administrator pastes the invitation; our page in the LMS's frame."""
    page.goto(f"{lms.base_url}/register")
    page.get_by_label("Registration URL").fill(invitation)
    page.get_by_role("button", name="Open the tool's page").click()
    frame = page.frame_locator("iframe#tool")
    expect(frame.get_by_role("heading", level=1)).to_contain_text("Evergreen School District?")
    return frame


def test_from_an_invitation_to_the_first_lesson(page, lms, new_invitation, curriculum):
    frame = open_registration(page, lms, new_invitation())
    frame.get_by_role("button", name="Register", exact=True).click()
    # Our last page says it is done, and the LMS closes its frame.
    expect(page.get_by_role("heading", name="Tools that registered themselves")).to_be_visible()
    expect(page.get_by_text("pending")).to_be_visible()
    page.get_by_role("button", name="Activate").click()
    expect(page.get_by_text("· active")).to_be_visible()
    page.goto(lms.base_url + PUPIL_OPENS)
    heading = page.frame_locator("iframe#tool").get_by_role("heading", level=1)
    if lms.personality.name == "canvas":  # its deployment is known only now
        expect(heading).to_contain_text("is not approved for this district yet")
        waiting = db.query(Deployment).one()
        approve_deployment(db.query(Platform).one(), waiting.deployment_id)
        db.commit()
        page.goto(lms.base_url + PUPIL_OPENS)
    expect(heading).to_contain_text("Same Me")


def test_the_second_time_the_administrator_chooses_with_the_keyboard(page, lms, new_invitation, curriculum):
    for time in (1, 2):
        frame = open_registration(page, lms, new_invitation())
        if time == 2:
            update = frame.get_by_role("radio", name="Update")
            update.focus()
            page.keyboard.press("Space")
            expect(update).to_be_checked()
        frame.get_by_role("button", name="Register", exact=True).press("Enter")
        expect(page.get_by_role("heading", name="Tools that registered themselves")).to_be_visible()
    assert db.query(Platform).count() == 1
    assert db.query(Platform).one().client_id == list(lms.state.registered_tools)[-1]


def test_it_works_without_scripts(chromium, lms, new_invitation):
    context = chromium.new_context(java_script_enabled=False)
    page = context.new_page()
    frame = open_registration(page, lms, new_invitation())
    frame.get_by_role("button", name="Register", exact=True).click()
    expect(frame.get_by_text("You may close this window.")).to_be_visible()
    context.close()


def test_both_pages_fit_and_axe_finds_nothing(chromium, lms, new_invitation, here):
    """Opened by themselves, so that axe sees them; the LMS's configuration is the same."""
    context = chromium.new_context()
    page = context.new_page()
    for choose in (None, "Update", "Add another"):
        page.goto(begin(lms, new_invitation()))
        if choose:
            page.get_by_role("radio", name=choose).check()
        is_sound_in_every_look(page)
        page.get_by_role("button", name="Register", exact=True).click()
        expect(page.get_by_text("You may close this window.")).to_be_visible()
        is_sound_in_every_look(page)
    page.goto(f"{here}/lti/register?invite=made-up")
    is_sound_in_every_look(page)
    context.close()
