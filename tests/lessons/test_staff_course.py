"""The staff course page with its paths, the certificate with hours, the record by year; as its district wants it."""

import re
from datetime import timedelta
from html import unescape

import pytest
import time_machine

from completion import attestations, requirements
from completion.ledger import record_evidence
from completion.policy_texts import current_text, publish_policy_text
from completion.rule_models import DistrictRule
from core.clock import now
from core.database import db
from lessons.staff_models import StaffChoice
from people.models import District
from people.roster_models import RosterInterval
from people.school_years import ensure_school_year
from tests.browsers import Browser
from tests.lessons.staff_course import MODULES, earlier_year, module, publish_course, took

FIRST, SECOND, THIRD = MODULES


@pytest.fixture
def modules(no_curriculum, district):
    made = [module(each) for each in MODULES]
    publish_course(*made)
    publish_policy_text("rua", "2026.1", "en", "## Rules\n\nBe good.\n", title="Agreement", intent="I agree.")
    db.commit()
    return made


@pytest.fixture
def dee(modules, signed_in) -> Browser:
    return signed_in("teacher")


def words(answer) -> str:
    text = re.sub(r"<(script|style|svg|head|dialog)\b.*?</\1>", " ", answer.text, flags=re.S)
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", text)).split())


def want(district, ways: str) -> None:
    db.add(DistrictRule(district_id=district.id, audience="staff", changed={"ways": ways}))
    db.commit()


def sign(browser: Browser, district, year) -> str:
    shown = current_text(db.get(District, district.id))
    made = attestations.sign(
        browser.person, shown, signer=browser.person.public_id, text_sha256=shown.sha256, agreed=True,
        typed_name="Dee Rivera", provenance={}, year=year,
    )  # fmt: skip
    db.commit()
    return made.public_id


def test_a_newcomer_sees_the_course_and_the_agreement_and_where_to_start(dee):
    page = words(dee.get("/lessons/ruc"))
    assert "one of the two is enough" in page
    assert "0 percent done" in page and "0 of 3 modules" in page and "about 21 minutes to go" in page
    assert "Start: Module 1" in page and "Read and sign" in page
    assert "The refresher" not in page and "My record" not in page


def test_it_says_by_when(dee, district, modules):
    requirements.assign(dee.person, "rua", ensure_school_year(district))
    db.commit()
    assert "Please finish" in words(dee.get("/lessons/ruc"))


def test_the_place_is_kept(dee):
    dee.post(f"/lessons/ruc/{FIRST}")
    dee.post(f"/lessons/ruc/{FIRST}/steps/1")
    page = dee.get("/lessons/ruc")
    assert "Continue: Module 1" in words(page) and f"/lessons/ruc/{FIRST}/steps/2" in page.text


@pytest.mark.parametrize(
    ("ways", "said", "offered"),
    [
        ("either", "one of the two is enough", True),
        ("both", "asks for both", True),
        ("course", "Your district asks for the course.", False),
        ("agreement", "asks for your signature", True),
    ],
)
def test_the_district_decides_what_is_offered_and_said(dee, district, ways, said, offered):
    want(district, ways)
    page = words(dee.get("/lessons/ruc"))
    assert said in page and ("Read and sign" in page) is offered


def test_without_an_agreement_there_is_the_course_alone(dee, district, modules):
    publish_course(*modules, agreement=False)
    page = words(dee.get("/lessons/ruc"))
    assert "Your district asks for the course." in page and "Read and sign" not in page


def test_who_signed_sees_their_copy(dee, district, year):
    code = sign(dee, district, year)
    page = dee.get("/lessons/ruc")
    assert "Agreement signed" in words(page) and f"/completion/agreement/{code}" in page.text
    assert "2026.1" in words(dee.get("/lessons/ruc/history"))


def test_the_job_is_chosen_kept_and_changed(dee):
    assert dee.post("/lessons/ruc/work", data={"job": "driver"}).status_code == 303
    assert '<option value="driver" selected>' in dee.get("/lessons/ruc").text
    dee.post("/lessons/ruc/work", data={"job": ""})
    assert "selected" not in dee.get("/lessons/ruc").text
    assert dee.post("/lessons/ruc/work", data={"job": "pilot"}).status_code == 422


def test_the_rosters_job_is_told_and_not_asked(dee, district):
    db.add(
        RosterInterval(
            district_id=district.id, person_id=dee.person.id, audience="staff", job="office",
            starts_at=now() - timedelta(days=3), source="command",
        )
    )  # fmt: skip
    db.commit()
    page = dee.get("/lessons/ruc")
    assert "your work is: The office" in words(page) and 'name="job"' not in page.text


