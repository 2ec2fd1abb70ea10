"""A page as somebody sees it in a browser of some width and theme, and what is wrong with it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser as Chromium
from playwright.sync_api import BrowserContext, Page, Request

from people.sign_in import COOKIE, VISIT
from tests.browsers import Browser

Axe = pytest.importorskip(
    "axe_playwright_python.sync_playwright", reason="pip install -r requirements-dev.txt"
).Axe

AA = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa")
"""WCAG 2.1 A and AA."""

AND_GOOD_PRACTICE = (*AA, "best-practice")

# What it would say of rules that pass is most of what it says, and takes longer to fetch than to find.
RUN = """rules => axe.run({runOnly: rules, resultTypes: ["violations"]}).then(found => ({
    passed: found.passes.length, violations: found.violations.map(each => [each.id, each.nodes[0].html]) }))"""


LOOKS: tuple[tuple[int, dict[str, str]], ...] = (
    (320, {}),
    (640, {}),
    (1280, {}),
    (1280, {"color_scheme": "dark"}),
    (1280, {"contrast": "more"}),
)
"""(width, options of the context) in which a page is looked at."""


@contextmanager
def windows(
    chromium: Chromium, address: str, complaints: list[str] | None = None
) -> Iterator[Callable[..., Page]]:
    """Yields open(path, who, width, height, script, **options of the context) -> Page, each in a window of its own.

    who         None is somebody who is not signed in
    script      runs before any of the page's own
    complaints  takes down whatever the browser complains about, and requests to others than us
    """
    contexts: list[BrowserContext] = []

    def opened(
        path: str,
        who: Browser | None = None,
        width: int = 1280,
        height: int = 800,
        script: str = "",
        **options: object,
    ) -> Page:
        context = chromium.new_context(viewport={"width": width, "height": height}, **options)
        contexts.append(context)
        if who:
            context.add_cookies([{"name": COOKIE, "value": who.secret, "url": address}])
            path += f"{'&' if '?' in path else '?'}{VISIT}={who.visit}"
        if script:
            context.add_init_script(script)
        page = context.new_page()
        if complaints is not None:
            _take_down(page, complaints)
        page.goto(address + path)
        return page

    yield opened
    for context in contexts:
        context.close()


def _take_down(page: Page, complaints: list[str]) -> None:
    def sent(request: Request) -> None:
        if urlsplit(request.url).hostname not in ("localhost", "") and not request.url.startswith("data:"):
            complaints.append(f"third party: {request.url}")

    page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("request", sent)


def sticks_out(page: Page) -> int:
    """How many pixels the page is wider than its frame."""
    wider: int = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    return wider


def findings(page: Page, rules: tuple[str, ...] = AA) -> list[str]:
    """What axe has against the page, and whether it looked at anything."""
    page.evaluate(Axe().axe_script)
    found = page.evaluate(RUN, list(rules))
    assert found["passed"] > 5, f"{page.url}: axe looked at nothing"
    return [f"{page.url}: {rule}: {html}" for rule, html in found["violations"]]


def is_sound_in_every_look(open_page: Callable[..., Page], path: str) -> None:
    """Nothing sticks out and axe finds nothing, at any width and in any theme."""
    for width, options in LOOKS:
        page = open_page(path, width=width, **options)
        assert sticks_out(page) == 0, (path, width)
        assert findings(page) == [], (path, width, options)
