"""Visitors and volunteers sign an agreement of their own, through a link in the LMS."""

import re

import pytest
import sqlalchemy as sa

from access.models import Standing
from access.standings import follow_reviews
from completion.models import Assignment, Attestation, Evidence, PolicyEdition
from completion.policy_texts import publish_policy_text
from core.database import db
from lessons.assignments import assign_due
from people.directory import raise_audience
from people.models import Person
from tests.lms import TOOL

INSTITUTION = "http://purl.imsglobal.org/vocab/lis/v2/institution/person"
LEARNER = "http://purl.imsglobal.org/vocab/lis/v2/membership#Learner"
HERE = {"target_link_uri": f"{TOOL}/lessons/guest"}
GUEST = {**HERE, "roles": [LEARNER, f"{INSTITUTION}#Guest"]}


@pytest.fixture
def published(curriculum):
    """The curriculum with the agreement's text, which is not kept from test to test."""
    db.execute(sa.delete(PolicyEdition))
    publish_policy_text(
        "guest",
        "2026.1",
        "en",
        "## Rules\n\nAsk first.\n",
        title="Guest and Volunteer Agreement",
        intent="I agree.",
    )
    db.commit()


@pytest.fixture
def val(school, published):
    """A volunteer, as the LMS sends her: known as a guest of the institution."""
    return school.launch("parent", "g4-same-me", **GUEST)


def sign(browser, **changes):
    page = browser.get("/lessons/guest").text
    hidden = {
        name: re.search(rf'name="{name}" value="([^"]+)"', page)[1] for name in ("signer", "text_sha256")
    }
    return browser.post(
        "/lessons/guest", data={**hidden, "agree": "yes", "typed_name": "Val Ortiz", **changes}
    )


def all_of(model):
    db.remove()
    return db.scalars(sa.select(model)).all()


def standing_of(browser) -> tuple[str, str]:
    """State, and what it is worth once enforcement is in force."""
    db.remove()
    follow_reviews()
    db.commit()
    row = db.scalars(sa.select(Standing).filter_by(person_id=browser.person.id, requirement="guest")).one()
    return row.state, row.would_be


def test_a_volunteer_signs_in_the_lms_and_is_on_record(val):
    assert val.landed.startswith("/lessons/guest")
    page = val.get("/lessons/guest")
    assert "Guest and Volunteer" in page.text and "about four minutes" in page.text
    copy = sign(val)
    assert copy.status_code == 303
    assert "Val Ortiz" in val.get(copy.headers["Location"]).text
    (evidence,) = all_of(Evidence)
    assert (evidence.part, evidence.kind) == ("attestation:guest", "agreement")
    (signature,) = all_of(Attestation)
    assert signature.provenance["resource_link"]
    assert standing_of(val) == ("complete", "allow")


def test_before_the_signature_the_network_waits(val):
    person_id = val.person.id
    db.remove()
    assign_due()
    assert standing_of(val) == ("assigned", "limited")
    sign(val)
    assert standing_of(val) == ("complete", "allow")
    assert [each.requirement_id for each in all_of(Assignment) if each.person_id == person_id] != []


def test_somebody_of_whom_nothing_is_known_becomes_a_guest_by_signing(school, published):
    lee = school.launch("parent", "g4-same-me", **HERE, roles=[LEARNER])
    assert lee.person.audience == "unknown"
    sign(lee)
    db.remove()
    assert db.get(Person, lee.person.id).audience == "guest"


def test_their_page_says_it_and_leads_back(val):
    sign(val)
    page = val.get("/completion/mine").text
    assert "Read the guest agreement" in page and "/lessons/guest" in page and "You are done." in page
    assert "You have signed this text" in val.get("/lessons/guest").text


@pytest.mark.parametrize(
    ("changes", "words"), [({"agree": ""}, "Tick the box"), ({"typed_name": ""}, "Type your")]
)
def test_half_a_signature_is_none_and_makes_nobody_a_guest(val, changes, words):
    answer = sign(val, **changes)
    assert answer.status_code == 422 and words in answer.text
    assert all_of(Attestation) == [] and all_of(Evidence) == []


def test_not_signing_records_nothing(val):
    assert "no reason is asked" in val.get("/lessons/guest/not-now").text
    assert all_of(Evidence) == []


def test_staff_and_pupils_are_sent_to_their_own(signed_in, published, client):
    teacher, pupil = signed_in("teacher"), signed_in("learner")
    for browser in (teacher, pupil):
        assert browser.get("/lessons/guest").status_code == 403
        assert browser.post("/lessons/guest").status_code == 403
        assert browser.get("/lessons/guest/not-now").status_code == 403
    assert "What is asked of me" in teacher.get("/lessons/guest").text
    assert client.get("/lessons/guest").status_code == client.post("/lessons/guest").status_code == 401


def test_a_form_of_somebody_else_is_not_signed(val, signed_in, make_person):
    other = signed_in("other", person=make_person("unknown"))
    assert sign(val, signer=other.person.public_id).status_code == 403
    assert all_of(Attestation) == []


def test_a_guest_who_turns_out_to_work_here_is_staff(val):
    person = db.get(Person, val.person.id)
    raise_audience(person, "guest")
    assert person.audience == "guest"
    raise_audience(person, "staff")
    raise_audience(person, "guest")
    assert person.audience == "staff"
    db.rollback()


def test_where_no_guest_agreement_is_published_nobody_owes_it(no_curriculum, signed_in, make_person):
    lee = signed_in("other", person=make_person("guest"))
    answer = lee.get("/lessons/guest")
    assert answer.status_code == 404 and "no agreement to sign yet" in answer.text
    assert assign_due() == 0
