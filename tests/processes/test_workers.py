"""Workers beside each other, at their end, and with a step that breaks."""

import signal
import subprocess
import threading
import time

import requests

from core.database import db
from tests.processes.conftest import BIN, ROOT, wait_until
from tests.processes.test_kills import PUPILS, everything_sent, want
from worker import Step, run_lane


def seats(school, links=("g4-same-me", "g4-my-day-in-blocks")):
    people = {name: school.launch(name, link).person.id for name in PUPILS for link in links}
    from people.school_years import current_school_year

    year_id = current_school_year(school.district.id).id
    db.remove()
    return people, year_id


def test_two_workers_send_each_score_once_and_make_one_column(school, processes):
    import random

    people, year_id = seats(school)
    for _ in range(2):
        processes.worker(lease=60)
    wanted = want(people, year_id, random.Random(3))
    wait_until(everything_sent, "every score is sent")
    assert {key: school.lms.gradebook.result(*key).score for key in wanted} == wanted
    sent = [
        (score.user_id, score.line_item_id, score.body["timestamp"]) for score in school.lms.gradebook.scores
    ]
    assert len(sent) == len(set(sent)), "no score was sent twice"
    assert (
        len([c for c in school.lms.gradebook.columns("g4-room-12") if c.resource_id == "g4-my-day-in-blocks"])
        == 1
    )


def test_a_worker_stops_in_good_order(processes, school):
    for name in (signal.SIGTERM, signal.SIGINT):
        worker = processes.worker()
        wait_until(lambda: "worker_started" in processes.log.read_text(), "the worker runs")
        worker.send_signal(name)
        assert worker.wait(timeout=15) == 0
        processes.log.write_text("")


def test_once_does_what_is_due_and_ends(school, environment):
    import random

    people, year_id = seats(school, ("g4-same-me",))
    want({"pupil03": people["pupil03"]}, year_id, random.Random(1))
    done = subprocess.run(
        [BIN / "flask", "worker", "--once", "--json"],
        cwd=ROOT,
        env=environment,
        timeout=60,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert '"scores":' in done.stdout and school.lms.gradebook.result("pupil03", "g4-same-me") is not None


def test_a_step_that_breaks_is_tried_again_and_stops_nobody(app):
    stop, looks = threading.Event(), []

    def broken() -> int:
        looks.append(1)
        if len(looks) >= 3:
            stop.set()
        raise RuntimeError("the LMS did something nobody foresaw")

    lane = threading.Thread(target=run_lane, args=(Step("broken", broken, 0.01), stop))
    lane.start()
    lane.join(timeout=10)
    assert not lane.is_alive() and len(looks) == 3


def test_metrics_add_up_over_gunicorns_workers(school, processes):
    master, port = processes.gunicorn(workers=2)
    for _ in range(20):
        assert requests.get(f"http://127.0.0.1:{port}/readyz", timeout=10).status_code == 200
    found = requests.get(f"http://127.0.0.1:{port}/metrics", timeout=10).text
    line = next(
        each
        for each in found.splitlines()
        if each.startswith("http_requests_total") and 'endpoint="health.readyz"' in each
    )
    assert float(line.rsplit(" ", 1)[1]) >= 20
    began = time.monotonic()
    master.send_signal(signal.SIGTERM)
    assert master.wait(timeout=40) == 0 and time.monotonic() - began < 40
