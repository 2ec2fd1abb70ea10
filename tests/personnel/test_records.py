"""The personnel office: paper that two people stand for, equivalents, voiding, and nobody else in the room."""

import re
from datetime import UTC, date, datetime

import pytest
import sqlalchemy as sa
import time_machine

from completion import checking, ledger, policy_texts
from completion.asked import asked_of
from completion.dates import local_day
from completion.decision_models import Exemption, Revocation
from completion.models import Attestation, Evidence, PolicyEdition, Progress, Review
from completion.record_models import Equivalent, PaperSignature
from core.clock import now
from core.database import db
from people.audit import broken_at
from people.audit_models import AuditEntry
from people.directory import link_identity
from people.models import District, Person
from people.office_models import OFFICES
from people.school_years import ensure_school_year
from tests.browsers import sign_in_browser

TODAY = {"day": date(2026, 11, 20).isoformat()}
HOME = "/completion/records/"


@pytest.fixture(autouse=True)
def in_november():
    with time_machine.travel(datetime(2026, 11, 24, 18, tzinfo=UTC)):
        yield


def everything(model):
    db.remove()
    return db.scalars(sa.select(model).order_by(model.id)).all()


def place(person: Person) -> str:
    return f"{HOME}{person.public_id}"


def enter(officer, person, **changes):
    return officer.post(f"{place(person)}/paper", data={**TODAY, "version": "2026.1", **changes})


def decide(officer, what="confirm"):
    *_, paper = everything(PaperSignature)
    return officer.post(f"{HOME}paper/{paper.public_id}/{what}")


def state_of(person: Person) -> str:
    db.remove()
    (asked,) = asked_of(db.get_one(Person, person.id), now())
    return asked.state.state


def faults(district) -> list[str]:
    db.remove()
    return [each.what for each in checking.faults(db.get_one(District, district.id))]


def actions() -> list[str]:
    return [each.action for each in everything(AuditEntry) if not each.action.startswith("office")]


# -- finding -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("scheme", "value"), [("sis", "100001"), ("sis", " 100001 "), ("email", "DEE@evergreen.example")]
)
def test_somebody_is_found_by_an_exact_name_and_the_look_up_is_noted(hana, dee, scheme, value):
    answer = hana.post(f"{HOME}find", data={"scheme": scheme, "value": value})
    assert answer.status_code == 303 and dee.public_id in answer.headers["Location"]
    assert "dee@evergreen.example" in hana.get(answer.headers["Location"]).text
    assert actions() == ["record_looked_up"]
    assert value.strip() not in str([each.detail for each in everything(AuditEntry)])


@pytest.mark.parametrize(
    ("form", "status"),
    [
        ({"scheme": "sis", "value": "10000"}, 404),
        ({"scheme": "email", "value": "dee@"}, 404),
        ({"scheme": "lti", "value": "100001"}, 422),
        ({"scheme": "sis", "value": " "}, 422),
        ({}, 422),
    ],
)
def test_a_part_of_a_name_finds_nobody(hana, dee, form, status):
    assert hana.post(f"{HOME}find", data=form).status_code == status
    assert actions() == []


def test_a_pupil_is_not_found_here(hana, make_person):
    ann = db.merge(make_person("pupil"))
    link_identity(ann, scheme="sis", value="555", source="test")
    db.commit()
    assert hana.post(f"{HOME}find", data={"scheme": "sis", "value": "555"}).status_code == 404
    assert hana.get(place(ann)).status_code == 404


# -- who may enter -----------------------------------------------------------------------------------------

POSTS = ("find", "{dee}/paper", "{dee}/equivalent", "{dee}/exemption", "{dee}/evidence/ev_1/void",
         "{dee}/exemption/ex_1/end", "{dee}/revocation", "{dee}/revocation/re_1/end",
         "{dee}/revocation/re_1/uphold",
         "{dee}/extension", "{dee}/extension/xn_1/end",
         "paper/pa_1/confirm", "paper/pa_1/send-back", "paper/pa_1/take-back")  # fmt: skip


