"""What breaks one thing holds up nothing else: lanes, rows of one LMS, workers that died, pupils who hand in."""

import threading

import pytest
import sqlalchemy as sa

from core.database import db, transaction
from lti_tool import line_items, outcomes
from lti_tool.delivery import deliver_due
from lti_tool.models import LineItem, Platform, ResourceLink, ScoreDelivery
from lti_tool.service_calls import ServiceRefused
from tests.processes.programs import wait_until
from tests.processes.wanting import COUPLED, OURS, Wanting, states
from worker import Step, run_lane


def due_now() -> None:
    """Everything that waits is due, and no worker holds it."""
    with transaction():
        db.execute(sa.update(ScoreDelivery).values(due_at=ScoreDelivery.created_at, leased_until=None))
        db.execute(sa.update(Platform).values(paused_until=None))


def test_a_step_that_breaks_is_tried_again_and_stops_nobody(app):
    stop, looks, others = threading.Event(), [], []

    def broken() -> int:
        looks.append(1)
        return 1 // 0

    def well() -> int:
        others.append(1)
        return 0

    lanes = [
        threading.Thread(target=run_lane, args=(Step("a step", work, 0.01), stop)) for work in (broken, well)
    ]
    for lane in lanes:
        lane.start()
    wait_until(lambda: len(looks) >= 3 and len(others) >= 3, "both were looked at three times", 10)
    stop.set()
    for lane in lanes:
        lane.join(timeout=10)
        assert not lane.is_alive()


def test_a_step_whose_look_is_long_rests_longer():
    step = Step("a step", lambda: 0, every=2, share=0.1)
    assert step.rest(0.01) == 2, "a small house is looked at every two seconds"
    assert step.rest(4.0) == pytest.approx(36), "a look at a million people takes a tenth of the time"
    assert Step("a step", lambda: 0, every=2).rest(4.0) == 2


@pytest.mark.parametrize("answer", ["{}", "[1]", '"no"', "7"])
def test_a_column_the_lms_answers_oddly_about_holds_up_no_other(school, answer):
    wanting = Wanting(school)
    wanting.want("pupil03", OURS, 50.0)
    wanting.want("pupil04", COUPLED, 75.0)
    school.lms.set_fault("status", "lineitems", status=200, body=answer)
    deliver_due()
    assert wanting.in_gradebook() == {("pupil03", OURS): None, ("pupil04", COUPLED): 75.0}
    assert states() == {"sent", "waiting"}
    school.lms.clear_faults()
    due_now()
    deliver_due()
    assert wanting.in_gradebook() == wanting.newest


def test_two_links_whose_scores_go_to_one_column(school):
    """Deep linked, so the column carries our lesson's id; and pasted by a teacher beside it, without a column."""
    wanting = Wanting(school, (COUPLED,))
    plain = school.lms.launch_claims("pupil05", COUPLED)[
        "https://purl.imsglobal.org/spec/lti-ags/claim/endpoint"
    ]
    endpoint = {name: value for name, value in plain.items() if name != "lineitem"}
    year = school.lms.gradebook.column(COUPLED).tag
    for pupil in ("pupil05", "pupil06"):
        school.launch(pupil, COUPLED, resource_link={"id": "pasted", "title": "The same"}, endpoint=endpoint)
    with transaction():
        db.execute(sa.update(LineItem).where(LineItem.resource_id.is_not(None)).values(tag=year))
    assert wanting.people.keys() >= {"pupil05", "pupil06"}
    for pupil in ("pupil04", "pupil05", "pupil06"):
        wanting.want(pupil, COUPLED, 50.0)
    for _ in range(4):
        deliver_due()
        due_now()
    assert wanting.in_gradebook() == wanting.newest and states() == {"sent"}
    with transaction():
        assert len(set(db.scalars(sa.select(ResourceLink.line_item_id)))) == 1, (
            "both links know the column now"
        )


def test_waiting_for_a_column_uses_up_no_tries(school):
    wanting = Wanting(school)
    wanting.want("pupil03", OURS, 50.0)
    with transaction():  # as a worker leaves it that died while it made the column
        db.execute(
            sa.update(LineItem).values(
                leased_until=sa.select(sa.func.max(ScoreDelivery.due_at)).scalar_subquery()
            )
        )
        item = db.scalars(sa.select(LineItem).where(LineItem.resource_id.is_not(None))).one()
        item.leased_until = item.created_at + line_items.LEASE
    for _ in range(outcomes.MOST_TRIES + 1):
        deliver_due()
        due_now()
    with transaction():
        db.execute(sa.update(LineItem).values(leased_until=None))
    school.lms.set_fault("error", "scores", times=1)
    for _ in range(2):
        deliver_due()
        due_now()
    assert wanting.in_gradebook() == wanting.newest


def test_a_night_without_an_answer_uses_up_no_tries():
    tries = 0
    for _ in range(100):
        tries += outcomes.of_refusal(ServiceRefused(503), tries).counts
    for status in (500, 503, 500):
        outcome = outcomes.of_refusal(ServiceRefused(status), tries)
        tries += outcome.counts
        assert outcome.state == "waiting", (
            "the first error after a night without an answer is not the last word"
        )


def test_a_worker_and_a_pupil_who_hands_in_never_wait_for_each_other(school, watch):
    """Both lock two rows; in another order each would hold what the other needs."""
    wanting = Wanting(school)
    for link in (COUPLED, OURS):
        wanting.want("pupil03", link, 50.0)
    watch.delay = 0.3
    delivered: list[int] = []
    delivering = threading.Thread(target=lambda: delivered.append(deliver_due()))
    delivering.start()
    wait_until(lambda: watch.under_way, "the scores are being sent")
    with transaction():
        for link in (OURS, COUPLED):
            wanting.want_in_this_transaction("pupil03", link, 100.0)
            wanting.newest["pupil03", link] = 100.0
            db.flush()
            delivering.join(timeout=1.5 if link == OURS else 0)
    delivering.join(timeout=10)
    assert delivered == [2]
    due_now()
    deliver_due()
    assert wanting.in_gradebook() == wanting.newest
