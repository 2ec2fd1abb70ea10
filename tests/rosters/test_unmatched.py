"""People of a launch whom no roster names: found, linked by an exact name, set aside; and everybody else stays out."""

import re

import pytest
import sqlalchemy as sa

from core.database import db
from people import offices
from people.audit import COMMAND
from people.audit_models import AuditEntry
from people.claimed import note_claim
from people.directory import enroll, find_or_add, link_identity
from people.link_codes import link_code_of, person_id_behind
from people.merge_models import Merge
from people.models import Person
from people.rostered import is_unmatched
from tests.browsers import Browser
from tests.rosters.files import DOMAIN, Rolls, pupil, staff_csv, staff_rows, teacher

PATHS = ("/completion/unmatched", "/completion/rosters")


@pytest.fixture
def rolls(take, tmp_path) -> None:
    """Staff E1 to E5 and pupil u-7 are on the roster."""
    take(staff_csv(tmp_path, staff_rows(5)))
    take(Rolls([pupil(7)]).write(tmp_path))


@pytest.fixture
def launched(district):
    """launched("sub") -> somebody an LMS sent and no roster names."""

    def make(sub: str = "dee", audience: str = "staff") -> Person:
        person = find_or_add(
            district.id, scheme="lti", value=sub, issuer="1", audience=audience, source="launch"
        )
        db.commit()
        return person

    return make


def link(browser: Browser, person: Person, value: str = "E1", scheme: str = "sis"):
    data = {"scheme": scheme, "value": value}
    return browser.post(f"/completion/unmatched/{person.public_id}/link", data=data)


# -- the list ------------------------------------------------------------------------------------------------


def test_only_who_was_launched_and_is_on_no_roster_of_their_kind_waits(
    take, officer, launched, known, tmp_path
):
    take(staff_csv(tmp_path, staff_rows(2)))
    dee, child = launched("dee"), launched("ana", "pupil")
    on_it = known("sis", "E1")
    link_identity(on_it, scheme="lti", value="one", issuer="1", source="launch")
    db.commit()
    seen = officer("hr").get("/completion/unmatched").text
    assert dee.public_id in seen
    assert child.public_id not in seen, "no roster of pupils was given, so none of them is missing from it"
    assert on_it.public_id not in seen and known("sis", "E2").public_id not in seen
    assert "One person came whom no roster names" in seen or "people came" in seen


def test_the_list_shows_no_name_and_costs_the_same_for_many(
    rolls, officer, launched, classroom, count_queries
):
    browser = officer("hr")
    dee = launched("dee")
    link_identity(dee, scheme="email", value=f"dee@{DOMAIN}", source="launch")
    enroll(classroom, dee.id, "learner")
    db.commit()
    counts = []
    for size in (2, 20):
        for number in range(size):
            launched(f"more-{number}")
        with count_queries() as statements:
            answer = browser.get("/completion/unmatched")
        counts.append(len(statements))
        assert f"dee@{DOMAIN}" not in answer.text and "Grade 4, Room 12" in answer.text
    assert counts[0] == counts[1]


def test_a_long_list_is_read_in_pages(rolls, officer, launched):
    browser, people = officer("hr"), [launched(f"p{number:02}") for number in range(55)]
    first = browser.get("/completion/unmatched").text
    assert people[49].public_id in first and people[50].public_id not in first
    after = re.search(r"after=(\d+)", first).group(1)
    second = browser.get(f"/completion/unmatched?after={after}").text
    assert people[54].public_id in second and people[49].public_id not in second


def test_a_code_finds_who_reads_it_on_their_page(rolls, officer, launched, signed_in):
    dee = launched("dee")
    launched("other")
    page = signed_in("learner", person=dee).get("/completion/mine").text
    code = link_code_of(dee)
    assert code in page and "is not linked yet" in page
    found = officer("hr").get(f"/completion/unmatched?code={code.lower().replace('-', '%20')}").text
    assert dee.public_id in found and found.count('data-label="Known here as"') == 1
    assert "Nobody who waits has this code" in officer("hr").get("/completion/unmatched?code=0000-000").text


def test_who_is_on_the_roster_or_whose_kind_has_none_is_told_nothing(
    rolls, take, known, signed_in, make_person
):
    assert "not linked" not in signed_in("learner", person=known("sis", "E1")).get("/completion/mine").text
    assert not is_unmatched(known("sis", "E1"))


def test_the_page_speaks_spanish_to_the_person(rolls, launched, signed_in):
    dee = launched("dee")
    dee.language = "es"
    db.commit()
    assert "todavía no está vinculado" in signed_in("learner", person=dee).get("/completion/mine").text


