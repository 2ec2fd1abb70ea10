"""A migrated database with the curriculum, an app over it, and a practice LMS introduced to it."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

import structlog
from flask import Flask
from werkzeug.test import EnvironBuilder, run_wsgi_app

from app import create_app
from core import migrate
from core.database import connect, db, transaction
from core.settings import Settings
from lessons.curriculum import publish
from lessons.linting.checking import Checked, check_folder
from people.models import District
from people.school_years import ensure_school_year
from tests.lms import School, open_school
from tests.postgres import running_postgres

DATABASES = ("sqlite", "postgresql")
CORES = sorted(os.sched_getaffinity(0))
OURS, THE_OTHER = CORES[0], CORES[-1]
"""Where we run, and where an LMS or a client runs. A database server runs where it likes."""


@contextmanager
def database(kind: str) -> Iterator[str]:
    """A durable one: fsync stays on, since that is what a commit costs."""
    if kind == "postgresql":
        with running_postgres(durable=True) as url:
            yield url
        return
    with tempfile.TemporaryDirectory(prefix="bench-", dir=os.environ.get("BENCH_DIR")) as folder:
        yield f"sqlite:///{folder}/bench.sqlite3"


@contextmanager
def stage(kind: str) -> Iterator[tuple[Flask, School]]:
    with database(kind) as url:
        app = create_app(Settings(database_url=url, allow_private_network=True))
        quiet()
        migrate.upgrade()
        with transaction():
            publish(_checked())
        district = District(slug="bench", name="Bench", timezone="America/Los_Angeles", email_domains=[])
        db.add(district)
        db.flush()
        ensure_school_year(district)
        db.commit()
        try:
            with one_core(), open_school(app, district) as school:
                db.remove()  # an open transaction here would hold SQLite's write lock against the server
                yield app, school
        finally:
            db.remove()
            db.get_bind().dispose()
            connect("sqlite:///:memory:")


@cache
def _checked() -> Checked:
    """Once for both databases: linting takes longer than publishing."""
    return check_folder(Path("curriculum"))


@contextmanager
def one_core() -> Iterator[None]:
    """This thread, and the threads and programs it starts, on a core of their own."""
    os.sched_setaffinity(0, {OURS})
    try:
        yield
    finally:
        os.sched_setaffinity(0, CORES)


def quiet() -> None:
    """Log lines are written, as in production, but nowhere."""
    structlog.configure(logger_factory=structlog.WriteLoggerFactory(file=open(os.devnull, "w")))  # noqa: SIM115


def call(
    app: Flask, path: str, method: str = "GET", cookie: str | None = None, **options: object
) -> dict[str, str]:
    """One request straight into WSGI: what is timed is the application, not a client."""
    builder = EnvironBuilder(path, base_url="http://localhost:8000", method=method, **options)
    if cookie:
        builder.headers["Cookie"] = cookie
    environ = builder.get_environ()
    body, status, headers = run_wsgi_app(app, environ, buffered=True)
    assert status[0] in "23", (status, path, b"".join(body)[-500:])
    return dict(headers)
