"""What a gunicorn worker holds in memory once it has shown every page of every lesson, against 150 MB."""

import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import requests

from bench.answers import finish_lesson
from bench.figures import Figure, at_most
from bench.served import served
from bench.stage import stage
from core.database import db
from lessons import library
from people.sign_in import COOKIE, VISIT
from tests.browsers import Browser

MEGABYTES = 150.0
THREADS = 16
"""As many as gunicorn.conf.py has."""
ROUNDS = 2
LONGEST = 60
"""Seconds for one page; the first of all waits for the worker to start."""


def measure(rounds: int = ROUNDS) -> Iterator[Figure]:
    with stage("sqlite") as (app, school):
        tab = school.launch("cruz", "g4")
        for ref in library.course("ruc").lessons:  # hers to take, so its steps open one after another
            finish_lesson(tab, ref.id)
        paths = every_page()
        db.remove()
        environment = {
            "DATABASE_URL": app.config["SETTINGS"].database_url, "ALLOW_PRIVATE_NETWORK": "true",
            "PUBLIC_URL": "http://localhost:8000",
        }  # fmt: skip
        with served("wsgi", environment, threads=THREADS) as tool:
            show(tool.url, tab, paths * rounds)
            resident, proportional = (megabytes(tool.workers()[0], name) for name in ("Rss", "Pss"))
    of = f"gunicorn worker after {len(paths)} pages"
    yield at_most(f"{of}, resident", "MB", resident, MEGABYTES, "150 MB", 1)
    yield at_most(f"{of}, its share", "MB", proportional, MEGABYTES, "150 MB", 1)


def every_page() -> list[str]:
    """Courses, lessons, steps and quizzes, as a teacher who looks at all of them, and the class page."""
    paths = ["/completion/class", "/lessons/help"]
    for course in library.current_release().courses.values():
        paths.append(f"/lessons/{course.id}")
        for ref in course.lessons:
            lesson = f"/lessons/{course.id}/{ref.id}"
            steps = range(1, len(library.lesson(ref.id).steps) + 1)
            paths += [lesson, *(f"{lesson}/steps/{step}" for step in steps), f"/quizzes/{ref.id}"]
    return paths


def show(url: str, tab: Browser, paths: list[str]) -> None:
    """As many at a time as the worker has threads, since each keeps memory of its own."""

    def open_page(path: str) -> None:
        answer = requests.get(
            url + path,
            params={VISIT: tab.visit},
            headers={"Cookie": f"{COOKIE}={tab.secret}"},
            timeout=LONGEST,
        )
        assert answer.status_code == 200, (path, answer.status_code)
        assert answer.url.startswith(url + path), f"{path} led to {answer.url}"

    with ThreadPoolExecutor(THREADS) as clients:
        list(clients.map(open_page, paths))


def megabytes(pid: int, name: str) -> float:
    """Rss counts pages shared with other programs whole, Pss this worker's share of them."""
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
        if line.startswith(f"{name}:"):
            return int(line.split()[1]) / 1024
    raise LookupError(f"no {name} line in process {pid} of {os.uname().sysname}")