def knock(browser, dee) -> set[int]:
    told = {browser.get(HOME).status_code, browser.get(place(dee)).status_code}
    return told | {browser.post(HOME + path.format(dee=dee.public_id)).status_code for path in POSTS}


@pytest.mark.parametrize("office", [None, *sorted(set(OFFICES) - {"hr", "district", "school"})])
def test_without_the_office_nobody_enters(officer, signed_in, dee, office):
    browser = officer("ivo", office) if office else signed_in("administrator")
    assert knock(browser, dee) == {403}
    assert everything(PaperSignature) == []


def test_pupils_strangers_and_the_operator_do_not_enter(app, signed_in, client, dee, district):
    assert knock(signed_in("learner"), dee) == {403}
    assert client.get(HOME).status_code == 401 and client.post(f"{HOME}find").status_code == 401
    operator = sign_in_browser(app, db.get_one(Person, dee.id), "operator", None)
    assert knock(operator, dee) == {403}


def test_the_district_office_enters_too(officer, dee):
    assert officer("ora", "district").get(place(dee)).status_code == 200


def test_another_districts_personnel_finds_nobody_and_decides_nothing(officer_elsewhere, hana, dee):
    stranger = officer_elsewhere("hr")
    enter(hana, dee)
    assert stranger.get(place(dee)).status_code == 404
    assert stranger.post(f"{HOME}find", data={"scheme": "sis", "value": "100001"}).status_code == 404
    assert enter(stranger, dee).status_code == 404
    assert decide(stranger).status_code == 404
    assert "dee@" not in stranger.get(HOME).text
    (paper,) = everything(PaperSignature)
    assert paper.state == "waiting"


# -- paper -------------------------------------------------------------------------------------------------


def test_paper_counts_when_a_second_person_confirms_it_from_the_day_it_was_signed(hana, hugo, dee, district):
    assert enter(hana, dee).status_code == 303
    assert everything(Evidence) == [] and state_of(dee) != "complete"
    page = hugo.get(HOME).text
    assert "dee@evergreen.example" in page and "hana@evergreen.example" in page
    assert "November 20, 2026" in page and "I have seen the paper" in page
    assert decide(hugo).status_code == 303
    (row,) = everything(Evidence)
    assert (row.kind, row.part, row.version) == ("paper", "attestation:rua", "rua-2026.1")
    assert local_day(row.shown_at, "America/Los_Angeles") == date(2026, 11, 20)
    assert state_of(dee) == "complete" and faults(district) == []
    assert actions() == ["paper_entered", "paper_confirmed"] and broken_at(district.id) is None
    assert "Signed on paper, November 20, 2026" in hana.get(place(dee)).text


def test_who_entered_it_does_not_confirm_it(hana, dee):
    enter(hana, dee)
    assert "You entered it; a colleague decides." in hana.get(HOME).text
    for what in ("confirm", "send-back"):
        answer = decide(hana, what)
        assert answer.status_code == 403 and "a second person decides" in answer.text
    assert everything(Evidence) == []


def test_the_subject_neither_enters_nor_confirms_their_own(hana, hugo):
    assert enter(hana, hana.person).status_code == 403
    assert enter(hugo, hana.person).status_code == 303
    assert "It is your own; a colleague decides." in hana.get(HOME).text
    assert decide(hana).status_code == 403
    assert "This is your own record" in hana.get(place(hana.person)).text
    assert everything(Evidence) == []


def test_the_table_itself_refuses_one_person_twice(hana, dee, year):
    """Whatever a page or a verb forgets."""
    edition = policy_texts.current_edition()
    row = {
        "district_id": dee.district_id,
        "person_id": dee.id,
        "school_year_id": year.id,
        "edition_id": edition.id,
        "signed_on": date(2026, 11, 20),
        "state": "confirmed",
        "decided_at": now(),
    }
    for hands in ({"entered_by": hana.person.id, "decided_by": hana.person.id},
                  {"entered_by": dee.id, "decided_by": hana.person.id},
                  {"entered_by": hana.person.id, "decided_by": dee.id}):  # fmt: skip
        db.add(PaperSignature(**row, **hands))
        with pytest.raises(sa.exc.IntegrityError):
            db.flush()
        db.rollback()


