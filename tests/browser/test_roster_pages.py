"""The pages of the roster in a real browser: nothing sticks out, axe finds nothing, keyboard alone is enough."""

import pytest
import sqlalchemy as sa

from core.clock import now
from core.database import db
from people import offices
from people.audit import COMMAND, Actor
from people.claimed import note_claim
from people.directory import enroll, find_or_add, link_identity
from people.link_codes import link_code_of
from people.merge_models import Merge
from people.merging import merge
from people.models import Person
from people.roster_models import RosterInterval
from rosters.holding import HOLDS_FOR
from rosters.models import QuarantinedRow, RosterImport
from tests.browser.looking import findings, is_sound_in_every_look, sticks_out, windows
from tests.browsers import Browser

COUNTS = {
    "rows": 40, "added": 0, "renamed": 0, "opened": 0, "closed": 60, "corrected": 0, "outdated": 0, "buildings": 0,
    "left": {"staff": 60}, "before": {"staff": 100}, "quarantined": 1,
}  # fmt: skip


@pytest.fixture
def hana(district, year, classroom, make_person, signed_in) -> Browser:
    """The office of the district, on a day with something of everything."""
    hana = db.merge(make_person("staff"))
    offices.give(hana, "district", COMMAND)
    rostered = [db.merge(make_person("staff")) for _ in range(2)]
    for number, person in enumerate(rostered):
        link_identity(person, scheme="sis", value=f"E{number}", source="staff_csv")
        db.add(
            RosterInterval(
                district_id=district.id, person_id=person.id, audience="staff", starts_at=year.starts_at,
                source="staff_csv",
            )
        )  # fmt: skip
    accounts = [
        find_or_add(district.id, scheme="lti", value=sub, issuer="1", audience="staff", source="launch")
        for sub in ("dee", "eli")
    ]
    for person in accounts:
        link_identity(
            person,
            scheme="email",
            value=f"a-rather-long-address-{person.id}@evergreen.example",
            source="launch",
        )
        note_claim(person, "sis", f"E{person.id + 7}", "custom")
        enroll(classroom, person.id, "learner")
    merge(rostered[1], accounts[1], Actor.person(hana.public_id))
    for state in ("held", "done"):
        db.add(
            RosterImport(
                district_id=district.id, source="staff_csv", version="1", bulk=True, sha256="0" * 64, state=state,
                counts=COUNTS, expires_at=now() + HOLDS_FOR if state == "held" else None,
            )
        )  # fmt: skip
    db.add(
        QuarantinedRow(
            district_id=district.id, source="staff_csv", file="staff.csv", line=7, key="E9", reason="two_people",
            people=[each.public_id for each in rostered],
        )
    )  # fmt: skip
    db.commit()
    return signed_in("teacher", person=hana)


@pytest.fixture
def open_page(chromium, address, hana):
    with windows(chromium, address) as opened:
        yield lambda path, **options: opened(path, hana, **options)


@pytest.mark.parametrize("path", ["/completion/unmatched", "/completion/rosters"])
def test_nothing_sticks_out_and_axe_finds_nothing_at_any_width_or_theme(open_page, path):
    is_sound_in_every_look(open_page(path))


def test_somebody_is_found_by_code_and_linked_with_the_keyboard_alone(open_page):
    person = db.scalars(
        sa.select(Person).where(Person.audience == "staff").order_by(Person.id.desc())
    ).first()
    code = link_code_of(person)
    db.remove()  # an open transaction here would hold SQLite's write lock against the server
    page = open_page("/completion/unmatched", width=320, java_script_enabled=False)
    page.get_by_label("Code", exact=True).fill(code)
    page.keyboard.press("Enter")
    page.wait_for_url("**code=**")
    for _ in range(30):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.textContent").startswith("See names and link"):
            break
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="What their LMS says").wait_for()
    assert sticks_out(page) == 0
    page.get_by_label("Number, address or user name").fill("E0")
    page.keyboard.press("Enter")
    page.wait_for_url("**told=linked**")
    assert page.get_by_role("status").inner_text().startswith("Linked")
    db.remove()
    assert db.query(Merge).count() == 2


def test_the_page_of_one_person_is_sound(open_page):
    page = open_page("/completion/unmatched", width=320)
    page.get_by_role("button", name="See names and link").click()
    page.get_by_role("heading", name="What their LMS says").wait_for()
    assert findings(page) == [] and sticks_out(page) == 0
