"""The front office: codes of its own buildings, who signed, void, link; and everybody who has no business there."""

import pytest
import sqlalchemy as sa

from access.models import Standing
from access.standings import follow_reviews
from completion.checking import faults
from completion.models import Attestation, Evidence
from core.database import db, transaction
from people.audit import COMMAND
from people.audit_models import AuditEntry
from people.directory import link_identity
from people.disclosure_models import Disclosure
from people.merge_models import Merge
from people.models import Person
from privacy.collecting import everything_about
from privacy.erasing import erase
from tests.visitors.conftest import new_code
from visitors.models import Visit, VisitCode

PAGE = "/completion/visitors"


def signature_id() -> str:
    db.remove()
    return db.scalars(sa.select(Attestation.public_id)).one()


def standing() -> tuple[str, str] | None:
    db.remove()
    with transaction():
        follow_reviews()
    row = db.scalars(sa.select(Standing).filter_by(requirement="guest", access="allow")).one_or_none()
    return (row.state, row.audience) if row else None


def test_the_desk_sees_who_signed_today_and_each_look_is_written_down(desk, visitor, code):
    assert "Nobody has signed" in desk.get(PAGE).text
    visitor.sign(code)
    page = desk.get(PAGE).text
    assert "Val Ortiz" in page and "1 of 300" in page
    db.remove()
    (look,) = db.scalars(sa.select(Disclosure)).all()
    assert (look.kind, look.subject, look.people) == ("visitors_list", "building:Elm", 1)
    assert "Val Ortiz" not in desk.get(f"{PAGE}?day=2026-01-02").text
    assert desk.get(f"{PAGE}?day=tomorrow&building=x").status_code == 200


def test_who_works_at_a_desk_comes_there_from_the_pages_of_their_school_and_the_it_office_does_not(
    desk, officer
):
    assert PAGE in desk.get("/completion/school").text
    assert PAGE not in officer("it").get("/completion/district").text


def test_the_code_is_large_with_the_address_to_type(desk, schools):
    code = new_code(desk, schools[0], "one")
    db.remove()
    made = db.scalars(sa.select(VisitCode)).one()
    page = desk.get(f"{PAGE}/codes/{made.public_id}").text
    assert f"{code[:4]}-{code[4:]}" in page and "localhost:8000/public/evergreen/visit" in page
    assert "Solo hoy" in page and "For one visitor" in page
    actions = db.scalars(sa.select(AuditEntry.action)).all()
    assert "visit_code_made" in actions and code not in str(db.execute(sa.select(AuditEntry.detail)).all())


def test_a_signature_is_voided_and_the_check_says_so(desk, visitor, code):
    place = visitor.sign(code).headers["Location"]
    number = signature_id()
    assert desk.post(f"{PAGE}/{number}/void", data={"reason": ""}).status_code == 422
    assert desk.post(f"{PAGE}/{number}/void", data={"reason": "wrong_person"}).status_code == 303
    assert "Voided" in desk.get(PAGE).text and "taken this signature back" in visitor.get(place).text
    assert desk.post(f"{PAGE}/{number}/void", data={"reason": "wrong_person"}).status_code == 409


def test_a_returning_visitor_is_linked_and_the_network_hears_of_it(
    officer, visitor, code, district, make_person
):
    known = db.merge(make_person("unknown"))
    link_identity(known, scheme="sis", value="V-77", source="roster")
    db.commit()
    visitor.sign(code)
    assert standing() is None
    hana = officer("hr")
    number = signature_id()
    assert hana.post(f"{PAGE}/{number}/link", data={"scheme": "sis", "value": "V-78"}).status_code == 404
    assert hana.post(f"{PAGE}/{number}/link", data={"scheme": "sis", "value": " V-77 "}).status_code == 303
    assert standing() == ("complete", "guest")
    assert "Linked" in hana.get(PAGE).text
    assert hana.post(f"{PAGE}/{number}/link", data={"scheme": "sis", "value": "V-77"}).status_code == 409
    db.remove()
    assert db.scalars(sa.select(Evidence)).one().person_id == known.id
    assert list(faults(db.merge(district))) == []
    # A mistake is undone where all links are.
    merge = db.scalars(sa.select(Merge)).one()
    undone = hana.post(f"/completion/unmatched/links/{merge.id}/undo")
    assert undone.status_code == 303
    assert standing() is None


