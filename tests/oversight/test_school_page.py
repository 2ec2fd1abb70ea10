"""The page of one school: what it says, and who may open it."""

import re

import pytest

from core.database import db

PAGE = "/completion/school"


def rows(page, titled):
    """Texts of the cells of a table, row by row."""
    table = page.text.split(f">{titled}</caption>")[1].split("</table>")[0]
    return [
        [
            " ".join(re.sub(r"<[^>]+>", " ", cell).split())
            for cell in re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row, re.S)
        ]
        for row in re.findall(r"<tr>(.*?)</tr>", table.split("<tbody>")[1], re.S)
    ]


def test_a_principal_reads_lessons_topics_and_make_ups(town, officer):
    page = officer("school", town.elm).get(PAGE)
    assert page.status_code == 200
    assert "4 pupils have had 40 % of this year&#39;s lessons." in page.text
    assert rows(page, "Pupils of each grade, what they were taught, and make-ups still open") == [
        ["Kindergarten", "1", "0 % 0 of 1", "0 % 0 of 1", "0 % 0 of 1", "0 % 0 of 1", "1"],
        ["Grade 4", "3", "44 % 4 of 9", "66 % 2 of 3", "33 % 1 of 3", "66 % 2 of 3", "5"],
    ]
    assert ["Four Ways to Step In", "Grade 4", "3", "66 % 2 of 3", "1"] in rows(
        page, "How many pupils of each grade were taught each lesson"
    )
    assert rows(page, "Classes in which pupils of this school sit, and how far they are")[1] == [
        "Room 12", "3", "1", "44 % 4 of 9",
    ]  # fmt: skip


def test_and_how_the_staff_stands(town, officer):
    page = officer("school", town.elm).get(PAGE)
    assert "2 of 4 of the staff are done; 1 is past due." in page.text
    assert ["Teachers", "2", "1", "0", "0", "1", "0", "0", "0"] in rows(
        page, "Staff of this building by job and how far they are"
    )
    assert [row[1] for row in rows(page, "How many of the staff lose access, by day")] == ["1"]


def test_personnel_see_the_staff_of_every_school_and_no_pupil(town, officer):
    page = officer("hr").get(f"{PAGE}?building={town.elm.id}")
    assert "2 of 4 of the staff are done" in page.text
    for word in ("Grade 4", "Room 12", "Four Ways", "pupil"):
        assert word not in page.text
    assert "Oak School" in page.text, "the choice of schools"


def test_the_district_sees_every_school(town, officer):
    tab = officer("district")
    for school in (town.elm, town.oak):
        assert school.name in tab.get(f"{PAGE}?building={school.id}").text


def test_an_office_of_one_school_opens_no_other(town, officer):
    tab = officer("school", town.elm)
    assert tab.get(f"{PAGE}?building={town.oak.id}").status_code == 404
    assert "Oak School" not in tab.get(PAGE).text


@pytest.mark.parametrize("office", ["district", "hr"])
def test_no_school_of_another_district_opens(town, neighbor, officer, office):
    tab = officer(office)
    answer = tab.get(f"{PAGE}?building={neighbor.far.id}")
    assert answer.status_code == 404 and "Faraway" not in answer.text
    assert "Faraway" not in tab.get(PAGE).text


@pytest.mark.parametrize("office", ["it", "privacy"])
def test_it_and_privacy_have_pages_of_their_own(town, officer, office):
    answer = officer(office).get(PAGE)
    assert answer.status_code == 403 and "Elm" not in answer.text


@pytest.mark.parametrize("role", ["learner", "teacher", "administrator", "mentor", "other"])
def test_who_holds_no_office_reads_the_plain_page(town, signed_in, role):
    answer = signed_in(role).get(PAGE)
    assert answer.status_code == 403
    assert "for the offices of the schools" in answer.text and "Elm" not in answer.text


def test_nobody_is_sent_away(town, client):
    assert client.get(PAGE).status_code == 401


def test_an_office_that_was_taken_opens_nothing_any_more(town, officer):
    from people import offices
    from people.audit import COMMAND

    tab = officer("hr")
    assert tab.get(PAGE).status_code == 200
    offices.take(tab.person, "hr", COMMAND)
    db.commit()
    assert tab.get(PAGE).status_code == 403


def test_an_odd_address_is_told(town, officer):
    answer = officer("hr").get(f"{PAGE}?building=elm")
    assert answer.status_code == 400 and "building" in answer.text


def test_without_a_roster_the_page_says_what_to_do(empty, signed_in):
    page = signed_in("learner", person=empty.officer("district")).get(PAGE)
    assert page.status_code == 200
    assert "No school is known yet." in page.text and "Ask IT to import" in page.text


def test_a_school_without_anybody_says_so_and_nothing_breaks(town, officer):
    bare = town.building("bare", "Bare School")
    page = officer("district").get(f"{PAGE}?building={bare.id}")
    assert "No pupils of Bare School are on a roster." in page.text
    assert "No staff of Bare School is on a roster." in page.text


def test_before_the_first_count_the_page_says_so(empty, signed_in):
    empty.building("elm", "Elm")
    page = signed_in("learner", person=empty.officer("district")).get(PAGE)
    assert "Not counted yet" in page.text