def test_a_decision_is_made_once(hana, hugo, dee):
    enter(hana, dee)
    assert decide(hugo, "send-back").status_code == 303
    assert decide(hugo).status_code == 409
    assert everything(Evidence) == [] and actions() == ["paper_entered", "paper_sent_back"]
    assert enter(hana, dee).status_code == 303, "it may be entered again, rightly this time"


def test_who_entered_it_takes_it_back_before_it_is_confirmed_and_nobody_else_does(hana, hugo, dee):
    enter(hana, dee)
    assert "Take back" in hana.get(HOME).text and "Take back" not in hugo.get(HOME).text
    answer = decide(hugo, "take-back")
    assert answer.status_code == 403 and "Somebody else entered this one" in answer.text
    assert decide(hana, "take-back").status_code == 303
    assert "Nothing waits." in hana.get(HOME).text
    assert decide(hugo).status_code == 409, "what was taken back is not confirmed"
    assert everything(Evidence) == [] and actions() == ["paper_entered", "paper_taken_back"]
    assert enter(hana, dee).status_code == 303, "rightly this time"
    assert decide(hugo).status_code == 303
    assert decide(hana, "take-back").status_code == 409, "what counts is voided, and not taken back"


def test_the_same_paper_waits_once_and_is_not_entered_over_a_signature(hana, hugo, dee):
    enter(hana, dee)
    answer = enter(hugo, dee)
    assert answer.status_code == 409 and "waits for a second person already" in answer.text
    decide(hugo)
    answer = enter(hana, dee)
    assert answer.status_code == 409 and "signed for this school year already" in answer.text


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"day": "2026-11-25"}, 422),
        ({"day": "2025-11-20"}, 422),
        ({"day": "soon"}, 422),
        ({"day": ""}, 422),
        ({"version": ""}, 422),
        ({"version": "1999"}, 404),
    ],
)
def test_a_day_that_can_not_be_and_an_edition_that_is_not_are_refused(hana, dee, changes, status):
    assert enter(hana, dee, **changes).status_code == status
    assert everything(PaperSignature) == []


def test_an_edition_is_not_signed_before_it_is_in_effect(hana, dee):
    db.execute(sa.update(PolicyEdition).values(effective_at=datetime(2026, 11, 21, 8, tzinfo=UTC)))
    db.commit()
    assert enter(hana, dee).status_code == 422
    assert enter(hana, dee, day="2026-11-21").status_code == 303


def test_the_day_is_the_districts_own(hana, dee):
    """At 18:00 on the 24th in Los Angeles it is the 25th in UTC already."""
    with time_machine.travel(datetime(2026, 11, 25, 2, tzinfo=UTC)):
        assert enter(hana, dee, day="2026-11-25").status_code == 422
        assert enter(hana, dee, day="2026-11-24").status_code == 303


# -- equivalents -------------------------------------------------------------------------------------------


def accept(officer, person, **changes):
    return officer.post(f"{place(person)}/equivalent", data={**TODAY, "course": "state_agency", **changes})


def test_an_equivalent_course_counts_as_the_whole_course_and_says_who_accepted_it(hana, dee, district):
    assert accept(hana, dee).status_code == 303
    rows = everything(Evidence)
    assert [(row.part, row.kind) for row in rows] == [
        ("lesson:m1", "equivalent"),
        ("lesson:m2", "equivalent"),
    ]
    (made,) = everything(Equivalent)
    assert (made.course, made.accepted_by) == ("state_agency", hana.person.id)
    assert state_of(dee) == "complete" and faults(district) == []
    assert "equivalent_accepted" in actions()
    assert accept(hana, dee).status_code == 409


