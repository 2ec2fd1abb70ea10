"""The pages around evidence in a real browser: nothing sticks out, axe finds nothing, the keyboard is enough."""

import pytest
import sqlalchemy as sa

from completion import equivalents, ledger, paper, policy_texts, requirements
from completion.declining import decline
from completion.models import Evidence
from completion.record_models import PaperSignature
from core.clock import now
from core.database import db
from people import offices
from people.audit import COMMAND
from people.directory import link_identity
from people.models import District, Person
from tests.browser.looking import findings, sticks_out, windows
from tests.browsers import Browser

OLD = (
    "## Rules\n\nAsk the help desk first, before you install anything at all.\n\n## Phones\n\nPut it away.\n"
)
NEW = "## Rules\n\nAsk your supervisor first, before you install anything.\n\n## Cameras\n\nAsk before you film.\n"


def publish(version: str, text: str, **more) -> None:
    policy_texts.publish_policy_text(
        "rua", version, "en", text, title="Responsible Use Agreement", intent="I agree to follow it.", **more
    )


@pytest.fixture
def people(district: District, year, make_person) -> dict[str, Person]:
    """Hana and Hugo of personnel, Dee whose record is long, Eva who declined."""
    publish("2026.1", OLD)
    requirements.define("rua", "staff", "Responsible use", [["lesson:m7"], ["attestation:rua"]])
    made = {name: db.merge(make_person("staff")) for name in ("hana", "hugo", "dee", "eva")}
    for name, person in made.items():
        address = f"{name}.of-a-rather-long-family-name@evergreen.example"
        link_identity(person, scheme="email", value=address, source="test")
        requirements.assign(person, "rua", year)
    for name in ("hana", "hugo"):
        offices.give(made[name], "hr", COMMAND)
    today = now().date().replace(day=1)
    paper.enter(made["dee"], policy_texts.current_edition(), today, made["hugo"])
    equivalents.accept(made["dee"], "rua", "state_agency", today, made["hugo"])
    ledger.record_evidence(made["dee"], "lesson:m7", year, kind="course", version="a" * 64, source="x")
    decline(made["eva"], policy_texts.current_text(district), year)
    db.commit()
    return made


@pytest.fixture
def hana(people, signed_in) -> Browser:
    return signed_in("teacher", person=people["hana"])


@pytest.fixture
def dee(people, signed_in) -> Browser:
    """She signed the edition before the present one."""
    browser = signed_in("teacher", person=people["dee"])
    shown = policy_texts.current_text(db.get_one(District, people["dee"].district_id))
    form = {
        "signer": people["dee"].public_id,
        "text_sha256": shown.sha256,
        "agree": "yes",
        "typed_name": "Dee",
    }
    assert browser.post("/completion/agreement", data=form).status_code == 303
    publish("2026.2", NEW, change="editorial")
    db.commit()
    return browser


@pytest.fixture
def open_page(chromium, address: str):
    with windows(chromium, address) as opened:
        yield opened


def look(open_page, path: str, who: Browser | None) -> None:
    for width, options in (
        (320, {}),
        (640, {}),
        (1280, {}),
        (320, {"color_scheme": "dark"}),
        (1280, {"contrast": "more"}),
    ):
        page = open_page(path, who, width=width, **options)
        assert sticks_out(page) == 0, (path, width)
        assert findings(page) == [], (path, width, options)


def code(people) -> str:
    db.remove()
    rows = sa.select(Evidence.code).where(Evidence.person_id == people["dee"].id, Evidence.kind == "course")
    return str(db.scalars(rows).one())


def test_the_personnel_pages(open_page, hana, dee, people):
    look(open_page, "/completion/records/", hana)
    look(open_page, f"/completion/records/{people['dee'].public_id}", hana)


def test_what_changed_and_the_page_of_ones_own(open_page, dee):
    look(open_page, "/completion/agreement/changes", dee)
    look(open_page, "/completion/mine", dee)
    look(open_page, "/completion/agreement/not-now", dee)


def test_the_check_of_a_code(open_page, people):
    look(open_page, "/public/evidence/", None)
    look(open_page, f"/public/evidence/{code(people)}", None)
    look(open_page, "/public/evidence/0000000000000", None)


def test_paper_is_confirmed_with_the_keyboard_alone(open_page, hana):
    page = open_page("/completion/records/", hana, java_script_enabled=False)
    for _ in range(40):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.textContent").startswith("I have seen the paper"):
            break
    page.keyboard.press("Enter")
    page.wait_for_url("**told=confirmed**")
    assert page.get_by_role("status").inner_text().startswith("Confirmed")
    db.remove()
    assert db.scalars(sa.select(PaperSignature.state)).one() == "confirmed"


def test_what_is_new_and_old_is_told_without_color_and_in_words(open_page, dee):
    page = open_page("/completion/agreement/changes", dee)
    looks = (
        "element => { const s = getComputedStyle(element); return s.textDecorationLine + ' ' + s.fontWeight }"
    )
    assert page.locator("section ins").first.evaluate(looks).startswith("underline 6")
    assert page.locator("section del").first.evaluate(looks).startswith("line-through")
    assert page.locator("section ins").first.inner_text().startswith("New:")
    assert page.locator("section del").first.inner_text().startswith("Taken out:")
    assert page.get_by_role("heading", name="Cameras").count() == 1


def test_a_code_is_typed_and_answered(open_page, people):
    page = open_page("/public/evidence/", None, java_script_enabled=False)
    page.get_by_label("Code").fill(code(people).lower())
    page.keyboard.press("Enter")
    page.wait_for_url("**/public/evidence/*")
    assert "Valid" in page.locator("main").inner_text()
