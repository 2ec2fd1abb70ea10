"""Lists of people: who is on them, for which office, page by page, as a file, and written down."""

import csv
import io

import pytest
import sqlalchemy as sa

from core.database import db
from people.disclosure_models import Disclosure
from people.models import Person
from people.roster_models import RosterInterval
from tests.oversight.makers import in_days

PAGE = "/completion/district/people"


def known(page) -> list[str]:
    return [part.split("</span>")[0] for part in page.text.split('<span class="known">')[1:]]


def lines_of(answer) -> list[list[str]]:
    return list(csv.reader(io.StringIO(answer.get_data(as_text=True).removeprefix("\ufeff"))))


STAFF = [f"staff{number}@evergreen.example" for number in range(4)]


def test_personnel_filter_the_staff(town, officer):
    tab = officer("hr")
    everybody = known(tab.get(PAGE))
    assert everybody[:5] == [*STAFF, "new@evergreen.example"]
    assert known(tab.get(f"{PAGE}?state=overdue")) == STAFF[1:2]
    assert known(tab.get(f"{PAGE}?job=teacher&building={town.elm.id}")) == STAFF[:2]
    assert known(tab.get(f"{PAGE}?access=deny")) == STAFF[2:3]
    assert known(tab.get(f"{PAGE}?state=never&building={town.oak.id}")) == ["new@evergreen.example"]
    page = tab.get(f"{PAGE}?state=overdue")
    assert "1 member of the staff fits this choice." in page.text and "Past due" in page.text


def test_who_is_on_no_roster_is_found(town, officer):
    tab = officer("hr")
    assert known(tab.get(f"{PAGE}?building=0")) == [tab.person.public_id]
    assert known(tab.get(f"{PAGE}?building=0&job=teacher")) == []


def test_a_principal_finds_who_misses_a_lesson(town, officer):
    tab = officer("school", town.elm)
    page = tab.get(f"{PAGE}?audience=pupil&missing=g4-same-me")
    assert known(page) == ["102", "103"], "not Kindergarten, who is not taught it"
    assert "Same Me, On Screen and Off" in page.text
    assert known(tab.get(f"{PAGE}?audience=pupil")) == ["101", "102", "103", "104"], "nobody of Oak"


def test_lessons_done_are_counted_for_each_pupil(town, officer):
    lines = lines_of(officer("district").get(f"{PAGE}.csv?audience=pupil"))
    assert lines[0] == [
        "id", "sis id", "email", "user name", "building", "grade", "state", "due", "lessons done", "access",
    ]  # fmt: skip
    assert [(line[1], line[4], line[5], line[8]) for line in lines[1:3]] == [
        ("101", "Elm Elementary", "Grade 4", "3"), ("102", "Elm Elementary", "Grade 4", "1"),
    ]  # fmt: skip


def test_it_sees_access_and_neither_state_nor_reason_nor_lessons(town, officer):
    tab = officer("it")
    for audience in ("staff", "pupil"):
        page = tab.get(f"{PAGE}?audience={audience}")
        assert page.status_code == 200 and known(page)
        for word in ("Past due", "Exempt", "Revoked", "Lessons done", "Never asked", 'id="state"'):
            assert word not in page.text, word
        assert lines_of(tab.get(f"{PAGE}.csv?audience={audience}"))[0][-2:] == [
            "job" if audience == "staff" else "grade", "access",
        ]  # fmt: skip
    assert known(tab.get(f"{PAGE}?access=deny")) == STAFF[2:3]
    for asks in ("state=exempt", "state=revoked", "audience=pupil&missing=g4-same-me"):
        for path in (PAGE, f"{PAGE}.csv"):
            answer = tab.get(f"{path}?{asks}")
            assert answer.status_code == 403 and "evergreen.example" not in answer.text


def test_it_at_a_school_sees_states_there_and_access_elsewhere(town, officer):
    from people import offices
    from people.audit import COMMAND

    tab = officer("school", town.elm)
    offices.give(tab.person, "it", COMMAND)
    db.commit()
    assert "Past due" in tab.get(f"{PAGE}?building={town.elm.id}").text
    assert "Never asked" not in tab.get(f"{PAGE}?building={town.oak.id}").text
    assert known(tab.get(f"{PAGE}?state=overdue")) == STAFF[1:2], "of the own school"
    assert len(known(tab.get(PAGE))) == 6


def test_personnel_list_no_pupil(town, officer):
    tab = officer("hr")
    for path in (PAGE, f"{PAGE}.csv"):
        answer = tab.get(f"{path}?audience=pupil")
        assert answer.status_code == 403 and "101" not in answer.text


