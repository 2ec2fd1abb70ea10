"""Real processes over a durable database: gunicorn, workers and a practice LMS, started and ended by each test."""

import os
import random
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask

from app import create_app
from core import migrate
from core.database import Base, db
from core.settings import Settings
from lessons.curriculum import publish_folder
from lti_tool.registrations import forget_platforms
from lti_tool.service_calls import forget_tokens
from people.models import District
from people.school_years import ensure_school_year, forget_school_years
from tests.conftest import PUBLISHED
from tests.lms import School, open_school
from tests.postgres import running_postgres
from tests.processes.bad_day import Watch
from tests.processes.programs import ROOT, Programs

SEED = 7
KINDS = {"sqlite": "moodle", "postgresql": "canvas"}
"""Each database meets another LMS: Moodle takes each whole second once, Canvas takes a repeated score again."""


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """fsync stays on: what was acknowledged must be there after a kill."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path_factory.mktemp('durable') / 'test.sqlite3'}"
        return
    with running_postgres(durable=True) as url:
        yield url


@pytest.fixture(scope="module")
def app(database_url: str) -> Iterator[Flask]:
    before = db.session_factory.kw.get("bind")
    application = create_app(Settings(database_url=database_url, allow_private_network=True))
    migrate.upgrade()
    publish_folder(ROOT / "curriculum")
    db.commit()
    db.remove()
    yield application
    db.get_bind().dispose()  # type: ignore[union-attr]
    db.remove()
    db.configure(bind=before)  # the database of the tests around us
    _forget()


def _forget() -> None:
    """What this process remembers of a database that is emptied or gone."""
    forget_school_years()
    forget_platforms()
    forget_tokens()


@pytest.fixture
def school(app: Flask, lms_keys: object) -> Iterator[School]:
    """A district and its LMS. Nothing here may hold a transaction: on SQLite the other processes would wait."""
    _forget()
    district = District(slug="evergreen", name="Evergreen", timezone="UTC", email_domains=[])
    db.add(district)
    db.flush()
    ensure_school_year(district)
    db.commit()
    kind = KINDS[db.get_bind().dialect.name]
    with open_school(app, district, kind, keys=lms_keys) as opened:
        db.remove()
        yield opened
    db.remove()
    with db.get_bind().begin() as connection:  # type: ignore[union-attr]
        for table in reversed(Base.metadata.sorted_tables):
            if table.name not in PUBLISHED:
                connection.execute(sa.delete(table))
    _forget()


@pytest.fixture
def programs(school: School, database_url: str, tmp_path: Path) -> Iterator[Programs]:
    environment = os.environ | {
        "DATABASE_URL": database_url,
        "ALLOW_PRIVATE_NETWORK": "true",
        "PUBLIC_URL": "http://localhost:8000",
    }
    started = Programs(environment, tmp_path / "programs.log")
    yield started
    started.end_all()
    if "Traceback" in started.said():
        sys.stderr.write(started.said()[-4000:])  # pytest shows it with a test that failed


@pytest.fixture
def watch(school: School) -> Watch:
    """Sees every score on its way into the LMS."""
    return Watch.over(school.lms)


@pytest.fixture
def chance() -> random.Random:
    return random.Random(SEED)