@pytest.mark.parametrize("audience", ["staff", "pupil"])
def test_nobody_of_the_staff_and_no_pupil_is_linked(officer, visitor, code, make_person, audience):
    known = db.merge(make_person(audience))
    link_identity(known, scheme="sis", value="100001", source="roster")
    db.commit()
    visitor.sign(code)
    refused = officer("hr").post(f"{PAGE}/{signature_id()}/link", data={"scheme": "sis", "value": "100001"})
    assert refused.status_code == 409 and "staff" in refused.text


def test_what_holds_for_a_day_is_not_told_to_the_network(app, officer, visitor, code, make_person):
    app.test_cli_runner().invoke(args=["visitors", "set", "--district", "evergreen", "--days", "1"])
    known = db.merge(make_person("unknown"))
    link_identity(known, scheme="sis", value="V-77", source="roster")
    db.commit()
    visitor.sign(code)
    refused = officer("hr").post(f"{PAGE}/{signature_id()}/link", data={"scheme": "sis", "value": "V-77"})
    assert refused.status_code == 409 and "for a visit" in refused.text


# -- nobody else ---------------------------------------------------------------------------------------------


def test_another_school_sees_and_decides_nothing_of_it(officer, schools, visitor, code, desk):
    visitor.sign(code)
    number = signature_id()
    db.remove()
    made = db.scalars(sa.select(VisitCode.public_id)).one()
    oak = officer("school", schools[1])
    assert "Val Ortiz" not in oak.get(f"{PAGE}?building={schools[0].id}").text
    assert oak.post(f"{PAGE}/codes", data={"building": schools[0].id, "for": "many"}).status_code == 404
    assert oak.get(f"{PAGE}/codes/{made}").status_code == 404
    assert oak.post(f"{PAGE}/codes/{made}/withdraw").status_code == 404
    assert oak.post(f"{PAGE}/{number}/void", data={"reason": "wrong_person"}).status_code == 404
    assert desk.post(f"{PAGE}/{number}/link", data={"scheme": "sis", "value": "1"}).status_code == 404
    assert "Link<span" not in desk.get(PAGE).text, "linking is for personnel and the district"


@pytest.mark.parametrize("office", ["it", "privacy", None])
def test_it_the_privacy_office_and_everybody_else_see_no_visitor(officer, signed_in, visitor, code, office):
    visitor.sign(code)
    outsider = officer(office) if office else signed_in("teacher")
    assert outsider.get(PAGE).status_code == 403
    for path in ("codes", "codes/x/withdraw", f"{signature_id()}/void", f"{signature_id()}/link"):
        assert outsider.post(f"{PAGE}/{path}").status_code == 403
    assert visitor.get(PAGE).status_code == 401


def test_an_office_of_another_district_finds_nothing(app, officer, visitor, code, desk, make_person):
    from people import offices
    from people.models import District
    from tests.browsers import sign_in_browser

    visitor.sign(code)
    number = signature_id()
    oak = District(slug="oak", name="Oak", timezone="America/Los_Angeles", email_domains=[])
    db.add(oak)
    db.flush()
    person = Person(district_id=oak.id, audience="staff")
    db.add(person)
    db.flush()
    offices.give(person, "district", COMMAND)
    db.commit()
    theirs = sign_in_browser(app, person, "other", None)
    assert "Val Ortiz" not in theirs.get(PAGE).text
    assert theirs.post(f"{PAGE}/{number}/void", data={"reason": "wrong_person"}).status_code == 404
    assert theirs.post(f"{PAGE}/{number}/link", data={"scheme": "sis", "value": "1"}).status_code == 404


# -- records requests ----------------------------------------------------------------------------------------


def test_a_visitor_is_exported_and_erased_by_the_number_the_desk_has(visitor, code, district):
    visitor.sign(code)
    db.remove()
    visit = db.scalars(sa.select(Visit)).one()
    person = db.get_one(Person, db.get_one(Attestation, visit.attestation_id).person_id)
    said = str(everything_about(person, COMMAND, "person_export"))
    assert "Val Ortiz" in said and "vc_" in said
    erase(person, COMMAND)
    db.commit()
    db.remove()
    for model in (Visit, Attestation, Evidence):
        assert db.scalars(sa.select(model)).all() == []
