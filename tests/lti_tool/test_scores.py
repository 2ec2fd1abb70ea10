"""From a wanted score to the gradebook, and every way it can go wrong."""

import pytest
import sqlalchemy as sa

from core.database import db, transaction
from lti_tool.delivery import MOST_QUESTIONS, deliver_due
from lti_tool.models import LineItem, Platform, ScoreDelivery
from lti_tool.scores import delivery_states, resend
from people.school_years import current_school_year
from tests.lti_tool.grading import PLAIN, let_time_pass, the_delivery, want

TARGET = "/lessons/g4/g4-same-me"
ALL_KINDS = pytest.mark.parametrize("school", ["canvas", "schoology", "moodle"], indirect=True)


@ALL_KINDS
def test_a_score_arrives_in_the_coupled_column(school):
    ana = school.launch("ana", "g4-same-me").person
    want(school, ana, 75)
    assert deliver_due() == 1
    assert school.lms.gradebook.result("ana", "g4-same-me").score == 75
    assert [each.state for each in delivery_states(ana.id, TARGET)] == ["sent"]


@ALL_KINDS
def test_a_better_score_follows_and_its_timestamp_is_later(school):
    ana = school.launch("ana", "g4-same-me").person
    want(school, ana, 50)
    deliver_due()
    want(school, ana, 100)
    deliver_due()
    assert school.lms.gradebook.result("ana", "g4-same-me").score == 100
    sent = [score.body["timestamp"] for score in school.lms.gradebook.scores_for("ana")]
    assert sent == sorted(set(sent)) and len(sent) == 2


def test_only_the_newest_score_is_sent(school):
    ana = school.launch("ana", "g4-same-me").person
    for score in (25, 50, 75):
        want(school, ana, score)
    assert deliver_due() == 1
    assert [score.body["scoreGiven"] for score in school.lms.gradebook.scores_for("ana")] == [75]


@ALL_KINDS
def test_nothing_that_could_wipe_a_grade_is_ever_sent(school):
    ana = school.launch("ana", "g4-same-me").person
    want(school, ana, 0)
    deliver_due()
    for score in school.lms.gradebook.scores_for("ana"):
        assert (score.body["activityProgress"], score.body["gradingProgress"]) == ("Completed", "FullyGraded")
        assert score.body["scoreGiven"] == 0 and score.body["scoreMaximum"] == 100


def test_a_link_without_a_column_gets_one_made_once_for_the_whole_class(school):
    pupils = [school.launch(who, "g4-my-day-in-blocks").person for who in ("ana", "ben", "pupil03")]
    for pupil in pupils:
        want(school, pupil, 100, PLAIN)
    while deliver_due():
        pass
    made = [
        column
        for column in school.lms.gradebook.columns("g4-room-12")
        if column.resource_id == "g4-my-day-in-blocks"
    ]
    assert len(made) == 1 and made[0].tag == current_school_year(school.district.id).name
    assert school.lms.gradebook.result("ben", "g4-my-day-in-blocks").score == 100


def test_a_column_made_by_a_worker_that_died_is_found_again(school):
    ana = school.launch("ana", "g4-my-day-in-blocks").person
    want(school, ana, 100, PLAIN)
    deliver_due()
    with transaction():
        db.execute(sa.update(LineItem).where(LineItem.resource_id == "g4-my-day-in-blocks").values(url=None))
    want(school, ana, 90, PLAIN)
    deliver_due()
    assert (
        len([c for c in school.lms.gradebook.columns("g4-room-12") if c.resource_id == "g4-my-day-in-blocks"])
        == 1
    )


@pytest.mark.parametrize(
    ("kind", "options"),
    [
        ("down", {}),
        ("closed", {}),
        ("too_many", {"retry_after": 7}),
        ("throttled", {}),
        ("error", {}),
    ],
)
def test_trouble_that_passes_is_waited_out(school, kind, options):
    ana = school.launch("ana", "g4-same-me").person
    want(school, ana, 75)
    school.lms.set_fault(kind, "scores", times=1, **options)
    deliver_due()
    assert the_delivery().state == "waiting"
    assert deliver_due() == 0, "it is not tried again at once"
    let_time_pass()
    deliver_due()
    assert the_delivery().state == "sent"
    assert school.lms.gradebook.result("ana", "g4-same-me").score == 75


