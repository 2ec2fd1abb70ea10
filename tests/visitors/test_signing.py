"""A visitor without an account types a code, reads, signs and has a copy; nothing of it reaches IT."""

import hashlib
import re
from datetime import timedelta

import pytest
import sqlalchemy as sa
import time_machine

from access.models import Standing
from access.standings import follow_reviews
from completion.checking import faults
from completion.models import Attestation, Evidence, PolicyText
from completion.policy_texts import publish_policy_text
from core.clock import now
from core.database import db, transaction
from lessons.assignments import assign_due
from people import api_clients
from people.models import District, Person
from tests.access.conftest import Program
from tests.visitors.conftest import VISIT, new_code
from visitors import codes, views
from visitors.models import Visit, VisitCode


def all_of(model):
    db.remove()
    return db.scalars(sa.select(model)).all()


def test_the_whole_way_from_the_code_to_the_copy_and_its_check(visitor, code, district):
    assert "Code from the front office" in visitor.get(VISIT).text
    typed = visitor.get(f"{VISIT}?code={code[:4].lower()}-{code[4:].lower()}&lang=en")
    assert typed.status_code == 303 and typed.headers["Location"].endswith(f"{VISIT}/{code}?lang=en")
    page = visitor.open(code)
    assert (
        "Elm School" in page.text
        and "Ask first." in page.text
        and " checked" not in page.text.partition("<dialog")[0]
    )
    assert "Set-Cookie" not in page.headers
    signed = visitor.sign(code, "  Val   Ortiz ")
    copy = visitor.copy(signed)
    assert "Val Ortiz" in copy and "Elm School" in copy
    check = re.search(r'class="check" href="(/public/evidence/\w+)"', copy)[1]
    checked = visitor.get(check).text
    assert (
        "Valid" in checked
        and "Guest Agreement" in checked
        and "Ortiz" not in checked
        and "Holds through" in checked
    )
    (signature,), (text,), (visit,) = all_of(Attestation), all_of(PolicyText), all_of(Visit)
    bytes_signed = visitor.get(signed.headers["Location"].replace("?", "/text?")).data
    assert hashlib.sha256(bytes_signed).hexdigest() == text.sha256
    (used,) = all_of(VisitCode)
    assert signature.provenance == {
        "visit_code": used.public_id, "building": "Elm", "valid_until": visit.valid_until.isoformat(),
    }  # fmt: skip
    assert used.used == 1
    assert list(faults(db.merge(district))) == [], "the records hold"


def test_the_name_is_sealed_and_stands_in_no_other_table(visitor, code):
    visitor.sign(code, "Wilhelmina Quackenbush")
    db.remove()
    stored = db.execute(sa.text("SELECT typed_name FROM attestation")).scalar_one()
    assert "Quackenbush" not in stored
    for table in ("visit", "visit_code", "evidence", "audit_entry", "identity"):
        assert "Quackenbush" not in str(db.execute(sa.text(f"SELECT * FROM {table}")).all())


def test_in_spanish_the_spanish_text_is_signed(visitor, code):
    page = visitor.open(code, "es").text
    assert "Pregunte primero." in page and "Firmar" in page
    copy = visitor.copy(visitor.sign(code, lang="es"))
    assert "Acepto." in copy
    (text,) = all_of(PolicyText)
    assert (text.lang, text.version) == ("es", "2026.1")
    (evidence,) = all_of(Evidence)
    assert evidence.version == "guest-2026.1"


def test_an_older_translation_is_another_agreement_and_is_not_signed(visitor, code):
    publish_policy_text(
        "guest",
        "2027.1",
        "en",
        "## Rules\n\nAsk twice.\n",
        title="Guest",
        intent="Yes.",
        change="editorial",
        approved_by=("Dana Reyes", "Sam Okafor"),
    )
    db.commit()
    page = visitor.open(code, "es").text
    assert "Ask twice." in page and "Pregunte" not in page and "firma en inglés" in page


@pytest.mark.parametrize(
    ("changes", "status", "words"),
    [
        ({"agree": ""}, 422, "Tick the box"),
        ({"typed_name": "   "}, 422, "Type your full name"),
        ({"typed_name": "x" * 121}, 422, "Type your full name"),
        ({"text_sha256": "0" * 64}, 409, "was changed after you opened it"),
        ({"text_sha256": "a\x00b"}, 400, "no text can hold"),
    ],
)
def test_what_makes_no_signature_leaves_nothing_behind(visitor, code, changes, status, words):
    people = len(all_of(Person))
    answer = visitor.sign(code, **changes)
    assert answer.status_code == status and words in answer.text
    assert all_of(Attestation) == [] and all_of(Visit) == [] and len(all_of(Person)) == people
    assert all_of(VisitCode)[0].used == 0


def test_pressing_twice_signs_once_and_the_next_visitor_on_the_same_tablet_signs_for_themselves(
    visitor, code
):
    page = visitor.open(code).text
    first = visitor.copy(visitor.sign(code, page=page))
    assert visitor.copy(visitor.sign(code, page=page)).count("Val Ortiz") == first.count("Val Ortiz")
    assert len(all_of(Visit)) == 1
    # Back, another name: the form is the same, and the person is not.
    assert "Ben Abe" in visitor.copy(visitor.sign(code, "Ben Abe", page=page))
    assert len(all_of(Visit)) == 2 and all_of(VisitCode)[0].used == 2