@pytest.mark.parametrize("changes", [{"course": "my own"}, {"course": ""}, {"day": "2026-12-01"}])
def test_only_a_course_of_the_list_and_a_day_that_was_are_accepted(hana, dee, changes):
    assert accept(hana, dee, **changes).status_code == 422
    assert everything(Equivalent) == []


def test_nobody_accepts_their_own_course(hana):
    assert accept(hana, hana.person).status_code == 403
    assert everything(Equivalent) == []


# -- voiding -----------------------------------------------------------------------------------------------


def void(officer, person, row, reason="entered_by_mistake"):
    return officer.post(f"{place(person)}/evidence/{row.public_id}/void", data={"reason": reason})


def test_voided_evidence_keeps_its_row_and_opens_the_requirement(hana, hugo, dee, district, client):
    enter(hana, dee)
    decide(hugo)
    (row,) = everything(Evidence)
    due = everything(Review)[0].facts
    assert void(hana, dee, row).status_code == 303
    (row,) = everything(Evidence)
    assert row.voided_by == hana.person.id and row.void_reason == "entered_by_mistake"
    assert state_of(dee) not in ("complete", "expiring") and everything(Review)[0].facts > due
    assert everything(Progress)[0].done_at is None
    assert faults(district) == [] and actions()[-1] == "evidence_voided"
    page = client.get(f"/public/evidence/{row.code}").text
    assert "Voided" in page and "taken back on November 24, 2026" in page and ">Valid<" not in page
    assert "It was entered by mistake" in hana.get(place(dee)).text
    assert void(hana, dee, row).status_code == 409


def test_a_void_that_somebody_takes_back_in_the_table_is_found(hana, hugo, dee, district):
    enter(hana, dee)
    decide(hugo)
    void(hana, dee, everything(Evidence)[0])
    db.remove()
    db.execute(sa.update(Evidence).values(voided_at=None, void_reason=None, voided_by=None))
    db.commit()
    assert faults(district) == ["the audit log says it was voided, and the row does not"]


def test_an_equivalent_course_is_voided_as_a_whole(hana, dee):
    accept(hana, dee)
    assert void(hana, dee, everything(Evidence)[0]).status_code == 303
    assert all(row.voided_at for row in everything(Evidence))
    assert accept(hana, dee).status_code == 303, "it may be accepted anew"


def test_a_voided_signature_can_be_signed_anew(hana, dee, signed_in):
    browser = signed_in("teacher", person=db.get_one(Person, dee.id))

    def sign():
        page = browser.get("/completion/agreement").text
        form = dict(re.findall(r'name="(signer|text_sha256)" value="([^"]+)"', page))
        return browser.post(
            "/completion/agreement", data={**form, "agree": "yes", "typed_name": "Dee Rivera"}
        )

    assert sign().status_code == 303
    assert "“Dee Rivera”, version 2026.1" in hana.get(place(dee)).text
    assert void(hana, dee, everything(Evidence)[0], "not_their_own_work").status_code == 303
    assert everything(Attestation)[0].voided_at is not None and state_of(dee) != "complete"
    assert sign().status_code == 303
    assert len(everything(Attestation)) == 2 and state_of(dee) == "complete"


def test_a_lesson_that_was_shown_twice_stays_done_when_one_of_the_two_is_voided(hana, dee, year):
    person = db.get_one(Person, dee.id)
    for version in ("old", "new"):
        ledger.record_evidence(person, "lesson:m1", year, kind="course", version=version, source="attempt 1")
    db.commit()
    void(hana, dee, everything(Evidence)[0])
    assert everything(Progress)[0].done_at == everything(Evidence)[1].shown_at


