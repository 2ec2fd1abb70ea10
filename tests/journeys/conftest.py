"""The street: what `make run` starts, as real processes on free ports, and people who walk it in Chromium."""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Playwright, expect, sync_playwright

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # One process for all sites: a login in a frame goes from site to site and back within milliseconds, and Playwright
    # waits for ever for a process that was gone before it answered. What cookies may do does not hang on this.
    "--disable-site-isolation-trials",
    "--disable-features=IsolateOrigins,site-per-process",  # the last such list counts: Playwright's own is gone
]
ROOT = Path(__file__).parents[2]

expect.set_options(timeout=15_000)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What a busy machine makes late gets a second try, and the run says how many needed one."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.flaky(reruns=1))


@dataclass
class Street:
    """The running whole: addresses, the folder with its data, and the API client of IT."""

    tool: str
    lms: str
    var: Path
    client: dict[str, str]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="session", params=["sqlite", "postgresql"])
def street(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Street]:
    from tests.postgres import running_postgres

    if request.param == "postgresql":
        with running_postgres() as url:
            yield from open_street(tmp_path_factory.mktemp("street"), {"DATABASE_URL": url})
    else:
        yield from open_street(tmp_path_factory.mktemp("street"), {})


def open_street(var: Path, extra: dict[str, str]) -> Iterator[Street]:
    ports = {"PORT": str(free_port()), "LMS_PORT": str(free_port())}
    environment = os.environ | ports | extra | {"PRACTICE_DIR": str(var)}
    running = subprocess.Popen(
        [sys.executable, "practice.py"],
        cwd=ROOT,
        env=environment,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    try:
        said = wait_until_ready(running)
        assert "Ready." in said, said + (var / "run.log").read_text()[-2000:]
        client = json.loads((var / "practice_client.json").read_text())
        yield Street(
            f"http://localhost:{ports['PORT']}", f"http://127.0.0.1:{ports['LMS_PORT']}", var, client
        )
    finally:
        running.send_signal(signal.SIGINT)
        assert running.wait(timeout=60) == 0, "Ctrl-C ends make run in good order"
        if running.stdout:
            running.stdout.close()
        for port in ports.values():
            assert not answers(int(port)), "nothing is left running"


def wait_until_ready(running: subprocess.Popen[str]) -> str:
    said: list[str] = []
    deadline = time.monotonic() + 90
    assert running.stdout is not None
    for line in running.stdout:
        said.append(line)
        if "running it again keeps the data" in line or time.monotonic() > deadline:
            break
    return "".join(said)


def answers(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    if CHROMIUM is None:
        pytest.skip("NO CHROMIUM: the walks were not walked. Install it: apt-get install chromium")
    with sync_playwright() as started:
        yield started


@pytest.fixture(params=["third-party cookies allowed", "third-party cookies blocked"])
def chromebook(
    playwright: Playwright, request: pytest.FixtureRequest, tmp_path: Path
) -> Iterator[BrowserContext]:
    """A pupil's browser with a profile of its own; blocking is Chromium's own setting, as a school sets it."""
    profile = tmp_path / "profile"
    (profile / "Default").mkdir(parents=True)
    blocked = "blocked" in request.param
    wanted = {"profile": {"cookie_controls_mode": int(blocked), "block_third_party_cookies": blocked}}
    (profile / "Default" / "Preferences").write_text(json.dumps(wanted))
    context = playwright.chromium.launch_persistent_context(
        profile, executable_path=CHROMIUM, args=ARGUMENTS, viewport={"width": 1100, "height": 900}
    )
    context.set_default_timeout(15_000)
    context.blocks_third_party = blocked
    yield context
    context.close()
