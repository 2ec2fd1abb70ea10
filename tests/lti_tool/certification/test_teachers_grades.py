"""A grade that a teacher changed in the LMS is left alone (row 126)."""

import pytest
import sqlalchemy as sa

from core.database import db, transaction
from lti_tool.delivery import deliver_due
from lti_tool.models import LineItem, ScoreDelivery
from lti_tool.scores import delivery_states
from tests.lti_tool.grading import LESSON, deliver_all, let_time_pass, the_delivery, want

ALL_KINDS = pytest.mark.parametrize("school", ["canvas", "schoology", "moodle"], indirect=True)
TARGET = f"/lessons/g4/{LESSON}"


def questions(school) -> int:
    return len(school.lms.requests.to("results"))


@ALL_KINDS
def test_126_a_better_score_leaves_the_teachers_grade(school):
    """The platform's result is not what we sent last, so somebody changed it; pupil and teacher read so."""
    ana = school.launch("ana", LESSON).person
    want(school, ana, 60)
    deliver_all()
    assert questions(school) == 0, "a first score costs no question"
    school.lms.gradebook.override("ana", LESSON, 85)
    want(school, ana, 95)
    deliver_all()
    assert school.lms.gradebook.result("ana", LESSON).score == 85
    assert len(school.lms.gradebook.scores_for("ana")) == 1, "nothing was sent over it"
    assert [each.words for each in delivery_states(ana.id, TARGET)] == ["Your teacher's grade stands."]
    assert deliver_due() == 0


def test_126_the_class_page_says_it_and_offers_nothing_to_mend(curriculum, school):
    ana = school.launch("ana", LESSON).person
    want(school, ana, 60)
    deliver_all()
    school.lms.gradebook.override("ana", LESSON, 85)
    want(school, ana, 95)
    deliver_all()
    from lti_tool.memberships import sync_due

    sync_due()
    page = school.launch("cruz", LESSON).get(f"/completion/class?lesson={LESSON}").text
    assert "Changed by a teacher in your LMS; that grade stands" in page
    assert "did not take" not in page


@ALL_KINDS
def test_126_a_grade_of_ours_is_improved_after_one_question(school):
    ana = school.launch("ana", LESSON).person
    for score in (60, 95):
        want(school, ana, score)
        deliver_all()
    assert school.lms.gradebook.result("ana", LESSON).score == 95 and questions(school) == 1


@pytest.mark.parametrize("school", ["schoology"], indirect=True)
def test_126_a_district_may_say_that_better_scores_replace_them(school):
    """Per district, by command. Canvas and Moodle keep an override by themselves unless told otherwise."""
    answer = school.app.test_cli_runner().invoke(
        args=["district", "teacher-grades", "evergreen", "are-replaced"]
    )
    assert answer.exit_code == 0 and "a better score replaces them" in answer.output
    ana = school.launch("ana", LESSON).person
    want(school, ana, 60)
    deliver_all()
    school.lms.gradebook.override("ana", LESSON, 85)
    want(school, ana, 95)
    deliver_all()
    assert school.lms.gradebook.result("ana", LESSON).score == 95 and questions(school) == 0


@pytest.mark.parametrize("choice", ["stand", "are-replaced"])
def test_126_canvas_is_told_the_districts_choice(school, choice):
    """prioritize_non_tool_grade keeps what a teacher typed even between our question and our score."""
    school.app.test_cli_runner().invoke(args=["district", "teacher-grades", "evergreen", choice])
    want(school, school.launch("ana", LESSON).person, 60)
    deliver_all()
    (score,) = school.lms.gradebook.scores_for("ana")
    told = score.body["https://canvas.instructure.com/lti/submission"]
    assert told == {"new_submission": True, "prioritize_non_tool_grade": choice == "stand"}


def test_126_a_score_whose_answer_was_lost_is_not_taken_for_a_teachers(school):
    """90 arrived, its answer did not, and by then 100 is wanted: 90 is ours all the same."""
    ana = school.launch("ana", LESSON).person
    want(school, ana, 75)
    deliver_all()
    want(school, ana, 90)
    school.lms.set_fault("lost_answer", "scores", times=1)
    deliver_due()
    want(school, ana, 100)
    deliver_all()
    assert school.lms.gradebook.result("ana", LESSON).score == 100
    row = the_delivery()
    assert (row.state, row.sent_score, row.offered) == ("sent", 100, [])


def test_126_neither_after_a_worker_was_killed_with_the_answer(school):
    """What is offered is written down with the lease, before it is sent."""
    from lti_tool import claimed_scores, delivery

    ana = school.launch("ana", LESSON).person
    want(school, ana, 75)
    deliver_all()
    want(school, ana, 90)
    with transaction():
        claimed = claimed_scores.claim()
    service = delivery.PlatformService(delivery.registered(school.platform.id))
    assert delivery._send(service, claimed[0]).state == "sent"  # and there it ends: nothing is settled
    want(school, ana, 100)
    let_time_pass()
    deliver_all()
    assert school.lms.gradebook.result("ana", LESSON).score == 100


def test_126_a_grade_that_was_cleared_is_filled_again(school):
    """An empty cell is no grade that could stand."""
    ana = school.launch("ana", LESSON).person
    want(school, ana, 60)
    deliver_all()
    school.lms.gradebook.override("ana", LESSON, None)
    want(school, ana, 95)
    deliver_all()
    assert the_delivery().state == "sent"


@pytest.mark.parametrize("school", ["schoology"], indirect=True)
def test_126_an_lms_that_does_not_say_for_a_moment_is_asked_again_before_anything_is_overwritten(school):
    ana = school.launch("ana", LESSON).person
    want(school, ana, 60)
    deliver_all()
    school.lms.gradebook.override("ana", LESSON, 85)
    want(school, ana, 95)
    school.lms.set_fault("error", "results", times=1)
    deliver_due()
    assert the_delivery().state == "waiting" and school.lms.gradebook.result("ana", LESSON).score == 85
    let_time_pass()
    deliver_due()
    assert the_delivery().state == "kept" and school.lms.gradebook.result("ana", LESSON).score == 85


@pytest.mark.parametrize("school", ["schoology"], indirect=True)
def test_126_where_the_lms_does_not_let_us_ask_nobody_is_asked(school):
    """The scope is not granted; the score goes as AGS has it, and the platform's own rule decides."""
    with transaction():
        db.execute(sa.text("UPDATE context SET ags_scopes = ''"))
    ana = school.launch("ana", LESSON).person
    with transaction():
        db.execute(sa.text("UPDATE context SET ags_scopes = ''"))
    for score in (60, 95):
        want(school, ana, score)
        deliver_all()
    assert questions(school) == 0 and school.lms.gradebook.result("ana", LESSON).score == 95
    db.remove()
    assert db.scalar(sa.select(sa.func.count()).select_from(LineItem)) == 1
    assert db.scalar(sa.select(sa.func.count()).select_from(ScoreDelivery)) == 1