def test_nobody_voids_their_own_and_only_with_a_reason_of_the_list(hana, hugo, dee):
    enter(hugo, hana.person)
    (paper,) = everything(PaperSignature)
    assert hugo.post(f"{HOME}paper/{paper.public_id}/confirm").status_code == 403
    person = db.get_one(Person, hana.person.id)
    year = ensure_school_year(db.get_one(District, person.district_id))
    row = ledger.record_evidence(person, "lesson:m1", year, kind="course", version="v", source="x")
    db.commit()
    assert void(hana, hana.person, row).status_code == 403
    assert void(hugo, hana.person, row, "no reason").status_code == 422
    assert void(hugo, dee, row).status_code == 404, "under the address of somebody else"
    assert everything(Evidence)[0].voided_at is None


# -- exemptions and declining ------------------------------------------------------------------------------


def test_an_exemption_is_given_until_the_end_of_a_day_and_ended(hana, dee):
    form = {"reason": "leave", "until": "2027-01-31"}
    assert hana.post(f"{place(dee)}/exemption", data=form).status_code == 303
    (given,) = everything(Exemption)
    assert given.ends_at == datetime(2027, 2, 1, 8, tzinfo=UTC) and given.approved_by == hana.person.id
    assert "On leave, November 24, 2026 through January 31, 2027" in " ".join(
        hana.get(place(dee)).text.split()
    )
    assert hana.post(f"{place(dee)}/exemption/{given.public_id}/end").status_code == 303
    assert everything(Exemption)[0].ended_at is not None
    assert hana.post(f"{place(hana.person)}/exemption", data=form).status_code == 422


def withdraw_urgently(officer, person):
    return officer.post(f"{place(person)}/revocation", data={"reason": "misuse", "emergency": "yes"})


def text_of(officer, path) -> str:
    return " ".join(re.sub(r"<[^>]+>", "", officer.get(path).text).split())


def signed_in_again(officer):
    return sign_in_browser(officer.app, db.get_one(Person, officer.person.id), "teacher", None)


def test_access_is_withdrawn_and_given_back(hana, dee):
    form = {"reason": "security_incident", "until": ""}
    assert hana.post(f"{place(dee)}/revocation", data=form).status_code == 303
    (revoked,) = everything(Revocation)
    assert revoked.ends_at is None and revoked.decided_by == hana.person.id
    assert state_of(dee) == "revoked"
    page = " ".join(hana.get(place(dee)).text.split())
    assert "Security incident, from November 24, 2026, without an end." in page
    back = f"{place(dee)}/revocation/{revoked.public_id}/end"
    assert hana.post(back, data={"condition": "made-up"}).status_code == 422
    assert hana.post(back, data={"condition": "none"}).status_code == 303
    assert state_of(dee) != "revoked"
    assert hana.post(back, data={"condition": "none"}).status_code == 409, "it is over already"
    assert {"access_revoked", "access_reinstated"} <= {each.action for each in everything(AuditEntry)}


def test_an_emergency_is_confirmed_by_a_colleague_of_whoever_recorded_it(hana, hugo, dee):
    assert withdraw_urgently(hana, dee).status_code == 303
    (revoked,) = everything(Revocation)
    assert revoked.decided_by is None and state_of(dee) == "revoked"
    deadline = "November 26, 2026 at 10:00 AM (PST)"
    for officer in (hana, hugo):
        assert f"For a decision until {deadline}; then it lapses" in text_of(officer, HOME)
        assert f"it lapses on {deadline}" in text_of(officer, place(dee))
    confirm = f"{place(dee)}/revocation/{revoked.public_id}/uphold"
    assert "You recorded it; a colleague confirms it." in text_of(hana, place(dee))
    assert hana.post(confirm, data={"review": "2026-12-15"}).status_code == 422
    for odd in ({}, {"review": "soon"}, {"review": "2026-11-24"}, {"review": "2028-01-01"}):
        assert hugo.post(confirm, data=odd).status_code == 422
    assert everything(Revocation)[0].decided_by is None
    assert hugo.post(confirm, data={"review": "2026-12-15"}).status_code == 303
    (revoked,) = everything(Revocation)
    assert revoked.decided_by == hugo.person.id
    assert "To be looked at again by December 15, 2026." in text_of(hana, place(dee))
    assert "For a decision" not in text_of(hana, HOME)