def test_the_certificate_counts_minutes_of_modules_and_of_checks(dee, modules, year):
    assert dee.get("/lessons/ruc/certificate").status_code == 404
    took(dee.person, year, *modules[:2])
    took(dee.person, year, modules[2], source="check y")
    page = words(dee.get("/lessons/ruc/certificate"))
    assert "0.28 hours (16.5 minutes)" in page, "7 + 7 + 2.5"
    code = re.search(r"/public/evidence/([0-9A-Z]{13})", dee.get("/lessons/ruc/certificate").text)
    assert code and "Valid" in words(dee.get(f"/public/evidence/{code[1]}"))
    assert "By the refresher" in page and "3 modules" in page and "Module 3" in page
    course = words(dee.get("/lessons/ruc"))
    assert "All 3 modules done" in course and "Your certificate" in course


def test_a_course_accepted_in_its_place_earns_no_hours_and_opens_no_refresher(dee, modules, district):
    for one in modules:
        record_evidence(
            dee.person,
            one.part,
            earlier_year(district),
            kind="equivalent",
            version="other",
            source="equivalent 1",
        )
    db.commit()
    page = words(dee.get("/lessons/ruc"))
    assert "The refresher" not in page
    assert dee.get(f"/lessons/ruc/certificate?year={earlier_year(district).name}").status_code == 404


def test_a_signature_alone_is_no_certificate_of_hours(dee, district, year):
    sign(dee, district, year)
    assert dee.get("/lessons/ruc/certificate").status_code == 404


def test_the_record_by_year_says_path_day_and_version(dee, modules, district, year):
    took(dee.person, earlier_year(district, 2), *modules)
    took(dee.person, earlier_year(district), *modules, source="check z")
    took(dee.person, year, modules[0])
    page = words(dee.get("/lessons/ruc/history"))
    assert "Full course, finished on" in page and "Refresher, finished on" in page
    assert "1 module done, not the whole course" in page
    assert "0.35 hours (21 minutes)" in page and "0.13 hours (7.5 minutes)" in page
    before = earlier_year(district, 2).name
    old = dee.get(f"/lessons/ruc/certificate?year={before}")
    assert before in words(old) and "The full course." in words(old)
    assert dee.get("/lessons/ruc/certificate?year=1999-00").status_code == 404
    assert dee.get("/lessons/ruc/certificate").status_code == 404


def test_a_module_in_an_older_version_counts_as_long_as_it_was(dee, modules, district):
    shorter = module(FIRST)
    publish_course(shorter.__class__.from_body({**shorter.to_body(), "minutes": 4}), *modules[1:])
    took(dee.person, earlier_year(district), *modules)
    assert "(21 minutes)" in words(dee.get("/lessons/ruc/history"))


def test_last_years_certificate_stays_when_the_course_grows(dee, modules, district):
    took(dee.person, earlier_year(district), *modules)
    publish_course(*modules, module("ruc-4-fourth"))
    year = earlier_year(district).name
    assert dee.get(f"/lessons/ruc/certificate?year={year}").status_code == 200


def test_the_records_of_others_are_not_shown(dee, modules, district, signed_in, client):
    took(dee.person, earlier_year(district), *modules)
    other = signed_in("teacher")
    year = earlier_year(district).name
    assert other.get(f"/lessons/ruc/certificate?year={year}").status_code == 404
    assert "Nothing is on record yet." in words(other.get("/lessons/ruc/history"))
    for path in ("", "/certificate", "/history", "/whats-new"):
        assert client.get(f"/lessons/ruc{path}").status_code == 401
    for path in ("/work", "/path", "/whats-new"):
        assert client.post(f"/lessons/ruc{path}").status_code == 401


def test_a_mentor_looks_and_leaves_no_trace(modules, signed_in):
    parent = signed_in("mentor")
    page = words(parent.get("/lessons/ruc"))
    assert "Preview" in page and "My work is mostly" not in page
    parent.post("/lessons/ruc/work", data={"job": "driver"})
    assert parent.post("/lessons/ruc/path", data={"path": "full"}).status_code == 409
    assert db.query(StaffChoice).count() == 0


def test_a_new_year_begins_anew(modules, signed_in, make_person, district):
    person = make_person("staff")
    with time_machine.travel("2027-03-01T18:00:00Z", tick=False):
        took(person, ensure_school_year(district), *modules)
        signed_in("teacher", person=person).post("/lessons/ruc/work", data={"job": "driver"})
    with time_machine.travel("2027-09-10T18:00:00Z", tick=False):
        ensure_school_year(district)
        db.commit()
        page = signed_in("teacher", person=person).get("/lessons/ruc")
        assert "0 percent done" in words(page) and "The refresher" in words(page)
        assert "selected" not in page.text


def test_the_page_takes_the_same_queries_however_long_the_record(dee, modules, district, count_queries):
    took(dee.person, earlier_year(district), *modules)
    dee.get("/lessons/ruc")
    with count_queries() as first:
        dee.get("/lessons/ruc")
    took(dee.person, ensure_school_year(district), *modules)
    dee.get("/lessons/ruc")
    with count_queries() as second:
        dee.get("/lessons/ruc")
    assert len(second) <= len(first) + 1