def test_codes_are_short_and_a_slip_finds_nobody(district, launched):
    people = [launched(f"p{number}") for number in range(50)]
    codes = {link_code_of(each) for each in people}
    assert len(codes) == 50 and all(re.fullmatch(r"[0-9A-Z]{4}-[0-9A-Z]{3}", each) for each in codes)
    for each in people:
        assert person_id_behind(district.id, link_code_of(each)) == each.id
    elsewhere = [person_id_behind(district.id + 1, link_code_of(each)) for each in people]
    assert elsewhere.count(None) > 40, "a code is of one district"
    assert person_id_behind(district.id, "") is person_id_behind(district.id, "x" * 90) is None
    wrong = [link_code_of(each)[:-1] + ("0" if link_code_of(each)[-1] != "0" else "1") for each in people]
    assert [person_id_behind(district.id, each) for each in wrong] == [None] * 50


# -- names ---------------------------------------------------------------------------------------------------


def test_names_are_shown_for_one_person_at_a_time_and_each_look_is_noted(rolls, officer, launched):
    dee = launched("dee")
    link_identity(dee, scheme="email", value=f"dee@{DOMAIN}", source="launch")
    note_claim(dee, "sis", "E3", "custom")
    db.commit()
    browser = officer("hr")
    seen = browser.post(f"/completion/unmatched/{dee.public_id}/names").text
    assert f"dee@{DOMAIN}" in seen and "E3" in seen and "a course editor may have written" in seen
    db.remove()
    entries = db.scalars(sa.select(AuditEntry).filter_by(action="names_seen")).all()
    assert [(each.subject, each.actor) for each in entries] == [
        (f"person:{dee.public_id}", f"person:{browser.person.public_id}")
    ]
    assert DOMAIN not in str([each.detail for each in entries])


# -- linking -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("scheme", "value"), [("sis", "E1"), ("email", f"STAFF.1@{DOMAIN}"), ("username", "staff.1")]
)
def test_an_exact_name_links_and_undo_takes_it_back(rolls, officer, launched, known, scheme, value):
    dee, browser = launched("dee"), officer("hr")
    assert link(browser, dee, value, scheme).status_code == 303
    db.remove()
    assert known("sis", "E1").id == db.scalars(sa.select(Merge.kept_id)).one()
    page = browser.get("/completion/unmatched?told=linked").text
    assert "Linked. What they did counts" in page and "Linked lately" in page
    number = db.scalars(sa.select(Merge.id)).one()
    assert browser.post(f"/completion/unmatched/links/{number}/undo").status_code == 303
    db.remove()
    assert is_unmatched(db.get_one(Person, dee.id))


@pytest.mark.parametrize("value", ["E", "E11", "staff", "e1", "", "E1\u0000"])
def test_nothing_like_a_name_is_guessed(rolls, officer, launched, value):
    dee = launched("dee")
    assert link(officer("hr"), dee, value).status_code in (400, 404)
    db.remove()
    assert db.query(Merge).count() == 0


def test_a_pupil_is_not_linked_to_a_teacher(rolls, officer, launched):
    answer = link(officer("hr"), launched("ana", "pupil"), "E1")
    assert answer.status_code == 409 and "can not be one person" in answer.text


def test_who_is_known_by_a_launch_alone_is_nobody_of_the_roster(rolls, officer, launched):
    other = launched("other")
    link_identity(other, scheme="sis", value="777", source="launch")
    db.commit()
    assert link(officer("hr"), launched("dee"), "777").status_code == 404


def test_nobody_links_themselves(rolls, officer, known, launched, signed_in):
    own = known("sis", "E1")
    offices.give(own, "hr", COMMAND)
    db.commit()
    answer = link(signed_in("teacher", person=own), launched("dee"), "E1")
    assert answer.status_code == 403 and "a colleague does" in answer.text


def test_an_account_of_who_holds_an_office_is_linked_by_the_district_alone(rolls, officer, known, launched):
    """Whoever signs in by that account acts in the office from then on."""
    offices.give(known("sis", "E1"), "district", COMMAND)
    db.commit()
    dee = launched("dee")
    answer = link(officer("hr"), dee, "E1")
    assert answer.status_code == 403 and "holds an office" in answer.text
    assert link(officer("it"), dee, "E1").status_code == 403
    assert link(officer("district"), dee, "E1").status_code == 303


