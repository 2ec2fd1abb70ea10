"""The place in a lesson: it survives double taps, old tabs, other devices and new versions."""

import pytest

from completion import ledger
from core.database import db
from lessons import library, progress
from lessons.models import LessonVisit
from tests.lessons.player_lesson import ID, made_up_lesson, publish


@pytest.fixture
def ann(no_curriculum, make_person):
    publish(made_up_lesson())
    return make_person()


def test_beginning_twice_is_beginning_once(ann, year):
    first, second = progress.begin(ann, ID, year), progress.begin(ann, ID, year)
    assert first.id == second.id
    assert db.query(LessonVisit).count() == 1
    assert f"lesson:{ID}" in ledger.progress_of(ann.id, year.id)


def test_a_lesson_that_is_not_there_can_not_be_begun(ann, year):
    with pytest.raises(library.NoSuchLesson):
        progress.begin(ann, "g4-nothing", year)


def test_leaving_a_step_twice_moves_on_once(ann, year):
    visit = progress.begin(ann, ID, year)
    progress.leave_step(visit, 1, 5)
    progress.leave_step(visit, 1, 5)
    assert (visit.step, visit.furthest) == (2, 2)


def test_an_old_tab_moves_the_place_but_loses_nothing(ann, year):
    visit = progress.begin(ann, ID, year)
    for step in (1, 2, 3):
        progress.leave_step(visit, step, 5)
    progress.leave_step(visit, 1, 5)
    assert (visit.step, visit.furthest) == (2, 4)


def test_a_step_not_reached_can_not_be_left(ann, year):
    visit = progress.begin(ann, ID, year)
    assert not progress.leave_step(visit, 5, 5)
    assert (visit.step, visit.furthest, visit.finished_at) == (1, 1, None)


def test_the_last_step_finishes_the_lesson_once(ann, year):
    visit = progress.begin(ann, ID, year)
    for step in (1, 2, 3, 4):
        assert not progress.leave_step(visit, step, 5)
    assert progress.leave_step(visit, 5, 5)
    finished = visit.finished_at
    assert finished is not None
    assert progress.leave_step(visit, 5, 5)
    assert visit.finished_at == finished


def test_a_version_that_was_begun_stays(ann, year):
    begun = progress.begin(ann, ID, year).version_id
    publish(made_up_lesson(title="Made Up, Again", cards=3))
    assert progress.begin(ann, ID, year).version_id == begun
    assert library.lesson_by_version(begun).title == "Made Up"


def test_two_people_have_two_places(ann, year, make_person):
    ben = make_person()
    progress.leave_step(progress.begin(ann, ID, year), 1, 5)
    assert progress.begin(ben, ID, year).step == 1
    assert set(progress.visits_of(ann.id, year.id)) == {ID}
