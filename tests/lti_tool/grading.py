"""Scores that somebody should have, and the time that passes until a worker tries again."""

from datetime import UTC, datetime, timedelta

import sqlalchemy as sa
import time_machine

from core.database import db, transaction
from lti_tool.delivery import deliver_due
from lti_tool.models import Platform, ScoreDelivery
from lti_tool.scores import queue_score
from people.models import Person
from people.school_years import current_school_year

LESSON = "g4-same-me"
"""A lesson whose link came coupled to a column."""

PLAIN = "g4-my-day-in-blocks"
"""A lesson whose link has no column, so that ours is found or made."""


def want(school, person, score, lesson=LESSON, label="A lesson"):
    with transaction():
        queue_score(
            db.get_one(Person, person.id),
            target=f"/lessons/g4/{lesson}",
            resource_id=lesson,
            label=label,
            score=score,
            year=current_school_year(school.district.id),
        )


def let_time_pass():
    """Everything that waits is due now."""
    with transaction():
        db.execute(sa.update(ScoreDelivery).values(due_at=sa.literal_column("created_at"), leased_until=None))
        db.execute(sa.update(Platform).values(paused_until=None))


def deliver_all():
    """Until nothing is due at once."""
    for _ in range(6):
        deliver_due()
        let_time_pass()


def the_delivery() -> ScoreDelivery:
    db.remove()
    return db.scalars(sa.select(ScoreDelivery)).one()


def after(**time: float):
    return time_machine.travel(datetime.now(UTC) + timedelta(**time), tick=False)
