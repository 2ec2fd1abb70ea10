"""The test score: to a test student, in a column of its own, and away again. No real column is ever touched."""

import pytest
import sqlalchemy as sa

from core.database import db
from lti_tool.connection import TEST_USER
from lti_tool.models import Context, LineItem, ScoreDelivery
from practice_lms.people import Person
from tests.admin.conftest import rest, words_of


@pytest.fixture
def course(it) -> int:
    return db.query(Context).one().id


@pytest.fixture
def test_student(school) -> str:
    """A learner of Room 12 whom the LMS marks as its test user."""
    person = school.lms.memberships.add_person(Person("test", 9001, "Test", "Student", "Student", "", ""))
    school.lms.memberships.enroll(person, "g4-room-12")
    return school.lms.user_id(person)


def columns(school) -> list[str]:
    return [item.label for item in school.lms.gradebook.columns("g4-room-12")]


def send(it, page, course, **form):
    rest()
    return it.post(f"{page}/score", data={"course": course, **form})


@pytest.mark.parametrize("school", ["canvas", "schoology", "moodle"], indirect=True)
def test_a_test_score_arrives_and_is_removed(school, it, page, course, test_student, press_test):
    before = columns(school)
    press_test()
    assert send(it, page, course, typed=test_student).status_code == 303
    assert columns(school) == [*before, "Connection test"]
    assert school.lms.gradebook.result("test", "connection-test").score == 100
    seen = words_of(it.get(page))
    assert "It arrived The LMS took the test score: 100 %." in seen
    assert it.post(f"{page}/score/remove").status_code == 303
    assert columns(school) == before
    assert "Remove the test column" not in words_of(it.get(page))
    assert it.post(f"{page}/score/remove").status_code == 303, "removed twice is removed"


def test_nothing_of_it_is_recorded_with_us(school, it, page, course, test_student):
    send(it, page, course, typed=test_student)
    db.remove()
    assert db.query(ScoreDelivery).count() == 0
    assert db.scalars(sa.select(LineItem.id).filter_by(resource_id="connection-test")).all() == []


def test_a_test_user_of_the_roster_is_offered(
    school, it, page, course, test_student, press_test, monkeypatch
):
    play = school.lms.personality
    roles = play.roster_roles
    monkeypatch.setitem(
        play.__dict__,
        "roster_roles",
        lambda person, role: [*roles(person, role), *([TEST_USER] if person.key == "test" else [])],
    )
    assert "Test students that the roster of “Grade 4, Room 12” names" in press_test()
    assert f'value="{test_student}"' in it.get(page).text
    send(it, page, course, user_id=test_student)
    assert school.lms.gradebook.result("test", "connection-test").score == 100


def test_somebody_the_lms_can_not_grade_is_said_in_its_words(school, it, page, course):
    send(it, page, course, typed=school.lms.user_id("cruz"))
    seen = words_of(it.get(page))
    assert (
        "We could not send the test score: your LMS says it can not grade this person in this course." in seen
    )
    assert "Remove the test column" in seen, "the column was made all the same"


def test_a_column_left_behind_is_used_again(school, it, page, course, test_student):
    send(it, page, course, typed=school.lms.user_id("cruz"))
    send(it, page, course, typed=test_student)
    assert columns(school).count("Connection test") == 1


def test_nobody_chosen(it, page, course):
    answer = send(it, page, course, typed=" ")
    assert answer.status_code == 400
    assert "You chose nobody" in answer.text


def test_a_course_of_another_lms_is_not_there(it, page, course):
    assert send(it, page, course + 1, typed="x").status_code == 404


def test_a_column_that_is_not_the_test_column_is_left_alone(school, it, page, course, test_student):
    """As if the LMS had given its number to another column meanwhile."""
    send(it, page, course, typed=test_student)
    school.lms.gradebook.column("connection-test").resource_id = "g4-same-me"
    before = columns(school)
    answer = it.post(f"{page}/score/remove")
    assert answer.status_code == 409
    assert columns(school) == before


def test_an_lms_that_does_not_remove_it_is_asked_again_later(school, it, page, course, test_student):
    send(it, page, course, typed=test_student)
    school.lms.set_fault("down", "lineitem")
    assert it.post(f"{page}/score/remove").status_code == 502
    school.lms.clear_faults()
    assert it.post(f"{page}/score/remove").status_code == 303
    assert "Connection test" not in columns(school)


def test_a_column_deleted_by_hand_is_gone(school, it, page, course, test_student):
    send(it, page, course, typed=test_student)
    school.lms.state.line_items.pop(school.lms.gradebook.column("connection-test").id)
    assert it.post(f"{page}/score/remove").status_code == 303
    assert "Remove the test column" not in words_of(it.get(page))
