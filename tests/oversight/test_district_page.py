"""The page of the whole district, by office."""

import pytest

from access.models import Standing
from core.database import db
from people.models import Person
from people.operators import operator_of
from tests.oversight.makers import Town
from tests.oversight.test_school_page import rows

PAGE = "/completion/district"
SCHOOLS = "Pupils of each school, and what they were taught"
GRADES = "Pupils of each grade, and what they were taught"


def test_the_district_reads_coverage_by_school_grade_and_topic(town, officer):
    page = officer("district").get(PAGE)
    assert "5 pupils have had 30 % of this year&#39;s lessons." in page.text
    assert rows(page, SCHOOLS) == [
        [
            "Elm Elementary",
            "4",
            "40 % 4 of 10",
            "50 % 2 of 4",
            "25 % 1 of 4",
            "50 % 2 of 4",
            "25 % 1 of 4",
            "6",
        ],
        ["Oak School", "1", "0 % 0 of 3", "0 % 0 of 1", "0 % 0 of 1", "0 % 0 of 1", "0 % 0 of 1", "3"],
    ]
    assert [row[0:2] for row in rows(page, GRADES)] == [["Kindergarten", "1"], ["Grade 4", "4"]]
    assert "<b>40 %</b> Online behavior" in page.text, "2 of 5"
    assert [row[:3] for row in rows(page, "Staff of each building")] == [
        ["Elm Elementary", "4", "2"], ["Oak School", "1", "0"],
    ]  # fmt: skip


def test_the_trend_and_who_loses_access_stand_there(town, officer):
    page = officer("district").get(PAGE)
    (week,) = rows(page, "How the district stood at the end of each week")
    assert week[1:] == ["40 % 2 of 5", "30 % 4 of 13"]
    assert len(rows(page, "How many of the staff lose access, by day")) == 1


def test_personnel_see_the_staff_and_no_pupil(town, officer):
    page = officer("hr").get(PAGE)
    assert "2 of 5 of the staff are done" in page.text and "Past due" in page.text
    assert "Grade 4" not in page.text and "pupil" not in page.text.lower()


def test_it_sees_access_and_neither_states_nor_reasons(town, officer):
    page = officer("it").get(PAGE)
    assert "3 of 5 of the staff have access; 1 is limited or denied." in page.text
    for word in ("Past due", "Exempt", "Revoked", "exempt", "Grade 4", "Never asked", "pupils have had"):
        assert word not in page.text, word
    assert ["Drivers", "1", "0", "0", "1"] in rows(page, "Staff by job")


def test_the_operator_of_the_command_line_stands_in_for_the_district(town, signed_in):
    operator = operator_of(town.district)
    db.commit()
    page = signed_in("operator", person=db.get_one(Person, operator.id)).get(PAGE)
    assert page.status_code == 200 and "Elm Elementary" in page.text


def test_nothing_crosses_to_another_district(town, neighbor, officer, signed_in):
    assert "Faraway" not in officer("district").get(PAGE).text
    theirs = signed_in("learner", person=neighbor.officer("district")).get(PAGE)
    assert "Faraway School" in theirs.text and "Elm" not in theirs.text
    assert "1 of 1 of the staff is done" in theirs.text


def test_an_office_of_one_school_reads_where_its_own_page_is(town, officer):
    answer = officer("school", town.elm).get(PAGE)
    assert answer.status_code == 403 and "Your own school has a page too." in answer.text


@pytest.mark.parametrize("role", ["learner", "teacher", "administrator", "mentor", "other"])
def test_who_holds_no_office_reads_the_plain_page(town, signed_in, role):
    answer = signed_in(role).get(PAGE)
    assert answer.status_code == 403 and "Elm" not in answer.text


def test_privacy_has_pages_of_its_own(town, officer):
    assert officer("privacy").get(PAGE).status_code == 403


def test_nobody_is_sent_away(town, client):
    assert client.get(PAGE).status_code == 401


def test_without_a_roster_it_says_what_to_do(empty, signed_in):
    person = empty.officer("district")
    empty.count()
    page = signed_in("learner", person=person).get(PAGE)
    assert "There is no roster yet" in page.text and "Ask IT to import" in page.text


def test_the_course_page_leads_whoever_holds_an_office_there(curriculum, district, signed_in):
    town = Town(district)
    principal = signed_in("teacher", person=town.officer("school", town.building("elm")))
    page = principal.get("/lessons/g4")
    assert "/completion/school" in page.text and "Your school" in page.text
    assert "/completion/district" not in page.text
    personnel = town.officer("hr")
    for role, course in (("teacher", "g4"), ("learner", "ruc")):
        page = signed_in(role, person=personnel).get(f"/lessons/{course}")
        assert "/completion/district" in page.text and "The district" in page.text
    assert "/completion/school" not in signed_in("teacher").get("/lessons/g4").text


def test_the_set_up_pages_lead_there_too(town, signed_in):
    tab = signed_in("administrator", person=town.officer("it"))
    assert "/completion/district" in tab.get("/admin/").text
    assert "/completion/district" not in signed_in("administrator").get("/admin/").text


@pytest.mark.parametrize("path", [PAGE, "/completion/school"])
@pytest.mark.parametrize("size", [30, 3_000])
def test_statements_do_not_grow_with_the_district(town, officer, count_queries, path, size):
    tab = officer("district")
    tab.get(path)
    people = [Person(district_id=town.district.id, audience="staff") for _ in range(size)]
    db.add_all(people)
    db.flush()
    db.add_all(
        Standing(
            district_id=town.district.id, person_id=each.id, requirement="rua", audience="staff", period="2026-27",
            state="complete", access="allow", would_be="allow", reason="course", seq=1000 + number,
            changed_at=each.created_at,
        )
        for number, each in enumerate(people)
    )  # fmt: skip
    db.commit()
    town.count()
    with count_queries() as statements:
        assert tab.get(path).status_code == 200
    assert len(statements) == {PAGE: 9, "/completion/school": 10}[path]


def test_the_way_to_the_other_offices_pages_stands_there(town, officer):
    ways = {
        "/completion/records/": {"hr", "district"},
        "/completion/unmatched": {"hr", "it", "district"},
        "/completion/privacy": {"district"},
    }
    for office in ("hr", "it", "district"):
        page = officer(office).get(PAGE).text
        assert {way for way in ways if f'href="{way}' in page} == {
            way for way, held in ways.items() if office in held
        }


def test_the_privacy_office_finds_its_pages_from_the_course(curriculum, district, signed_in):
    town = Town(district)
    officer = signed_in("teacher", person=town.officer("privacy"))
    assert officer.get(PAGE).status_code == 403
    page = officer.get("/lessons/g4").text
    assert "Privacy office" in page and 'href="/completion/privacy' in page
    assert "Privacy office" not in signed_in("teacher", person=town.officer("hr")).get("/lessons/g4").text