def test_not_ours_leaves_the_list_and_comes_back(rolls, officer, launched):
    dee, browser = launched("dee"), officer("it")
    path = f"/completion/unmatched/{dee.public_id}"
    assert browser.post(f"{path}/not-ours").status_code == 303
    assert browser.post(f"{path}/not-ours").status_code == 303, "twice is once"
    assert dee.public_id not in browser.get("/completion/unmatched").text
    assert dee.public_id in browser.get("/completion/unmatched?show=not-ours").text
    assert browser.post(f"{path}/ours").status_code == 303
    assert dee.public_id in browser.get("/completion/unmatched").text
    db.remove()
    actions = db.scalars(sa.select(AuditEntry.action).order_by(AuditEntry.seq)).all()
    assert actions[-2:] == ["not_ours", "ours_after_all"]


# -- imports -------------------------------------------------------------------------------------------------


@pytest.fixture
def held(take, refuse, tmp_path):
    """An import that waits: 60 of 100 staff would leave."""
    take(staff_csv(tmp_path, staff_rows(100)))
    path = staff_csv(tmp_path, staff_rows(40))
    refuse(path)
    return path


def number_of(page: str) -> str:
    return re.search(r"/completion/rosters/(\d+)/approve", page).group(1)


def test_personnel_lets_a_file_through_by_the_page(held, officer, take):
    browser = officer("hr")
    page = browser.get("/completion/rosters").text
    assert "One import waits for a word" in page and "60 staff left" in page
    assert browser.post(f"/completion/rosters/{number_of(page)}/approve").status_code == 303
    assert "Approved" in browser.get("/completion/rosters?told=approved").text
    assert take(held)["left"] == {"staff": 60}
    assert "No import waits" in browser.get("/completion/rosters").text


def test_it_sees_what_waits_and_does_not_decide(held, officer, refuse):
    number = number_of(officer("hr").get("/completion/rosters").text)
    browser = officer("it")
    assert "Personnel or the office of the district decides" in browser.get("/completion/rosters").text
    assert browser.post(f"/completion/rosters/{number}/approve").status_code == 403
    refuse(held)


def test_quarantine_is_listed_without_a_name(take, officer, tmp_path):
    take(Rolls([teacher(1), teacher(2, email=f"teacher.1@{DOMAIN}")]).write(tmp_path))
    page = officer("hr").get("/completion/rosters").text
    assert "users.csv, line 3" in page and "Another row leads to the same person" in page
    assert DOMAIN not in page and "100002" not in page


# -- outsiders -----------------------------------------------------------------------------------------------


@pytest.fixture
def stranger(officer_elsewhere) -> Browser:
    return officer_elsewhere("district")


@pytest.mark.parametrize("role", ["learner", "teacher", "administrator", "mentor", "other"])
def test_no_role_of_a_launch_opens_these_pages(rolls, launched, signed_in, role):
    dee, them = launched("dee"), signed_in(role)
    for path in PATHS:
        assert them.get(path).status_code == 403
    for verb in ("names", "link", "not-ours", "ours"):
        assert them.post(f"/completion/unmatched/{dee.public_id}/{verb}").status_code == 403
    assert them.post("/completion/rosters/1/approve").status_code == 403
    assert them.post("/completion/unmatched/links/1/undo").status_code == 403


@pytest.mark.parametrize("office", ["school", "privacy"])
def test_other_offices_stay_out(rolls, make_person, signed_in, office):
    person = db.merge(make_person("staff"))
    building = None
    if office == "school":
        from people.roster_models import Building

        building = db.scalars(sa.select(Building.id)).first()
    offices.give(person, office, COMMAND, building)
    db.commit()
    browser = signed_in("teacher", person=person)
    assert [browser.get(path).status_code for path in PATHS] == [403, 403]


def test_nobody_at_all_stays_out(client, rolls):
    assert [client.get(path).status_code for path in PATHS] == [401, 401]


def test_another_district_finds_nothing(rolls, held, stranger, launched, officer, known):
    dee = launched("dee")
    number = number_of(officer("hr").get("/completion/rosters").text)
    assert dee.public_id not in stranger.get("/completion/unmatched").text
    assert dee.public_id not in stranger.get(f"/completion/unmatched?code={link_code_of(dee)}").text
    for verb in ("names", "link", "not-ours", "ours"):
        assert stranger.post(f"/completion/unmatched/{dee.public_id}/{verb}").status_code == 404
    assert stranger.post(f"/completion/rosters/{number}/approve").status_code == 404
    assert "No import waits" in stranger.get("/completion/rosters").text
    assert link(officer("hr"), dee).status_code == 303
    made = db.scalars(sa.select(Merge.id)).one()
    assert stranger.post(f"/completion/unmatched/links/{made}/undo").status_code == 404
