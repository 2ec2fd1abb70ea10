"""A sensitive lesson: the note before it, help in view, the way out, and the lesson a pupil may take in its place."""

import pytest
import sqlalchemy as sa

from core.database import db
from lessons import library
from lessons.models import LessonVisit, OptOut
from tests.browsers import Browser
from tests.lessons.test_views import words

HIGH = "/lessons/g10/g10-intimate-images-law"
MILD = "/lessons/g10/g10-connected-relationships"
PLAIN = "/lessons/g10/g10-monitored-logged-public"
AWAY = "/lessons/away"
INSTEAD = "Digital Consent: Recordings, Locations and Shared Accounts"


@pytest.fixture
def ann(curriculum, signed_in) -> Browser:
    return signed_in("learner")


def visit(browser: Browser) -> LessonVisit:
    db.remove()
    return db.scalars(sa.select(LessonVisit).filter_by(person_id=browser.person.id)).one()


def test_the_note_says_plainly_what_is_coming(ann):
    for path in (HIGH, MILD):
        note = library.lesson(path.rpartition("/")[2]).content_note
        assert note and note in words(ann.get(path))
    assert "This one can feel heavy" not in words(ann.get(PLAIN))


def test_help_and_the_way_out_are_on_every_screen_of_it(ann):
    for path, pinned in ((HIGH, True), (MILD, False)):
        ann.post(path)
        page = ann.get(f"{path}/steps/1")
        assert "Leave this page" in words(page)
        assert ("Call or text 988" in words(page)) is pinned
    ann.post(PLAIN)
    assert "Leave this page" not in words(ann.get(f"{PLAIN}/steps/1"))


def test_who_leaves_sees_nothing_of_the_lesson_until_they_go_on(ann):
    ann.post(HIGH)
    ann.post(f"{HIGH}/steps/1")
    answer = ann.post(f"{HIGH}/leave")
    assert answer.status_code == 303 and answer.location.startswith(AWAY)
    quiet = ann.get(AWAY)
    assert "A short break" in words(quiet)
    assert "Intimate" not in quiet.text and "g10-intimate" not in quiet.text
    for back in (HIGH, f"{HIGH}/steps/1", f"{HIGH}/steps/2"):
        assert ann.get(back).location.startswith(AWAY)
    assert ann.get("/quizzes/g10-intimate-images-law").location.startswith(AWAY)


def test_the_place_is_kept(ann):
    ann.post(HIGH)
    ann.post(f"{HIGH}/steps/1")
    ann.post(f"{HIGH}/leave")
    assert visit(ann).step == 2
    assert ann.post(AWAY).location.startswith(HIGH)
    assert "Continue at step 2" in words(ann.get(HIGH))
    assert visit(ann).away_at is None


def test_leaving_works_for_who_only_looks(curriculum, signed_in):
    teacher = signed_in("teacher")
    assert teacher.post(f"{HIGH}/leave").location.startswith(AWAY)
    assert "Go on where I was" not in words(teacher.get(AWAY))
    assert teacher.post(AWAY).location.startswith(AWAY)


def test_the_exit_is_no_door_for_outsiders(curriculum, client):
    assert client.post(f"{HIGH}/leave").status_code == 401
    assert client.get(AWAY).status_code == 401
    assert client.post(f"{HIGH}/instead").status_code == 401


# -- the lesson in its place -------------------------------------------------------------------------------


def test_a_pupil_takes_the_other_lesson_and_nobody_asks_why(ann):
    assert "Nobody asks why" in words(ann.get(HIGH))
    assert ann.post(f"{HIGH}/instead").location.startswith(HIGH)
    page = words(ann.get(HIGH))
    assert INSTEAD in page and "can feel heavy" not in page and "Nobody asks why" not in page
    assert INSTEAD in words(ann.get("/lessons/g10"))
    ann.post(HIGH)
    assert "Three people and a voice note" in words(ann.get(f"{HIGH}/steps/1"))
    assert INSTEAD in words(ann.get(f"{HIGH}/handout"))
    record = db.scalars(sa.select(OptOut)).one()
    assert (record.reason, record.set_by) == ("own", ann.person.id)


def test_the_swap_starts_a_lesson_under_way_over(ann):
    ann.post(HIGH)
    ann.post(f"{HIGH}/steps/1")
    ann.post(f"{HIGH}/instead")
    assert (visit(ann).step, visit(ann).furthest) == (1, 1)
    assert "voice note" in words(ann.get(f"{HIGH}/steps/1"))


@pytest.mark.parametrize("path", [MILD, PLAIN])
def test_a_lesson_without_another_is_not_exchanged(ann, path):
    assert "Nobody asks why" not in words(ann.get(path))
    assert ann.post(f"{path}/instead").status_code == 409


def test_who_only_looks_exchanges_nothing(curriculum, signed_in):
    assert signed_in("teacher").post(f"{HIGH}/instead").status_code == 403
    assert db.scalar(sa.select(sa.func.count()).select_from(OptOut)) == 0


def test_who_is_through_with_the_lesson_keeps_it(ann):
    ann.post(HIGH)
    for step in range(1, len(library.lesson("g10-intimate-images-law").steps) + 1):
        ann.post(f"{HIGH}/steps/{step}")
    assert ann.post(f"{HIGH}/instead").status_code == 403


def test_choosing_twice_is_choosing_once(ann):
    ann.post(f"{HIGH}/instead")
    ann.post(f"{HIGH}/instead")
    assert db.scalar(sa.select(sa.func.count()).select_from(OptOut)) == 1
