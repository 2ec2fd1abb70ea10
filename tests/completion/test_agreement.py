"""Read, sign, keep: through the pages."""

import hashlib
import re
from datetime import UTC, datetime

import pytest
import sqlalchemy as sa
import time_machine

from completion import policy_texts, requirements
from completion.models import Assignment, Attestation, Evidence, PolicyText, Review
from core.database import db
from core.errors import Refused
from people.models import District
from people.school_years import ensure_school_year

TEXT = """## Rules

1. Ask {{district.it_office|the help desk}} first.

## Consequences

<script>alert(1)</script> and [a link](https://example.org) stay words.
"""
FORM = {"agree": "yes", "typed_name": "  Dee   Rivera "}


TWO = ("Dana Reyes, assistant superintendent", "Sam Okafor, director of technology")


def publish(version="2026.1", text=TEXT, **change):
    words = {"title": "Responsible Use Agreement", "intent": "I agree to follow it."}
    if "change" in change:
        words["approved_by"] = TWO
    return policy_texts.publish_policy_text("rua", version, "en", text, **words | change)


@pytest.fixture
def agreement(district):
    publish()
    requirements.define("rua", "staff", "Responsible use", [["lesson:m7"], ["attestation:rua"]])
    db.commit()
    db.remove()


@pytest.fixture
def dee(agreement, signed_in):
    return signed_in("teacher")


def hash_on(page) -> str:
    return re.search(r'name="text_sha256" value="([0-9a-f]{64})"', page.text)[1]


def sign(browser, **changes):
    page = browser.get("/completion/agreement")
    form = {"signer": browser.person.public_id, "text_sha256": hash_on(page), **FORM, **changes}
    return browser.post("/completion/agreement", data=form)


def everything(model):
    db.remove()
    return db.scalars(sa.select(model)).all()


def test_the_agreement_is_read_section_by_section(dee):
    page = dee.get("/completion/agreement")
    assert page.status_code == 200
    assert page.text.count("<section") == 2
    assert "Ask the help desk first." in page.text
    assert "<script>alert" not in page.text
    assert "https://example.org" in page.text and 'href="https://example.org' not in page.text
    assert "checked" not in re.search(r"<input[^>]*name=\"agree\"[^>]*>", page.text)[0]


def test_reading_writes_nothing(dee):
    dee.get("/completion/agreement")
    assert everything(PolicyText) == []


def test_a_signature_is_recorded_with_all_that_makes_it_one(dee, app):
    answer = sign(dee)
    assert answer.status_code == 303
    (signature,) = everything(Attestation)
    (text,) = everything(PolicyText)
    assert signature.typed_name == "Dee Rivera"
    assert signature.intent == "I agree to follow it."
    assert text.sha256 == hashlib.sha256(text.text.encode()).hexdigest()
    assert text.text.startswith("# Responsible Use Agreement\n\nVersion 2026.1\n\n## Rules")
    (evidence,) = everything(Evidence)
    assert (evidence.part, evidence.kind, evidence.version) == ("attestation:rua", "agreement", "rua-2026.1")
    assert evidence.source == f"attestation {signature.id}"
    assert len(everything(Review)) == 1


def test_the_name_is_sealed_at_rest(dee):
    sign(dee)
    assert "Rivera" not in db.execute(sa.text("SELECT typed_name FROM attestation")).scalar_one()


def test_signing_twice_is_signing_once(dee):
    assert sign(dee).headers["Location"] == sign(dee).headers["Location"]
    assert len(everything(Attestation)) == len(everything(Evidence)) == 1


@pytest.mark.parametrize(
    ("changes", "words", "field"),
    [
        ({"agree": ""}, "Tick the box", "agree"),
        ({"typed_name": "   "}, "Type your full name", "typed_name"),
        ({"typed_name": "x" * 200}, "up to 120", "typed_name"),
    ],
)
def test_half_a_signature_is_none(dee, changes, words, field):
    answer = sign(dee, **changes)
    assert answer.status_code == 422
    assert words in answer.text and f'href="#{field}"' in answer.text
    assert everything(Attestation) == []


def test_what_was_typed_is_kept_when_the_box_was_forgotten(dee):
    assert 'value="  Dee   Rivera "' in sign(dee, agree="").text


def test_a_text_that_changed_meanwhile_is_not_signed(dee):
    old = hash_on(dee.get("/completion/agreement"))
    publish("2026.2", TEXT + "\n## One more\n\nNew words.\n", change="editorial")
    db.commit()
    answer = sign(dee, text_sha256=old)
    assert answer.status_code == 409
    assert "changed after you opened it" in answer.text
    assert everything(Attestation) == []


