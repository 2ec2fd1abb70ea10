"""The person's own page: what was recorded year by year, with codes, exact texts, and who sees it."""

import re
from datetime import UTC, datetime

import pytest
import sqlalchemy as sa
import time_machine

from completion import ledger, requirements
from completion.models import Attestation, Evidence
from core.codes import written_code
from core.database import db
from people import offices
from people.audit import COMMAND
from people.models import Person
from people.school_years import ensure_school_year
from tests.completion.test_agreement import everything, publish, sign


@pytest.fixture
def dee(district, signed_in):
    publish()
    requirements.define("rua", "staff", "Responsible use", [["lesson:m7", "lesson:m8"], ["attestation:rua"]])
    db.commit()
    db.remove()
    return signed_in("teacher")


def take(browser, lesson: str, district, version="v1") -> Evidence:
    person = db.get_one(Person, browser.person.id)
    row = ledger.record_evidence(
        person, f"lesson:{lesson}", ensure_school_year(district), kind="course", version=version, source="x"
    )
    db.commit()
    return row


def test_each_year_has_its_records_with_their_codes_and_the_texts_that_were_signed(
    district, dee, app, signed_in
):
    with time_machine.travel(datetime(2026, 9, 2, 17, tzinfo=UTC)) as clock:
        browser = signed_in("teacher", person=db.get_one(Person, dee.person.id))
        sign(browser)
        clock.move_to(datetime(2027, 9, 3, 17, tzinfo=UTC))
        take(dee, "m7", district)
        page = signed_in("teacher", person=db.get_one(Person, dee.person.id)).get("/completion/mine").text
    assert page.index("School year 2027-28") < page.index("School year 2026-27")
    for row in everything(Evidence):
        assert written_code(row.code) in page and f"/public/evidence/{row.code}" in page
    (signature,) = everything(Attestation)
    assert f"/completion/agreement/{signature.public_id}" in page and "The exact text you signed" in page
    assert "m7" in page and "rua-2026.1" in page


def test_what_was_voided_stands_there_as_voided(dee):
    sign(dee)
    db.remove()
    at = datetime.now(UTC)
    db.execute(sa.update(Evidence).values(voided_at=at, void_reason="wrong_person"))
    db.execute(sa.update(Attestation).values(voided_at=at))
    db.commit()
    assert "Voided" in dee.get("/completion/mine").text
    (signature,) = everything(Attestation)
    assert "has taken this signature back" in dee.get(f"/completion/agreement/{signature.public_id}").text


def test_the_page_says_who_can_see_it_to_staff_and_to_pupils(dee, signed_in):
    staff, pupil = dee.get("/completion/mine").text, signed_in("learner").get("/completion/mine").text
    assert "personnel office: all of this page" in staff
    assert "personnel" not in pupil and "Your teacher: how far you are" in pupil


def test_only_the_personnel_office_is_shown_the_way_to_its_pages(dee):
    assert "/completion/records/" not in dee.get("/completion/mine").text
    offices.give(db.get_one(Person, dee.person.id), "hr", COMMAND)
    db.commit()
    assert "/completion/records/" in dee.get("/completion/mine").text


def test_nobody_sees_the_history_of_another(dee, signed_in):
    sign(dee)
    (row,) = everything(Evidence)
    assert written_code(row.code) not in signed_in("teacher").get("/completion/mine").text


def test_the_page_is_in_the_readers_language(dee):
    sign(dee)
    person = db.get_one(Person, dee.person.id)
    person.language = "es"
    db.commit()
    page = dee.get("/completion/mine").text
    assert "Lo que se registró, año por año" in page and "Quién puede ver esto" in page


def test_the_signed_copy_carries_the_code_that_checks_it(dee, client):
    copy = dee.get(sign(dee).headers["Location"]).text
    (row,) = everything(Evidence)
    assert written_code(row.code) in copy
    page = client.get(f"/public/evidence/{row.code}").text
    assert "Responsible Use Agreement" in page and "rua-2026.1" in page and "Dee" not in page


def test_the_code_of_the_last_lesson_says_that_the_course_was_done_and_no_other_does(dee, district, client):
    first, last = take(dee, "m7", district), take(dee, "m8", district)
    said = "With it, the whole course was done."
    assert said not in client.get(f"/public/evidence/{first.code}").text
    assert said in client.get(f"/public/evidence/{last.code}").text
    db.remove()
    row = db.get_one(Evidence, first.id)
    row.voided_at, row.void_reason = datetime.now(UTC), "wrong_person"
    db.commit()
    assert said not in client.get(f"/public/evidence/{last.code}").text
    assert re.search(r"<strong>Voided</strong>", client.get(f"/public/evidence/{first.code}").text)
