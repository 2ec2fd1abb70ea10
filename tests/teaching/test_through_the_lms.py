"""The class page as a teacher meets it: real launches, a roster read from the LMS, a grade sent and one refused."""

import pytest

from completion import ledger
from core.database import db, transaction
from lti_tool.delivery import deliver_due
from lti_tool.memberships import sync_due
from lti_tool.scores import queue_score
from people.models import Person
from people.school_years import current_school_year
from tests.browsers import Browser

LESSON = "g4-same-me"
PAGE = f"/completion/class?lesson={LESSON}"


def finish(tab: Browser, score: float = 100) -> None:
    """What handing in a quiz writes down."""
    with transaction():
        person = db.get_one(Person, tab.person.id)
        year = current_school_year(person.district_id)
        ledger.record_score(person, f"lesson:{LESSON}", year, score)
        ledger.record_evidence(
            person, f"lesson:{LESSON}", year, kind="course", version="v1", source="attempt 1", score=score
        )
        target = f"/lessons/g4/{LESSON}"
        queue_score(person, target=target, resource_id=LESSON, label="A lesson", score=score, year=year)


@pytest.mark.parametrize("school", ["canvas", "schoology"], indirect=True)
def test_a_teacher_sees_the_roster_who_has_finished_and_that_the_grade_was_sent(curriculum, school):
    finish(school.launch("ana", LESSON))
    sync_due()
    deliver_due()
    page = school.launch("cruz", LESSON).get(PAGE).text
    assert "<h1>1 of 26 has finished; 25 have not begun.</h1>" in page
    assert "Ana Reyes" in page
    assert "Roster as of" in page
    line = page.split("<tbody")[1].split("</tr>")
    assert [row for row in line if "Sent " in row] == [row for row in line if "Ana Reyes" in row]


def test_a_refused_grade_goes_out_after_the_teacher_pressed_the_button(curriculum, school):
    finish(school.launch("ana", LESSON))
    school.lms.set_fault("status", "scores", status=403)
    deliver_due()
    teacher = school.launch("cruz", LESSON)
    page = teacher.get(PAGE).text
    assert "Not in the gradebook: your LMS" in page
    again = page.split('action="/completion/class/deliveries/')[1].split('"')[0].replace("&amp;", "&")
    school.lms.clear_faults()
    assert teacher.post(f"/completion/class/deliveries/{again}").status_code == 303
    deliver_due()
    assert school.lms.gradebook.result("ana", LESSON).score == 100
    assert "Sent " in teacher.get(PAGE).text


def test_the_mentor_of_a_pupil_never_sees_the_class(curriculum, school):
    assert school.launch("parent", LESSON).get(PAGE).status_code == 403