def test_the_same_words_under_a_new_version_are_signed_anew(dee):
    first = sign(dee).headers["Location"]
    publish("2026.2", change="editorial")
    db.commit()
    assert sign(dee).headers["Location"] != first
    assert sorted(each.version for each in everything(Evidence)) == ["rua-2026.1", "rua-2026.2"]


def test_each_district_reads_its_own_words(dee, district):
    before = hash_on(dee.get("/completion/agreement"))
    db.get(District, district.id).variables = {"district.it_office": "Technology Services"}
    db.commit()
    page = dee.get("/completion/agreement")
    assert "Ask Technology Services first." in page.text
    assert hash_on(page) != before


def test_the_copy_says_what_was_signed_and_when(agreement, signed_in):
    with time_machine.travel(datetime(2026, 11, 24, 16, 5, tzinfo=UTC), tick=False):
        dee = signed_in("teacher")
        page = dee.get(sign(dee).headers["Location"])
        assert page.status_code == 200
        assert "November 24, 2026 at 8:05 AM (PST)" in page.text
        (text,) = everything(PolicyText)
        assert text.sha256 in page.text and "2026.1" in page.text and "Dee Rivera" in page.text
        exact = dee.get(re.search(r'href="([^"]+/text[^"]*)"', page.text)[1].replace("&amp;", "&"))
        assert hashlib.sha256(exact.data).hexdigest() == text.sha256


def test_a_copy_is_its_signers_alone(dee, signed_in):
    address = sign(dee).headers["Location"].split("?")[0]
    assert signed_in("teacher").get(address).status_code == 404
    assert dee.get("/completion/agreement/%00").status_code == 404


def test_pupils_do_not_sign_this(agreement, signed_in):
    ann = signed_in("learner")
    assert ann.get("/completion/agreement").status_code == 403
    assert ann.post("/completion/agreement", data=FORM).status_code == 403


def test_nobody_signs_without_being_signed_in(agreement, client):
    assert client.get("/completion/agreement").status_code == 401
    assert client.post("/completion/agreement", data=FORM).status_code == 401


def test_not_signing_is_no_dead_end(dee):
    page = dee.get("/completion/agreement/not-now")
    assert "supervisor" in page.text and "/lessons/ruc" in page.text
    assert everything(Attestation) == []


def test_without_an_agreement_the_page_says_so(no_curriculum, signed_in):
    answer = signed_in("teacher").get("/completion/agreement")
    assert answer.status_code == 404 and "no agreement to sign yet" in answer.text


def test_a_version_can_not_be_published_with_other_words(agreement):
    assert publish() == publish()
    with pytest.raises(Refused, match=r"2026\.1"):
        publish(text=TEXT + "More.")


def test_what_is_asked_of_me(agreement, signed_in, make_person, district):
    with time_machine.travel(datetime(2026, 9, 2, 17, tzinfo=UTC), tick=False):
        person = make_person("staff")
        requirements.assign(person, "rua", ensure_school_year(district))
        db.commit()
        dee = signed_in("teacher", person=person)
        page = dee.get("/completion/mine").text
        assert "by September 16, 2026" in page and "Sign the agreement instead" in page
        sign(dee)
        page = dee.get("/completion/mine").text
        assert "You are done. This holds through August 31, 2027." in page
        assert "Signed agreement, September 2, 2026 at 10:00 AM (PDT)" in page


def test_an_outsider_sees_that_nothing_is_asked_of_them(agreement, signed_in):
    assert "Nothing is asked of you" in signed_in("other").get("/completion/mine").text


def test_who_signs_again_in_august_signs_for_the_next_year(agreement, signed_in, make_person, district):
    with time_machine.travel(datetime(2026, 9, 2, 17, tzinfo=UTC)) as clock:
        person = make_person("staff")
        requirements.assign(person, "rua", ensure_school_year(district))
        db.commit()
        sign(signed_in("teacher", person=person))
        clock.move_to(datetime(2027, 8, 5, 17, tzinfo=UTC))
        dee = signed_in("teacher", person=person)
        assert "You can renew it for the next school year now" in dee.get("/completion/mine").text
        sign(dee)
        assert "This holds through August 31, 2028" in dee.get("/completion/mine").text
    assert len(everything(Attestation)) == 2
    assert len(everything(Assignment)) == 1
