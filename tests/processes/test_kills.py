"""kill -9 at any moment loses no acknowledged answer and no grade."""

import random
import threading
import time

import requests
import sqlalchemy as sa

from completion.models import Evidence, Progress
from core.database import db, transaction
from lti_tool.models import Launch, ScoreDelivery
from lti_tool.scores import queue_score
from people.models import Person, SchoolYear
from people.sign_in import COOKIE
from quizzes.models import Attempt, Response
from tests.processes.conftest import fresh_session, wait_until

PUPILS = [f"pupil{number:02d}" for number in range(3, 23)]
LINKS = ("g4-same-me", "g4-my-day-in-blocks")
"""One with a column of its own, one whose column is ours to make."""


def want(people: dict[str, int], year_id: int, chance: random.Random) -> dict[tuple[str, str], float]:
    wanted = {}
    for name, person_id in people.items():
        for link in LINKS:
            score = float(chance.randrange(0, 101))
            with transaction():
                queue_score(
                    db.get_one(Person, person_id),
                    target=f"/lessons/g4/{link}",
                    resource_id=link,
                    label=link,
                    score=score,
                    year=db.get_one(SchoolYear, year_id),
                )
            wanted[name, link] = score
    return wanted


def everything_sent() -> bool:
    with fresh_session():
        return not db.scalar(sa.select(sa.func.count()).where(ScoreDelivery.state != "sent"))


def test_workers_that_are_killed_lose_no_grade(school, processes):
    people = {}
    for name in PUPILS:
        for link in LINKS:
            people[name] = school.launch(name, link).person.id
    year_id = db.scalars(sa.select(SchoolYear.id).filter_by(district_id=school.district.id)).one()
    db.remove()
    chance = random.Random(7)
    school.lms.set_fault("lost_answer", "scores", times=3)
    worker = processes.worker()
    for round_ in range(6):
        wanted = want(people, year_id, chance)
        if round_ == 2:
            school.lms.set_fault("error", "scores", times=4)
        if round_ == 3:
            school.lms.set_fault("too_many", "scores", times=1, retry_after=1)
        time.sleep(chance.uniform(0.05, 0.5))  # the moment of the kill is the point
        processes.kill(worker)
        worker = processes.worker()
    wait_until(everything_sent, "every score is sent", 60)
    got = {key: school.lms.gradebook.result(*key).score for key in wanted}
    assert got == wanted
    columns = [each for each in school.lms.gradebook.columns("g4-room-12") if each.resource_id == LINKS[1]]
    assert len(columns) == 1, "one column, however many workers died on the way to it"


def test_pages_that_are_killed_lose_no_acknowledged_answer(school, processes):
    master, port = processes.gunicorn()
    tabs = [school.launch(name, "g4-same-me") for name in PUPILS[:4]]
    db.remove()
    acknowledged: dict[str, set[str]] = {}
    handed_in: list[str] = []
    stop = threading.Event()

    def take(tab) -> None:
        session = requests.Session()
        session.trust_env = False
        session.headers["Cookie"] = f"{COOKIE}={tab.secret}"
        try:
            take_quizzes(session, f"http://127.0.0.1:{port}", tab.visit, acknowledged, handed_in, stop)
        except requests.RequestException:
            return  # the power went: nothing was acknowledged

    takers = [threading.Thread(target=take, args=(tab,)) for tab in tabs]
    for taker in takers:
        taker.start()
    wait_until(
        lambda: len(handed_in) >= 6 and len(acknowledged) > len(handed_in), "pupils are well under way"
    )
    processes.kill(master)
    stop.set()
    for taker in takers:
        taker.join(timeout=20)
    check_nothing_is_lost(acknowledged, handed_in)


def take_quizzes(session, url, visit, acknowledged, handed_in, stop) -> None:
    """A pupil who guesses: read the lesson, answer, hand in, again and again. Notes what was acknowledged."""
    key = {"visit": visit}
    lesson = f"{url}/lessons/g4/g4-same-me"
    session.post(lesson, params=key)
    for step in range(1, 15):
        session.post(f"{lesson}/steps/{step}", params=key)
    while not stop.is_set():
        started = session.post(f"{url}/quizzes/g4-same-me/attempts", params=key, allow_redirects=False)
        assert started.status_code == 303, started.text[-300:]
        attempt = started.headers["Location"].split("/attempts/")[1].split("/")[0].split("?")[0]
        for number in range(1, 5):
            address = f"{url}/quizzes/attempts/{attempt}/{number}"
            if session.put(address, params=key, json={"picks": ["a"]}).status_code == 204:
                acknowledged.setdefault(attempt, set()).add(str(number))
        done = session.post(f"{url}/quizzes/attempts/{attempt}/submit", params=key, allow_redirects=False)
        if done.status_code == 303:
            handed_in.append(attempt)


def check_nothing_is_lost(acknowledged: dict[str, set[str]], handed_in: list[str]) -> None:
    with fresh_session():
        kept = dict(
            db.execute(
                sa.select(Attempt.public_id, sa.func.count(Response.id))
                .join(Response, Response.attempt_id == Attempt.id)
                .group_by(Attempt.public_id)
            ).all()
        )
        for attempt, answers in acknowledged.items():
            assert kept[attempt] >= len(answers), "an acknowledged answer is gone"
        for attempt in handed_in:
            row = db.scalars(sa.select(Attempt).filter_by(public_id=attempt)).one()
            assert row.submitted_at is not None and row.score is not None
            progress = db.scalars(sa.select(Progress).filter_by(person_id=row.person_id)).one()
            assert progress.best_score is not None and progress.best_score >= row.score
            assert (
                db.scalars(sa.select(ScoreDelivery).filter_by(person_id=row.person_id)).one().score
                >= row.score
            )
            if row.passed:
                assert db.scalars(sa.select(Evidence.id).filter_by(person_id=row.person_id)).first()


def test_one_nonce_opens_one_launch_over_all_processes(school, processes):
    _, port = processes.gunicorn(workers=2)
    client = school.app.test_client()
    fields = school.fields("ana", "g4-same-me", client)
    cookie = client.get_cookie(COOKIE).value
    db.remove()
    together, statuses = threading.Barrier(8), []

    def post() -> None:
        together.wait()
        answer = requests.post(
            f"http://127.0.0.1:{port}/lti/launch",
            data=fields,
            allow_redirects=False,
            timeout=20,
            headers={"Cookie": f"{COOKIE}={cookie}"},
        )
        statuses.append(answer.status_code)

    threads = [threading.Thread(target=post) for _ in range(8)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert sorted(statuses) == [303] + [401] * 7
    with fresh_session():
        assert db.scalar(sa.select(sa.func.count(Launch.id))) == 1
