"""A teacher excuses one pupil from a sensitive lesson: at once, with a reason code only, seen by nobody else."""

import re

import pytest
import sqlalchemy as sa

from completion import ledger
from core.database import db
from lessons import library
from lessons.models import OptOut
from people.models import Classroom, District, Enrollment
from people.school_years import ensure_school_year
from quizzes.models import Attempt
from tests.browsers import Browser
from tests.lessons.every_type import right_answer
from tests.lessons.test_views import words
from tests.teaching.makers import ClassInLms, a_platform

LESSON = "g10-intimate-images-law"
PATH = f"/lessons/g10/{LESSON}"
INSTEAD = "Digital Consent: Recordings, Locations and Shared Accounts"


@pytest.fixture
def room(curriculum, district, year, classroom) -> ClassInLms:
    made = ClassInLms(district, year, classroom, a_platform(district))
    made.link("/lessons/g10")
    made.link(PATH)
    return made


@pytest.fixture
def ann(room, signed_in) -> Browser:
    """Ann, who learns in the class."""
    (person,) = room.seat("Ann Alder")
    return signed_in("learner", person=person, classroom=room.classroom)


def page_of(browser: Browser) -> str:
    db.remove()
    seat = db.scalars(sa.select(Enrollment.id).filter_by(person_id=browser.person.id)).one()
    return f"/completion/class/pupils/{seat}"


def excuse(teacher: Browser, pupil: Browser, reason: str = "family", lesson: str = LESSON):
    return teacher.post(f"{page_of(pupil)}/lessons/{lesson}/excuse", data={"reason": reason})


def take(browser: Browser) -> None:
    """Read the lesson to its end and answer the whole quiz right."""
    browser.post(PATH)
    for step in range(1, len(library.lesson(LESSON).steps) + 5):
        browser.post(f"{PATH}/steps/{step}")
    browser.post(f"/quizzes/{LESSON}/attempts")
    db.remove()
    attempt = db.scalars(sa.select(Attempt).filter_by(person_id=browser.person.id, submitted_at=None)).one()
    taught = library.lesson_by_version(attempt.version_id)
    for number, drawn in enumerate(attempt.draw, 1):
        picks = right_answer(taught.item(drawn["item"]))
        browser.put(f"/quizzes/attempts/{attempt.public_id}/{number}", json={"picks": picks})
    browser.post(f"/quizzes/attempts/{attempt.public_id}/submit")


def test_the_class_page_leads_to_each_pupil(ann, teacher):
    assert page_of(ann) in teacher.get("/completion/class").text


def test_the_other_lesson_stands_in_its_place_at_once(ann, teacher):
    assert "Excuse from this lesson" in words(teacher.get(page_of(ann)))
    assert excuse(teacher, ann).status_code == 303
    assert INSTEAD in words(ann.get(PATH))
    page = words(teacher.get(page_of(ann)))
    assert "Excused" in page and "Set by you" in page and "The family asked for it" in page


def test_it_is_recorded_with_who_and_when_and_a_code(ann, teacher):
    excuse(teacher, ann, "plan")
    db.remove()
    record = db.scalars(sa.select(OptOut)).one()
    assert (record.reason, record.set_by, record.person_id) == ("plan", teacher.person.id, ann.person.id)
    assert record.set_at is not None and record.ended_at is None


@pytest.mark.parametrize("reason", ["", "own", "because the family is religious", "x" * 300])
def test_no_words_of_ones_own_are_taken(ann, teacher, reason):
    assert excuse(teacher, ann, reason).status_code == 400
    db.remove()
    assert db.scalar(sa.select(sa.func.count()).select_from(OptOut)) == 0


def test_it_counts_as_the_lesson_and_the_class_page_keeps_the_lessons_own_name(ann, teacher, year):
    excuse(teacher, ann)
    take(ann)
    db.remove()
    shown = ledger.evidence_of(ann.person.id, year.id)[f"lesson:{LESSON}"]
    instead = library.alternative(LESSON)
    assert instead and shown.version == instead.content_hash
    assert INSTEAD not in teacher.get("/completion/class").text


def test_undone_the_lesson_stands_there_again_and_the_record_is_kept(ann, teacher):
    excuse(teacher, ann)
    ann.post(PATH)
    teacher.post(f"{page_of(ann)}/lessons/{LESSON}/undo")
    assert "This one can feel heavy" in words(ann.get(PATH))
    record = db.scalars(sa.select(OptOut)).one()
    assert record.ended_by == teacher.person.id and record.ended_at is not None
    assert excuse(teacher, ann).status_code == 303
    db.remove()
    assert db.scalar(sa.select(sa.func.count()).select_from(OptOut)) == 2


def test_what_was_done_stays_done_and_its_questions_are_not_shown_again(ann, teacher, year):
    take(ann)
    review = db.scalars(sa.select(Attempt.public_id)).one()
    excuse(teacher, ann)
    assert ledger.progress_of(ann.person.id, year.id)[f"lesson:{LESSON}"].done_at
    answer = ann.get(f"/quizzes/attempts/{review}/review")
    assert answer.status_code == 303 and answer.location.split("?")[0].endswith(f"/quizzes/{LESSON}")
    assert review not in ann.get(f"/quizzes/{LESSON}").text


