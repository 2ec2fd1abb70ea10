"""A new edition: when it takes effect, what the reader is shown, what is refused, and declining it."""

import hashlib
import json
import re
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
import time_machine

from completion import checking, declining, policy_texts, requirements
from completion.models import Attestation, Evidence
from completion.policy_texts import AGREEMENT
from completion.record_models import Declined
from core.clock import now
from core.database import db
from core.errors import Refused
from people.audit_models import AuditEntry
from people.models import District, Person
from tests.completion.test_agreement import TEXT, TWO, everything, hash_on, publish, sign

NEW = TEXT.replace("first", "before anything else") + "\n## Phones\n\nPut it away.\n"


@pytest.fixture
def agreement(district):
    publish()
    requirements.define("rua", "staff", "Responsible use", [["lesson:m7"], ["attestation:rua"]])
    db.commit()
    db.remove()


@pytest.fixture
def dee(agreement, signed_in):
    return signed_in("teacher")


def publish_new(version="2026.2", text=NEW, change="material", days=30):
    more = {"effective_at": now() - timedelta(minutes=1), "reattest_by": now() + timedelta(days=days)}
    publish(version, text, change=change, **(more if change == "material" else {}))
    db.commit()
    db.remove()


def test_an_edition_after_another_must_say_what_it_changes(agreement):
    with pytest.raises(Refused, match="editorial or material"):
        publish("2026.2", NEW)


@pytest.mark.parametrize(
    ("change", "approved_by", "said"),
    [
        ("editorial", (), "two different people"),
        ("editorial", TWO[:1], "two different people"),
        ("editorial", (TWO[0], TWO[0]), "one person twice"),
        ("editorial", (TWO[0], "dana  REYES, acting superintendent"), "one person twice"),
        ("editorial", (TWO[0], ", director"), "each person's name"),
        ("material", (), "one person"),
        ("material", (TWO[0], TWO[0]), "one person twice"),
    ],
)
def test_nobody_alone_says_that_nobody_signs_again(agreement, change, approved_by, said):
    dates = {"effective_at": now(), "reattest_by": now() + timedelta(days=9)} if change == "material" else {}
    with pytest.raises(Refused, match=said):
        publish("2026.2", NEW, change=change, approved_by=approved_by, **dates)
    assert [each.version for each in policy_texts.editions_of()] == ["2026.1"]


def test_who_approved_stays_with_the_edition_and_is_listed(app, agreement):
    publish("2026.2", NEW, change="editorial")
    publish("2026.3", NEW + "More.", change="material", approved_by=TWO[:1], effective_at=now(),
            reattest_by=now() + timedelta(days=9))  # fmt: skip
    publish("2026.2", NEW, change="editorial")
    with pytest.raises(Refused, match="other people"):
        publish("2026.2", NEW, change="editorial", approved_by=("Ann Lee", "Bo Ray"))
    db.commit()
    listed = json.loads(run(app, "list", "--district", "evergreen", "--json").output)["editions"]
    assert [each["approved_by"] for each in listed] == [[TWO[0]], [*TWO], []]
    assert f"approved by {TWO[0]}; {TWO[1]}" in run(app, "list", "--district", "evergreen").output


def test_of_an_edition_from_before_approvals_were_kept_it_is_said_once(agreement):
    publish("2026.2", NEW, change="editorial")
    policy_texts.edition_named("2026.2").approved_by = []
    publish("2026.2", NEW, change="editorial", approved_by=())
    with pytest.raises(Refused, match="two different people"):
        publish("2026.2", NEW, change="editorial", approved_by=TWO[:1])
    publish("2026.2", NEW, change="editorial")
    assert policy_texts.edition_named("2026.2").approved_by == [*TWO]


def test_the_edition_before_stands_until_the_new_one_takes_effect(dee):
    publish("2026.2", NEW, change="editorial", effective_at=now() + timedelta(days=2))
    db.commit()
    assert "Version 2026.1" in dee.get("/completion/agreement").text
    with time_machine.travel(now() + timedelta(days=3)):
        assert policy_texts.current_edition().version == "2026.2"


def test_who_signed_an_earlier_text_is_shown_what_changed_word_by_word(dee):
    sign(dee)
    publish_new()
    page = dee.get("/completion/agreement").text
    assert "has changed since you signed it" in page and "Please sign the new text by" in page
    changes = dee.get("/completion/agreement/changes")
    assert changes.status_code == 200
    assert re.search(r"<del><span[^>]*>Taken out: </span>first", changes.text)
    assert re.search(r"<ins><span[^>]*>New: </span>before anything else", changes.text)
    assert "Phones" in changes.text and "New section" in changes.text
    assert re.search(r"Unchanged, word for word.*Consequences", changes.text, re.S)
    assert "<script>alert" not in changes.text
    sign(dee)
    assert "has changed since" not in dee.get("/completion/agreement").text


