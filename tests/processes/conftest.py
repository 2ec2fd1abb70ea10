"""Real processes over a durable database: gunicorn, workers and a practice LMS, started and ended by each test."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from flask import Flask

from app import create_app
from core import migrate
from core.database import connect, db
from core.settings import Settings
from lessons.curriculum import publish_folder
from people.models import District
from people.school_years import ensure_school_year, forget_school_years
from tests.lms import School, open_school
from tests.postgres import running_postgres

ROOT = Path(__file__).parents[2]
BIN = Path(sys.executable).parent


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """fsync stays on: what was acknowledged must be there after a kill."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path_factory.mktemp('durable') / 'test.sqlite3'}"
        return
    with running_postgres(durable=True) as url:
        yield url
        db.remove()


@pytest.fixture(scope="module")
def app(database_url: str) -> Iterator[Flask]:
    application = create_app(Settings(database_url=database_url, allow_private_network=True))
    migrate.upgrade()
    publish_folder(ROOT / "curriculum")
    db.commit()
    yield application
    db.remove()
    db.get_bind().dispose()  # type: ignore[union-attr]
    connect("sqlite:///:memory:")


@pytest.fixture
def school(app: Flask, lms_keys) -> Iterator[School]:
    forget_school_years()
    district = District(slug=f"d{time.monotonic_ns()}", name="Evergreen", timezone="UTC", email_domains=[])
    db.add(district)
    db.flush()
    ensure_school_year(district)
    db.commit()
    with open_school(app, district, keys=lms_keys) as opened:
        db.remove()  # an open transaction here would hold SQLite's write lock against the other processes
        yield opened
    db.remove()
    with db.get_bind().begin() as connection:  # type: ignore[union-attr]
        from core.database import Base

        for table in reversed(Base.metadata.sorted_tables):
            if table.name not in ("lesson_version", "curriculum_release", "requirement"):
                connection.execute(table.delete())


@pytest.fixture
def environment(database_url: str) -> dict[str, str]:
    return os.environ | {
        "DATABASE_URL": database_url,
        "ALLOW_PRIVATE_NETWORK": "true",
        "PUBLIC_URL": "http://localhost:8000",
    }


class Processes:
    """Starts our programs, kills them on request, and leaves none behind."""

    def __init__(self, environment: dict[str, str], log: Path) -> None:
        self.environment, self.log = environment, log
        self.running: list[subprocess.Popen[bytes]] = []

    def start(self, *command: object) -> subprocess.Popen[bytes]:
        with self.log.open("ab") as out:
            process = subprocess.Popen(
                [str(each) for each in command],
                cwd=ROOT,
                env=self.environment,
                stdout=out,
                stderr=out,
                start_new_session=True,
            )
        self.running.append(process)
        return process

    def worker(self, lease: float = 1.0) -> subprocess.Popen[bytes]:
        return self.start(sys.executable, "-m", "tests.processes.short_lease", lease)

    def gunicorn(self, workers: int = 2) -> tuple[subprocess.Popen[bytes], int]:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = int(probe.getsockname()[1])
        master = self.start(BIN / "gunicorn", "wsgi", "--bind", f"127.0.0.1:{port}", "--workers", workers)
        wait_until(lambda: _answers(port), "gunicorn answers")
        return master, port

    def kill(self, process: subprocess.Popen[bytes]) -> None:
        """kill -9, the whole group: a power cut as far as the program can tell."""
        os.killpg(process.pid, signal.SIGKILL)
        process.wait(timeout=10)

    def end_all(self) -> None:
        for process in self.running:
            if process.poll() is None:
                self.kill(process)


def _answers(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def wait_until(done: Callable[[], bool], what: str, seconds: float = 40) -> None:
    deadline = time.monotonic() + seconds
    while not done():
        assert time.monotonic() < deadline, f"waited {seconds} s in vain until {what}"
        time.sleep(0.05)


@pytest.fixture
def processes(environment: dict[str, str], tmp_path: Path) -> Iterator[Processes]:
    started = Processes(environment, tmp_path / "processes.log")
    yield started
    started.end_all()


@contextmanager
def fresh_session() -> Iterator[None]:
    db.remove()
    yield
    db.remove()
