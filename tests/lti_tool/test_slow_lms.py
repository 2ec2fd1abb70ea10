"""An LMS that answers, but so slowly that a worker's lease would run out before its rows are sent."""

from datetime import timedelta

import sqlalchemy as sa

from core.database import db
from lti_tool import claimed_scores, delivery
from lti_tool.models import ScoreDelivery
from tests.lti_tool.grading import want

PUPILS = ("pupil03", "pupil04", "pupil05", "pupil06", "pupil07", "pupil08")


def test_what_a_slow_lms_leaves_no_time_for_is_given_back_before_the_lease_ends(school, monkeypatch):
    monkeypatch.setattr(claimed_scores, "LEASE", timedelta(seconds=1))
    for name in PUPILS:
        want(school, school.launch(name, "g4-same-me").person, 80)
    school.lms.set_fault("slow", "scores", seconds=0.2)
    assert delivery.deliver_due() == len(PUPILS)
    db.remove()
    rows = db.scalars(sa.select(ScoreDelivery)).all()
    left = [row for row in rows if row.state == "waiting"]
    assert 0 < len(left) < len(PUPILS), "some were sent, and the others given back"
    assert {(row.leased_until, row.leased_by, row.tries) for row in left} == {(None, None, 0)}
    db.remove()

    school.lms.clear_faults()
    while delivery.deliver_due():
        pass
    assert len(school.lms.gradebook.scores) == len(PUPILS), "each score was sent once"


def test_a_slow_lms_is_no_reason_to_leave_long_unsaid_what_it_took(school, monkeypatch):
    monkeypatch.setattr(delivery, "SETTLE_WITHIN", 0.1)
    for name in PUPILS[:3]:
        want(school, school.launch(name, "g4-same-me").person, 80)
    school.lms.set_fault("slow", "scores", seconds=0.2, times=1)
    settled = []
    settle = delivery._settle
    monkeypatch.setattr(
        delivery, "_settle", lambda platform, rows: settled.append(len(rows)) or settle(platform, rows)
    )
    delivery.deliver_due()
    assert settled[0] == 1 and sum(settled) == 3, "what was slow is written down before the next is sent"