def test_what_nobody_decided_lapses_and_stays_on_the_page(hana, hugo, dee):
    assert withdraw_urgently(hana, dee).status_code == 303
    (revoked,) = everything(Revocation)
    with time_machine.travel(datetime(2026, 11, 26, 18, 1, tzinfo=UTC)):
        late, hours = signed_in_again(hugo), "November 26, 2026 at 10:00 AM (PST)"
        assert state_of(dee) != "revoked"
        assert "For a decision" not in text_of(late, HOME)
        assert f"lapsed on {hours}, as nobody had decided." in text_of(late, place(dee))
        too_late = late.post(
            f"{place(dee)}/revocation/{revoked.public_id}/uphold", data={"review": "2026-12-15"}
        )
        assert too_late.status_code == 409
        again = withdraw_urgently(late, dee)
        assert again.status_code == 422 and "lapsed lately" in again.text
        assert late.post(f"{place(dee)}/revocation", data={"reason": "misuse"}).status_code == 303
        assert state_of(dee) == "revoked", "with a decision"


def test_a_review_that_is_overdue_is_shown_and_ends_nothing(hana, dee):
    assert hana.post(f"{place(dee)}/revocation", data={"reason": "misuse"}).status_code == 303
    (revoked,) = everything(Revocation)
    with time_machine.travel(datetime(2027, 2, 23, 18, tzinfo=UTC)):
        later = signed_in_again(hana)
        assert "For a review since February 22, 2027" in text_of(later, HOME)
        assert "Due for review since February 22, 2027" in text_of(later, place(dee))
        assert state_of(dee) == "revoked"
        stands = f"{place(dee)}/revocation/{revoked.public_id}/uphold"
        assert later.post(stands, data={"review": "2027-04-01"}).status_code == 303
        assert "For a review" not in text_of(later, HOME)


def test_access_is_withdrawn_through_a_day(hana, dee):
    form = {"reason": "misuse", "until": "2026-12-01"}
    assert hana.post(f"{place(dee)}/revocation", data=form).status_code == 303
    assert everything(Revocation)[0].ends_at == datetime(2026, 12, 2, 8, tzinfo=UTC)
    past = hana.post(f"{place(dee)}/revocation", data=form | {"until": "2026-11-01"})
    assert past.status_code == 422 and len(everything(Revocation)) == 1
    assert hana.post(f"{place(hana.person)}/revocation", data=form).status_code == 422, (
        "nobody decides on themselves"
    )


def test_who_declined_stands_in_the_list_until_it_is_settled(hana, hugo, dee, signed_in):
    signed_in("teacher", person=db.get_one(Person, dee.id)).post("/completion/agreement/not-now")
    assert "dee@evergreen.example" in hana.get(HOME).text
    enter(hana, dee)
    decide(hugo)
    assert "Nobody." in hana.get(HOME).text


# -- the page ----------------------------------------------------------------------------------------------


def test_a_long_record_costs_no_more_queries_than_a_short_one(hana, dee, year, count_queries):
    def cost() -> int:
        db.remove()
        with count_queries() as statements:
            assert hana.get(place(dee)).status_code == 200
        return len(statements)

    person = db.get_one(Person, dee.id)
    ledger.record_evidence(person, "lesson:m1", year, kind="course", version="v0", source="x")
    db.commit()
    few = cost()
    for number in range(1, 20):
        ledger.record_evidence(person, "lesson:m1", year, kind="course", version=f"v{number}", source="x")
    db.commit()
    assert cost() == few


def test_the_page_speaks_english_whatever_the_reader_speaks(hana, dee):
    person = db.get_one(Person, hana.person.id)
    person.language = "es"
    db.commit()
    page = hana.get(place(dee)).text
    assert '<html lang="en">' in page and "What was recorded" in page
