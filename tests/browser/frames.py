"""A course page of another site with our lesson in its frame, and browsers that keep cookies and storage from it."""

import json
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from flask import Flask
from playwright.sync_api import BrowserContext, Frame, FrameLocator, Page, Playwright
from werkzeug.serving import WSGIRequestHandler, make_server

from core.database import db
from people.models import District
from practice_lms import PracticeLms, PracticeSettings, Registration
from practice_lms.server import running
from tests.journeys.conftest import ARGUMENTS, CHROMIUM
from tests.lms import School

ALLOWED = {"cookie_controls_mode": 0, "block_third_party_cookies": False}
"""Chromium's own settings, as a school sets them."""
BLOCKED = {"cookie_controls_mode": 1, "block_third_party_cookies": True}
"""Measured (156): partitioned cookies pass, and the frame's storage is open, kept apart by the site around it."""
NOTHING_AT_ALL = BLOCKED | {
    "content_settings": {"exceptions": {"cookies": {"[*.]localhost,*": {"setting": 2}}}}
}
"""Our site may keep nothing, in whatever window."""


class OlderBrowser:
    """What a browser makes of our cookies, played by the way they are sent.

    `drops` is "" (all as it is), "Partitioned" (a browser that does not know the word: the cookie is an ordinary
    one of a third party) or "Set-Cookie" (keeps none of ours in a frame, yet the frame may keep things, as in Safari).
    """

    def __init__(self, app: Callable[..., Iterable[bytes]]) -> None:
        self.app, self.drops = app, ""

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        def start(status: str, headers: list[tuple[str, str]], *more: Any) -> Any:
            framed = environ.get("HTTP_SEC_FETCH_DEST") != "document"
            if self.drops == "Partitioned":
                headers = [(name, value.replace("; Partitioned", "")) for name, value in headers]
            elif self.drops == "Set-Cookie" and framed:
                headers = [each for each in headers if each[0] != "Set-Cookie"]
            return start_response(status, headers, *more)

        return self.app(environ, start)


@dataclass
class Framed:
    """The tool and the LMS, served on two sites; `asked` is every line of a request as an access log would have it."""

    address: str
    school: School
    older: OlderBrowser
    asked: list[str] = field(default_factory=list)

    @property
    def lms(self) -> PracticeLms:
        return self.school.lms

    def open(
        self, context: BrowserContext, person: str = "ana", link: str = "g4-same-me"
    ) -> tuple[Page, FrameLocator]:
        page = context.new_page()
        page.goto(f"{self.lms.base_url}/people/{person}/{link}")
        return page, page.frame_locator("iframe#tool")

    def frame(self, page: Page) -> Frame:
        return next(each for each in page.frames if each.url.startswith(self.address))


@contextmanager
def framed_school(app: Flask, district: District, personality: str, keys: Any) -> Iterator[Framed]:
    asked: list[str] = []

    class Noting(WSGIRequestHandler):
        def log_request(self, *_: Any) -> None:
            asked.append(self.requestline)

    older = OlderBrowser(app)
    server = make_server("127.0.0.1", 0, older, threaded=True, request_handler=Noting)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    address = f"http://localhost:{server.server_port}"
    usual = app.config["SETTINGS"]
    app.config["SETTINGS"] = replace(usual, public_url=address)
    registration = Registration.of_tool(address, "10000000000001", ("1:evergreen",))
    settings = PracticeSettings(tool_url=address, personality=personality, registration=registration)
    lms = PracticeLms(settings, keys=keys)
    try:
        with running(lms):
            school = School(app, district, lms)
            db.remove()
            yield Framed(address, school, older, asked)
    finally:
        app.config["SETTINGS"] = usual
        server.shutdown()
        thread.join(timeout=10)
        server.server_close()


@contextmanager
def chromium_that(
    playwright: Playwright, profile: Path, wants: dict[str, Any], *, without: str = ""
) -> Iterator[BrowserContext]:
    """Chromium with a profile of its own and these preferences in it; `without` names features it shall not have."""
    features = f"--disable-features=IsolateOrigins,site-per-process,{without}"
    (profile / "Default").mkdir(parents=True)
    (profile / "Default" / "Preferences").write_text(json.dumps({"profile": wants}))
    context = playwright.chromium.launch_persistent_context(
        profile,
        executable_path=CHROMIUM,
        args=[*ARGUMENTS, features],
        viewport={"width": 1100, "height": 900},
    )
    context.set_default_timeout(15_000)
    yield context
    context.close()
