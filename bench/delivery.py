"""Scores to the gradebook by one worker, against bare POSTs to the same LMS; and what the LMS's own limit does.

The LMS lives in a process of its own on the other core, so what is timed is our half of the conversation.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import requests
import sqlalchemy as sa

from bench.figures import Figure, seconds_of
from bench.lms_apart import LmsApart, lms_apart
from bench.stage import DATABASES, THE_OTHER, stage
from core.clock import now
from core.database import db, transaction
from lti_tool.delivery import deliver_due
from lti_tool.keys import published_keys
from lti_tool.models import LineItem, Platform, ScoreDelivery
from lti_tool.registrations import forget_platforms
from lti_tool.scopes import SCORE_TYPE
from lti_tool.score_posts import ScorePost, score_body
from people.directory import link_identity
from people.models import Person
from tests.lms import School

SCORES = 500
A_SECOND = 500
ROUNDS = 8
"""The quickest round counts on either side: what else runs on a machine only ever slows."""

LEARNERS = 20
LIMIT = 100
"""Scores a second that the LMS takes when it is asked to be strict."""


def measure(scores: int = SCORES, rounds: int = ROUNDS, limit: int = LIMIT) -> Iterator[Figure]:
    for kind in DATABASES:
        with stage(kind) as (_app, school), school_apart(school, scores) as lms:
            deliver_all()
            took = [
                (seconds_of(lambda lms=lms: post_bare(lms, scores)), delivered_again()) for _ in range(rounds)
            ]
            yardstick, ours = (scores / min(each) for each in zip(*took, strict=True))
            yield Figure(
                f"score delivery, {kind}", "1/s", ours, yardstick, "bare POSTs on one connection",
                f">= {A_SECOND}/s, or 0.8 x",
                kept=ours >= A_SECOND or ours >= 0.8 * yardstick,  # a slow LMS is not our slowness
            )  # fmt: skip
            yield strict(kind, lms, limit)


@contextmanager
def school_apart(school: School, scores: int) -> Iterator[LmsApart]:
    with lms_apart({"keys": published_keys()}, -(-scores // LEARNERS), THE_OTHER) as lms:
        db.remove()
        queue(school, lms, scores)
        yield lms


def queue(school: School, lms: LmsApart, scores: int) -> None:
    """Our side of the same columns and learners: `scores` rows that wait."""
    platform = db.get_one(Platform, school.platform.id)
    platform.auth_token_url, platform.issuer, platform.client_id = lms.token_url, lms.issuer, lms.client_id
    people = [Person(district_id=school.district.id, audience="pupil") for _ in lms.learners[:LEARNERS]]
    items = [
        LineItem(district_id=school.district.id, platform_id=platform.id, url=url, label="Bench")
        for url in lms.columns
    ]
    db.add_all([*people, *items])
    db.flush()
    for person, user_id in zip(people, lms.learners, strict=False):
        link_identity(person, scheme="lti", issuer=str(platform.id), value=user_id, source="roster")
    rows = [
        {"district_id": school.district.id, "platform_id": platform.id, "line_item_id": item.id, "person_id": person.id,
         "score": 80.0, "scored_at": now()}
        for item in items for person in people
    ]  # fmt: skip
    db.execute(sa.insert(ScoreDelivery), rows[:scores])
    db.commit()
    forget_platforms()


def post_bare(lms: LmsApart, scores: int) -> None:
    """What any client must do at the least: build the body, post it, read the status."""
    at = now() - timedelta(days=1)
    with requests.Session() as session:
        session.headers.update(
            {"Authorization": f"Bearer {lms.bearer}", "Content-Type": SCORE_TYPE, "User-Agent": "bench"}
        )
        for number in range(scores):
            url = lms.columns[number // LEARNERS]
            body = score_body(ScorePost(url, lms.learners[number % LEARNERS], 80.0, at, None, True))
            answer = session.post(f"{url}/scores", data=body)
            assert answer.status_code in (200, 400), answer.text  # 400: a newer round is there already


def deliver_all() -> None:
    """Until nothing waits, as the worker does it; two minutes at the most."""
    last = time.monotonic() + 120
    while waiting():
        assert time.monotonic() < last, f"{waiting()} scores still wait"
        if not deliver_due():
            time.sleep(0.02)


def delivered_again() -> float:
    """Everybody's score has improved: seconds until the gradebook has them all."""
    with transaction():
        db.execute(
            sa.update(ScoreDelivery).values(
                wanted=ScoreDelivery.wanted + 1, state="waiting", due_at=now(), scored_at=now(), score=90.0
            )
        )
    return seconds_of(deliver_all)


def waiting() -> int:
    with transaction():
        return db.scalar(sa.select(sa.func.count()).where(ScoreDelivery.state != "sent")) or 0


def strict(kind: str, lms: LmsApart, limit: int) -> Figure:
    """Two pauses' worth of scores to an LMS that takes `limit` a second: none may come before a pause is over."""
    lms.allow(limit)
    with transaction():
        few = sa.select(ScoreDelivery.id).order_by(ScoreDelivery.id).limit(limit * 5 // 2)
        db.execute(
            sa.update(ScoreDelivery)
            .where(ScoreDelivery.id.in_(few))
            .values(wanted=ScoreDelivery.wanted + 1, state="waiting", due_at=now(), scored_at=now())
        )
    deliver_all()
    seen = lms.seen()
    return Figure(
        f"scores sent into an LMS's pause, {kind}",
        "scores",
        seen.early,
        seen.refused,
        "pauses it asked for",
        "none",
        kept=seen.early == 0 and seen.refused > 0,
    )
