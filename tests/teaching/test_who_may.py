"""Who knocks on the class page, and what of other classes stays shut."""

import pytest

from core.database import db
from lti_tool.models import Context, ScoreDelivery
from tests.teaching.makers import LESSONS

FIRST = "/lessons/g4/g4-same-me"
LESSON = next(iter(LESSONS))
DOORS = [
    ("GET", "/completion/class"),
    ("GET", "/completion/class.csv"),
    ("POST", "/completion/class/deliveries/1/resend"),
    ("POST", "/completion/class/deliveries/resend"),
    ("POST", "/completion/class/roster"),
]


@pytest.mark.parametrize(("method", "path"), DOORS)
def test_who_is_not_signed_in_is_sent_away(client, method, path):
    assert client.open(path, method=method).status_code == 401


@pytest.mark.parametrize("role", ["learner", "mentor", "other"])
@pytest.mark.parametrize(("method", "path"), DOORS)
def test_only_teachers_and_administrators_come_in(room, signed_in, role, method, path):
    room.link(FIRST)
    room.seat("Ann Alder")
    answer = signed_in(role, classroom=room.classroom).open(path, method)
    assert answer.status_code == 403
    assert "Alder" not in answer.text


@pytest.mark.parametrize("role", ["teacher", "administrator"])
def test_teachers_and_administrators_of_the_class_see_it(room, signed_in, role):
    room.link(FIRST)
    room.seat("Ann Alder")
    assert "Ann Alder" in signed_in(role, classroom=room.classroom).get("/completion/class").text


@pytest.mark.parametrize(("method", "path"), DOORS)
def test_a_launch_from_outside_any_class_has_no_class_page(room, signed_in, method, path):
    answer = signed_in("teacher").open(path, method)
    assert answer.status_code == 404
    assert "This page was not opened from a class." in answer.text


def test_a_teacher_of_another_class_sees_her_own_and_nothing_of_this_one(room, next_room, signed_in):
    for each, name in ((room, "Ann Alder"), (next_room, "Ben Birch")):
        each.link(FIRST)
        each.seat(name)
    neighbor = signed_in("teacher", classroom=next_room.classroom)
    for path in ("/completion/class", "/completion/class.csv"):
        page = neighbor.get(path).text
        assert "Ben Birch" in page
        assert "Alder" not in page


def test_a_pupil_of_two_classes_shows_each_teacher_the_grades_of_her_own_column(room, next_room, teacher):
    room.link(FIRST)
    other = next_room.link(FIRST)
    (ann,) = room.seat("Ann Alder")
    room.works(ann, LESSON, 100, done=True)
    room.grades(ann, other, "refused", problem="your LMS is shut next door.")
    page = teacher.get("/completion/class").text
    assert "Ann Alder" in page
    assert "next door" not in page


def test_a_refused_grade_is_sent_again(room, teacher):
    link = room.link(FIRST)
    (ann,) = room.seat("Ann Alder")
    refused = room.grades(ann, link, "refused", problem="your LMS is shut.", tries=3)
    answer = teacher.post(f"/completion/class/deliveries/{refused.id}/resend?show=refused&lesson={LESSON}")
    assert answer.status_code == 303
    assert f"lesson={LESSON}&show=refused" in answer.headers["Location"]
    after = db.get_one(ScoreDelivery, refused.id)
    assert (after.state, after.problem, after.tries, after.wanted) == ("waiting", None, 0, 2)
    assert "On its way" in teacher.get(answer.headers["Location"]).text


def test_pressing_twice_sends_once(room, teacher):
    link = room.link(FIRST)
    (ann,) = room.seat("Ann Alder")
    refused = room.grades(ann, link, "refused", problem="your LMS is shut.")
    for _ in range(2):
        assert teacher.post(f"/completion/class/deliveries/{refused.id}/resend").status_code == 303
    assert db.get_one(ScoreDelivery, refused.id).wanted == 2


def test_a_grade_that_arrived_is_left_alone(room, teacher):
    """The teacher may have changed it in the LMS since (row 126)."""
    link = room.link(FIRST)
    (ann,) = room.seat("Ann Alder")
    sent = room.grades(ann, link, "sent")
    assert teacher.post(f"/completion/class/deliveries/{sent.id}/resend").status_code == 303
    after = db.get_one(ScoreDelivery, sent.id)
    assert (after.state, after.wanted) == ("sent", 1)


def test_the_grade_of_another_class_is_not_found_and_not_sent(room, next_room, teacher):
    room.link(FIRST)
    other = next_room.link(FIRST)
    (ben,) = next_room.seat("Ben Birch")
    refused = next_room.grades(ben, other, "refused", problem="your LMS is shut.")
    answers = [
        teacher.post(f"/completion/class/deliveries/{number}/resend") for number in (refused.id, 10**6)
    ]
    assert [answer.status_code for answer in answers] == [404, 404]
    assert teacher.post("/completion/class/deliveries/resend").status_code == 303
    assert db.get_one(ScoreDelivery, refused.id).state == "refused"


def test_all_refused_grades_are_sent_at_once_but_a_newer_grade_in_the_lms_is_not_overwritten(room, teacher):
    link = room.link(FIRST)
    ann, ben, cleo = room.seat("Ann Alder", "Ben Birch", "Cleo Cedar")
    room.grades(ann, link, "refused", problem="your LMS is shut.")
    room.grades(ben, link, "refused")
    room.grades(cleo, link, "refused", problem="your LMS has a newer grade and kept it.")
    assert teacher.post("/completion/class/deliveries/resend").status_code == 303
    states = {row.person_id: row.state for row in db.query(ScoreDelivery)}
    assert states == {ann.id: "waiting", ben.id: "waiting", cleo.id: "refused"}


def test_the_roster_is_asked_for_of_this_class_only(room, next_room, teacher):
    room.link(FIRST)
    answer = teacher.post("/completion/class/roster")
    assert answer.status_code == 303
    assert "We asked your LMS" in teacher.get(answer.headers["Location"]).text
    assert db.get_one(Context, room.context.id).roster_due_at is not None
    assert db.get_one(Context, next_room.context.id).roster_due_at is None
