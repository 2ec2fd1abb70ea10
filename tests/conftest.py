"""The stage: an app over a migrated database (SQLite and PostgreSQL), an empty one for every test, and its makers."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import settings

from access.radius_tally import forget as forget_tally
from app import create_app
from core import migrate
from core.database import Base, db
from core.glances import glancing_engine
from core.settings import Settings
from lti_tool.registrations import forget_platforms
from people import offices
from people.audit import COMMAND
from people.models import Classroom, District, Person, SchoolYear
from people.school_years import ensure_school_year, forget_school_years
from tests.browsers import Browser, sign_in_browser
from tests.lms import School, open_school
from tests.postgres import running_postgres

if TYPE_CHECKING:
    from lessons.linting.checking import Checked

settings.register_profile("ours", deadline=None)  # a busy machine is no fault of a rule
settings.load_profile("ours")

PUBLISHED = {"lesson_version", "curriculum_release", "requirement"}
"""The published curriculum stays from test to test; `no_curriculum` empties it."""


@pytest.fixture(scope="session", params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path_factory.mktemp('sqlite') / 'test.sqlite3'}"
        return
    with running_postgres() as url:
        yield url
        db.remove()


@pytest.fixture(scope="session")
def app(database_url: str) -> Iterator[Flask]:
    application = create_app(Settings(database_url=database_url, allow_private_network=True))
    application.testing = True
    if database_url.startswith("sqlite"):
        sa.event.listen(db.get_bind(), "connect", _without_waiting_for_the_disk)
        db.get_bind().dispose()  # type: ignore[union-attr]
    migrate.upgrade()
    yield application
    db.remove()
    db.get_bind().dispose()  # type: ignore[union-attr]


def _without_waiting_for_the_disk(connection, _record) -> None:
    """No test in process loses power, and PostgreSQL is started likewise; tests/processes keep it durable."""
    connection.execute("PRAGMA synchronous=OFF")


@pytest.fixture
def clean(app: Flask) -> Iterator[None]:
    yield
    db.remove()
    _empty(keep=PUBLISHED)


def _empty(keep: set[str]) -> None:
    forget_school_years()
    forget_platforms()
    forget_tally()
    emptying = [
        f"DELETE FROM {table.name}"
        for table in reversed(Base.metadata.sorted_tables)
        if table.name not in keep
    ]
    with db.get_bind().begin() as connection:  # type: ignore[union-attr]
        if connection.dialect.name == "postgresql":
            emptying = ["; ".join(emptying)]  # one round trip, not one for each table
        for statement in emptying:
            connection.exec_driver_sql(statement)


@pytest.fixture
def no_curriculum(clean: None) -> Iterator[None]:
    _empty(keep=set())
    yield
    db.remove()
    _empty(keep=set())


@pytest.fixture
def curriculum(clean: None) -> None:
    """The real curriculum, published; anew where a test has left another one, or a part of one."""
    from lessons.curriculum import publish

    found, database = _in_force(), str(db.get_bind().url)  # type: ignore[union-attr]
    if found is None or found != _ours.get(database):
        db.remove()
        _empty(
            keep=set(Base.metadata.tables) - PUBLISHED
        )  # what the test has made so far is not ours to remove
        publish(_checked())
        db.commit()
        _ours[database] = _in_force()
    db.remove()


_ours: dict[str, object] = {}


@cache
def _checked() -> "Checked":
    """Linting it is what would take the time, and the files do not change while the tests run."""
    from lessons.linting.checking import check_folder

    return check_folder(Path("curriculum"))


def _in_force() -> object:
    """What says that nobody has published or emptied anything since: the newest release and what it requires."""
    from completion.models import Requirement
    from lessons.models import CurriculumRelease

    newest = db.execute(
        sa.select(CurriculumRelease.id, CurriculumRelease.created_at).order_by(CurriculumRelease.id.desc())
    ).first()
    keys = db.scalars(sa.select(Requirement.key).order_by(Requirement.key)).all()
    return (tuple(newest), tuple(keys)) if newest else None


@pytest.fixture
def client(app: Flask, clean: None) -> FlaskClient:
    """Somebody who is not signed in."""
    return app.test_client()


@pytest.fixture
def district(clean: None) -> District:
    made = District(
        slug="evergreen",
        name="Evergreen School District",
        timezone="America/Los_Angeles",
        email_domains=["evergreen.example"],
    )
    db.add(made)
    db.flush()
    ensure_school_year(made)
    db.commit()
    return made


@pytest.fixture
def elsewhere(clean: None) -> District:
    """Another district: where outsiders come from."""
    made = District(slug="elsewhere", name="Elsewhere", timezone="America/New_York")
    db.add(made)
    db.flush()
    ensure_school_year(made)
    db.commit()
    return made


@pytest.fixture
def year(district: District) -> SchoolYear:
    made = ensure_school_year(district)
    db.commit()
    return made


@pytest.fixture
def classroom(district: District) -> Classroom:
    made = Classroom(district_id=district.id, title="Grade 4, Room 12")
    db.add(made)
    db.commit()
    return made


@pytest.fixture
def make_person(district: District):
    def make(audience: str = "pupil") -> Person:
        person = Person(district_id=district.id, audience=audience)
        db.add(person)
        db.commit()
        return person

    return make


@pytest.fixture
def signed_in(app: Flask, district: District, make_person):
    """signed_in(role="learner", person=None, classroom=None, browser=None) -> Browser in one tab."""

    def make(
        role: str = "learner",
        person: Person | None = None,
        classroom: Classroom | None = None,
        browser: Browser | None = None,
    ) -> Browser:
        person = person or make_person("pupil" if role == "learner" else "staff")
        return sign_in_browser(app, person, role, classroom, browser)

    return make


@pytest.fixture
def officer(make_person, signed_in):
    """officer("hr") -> Browser of somebody of the staff who holds the office."""

    def make(office: str) -> Browser:
        person = db.merge(make_person("staff"))
        offices.give(person, office, COMMAND)
        db.commit()
        return signed_in("teacher", person=person)

    return make


@pytest.fixture
def officer_elsewhere(app: Flask, elsewhere: District):
    """officer_elsewhere("hr") -> Browser of somebody who holds the office in another district."""

    def make(office: str) -> Browser:
        person = Person(district_id=elsewhere.id, audience="staff")
        db.add(person)
        db.flush()
        offices.give(person, office, COMMAND)
        db.commit()
        return sign_in_browser(app, person, "teacher", None)

    return make


@pytest.fixture
def count_queries(app: Flask):
    """with count_queries() as statements: ...; len(statements) is the number of statements sent."""

    @contextmanager
    def counting() -> Iterator[list[str]]:
        statements: list[str] = []

        def note(_connection, _cursor, statement, *_rest) -> None:
            if not statement.startswith(("BEGIN", "SAVEPOINT", "RELEASE")):
                statements.append(statement)

        engines = (db.get_bind(), glancing_engine())
        for engine in engines:
            sa.event.listen(engine, "before_cursor_execute", note)
        try:
            yield statements
        finally:
            for engine in engines:
                sa.event.remove(engine, "before_cursor_execute", note)

    return counting


@pytest.fixture(params=["canvas"])
def school(app: Flask, district: District, lms_keys, request: pytest.FixtureRequest) -> Iterator[School]:
    """A practice LMS on a free port; `@pytest.mark.parametrize("school", [...], indirect=True)` changes its kind."""
    with open_school(app, district, request.param, keys=lms_keys) as opened:
        yield opened


@pytest.fixture(scope="session")
def lms_keys():
    """One key ring for all practice LMSs of a session: making RSA keys is what would take the time."""
    from practice_lms import PracticeLms, PracticeSettings
    from tests.lms import REGISTRATION, TOOL

    return PracticeLms(
        PracticeSettings(
            base_url="http://127.0.0.1:8080", tool_url=TOOL, personality="canvas", registration=REGISTRATION
        )
    ).keys


_skipped: list[str] = []


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    if report.skipped and not hasattr(report, "wasxfail"):
        _skipped.append(
            f"{report.nodeid}: {report.longrepr[2] if isinstance(report.longrepr, tuple) else ''}"
        )


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Where every peer is installed (CI), a skip is a failure."""
    if os.environ.get("CI") and _skipped and session.exitstatus == 0:
        sys.stderr.write("\n  ".join(["\nSKIPPED, which CI does not allow:", *_skipped[:20]]) + "\n")
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
