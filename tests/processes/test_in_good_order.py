"""Programs that are asked to stop finish what is under way, no more, and leave the rest to the next."""

import re
import signal
import subprocess
import threading
import time

import requests
import sqlalchemy as sa

from core.clock import now
from core.database import create_engine, db, transaction
from lti_tool.models import Context
from people.sign_in import COOKIE
from quizzes.models import Attempt, Response
from tests.processes.programs import BIN, ROOT, wait_until
from tests.processes.pupils import LESSON, QUESTIONS, Acknowledged, Pupil
from tests.processes.wanting import COUPLED, Wanting, leased, states

SLOW = 1.5
"""Seconds that each answer of a slow LMS takes."""


def test_a_worker_stops_within_one_call_to_a_slow_lms(school, programs, watch, chance, database_url):
    """Twelve scores and a roster of a page for each pupil would take half a minute."""
    wanting = Wanting(school, (COUPLED,))
    wanting.want_all(chance)
    with transaction():
        db.execute(sa.update(Context).values(memberships_url=Context.memberships_url + "?limit=1"))
    school.lms.set_fault("slow", "scores", seconds=SLOW)
    school.lms.set_fault("slow", "memberships", seconds=SLOW)
    worker = programs.start(BIN / "flask", "worker")
    wait_until(lambda: watch.under_way, "the worker is at work")
    began = time.monotonic()
    worker.send_signal(signal.SIGTERM if database_url.startswith("sqlite") else signal.SIGINT)
    assert worker.wait(timeout=30) == 0
    assert time.monotonic() - began < SLOW + 2, programs.said()[-500:]
    assert '"worker_stopped"' in programs.said() and "step_broke" not in programs.said()
    assert 1 <= len(watch.posts) <= 2 and watch.under_way == 0
    assert states() == {"sent", "waiting"} and leased() == 0, "the rest is free for the next worker"
    with transaction():
        assert db.scalars(sa.select(Context.roster_due_at)).one() <= now(), "and so is the roster"


def test_once_does_what_is_due_and_ends(school, programs, chance):
    wanting = Wanting(school)
    wanting.want_all(chance)
    done = subprocess.run(
        [BIN / "flask", "worker", "--once", "--json"],
        cwd=ROOT, env=programs.environment, timeout=60, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert re.search(rf'"scores": {len(wanting.newest)}\b', done.stdout) and '"rosters": 1' in done.stdout
    assert wanting.in_gradebook() == wanting.newest and states() == {"sent"}


def test_gunicorn_counts_over_its_workers_and_finishes_a_slow_request(school, programs, database_url):
    tab = school.launch("ana", LESSON)
    db.remove()
    master, port = programs.gunicorn()
    url = f"http://127.0.0.1:{port}"
    for _ in range(40):
        with requests.Session() as session:
            assert session.get(f"{url}/healthz", timeout=10).status_code == 200
    programs.kill_a_child_of(master)
    found = requests.get(f"{url}/metrics", timeout=30).text
    counted = re.findall(r'^http_requests_total{endpoint="health\.healthz".*} (\S+)$', found, re.M)
    assert [float(number) for number in counted] == [40.0], "the workers' numbers together, also a dead one's"

    noted, enough = Acknowledged(), threading.Event()
    pupil = Pupil(tab, url, noted, enough, 1)
    pupil.start()
    wait_until(lambda: noted.handed_in or noted.broken, "a quiz is handed in")
    enough.set()
    pupil.join(timeout=30)
    assert noted.broken == []
    started = pupil.press("POST", f"/quizzes/{LESSON}/attempts", wanted=303)
    attempt = started.headers["Location"].split("/attempts/")[1].split("/")[0].split("?")[0]
    saved: list[int] = []

    def save() -> None:
        saved.append(
            requests.put(
                f"{url}/quizzes/attempts/{attempt}/1", params={"visit": tab.visit}, json={"picks": ["a"]},
                headers={"Cookie": f"{COOKIE}={tab.secret}"}, timeout=30,
            ).status_code
        )  # fmt: skip

    saving = threading.Thread(target=save)
    other = create_engine(database_url)
    with other.begin() as somebody_else:  # who holds what the request needs: that makes it slow
        somebody_else.execute(sa.select(Attempt.id).filter_by(public_id=attempt).with_for_update())
        saving.start()
        time.sleep(0.5)
        master.send_signal(signal.SIGTERM)
        wait_until(lambda: "Handling signal: term" in programs.said(), "gunicorn was told")
        time.sleep(0.5)
        assert saving.is_alive() and master.poll() is None
    saving.join(timeout=20)
    assert saved == [204] and master.wait(timeout=20) == 0
    other.dispose()
    with transaction():
        mine = sa.select(Response.answer).join(Attempt).where(Attempt.public_id == attempt)
        assert db.scalars(mine).all() == [["a"]]
    assert len(noted.answers) % QUESTIONS == 0
