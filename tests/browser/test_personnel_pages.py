"""Staff records in a browser: access withdrawn that waits, and the way from the list to the decision by keyboard."""

import pytest
import time_machine

from completion import revocations
from core.clock import now
from core.database import db
from people.audit import COMMAND
from people.directory import link_identity
from people.models import Person
from tests.browser.looking import is_sound_in_every_look, windows
from tests.browsers import Browser
from tests.personnel.conftest import agreement, hana, hugo, officer

pytest.importorskip("playwright.sync_api", reason="pip install -r requirements-dev.txt")
__all__ = ["agreement", "hana", "hugo", "officer"]

HOME = "/completion/records/"


@pytest.fixture
def dee(agreement, make_person, hana: Browser) -> Person:
    """Access of hers waits for a decision; it lapsed once, and of somebody else's a review is due."""
    people = []
    for name in ("dee", "somebody.with.a.rather.long.name"):
        person = db.merge(make_person("staff"))
        link_identity(person, scheme="email", value=f"{name}@evergreen.example", source="test")
        people.append(person)
    db.commit()
    decides = db.get_one(Person, hana.person.id)
    for ago, person, decided in ((50, people[0], None), (200, people[1], decides), (0, people[0], None)):
        begun = now().timestamp() - ago * 86_400
        with time_machine.travel(begun):
            revocations.revoke(
                person, reason_code="misuse", actor=COMMAND, decided_by=decided, emergency=decided is None
            )
            db.commit()
    return people[0]


def test_they_hold_in_every_look(dee, hana, address, chromium):
    record = f"{HOME}{dee.public_id}"
    db.remove()
    with windows(chromium, address) as open_page:
        for path in (HOME, record):
            is_sound_in_every_look(open_page(path, hana))


def test_from_the_list_to_the_decision_with_the_keyboard_alone(dee, hugo, address, chromium):
    db.remove()
    with windows(chromium, address) as open_page:
        page = open_page(HOME, hugo, java_script_enabled=False)
        waits = page.get_by_role("table", name="Access withdrawn that waits for somebody").locator("tbody tr")
        assert "For a decision" in waits.nth(0).inner_text() and "For a review" in waits.nth(1).inner_text()
        waits.nth(0).get_by_role("link").press("Enter")
        page.wait_for_url("**/completion/records/p_**")
        page.get_by_role("button", name="Confirm it").press("Enter")
        page.wait_for_url("**told=upheld**")
        assert page.get_by_text("Waits for a decision").count() == 0
        assert page.get_by_text("lapsed on").count() == 1