def test_a_quiz_under_way_is_dropped(ann, teacher):
    ann.post(PATH)
    for step in range(1, len(library.lesson(LESSON).steps) + 1):
        ann.post(f"{PATH}/steps/{step}")
    ann.post(f"/quizzes/{LESSON}/attempts")
    excuse(teacher, ann)
    db.remove()
    assert db.scalar(sa.select(sa.func.count()).select_from(Attempt)) == 0


def test_a_classmate_sees_nothing_of_it(ann, teacher, room, signed_in):
    excuse(teacher, ann)
    (person,) = room.seat("Ben Birch")
    ben = signed_in("learner", person=person, classroom=room.classroom)
    for path in ("/lessons/g10", PATH):
        page = ben.get(path).text
        assert INSTEAD not in page and "Alder" not in page
    assert ben.get(page_of(ann)).status_code == 403


# -- who may -----------------------------------------------------------------------------------------------


def test_outsiders_and_other_roles_stay_out(ann, room, client, signed_in):
    page = page_of(ann)
    doors = [
        ("GET", page),
        ("POST", f"{page}/lessons/{LESSON}/excuse"),
        ("POST", f"{page}/lessons/{LESSON}/undo"),
    ]
    for method, path in doors:
        assert client.open(path, method=method).status_code == 401
        for role in ("learner", "mentor", "other", "chooser"):
            answer = signed_in(role, classroom=room.classroom).open(path, method)
            assert answer.status_code == 403 and "Alder" not in answer.text
        assert signed_in("teacher").open(path, method, data={"reason": "family"}).status_code == 404


def test_a_teacher_of_the_next_class_or_another_district_reaches_nobody_here(ann, room, app, signed_in):
    from people.models import Person
    from tests.browsers import sign_in_browser

    other = Classroom(district_id=room.district.id, title="Next door")
    far = District(slug="far", name="Far", timezone="America/Los_Angeles")
    db.add_all([other, far])
    db.flush()
    ensure_school_year(far)
    far_room = Classroom(district_id=far.id, title="Far room")
    far_teacher = Person(district_id=far.id, audience="staff")
    db.add_all([far_room, far_teacher])
    db.commit()
    for knocking in (
        signed_in("teacher", classroom=other),
        sign_in_browser(app, far_teacher, "teacher", far_room),
    ):
        assert knocking.get(page_of(ann)).status_code == 404
        assert excuse(knocking, ann).status_code == 404
    db.remove()
    assert db.scalar(sa.select(sa.func.count()).select_from(OptOut)) == 0


def test_only_lessons_that_are_linked_here_and_have_another(ann, teacher):
    assert excuse(teacher, ann, lesson="g10-connected-relationships").status_code == 404
    assert excuse(teacher, ann, lesson="made-up").status_code == 404


def test_who_has_left_the_class_is_no_longer_there(ann, teacher):
    seat = page_of(ann)
    db.execute(sa.update(Enrollment).values(left_at=sa.func.current_timestamp()))
    db.commit()
    assert teacher.get(seat).status_code == 404


def test_who_is_excused_may_be_ticked_with_the_class_and_counts_by_the_other_lesson(signed_in, room, ann):
    (ben,) = room.seat("Ben Birch")
    teacher = signed_in("teacher", classroom=room.classroom)
    excuse(teacher, ann)
    listed = f"/completion/together/{LESSON}/here"
    key = re.search(r'name="session" value="([^"]+)"', teacher.get(listed).text).group(1)
    seats = db.scalars(
        sa.select(Enrollment.id).where(Enrollment.person_id.in_([ann.person.id, ben.id]))
    ).all()
    answer = teacher.post(listed, data={"session": key, "here": [str(seat) for seat in seats]})
    page = teacher.get(answer.location)
    assert "1 took part" in page.text and "Whoever takes another lesson" in page.text
    year = ensure_school_year(db.get_one(District, ann.person.district_id))
    done = ledger.done_parts([ann.person.id, ben.id], year.id)
    assert done == {ann.person.id: set(), ben.id: {f"lesson:{LESSON}"}}
    take(ann)
    assert ledger.done_parts([ann.person.id], year.id)[ann.person.id] == {f"lesson:{LESSON}"}


def test_a_session_of_excused_pupils_only_counts_for_nobody_and_breaks_nothing(signed_in, room, ann):
    teacher = signed_in("teacher", classroom=room.classroom)
    excuse(teacher, ann)
    listed = f"/completion/together/{LESSON}/here"
    key = re.search(r'name="session" value="([^"]+)"', teacher.get(listed).text).group(1)
    seat = db.scalars(sa.select(Enrollment.id).filter_by(person_id=ann.person.id)).one()
    answer = teacher.post(listed, data={"session": key, "here": str(seat)})
    assert "counts for nobody" in teacher.get(answer.location).text