def test_an_editorial_change_says_that_the_signature_goes_on_counting(dee):
    sign(dee)
    publish_new(change="editorial")
    assert "goes on counting" in dee.get("/completion/agreement/changes").text


def test_a_changed_sentence_to_sign_is_shown_too(dee):
    sign(dee)
    policy_texts.publish_policy_text(
        "rua", "2026.2", "en", TEXT, title="Responsible Use Agreement", intent="I promise to follow it.",
        change="editorial", approved_by=TWO,
    )  # fmt: skip
    db.commit()
    assert "The sentence you sign" in dee.get("/completion/agreement/changes").text


def test_without_an_earlier_signature_there_is_nothing_to_compare(dee, signed_in, client):
    assert dee.get("/completion/agreement/changes").status_code == 404
    sign(dee)
    publish_new()
    assert signed_in("teacher").get("/completion/agreement/changes").status_code == 404
    assert signed_in("learner").get("/completion/agreement/changes").status_code == 403
    assert client.get("/completion/agreement/changes").status_code == 401


# -- signing -----------------------------------------------------------------------------------------------


def test_an_old_version_is_not_signed(dee):
    old = hash_on(dee.get("/completion/agreement"))
    publish_new()
    answer = sign(dee, text_sha256=old)
    assert answer.status_code == 409 and "changed after you opened it" in answer.text
    assert everything(Attestation) == []


def test_another_persons_form_is_not_signed(dee, make_person):
    answer = sign(dee, signer=make_person("staff").public_id)
    assert answer.status_code == 403 and "opened for somebody else" in answer.text
    assert sign(dee, signer="").status_code == 403
    assert everything(Attestation) == []


def test_nothing_is_signed_before_the_last_signature(dee):
    sign(dee)
    publish_new()
    with time_machine.travel(now() - timedelta(hours=1)):
        answer = sign(dee, text_sha256=hash_on(dee.get("/completion/agreement")))
    # The new edition is not in effect an hour ago; the text that is has been signed, so nothing new is written.
    assert answer.status_code == 303 and len(everything(Attestation)) == 1


def test_a_clock_that_went_back_signs_nothing(dee):
    sign(dee)
    publish_new(change="editorial")
    with time_machine.travel(now() - timedelta(hours=1)):
        answer = sign(dee)
    assert answer.status_code == 503 and "clock of this service is wrong" in answer.text
    assert len(everything(Attestation)) == 1


def test_the_signature_and_its_evidence_hold_and_tampering_with_either_is_found(dee, district):
    sign(dee)
    assert faults(district) == []
    for words, what in (
        ("UPDATE attestation SET intent = 'I read it.'", "altered: intent"),
        ("UPDATE policy_text SET text = 'Other words.'", "altered: the text that was signed"),
        ("UPDATE attestation SET typed_name = 'x'", "altered: the typed name can not be unsealed"),
        ("DELETE FROM evidence", "its evidence is gone"),
    ):
        db.remove()
        db.execute(sa.text(words))
        db.flush()
        found = [each.what for each in checking.faults(db.get_one(District, district.id))]
        assert what in found, words
        db.rollback()
    assert faults(district) == []


def faults(district):
    db.remove()
    return list(checking.faults(db.get_one(District, district.id)))


def test_a_signature_from_before_there_were_records_is_signed_later(dee, district, app):
    sign(dee)
    db.remove()
    db.execute(sa.text("UPDATE attestation SET jws = NULL"))
    db.commit()
    assert [each.what for each in faults(district)] == ["unsigned"]
    told = app.test_cli_runner().invoke(
        args=["evidence", "sign-earlier", "--district", "evergreen", "--json"]
    )
    assert json.loads(told.output)["signatures"] == 1
    assert faults(district) == []


# -- declining ---------------------------------------------------------------------------------------------


def test_declining_is_noted_once_without_a_reason_and_names_whom_to_talk_to(dee, district):
    db.get(District, district.id).variables = {"district.it_office": "Technology Services"}
    db.commit()
    page = dee.get("/completion/agreement/not-now").text
    assert "Nothing was recorded" in page and "Let them know that I decline" in page
    assert dee.post("/completion/agreement/not-now").status_code == 303
    assert dee.post("/completion/agreement/not-now").status_code == 303
    assert len(everything(Declined)) == 1
    assert [each.action for each in everything(AuditEntry)] == ["agreement_declined"]
    page = dee.get("/completion/agreement/not-now").text
    assert "You have said that you do not want to sign" in page
    assert "Technology Services" in page and "/lessons/ruc" in page


