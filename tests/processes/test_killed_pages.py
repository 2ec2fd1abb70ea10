"""kill -9 of gunicorn or one of its workers loses no acknowledged answer and no half of a hand-in."""

import threading
import time

import sqlalchemy as sa

from completion.models import Evidence, Progress
from core.database import db, transaction
from lti_tool.models import ScoreDelivery
from quizzes.models import Attempt, Response
from tests.processes.programs import wait_until
from tests.processes.pupils import LESSON, QUESTIONS, Acknowledged, Pupil

PUPILS = [f"pupil{number:02d}" for number in range(3, 9)]


def test_pages_that_are_killed_lose_no_acknowledged_answer(school, programs, chance, record_property):
    tabs = [school.launch(name, LESSON) for name in PUPILS]
    db.remove()
    master, port = programs.gunicorn()
    noted, enough = Acknowledged(), threading.Event()
    pupils = [Pupil(tab, f"http://127.0.0.1:{port}", noted, enough, seed) for seed, tab in enumerate(tabs)]
    for pupil in pupils:
        pupil.start()
    try:
        for victim in ("worker", "all", "all for good"):
            more = len(noted) + chance.randint(20, 50)
            wait_until(lambda more=more: len(noted) >= more or noted.broken, "pupils are well under way")
            time.sleep(chance.uniform(0, 0.03))  # the moment of the kill is the point
            if victim == "worker":
                programs.kill_a_child_of(master)
                continue
            if victim == "all for good":
                enough.set()
            programs.kill(master)
            check_each_hand_in_is_whole()
            if victim == "all":
                master, _ = programs.gunicorn(port)
    finally:
        enough.set()
        programs.end_all()
        for pupil in pupils:
            pupil.join(timeout=40)
    assert noted.broken == [] and not any(pupil.is_alive() for pupil in pupils)
    check_nothing_is_lost(noted)
    record_property("figures", {"kills": 3, "answers": len(noted.answers), "handed in": len(noted.handed_in)})


def check_each_hand_in_is_whole() -> None:
    """Marks, best score, evidence and the wanted grade come together or not at all."""
    with transaction():
        attempts = db.scalars(sa.select(Attempt).where(Attempt.submitted_at.is_not(None))).all()
        for person_id in {attempt.person_id for attempt in attempts}:
            mine = [attempt for attempt in attempts if attempt.person_id == person_id]
            best = max(attempt.score for attempt in mine)
            part = {"person_id": person_id, "part": f"lesson:{LESSON}"}
            assert db.scalars(sa.select(Progress.best_score).filter_by(**part)).one() == best
            assert db.scalars(sa.select(ScoreDelivery.score).filter_by(person_id=person_id)).one() == best
            shown = db.scalars(sa.select(Evidence).filter_by(**part)).all()
            assert len(shown) == any(attempt.passed for attempt in mine)
        unmarked = sa.select(sa.func.count()).where(
            Response.points.is_(None) != Attempt.submitted_at.is_(None), Response.attempt_id == Attempt.id
        )
        assert db.scalar(unmarked) == 0, "an attempt is marked whole or not at all"


def check_nothing_is_lost(noted: Acknowledged) -> None:
    with transaction():
        attempts = {attempt.public_id: attempt for attempt in db.scalars(sa.select(Attempt))}
        kept = {(row.attempt_id, row.item_id): row.answer for row in db.scalars(sa.select(Response))}
    for (public_id, number), picks in noted.answers.items():
        attempt = attempts[public_id]
        assert kept[attempt.id, attempt.draw[number - 1]["item"]] == picks, "an acknowledged answer is gone"
    for public_id in noted.handed_in:
        assert attempts[public_id].submitted_at is not None, "an acknowledged hand-in is gone"
    assert len(noted.handed_in) >= len(PUPILS) and len(noted.answers) >= QUESTIONS * len(noted.handed_in)