def test_retry_after_pauses_the_whole_platform(school):
    for who in ("ana", "ben", "pupil03"):
        want(school, school.launch(who, "g4-same-me").person, 75)
    school.lms.set_fault("too_many", "scores", retry_after=30)
    deliver_due()
    assert len(school.lms.requests.to("scores")) == 1, (
        "the others of the batch were not sent after the first 429"
    )
    paused = db.scalars(sa.select(Platform)).one().paused_until
    assert paused is not None
    assert deliver_due() == 0


@ALL_KINDS
def test_a_lost_answer_is_not_judged_while_the_lms_does_not_say_what_it_has(school):
    """It refuses the score it has: "newer" would be wrong, and final."""
    want(school, school.launch("ana", "g4-same-me").person, 75)
    school.lms.set_fault("lost_answer", "scores", times=1)
    deliver_due()
    school.lms.set_fault("error", "results", times=MOST_QUESTIONS + 1)
    while the_delivery().state == "waiting":
        let_time_pass()
        deliver_due()
    assert the_delivery().state == "sent", the_delivery().problem
    assert school.lms.gradebook.result("ana", "g4-same-me").score == 75


@ALL_KINDS
def test_a_lost_answer_is_judged_by_the_lms_own_result(school):
    ana = school.launch("ana", "g4-same-me").person
    want(school, ana, 75)
    school.lms.set_fault("lost_answer", "scores", times=1)
    deliver_due()
    let_time_pass()
    deliver_due()
    assert the_delivery().state == "sent"
    assert school.lms.gradebook.result("ana", "g4-same-me").score == 75


@ALL_KINDS
def test_a_teacher_can_not_be_graded_and_reads_why(school):
    cruz = school.launch("cruz", "g4-same-me").person
    want(school, cruz, 75)
    deliver_due()
    row = the_delivery()
    assert row.state == "refused" and "can not grade this person" in row.problem
    assert deliver_due() == 0, "a final answer is final"


def test_a_refused_score_can_be_sent_again_by_a_teacher(school):
    ana = school.launch("ana", "g4-same-me").person
    want(school, ana, 75)
    school.lms.set_fault("status", "scores", times=1, status=403)
    deliver_due()
    assert the_delivery().state == "refused"
    with transaction():
        resend(db.scalars(sa.select(ScoreDelivery)).one())
    deliver_due()
    assert the_delivery().state == "sent"


def test_moodle_is_told_before_its_query_string(school_moodle=None):
    from lti_tool.columns import sub_address

    assert (
        sub_address("https://m.example/services.php/2/lineitems/2/lineitem?type_id=1", "scores")
        == "https://m.example/services.php/2/lineitems/2/lineitem/scores?type_id=1"
    )


def test_one_token_serves_many_scores(school):
    for who in ("ana", "ben", "pupil03"):
        want(school, school.launch(who, "g4-same-me").person, 75)
    deliver_due()
    assert len(school.lms.requests.to("scores")) == 3
    assert len(school.lms.requests.to("token")) == 2, "one for the scores, one for a look at the column"


def test_a_token_the_lms_forgot_is_renewed_once(school):
    ana = school.launch("ana", "g4-same-me").person
    want(school, ana, 75)
    school.lms.set_fault("unauthorized", "scores", times=1)
    deliver_due()
    assert the_delivery().state == "sent"
    assert len(school.lms.requests.to("token")) == 3, "one for a look at the column, and two for the score"


def test_a_score_that_improves_while_it_is_being_sent_is_sent_again(school):
    from lti_tool import claimed_scores, delivery

    ana = school.launch("ana", "g4-same-me").person
    want(school, ana, 50)
    with transaction():
        claimed = claimed_scores.claim()
    want(school, ana, 100)
    delivery._deliver_to_one(claimed)
    assert the_delivery().state == "waiting"
    let_time_pass()
    deliver_due()
    assert school.lms.gradebook.result("ana", "g4-same-me").score == 100