def test_pupils_and_outsiders_decline_nothing(agreement, signed_in, client):
    assert signed_in("learner").post("/completion/agreement/not-now").status_code == 403
    assert client.post("/completion/agreement/not-now").status_code == 401
    assert everything(Declined) == []


def test_a_decline_is_open_until_the_requirement_is_met(dee, district, year):
    requirements.assign(db.get_one(Person, dee.person.id), "rua", year)
    db.commit()
    dee.post("/completion/agreement/not-now")
    db.remove()
    (waiting,) = declining.open_declines(district.id, year.id, AGREEMENT)
    assert (waiting.person.id, waiting.version) == (dee.person.id, "2026.1")
    assert declining.open_declines(district.id + 1, year.id, AGREEMENT) == []
    sign(dee)
    db.remove()
    assert declining.open_declines(district.id, year.id, AGREEMENT) == []


def test_the_list_of_declines_costs_the_same_for_one_and_for_ten(
    agreement, make_person, district, year, count_queries
):
    shown = policy_texts.current_text(db.get_one(District, district.id))

    def cost(people: int) -> int:
        for _ in range(people):
            person = make_person("staff")
            requirements.assign(person, "rua", year)
            declining.decline(person, shown, year)
        db.commit()
        db.remove()
        with count_queries() as statements:
            assert len(declining.open_declines(district.id, year.id, AGREEMENT)) >= people
        return len(statements)

    assert cost(1) == cost(9)


# -- commands ----------------------------------------------------------------------------------------------


def run(app, *words: str):
    db.remove()
    return app.test_cli_runner().invoke(args=["policy", *words])


def test_old_texts_come_back_byte_for_byte(app, dee):
    sign(dee)
    publish_new()
    listed = json.loads(run(app, "list", "--district", "evergreen", "--json").output)["editions"]
    assert [(each["version"], each["current"], each["change"]) for each in listed] == [
        ("2026.2", True, "material"),
        ("2026.1", False, "editorial"),
    ]
    (signed,) = listed[1]["signed"]
    assert signed["signatures"] == 1
    told = run(app, "text", "--district", "evergreen", "--sha256", signed["sha256"])
    assert hashlib.sha256(told.stdout_bytes).hexdigest() == signed["sha256"]
    again = run(app, "text", "--district", "evergreen", "--version", "2026.1")
    assert again.stdout_bytes == told.stdout_bytes
    assert run(app, "text", "--district", "evergreen", "--sha256", "0" * 64).exit_code == 1
    assert run(app, "text", "--district", "evergreen").exit_code == 2
    assert run(app, "text", "--district", "evergreen", "--version", "1999").exit_code == 1


def test_a_district_gets_no_text_that_only_another_signed(app, dee):
    sign(dee)
    db.add(District(slug="other", name="Other", timezone="America/Los_Angeles"))
    db.commit()
    listed = json.loads(run(app, "list", "--district", "evergreen", "--json").output)["editions"]
    sha256 = listed[0]["signed"][0]["sha256"]
    assert run(app, "text", "--district", "other", "--sha256", sha256).exit_code == 1


def test_a_review_without_a_change_stands_in_the_audit_log(app, agreement):
    told = run(app, "reviewed", "--district", "evergreen", "--key", "rua")
    assert told.exit_code == 0 and "left it as it is" in told.output
    (entry,) = everything(AuditEntry)
    assert (entry.action, entry.subject) == ("policy_reviewed", "policy:rua-2026.1")
    assert entry.detail["outcome"] == "no_change" and len(entry.detail["text_sha256"]) == 64
    assert run(app, "reviewed", "--district", "evergreen", "--key", "none").exit_code == 1


def test_an_edition_that_was_voided_for_somebody_can_be_signed_anew(dee):
    """The first signature stays as a row; the second is one of its own."""
    first = sign(dee).headers["Location"]
    db.remove()
    db.execute(sa.update(Attestation).values(voided_at=datetime.now(UTC)))
    db.execute(sa.update(Evidence).values(voided_at=datetime.now(UTC), void_reason="wrong_person"))
    db.commit()
    assert sign(dee).headers["Location"] != first
    assert [each.voided_at is None for each in everything(Evidence)] == [False, True]
