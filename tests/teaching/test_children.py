"""A mentor (a parent) sees how their own children are getting on, as the launch names them, and nothing else."""

import pytest

from core.database import db
from people.models import District, Person, SignIn
from practice_lms import ABSENT
from tests.teaching.working import LESSON, hand_in, read_lesson

PAGE = "/completion/children"


@pytest.fixture
def at_work(school, curriculum):
    """Ana has tried the quiz, Ben has opened the lesson; the LMS knows both."""
    ana = school.launch("ana", LESSON)
    read_lesson(ana)
    hand_in(ana)
    ben = school.launch("ben", LESSON)
    ben.post(f"/lessons/g4/{LESSON}")
    return {"ana": ana, "ben": ben}


def naming(school, *people: str) -> list[str]:
    return [school.lms.user_id(each) for each in people]


def test_a_parent_lands_on_the_page_of_the_one_child(school, at_work):
    parent = school.launch("parent", LESSON)
    assert parent.landed.startswith(PAGE + "?")
    page = parent.get(PAGE)
    assert page.status_code == 200
    assert "Your child and the lessons" in page.text and "Child 1" not in page.text
    assert "0 of 6 lessons done" in page.text or "1 of 6 lessons done" in page.text
    assert "Best score" in page.text and page.text.count("No score yet") == 5
    assert f"/lessons/g4/{LESSON}" in page.text


def test_no_name_is_shown_or_kept(school, at_work):
    page = school.launch("parent", LESSON).get(PAGE).text
    assert "Ana" not in page and "Reyes" not in page
    kept = db.query(SignIn).filter_by(role="mentor").one()
    assert kept.about == [at_work["ana"].person.id]


def test_several_children_are_numbered_as_the_lms_names_them(school, at_work):
    parent = school.launch("parent", LESSON, mentor=naming(school, "ben", "ana"))
    page = parent.get(PAGE).text
    first, second = page.index("Child 1"), page.index("Child 2")
    assert first < page.index("Under way") < second < page.index("Best score")


def test_a_lesson_is_read_as_a_preview_and_leaves_no_trace(school, at_work):
    parent = school.launch("parent", LESSON)
    lesson = parent.get(f"/lessons/g4/{LESSON}")
    assert "Preview" in lesson.text and PAGE in lesson.text
    assert parent.post(f"/quizzes/{LESSON}/attempts").status_code == 403
    assert parent.get(f"/lessons/g4/{LESSON}/steps/1").status_code == 200


@pytest.mark.parametrize("named", [ABSENT, None, [], "", {}, [""], [7], ["nobody-we-know"], ["x" * 300]])
def test_none_named_is_a_preview_with_a_plain_word(school, at_work, named):
    parent = school.launch("parent", LESSON, mentor=named)
    assert parent.landed.startswith(f"/lessons/g4/{LESSON}?")
    assert "did not say whose parent or mentor you are" in parent.get(f"/lessons/g4/{LESSON}").text
    assert "did not say who your child is" in parent.get(PAGE).text


def test_a_mentor_gets_at_nobody_else(school, at_work):
    """The class page, its file, another child's work or submission, and another child by address."""
    parent = school.launch("parent", LESSON)
    for path in ("/completion/class", "/completion/class.csv"):
        assert parent.get(path).status_code == 403, path
    assert parent.get("/completion/submission").status_code == 404
    ben = at_work["ben"].person
    for path in (f"{PAGE}?about={ben.id}", f"{PAGE}?child={ben.public_id}"):
        assert "Child 2" not in parent.get(path).text and "Under way" not in parent.get(path).text
    assert parent.get(f"{PAGE}/{ben.id}").status_code == 404


def test_a_list_longer_than_any_family_is_cut(school, at_work):
    many = [f"nobody-{number}" for number in range(20)]
    parent = school.launch("parent", LESSON, mentor=[*many, *naming(school, "ana")])
    assert db.get_one(SignIn, _sign_in(parent)).about == []


def _sign_in(browser) -> int:
    return db.query(SignIn).filter_by(key=browser.visit).one().id


def test_only_a_mentors_launch_names_children(school, at_work):
    """The claim in a pupil's or teacher's launch opens nothing."""
    for person in ("ben", "cruz"):
        tab = school.launch(person, LESSON, mentor=naming(school, "ana"))
        assert tab.get(PAGE).status_code == 403
        assert db.get_one(SignIn, _sign_in(tab)).about == []


def test_a_child_of_another_district_is_nobody(school, at_work):
    """Even a row that was tampered with shows nobody from over the wall."""
    other = District(slug="other", name="Other", timezone="UTC")
    db.add(other)
    db.flush()
    stranger = Person(district_id=other.id, audience="pupil")
    db.add(stranger)
    db.commit()
    number = stranger.id
    parent = school.launch("parent", LESSON)
    db.query(SignIn).filter_by(key=parent.visit).one().about = [number]
    db.commit()
    assert "did not say who your child is" in parent.get(PAGE).text


def test_the_next_launch_decides_anew(school, at_work):
    first = school.launch("parent", LESSON)
    later = school.launch("parent", LESSON, browser=first, mentor=naming(school, "ben"))
    assert "Best score" in first.get(PAGE).text
    assert "Best score" not in later.get(PAGE).text
