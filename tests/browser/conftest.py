"""Chromium, and the app on a free port, for the pages that are tried one by one."""

import shutil
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Playwright, sync_playwright
from werkzeug.serving import make_server

from people.models import District
from tests.browser.frames import ALLOWED, BLOCKED, NOTHING_AT_ALL, Framed, chromium_that, framed_school

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")

HERE = Path(__file__).parent


@pytest.hookimpl(tryfirst=True)
def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """A browser does not see which database stands behind a page: SQLite is enough here.

    tests/journeys walks on both. As a mark, for that is what keeps pytest from adding the fixture's own databases.
    """
    if "database_url" in metafunc.fixturenames:
        one = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True, scope="session")
        metafunc.definition.add_marker(one)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What a busy machine makes late gets a second try, and the run says how many needed one."""
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.flaky(reruns=1))


@pytest.fixture(scope="module")
def playwright() -> Iterator[Playwright]:
    if CHROMIUM is None:
        pytest.skip(
            "NO CHROMIUM: the pages were not tried in a browser. Install it: apt-get install chromium"
        )
    with sync_playwright() as started:
        yield started


@pytest.fixture(scope="module")
def chromium(playwright: Playwright) -> Iterator[Browser]:
    browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
    yield browser
    browser.close()


@pytest.fixture
def address(app: Flask) -> Iterator[str]:
    """Where the app answers, as long as the test runs."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    yield f"http://localhost:{server.server_port}"
    server.shutdown()
    thread.join(timeout=10)
    server.server_close()


@pytest.fixture
def framed(
    app: Flask, district: District, curriculum: None, lms_keys, request: pytest.FixtureRequest
) -> Iterator[Framed]:
    """The tool in the frame of an LMS of another site; `indirect` changes the kind of LMS."""
    with framed_school(app, district, getattr(request, "param", "canvas"), lms_keys) as opened:
        yield opened


@pytest.fixture
def allowing(playwright: Playwright, tmp_path: Path) -> Iterator[BrowserContext]:
    """Third-party cookies and storage are open."""
    with chromium_that(playwright, tmp_path / "allowing", ALLOWED) as context:
        yield context


@pytest.fixture
def blocking(playwright: Playwright, tmp_path: Path) -> Iterator[BrowserContext]:
    """Third-party cookies are blocked; partitioned ones pass."""
    with chromium_that(playwright, tmp_path / "blocking", BLOCKED) as context:
        yield context


@pytest.fixture
def keeping_nothing(playwright: Playwright, tmp_path: Path) -> Iterator[BrowserContext]:
    """No cookie and no storage for our site, in whatever window."""
    with chromium_that(playwright, tmp_path / "nothing", NOTHING_AT_ALL) as context:
        yield context


@pytest.fixture
def closed(playwright: Playwright, tmp_path: Path) -> Iterator[BrowserContext]:
    """Third-party cookies are blocked, and storage is not kept apart by site yet, so that it is closed in a frame."""
    older = "ThirdPartyStoragePartitioning"
    with chromium_that(playwright, tmp_path / "closed", BLOCKED, without=older) as context:
        yield context