def test_a_code_for_one_is_used_up(visitor, desk, schools):
    one = new_code(desk, schools[0], "one")
    page = visitor.open(one).text
    visitor.sign(one, page=page)
    assert visitor.open(one).status_code == 410
    late = visitor.sign(one, "Ben Abe", page=page)
    assert late.status_code == 410 and "used up" in late.text
    assert len(all_of(Visit)) == 1
    # Whoever pressed twice still has their copy.
    assert visitor.sign(one, page=page).status_code == 303


def test_a_code_ends_with_its_day_or_when_it_is_withdrawn(visitor, desk, code, schools):
    page = visitor.open(code).text
    with time_machine.travel(all_of(VisitCode)[0].closes_at + timedelta(seconds=1)):
        over = visitor.open(code)
        assert over.status_code == 410 and "another day" in over.text
        assert visitor.sign(code, page=page).status_code == 410
    (made,) = all_of(VisitCode)
    assert desk.post(f"/completion/visitors/codes/{made.public_id}/withdraw").status_code == 303
    gone = visitor.sign(code, page=page)
    assert gone.status_code == 410 and "withdrawn" in gone.text


@pytest.mark.parametrize(
    "typed", ["x", "00000000", "%00", "é" * 9, "A" * 3000, "copy", "unreadable", "..%2F"]
)
def test_garbage_is_no_code_and_no_error_of_ours(visitor, code, typed):
    assert visitor.get(f"{VISIT}/{typed}").status_code in (404, 410)
    assert visitor.get(f"{VISIT}?code={typed}").status_code in (303, 400, 404)


def test_wrong_codes_are_braked_and_then_the_right_one_waits_too(visitor, code, monkeypatch):
    monkeypatch.setattr(views.WRONG, "most", 3)
    for _ in range(3):
        assert visitor.open("00000000").status_code == 404
    braked = visitor.open(code)
    assert braked.status_code == 429 and 1 <= int(braked.headers["Retry-After"]) <= 60
    with time_machine.travel(now() + timedelta(seconds=61)):
        assert visitor.open(code).status_code in (200, 410)


def test_a_code_opens_nothing_in_another_district(visitor, code):
    db.add(District(slug="oak", name="Oak", timezone="America/Los_Angeles", email_domains=[]))
    db.commit()
    assert visitor.get(f"/public/oak/visit/{code}").status_code == 404
    assert visitor.get("/public/nowhere/visit").status_code == 404


def test_the_copy_is_shown_for_half_an_hour_and_in_its_own_district(visitor, code):
    db.add(District(slug="oak", name="Oak", timezone="America/Los_Angeles", email_domains=[]))
    db.commit()
    place = visitor.sign(code).headers["Location"]
    assert visitor.get(place.replace("/evergreen/", "/oak/")).status_code == 410
    for garbage in ("x", "gAAAAA", "%00", "é"):
        assert visitor.get(f"{VISIT}/copy/{garbage}").status_code in (404, 410)
    with time_machine.travel(now() + views.COPY_LASTS + timedelta(seconds=1)):
        over = visitor.get(place)
    assert over.status_code == 410 and "Val Ortiz" not in over.text


# -- how long it holds ---------------------------------------------------------------------------------------


def test_it_holds_for_the_school_year_unless_the_district_says_otherwise(app, visitor, code, year):
    def say(*words: str):
        db.remove()
        return app.test_cli_runner().invoke(args=["visitors", "set", "--district", "evergreen", *words])

    visitor.sign(code)
    assert "the day ends" in say("--days", "1").output
    visitor.sign(code, "Ben Abe")
    assert say("--days", "0").exit_code == 1 and say().exit_code == 2
    assert "school year" in say("--school-year").output
    first, second = sorted(all_of(Visit), key=lambda each: each.id)
    assert first.valid_until == db.merge(year).ends_at
    assert timedelta(0) < second.valid_until - second.signed_at <= timedelta(hours=25)


def test_whoever_checks_the_code_of_a_day_that_is_over_reads_so(app, visitor, code):
    db.remove()
    app.test_cli_runner().invoke(args=["visitors", "set", "--district", "evergreen", "--days", "1"])
    check = re.search(r'href="(/public/evidence/\w+)"', visitor.copy(visitor.sign(code)))[1]
    assert "It was valid" not in visitor.get(check).text
    with time_machine.travel(now() + timedelta(days=2)):
        assert "It was valid, and is over" in visitor.get(check).text


# -- strangers are not in what IT reads ----------------------------------------------------------------------


def test_a_stranger_has_no_standing_and_is_in_no_list_of_it(app, visitor, code, district):
    visitor.sign(code)
    with transaction():
        while assign_due():
            pass
        follow_reviews()
    assert all_of(Standing) == []
    client, secret = api_clients.issue(db.merge(district), "it", ("standing.read", "audit.read"))
    db.commit()
    program = Program(app, client.client_id, secret)
    program.sign_in()
    assert program.standings().json["items"] == []
    assert program.get("/api/v1/completions").json["items"] == []


def test_the_worker_forgets_codes_a_month_after_they_closed(visitor, code):
    visitor.sign(code)
    with time_machine.travel(now() + codes.KEPT + timedelta(days=2)), transaction():
        codes.forget_old_codes()
    assert all_of(VisitCode) == [] and len(all_of(Visit)) == 1