def test_a_school_lists_nobody_of_another(town, officer):
    tab = officer("school", town.oak)
    assert known(tab.get(PAGE)) == ["new@evergreen.example"]
    assert known(tab.get(f"{PAGE}?audience=pupil")) == ["205"]
    for path in (PAGE, f"{PAGE}.csv"):
        assert tab.get(f"{path}?building={town.elm.id}").status_code == 404
        assert tab.get(f"{path}?building=0").status_code == 404
    assert all("Elm" not in cell for line in lines_of(tab.get(f"{PAGE}.csv")) for cell in line)


def test_of_who_is_at_two_schools_each_reads_its_own_place_alone(town, officer):
    town.placed(town.ann, town.oak, grade="g4")
    lines = lines_of(officer("school", town.oak).get(f"{PAGE}.csv?audience=pupil"))
    assert ["101", "Oak School"] in [[line[1], line[4]] for line in lines]
    lines = lines_of(officer("district").get(f"{PAGE}.csv?audience=pupil"))
    assert ["101", "Elm Elementary; Oak School"] in [[line[1], line[4]] for line in lines]


def test_nothing_crosses_to_another_district(town, neighbor, officer):
    tab = officer("district")
    assert "far@cedar.example" not in tab.get(PAGE).text + tab.get(f"{PAGE}.csv").text
    assert tab.get(f"{PAGE}?building={neighbor.far.id}").status_code == 404


@pytest.mark.parametrize("path", [PAGE, f"{PAGE}.csv"])
def test_who_holds_no_office_sees_nobody(town, signed_in, client, officer, path):
    for role in ("learner", "teacher", "administrator", "mentor", "other"):
        answer = signed_in(role).get(path)
        assert answer.status_code == 403 and "evergreen.example" not in answer.text
    assert officer("privacy").get(path).status_code == 403
    assert client.get(path).status_code == 401


def test_each_look_at_somebody_is_written_down(town, officer):
    tab = officer("hr")
    reader = f"person:{tab.person.public_id}"
    tab.get(f"{PAGE}?state=overdue&building={town.elm.id}")
    tab.get(f"{PAGE}.csv")
    tab.get(f"{PAGE}?state=expired")
    db.remove()
    rows = db.scalars(sa.select(Disclosure).order_by(Disclosure.id)).all()
    assert [(row.reader, row.kind, row.subject, row.people) for row in rows] == [
        (reader, "people_list", f"audience:staff,building:{town.elm.id}", 1),
        (reader, "people_csv", "audience:staff", 6),
    ]
    assert {row.purpose for row in rows} == {"completion"}


def test_pages_of_figures_disclose_nobody(town, officer):
    tab = officer("district")
    tab.get("/completion/district")
    tab.get("/completion/school")
    db.remove()
    assert db.scalars(sa.select(Disclosure)).all() == []


def test_a_formula_stays_text_in_the_file(town, officer):
    town.person("staff", town.elm, job="other", sis='=HYPERLINK("http://x")', username="@sum")
    lines = lines_of(officer("hr").get(f"{PAGE}.csv"))
    assert any(line[1] == '\'=HYPERLINK("http://x")' and line[3] == "'@sum" for line in lines)


@pytest.mark.parametrize(
    "query", ["job=king", "state=happy", "after=-1", "building=elm", "audience=guest", "grade=13"]
)
def test_an_odd_address_is_told(town, officer, query):
    answer = officer("district").get(f"{PAGE}?{query}")
    assert answer.status_code == 400 and query.split("=")[0] in answer.text


def crowd(town, size):
    people = [Person(district_id=town.district.id, audience="staff") for _ in range(size)]
    db.add_all(people)
    db.flush()
    db.add_all(
        RosterInterval(
            district_id=town.district.id, person_id=each.id, building_id=town.oak.id, audience="staff",
            job="driver", starts_at=in_days(-1), source="page",
        )
        for each in people
    )  # fmt: skip
    db.commit()


def test_pages_follow_each_other_and_miss_and_repeat_nobody(town, officer):
    crowd(town, 120)
    tab, seen, path = officer("hr"), [], f"{PAGE}?job=driver"
    for _ in range(5):
        page = tab.get(path)
        seen += known(page)
        if "The next 50" not in page.text:
            break
        after = page.text.split("after=")[1].split("&")[0].split('"')[0]
        path = f"{PAGE}?job=driver&after={after}"
    assert len(seen) == len(set(seen)) == 121
    assert "121 members of the staff fit this choice." in page.text
    assert len(lines_of(tab.get(f"{PAGE}.csv?job=driver"))) == 122


@pytest.mark.parametrize("size", [30, 3_000])
def test_statements_do_not_grow_with_the_list(town, officer, count_queries, size):
    crowd(town, size)
    tab = officer("district")
    tab.get(PAGE)
    for audience, expected in (("staff", 10), ("pupil", 11)):
        with count_queries() as statements:
            assert tab.get(f"{PAGE}?audience={audience}").status_code == 200
        assert len(statements) == expected
