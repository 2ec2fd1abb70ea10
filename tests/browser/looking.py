"""A page as somebody sees it in a browser of some width and theme, and what is wrong with it."""

import os
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
RUN = """([rules, colors]) => axe.run({
    runOnly: rules, rules: {"color-contrast": {enabled: colors}}, resultTypes: ["violations"]
}).then(found => ({
    passed: found.passes.length, violations: found.violations.map(each => [each.id, each.nodes[0].html]) }))"""


LOOKS = ((320, "light", "no-preference"), (640, "dark", "no-preference"), (1280, "light", "more"))
"""(width, color scheme, contrast) in which a page is looked at."""


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


def findings(page: Page, rules: tuple[str, ...] = AA, *, colors: bool = True) -> list[str]:
    """What axe has against the page, and whether it looked at anything.

    colors  whether contrasts are measured, which takes four fifths of the time; not needed of every page of a kind
    """
    if not page.evaluate("window.axe"):
        page.evaluate(Axe().axe_script)
    found = page.evaluate(RUN, [list(rules), colors])
    assert found["passed"] > 5, f"{page.url}: axe looked at nothing"
    return [f"{page.url}: {rule}: {html}" for rule, html in found["violations"]]


def in_every_look(page: Page) -> Iterator[str]:
    """The page in one look after the other. It is not loaded anew: no script of ours asks how wide a window is.

    SCREENSHOTS=folder keeps a picture of each.
    """
    for width, scheme, contrast in LOOKS:
        page.set_viewport_size({"width": width, "height": 800})
        page.emulate_media(
            color_scheme=scheme, contrast=contrast, reduced_motion="reduce"
        )  # nor half faded in
        look = f"{urlsplit(page.url).path.strip('/').replace('/', '-')}-{width}-{scheme}-{contrast}"
        if folder := os.environ.get("SCREENSHOTS"):
            page.screenshot(path=f"{folder}/{look}.png", full_page=True)
        yield look


def is_sound_in_every_look(page: Page, rules: tuple[str, ...] = AA) -> None:
    """Nothing sticks out and axe finds nothing, at any width and in any theme."""
    assert page.locator("h1:visible").count() == 1, page.url
    for look in in_every_look(page):
        assert sticks_out(page) <= 0, look
        assert findings(page, rules) == [], look
