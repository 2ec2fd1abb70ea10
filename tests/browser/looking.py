"""A page as somebody sees it in a browser of some width and theme, and what is wrong with it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Browser as Chromium
from playwright.sync_api import BrowserContext, Page

from people.sign_in import COOKIE, VISIT
from tests.browsers import Browser

Axe = pytest.importorskip(
    "axe_playwright_python.sync_playwright", reason="pip install -r requirements-dev.txt"
).Axe

AA = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]}
"""WCAG 2.1 A and AA."""


@contextmanager
def windows(chromium: Chromium, address: str) -> Iterator[Callable[..., Page]]:
    """Yields open(path, who, width, height, **options of the context) -> Page, each in a window of its own.

    `who` None is somebody who is not signed in.
    """
    contexts: list[BrowserContext] = []

    def opened(
        path: str, who: Browser | None = None, width: int = 1280, height: int = 800, **options: object
    ) -> Page:
        context = chromium.new_context(viewport={"width": width, "height": height}, **options)
        contexts.append(context)
        if who:
            context.add_cookies([{"name": COOKIE, "value": who.secret, "url": address}])
            path += f"{'&' if '?' in path else '?'}{VISIT}={who.visit}"
        page = context.new_page()
        page.goto(address + path)
        return page

    yield opened
    for context in contexts:
        context.close()


def sticks_out(page: Page) -> int:
    """How many pixels the page is wider than its frame."""
    wider: int = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    return wider


def findings(page: Page) -> list[str]:
    """What axe has against the page."""
    found = Axe().run(page, options=AA).response["violations"]
    return [f"{page.url}: {each['id']}: {each['nodes'][0]['html']}" for each in found]
