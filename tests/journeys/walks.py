"""What people do, step by step, in the frame of the practice LMS (house: the walks)."""

import re
from collections.abc import Callable
from contextlib import suppress
from functools import cache
from pathlib import Path

import yaml
from playwright.sync_api import BrowserContext, FrameLocator, Page, expect
from playwright.sync_api import Error as PlaywrightError


@cache
def keys() -> dict[str, list[str]]:
    """{question: its right answers}, read from the curriculum as a very good pupil knows it."""
    found: dict[str, list[str]] = {}
    for path in Path("curriculum").rglob("items.yaml"):
        for item in yaml.safe_load(path.read_text())["items"]:
            right = [option["text"] for option in item.get("options", ()) if option.get("correct")]
            found[_plain(item["stem"])] = [_plain(text) for text in right]
    return found


def _plain(text: str) -> str:
    return re.sub(r"\s+", " ", text.replace("**", "")).strip()


def open_in_course(context: BrowserContext, lms: str, person: str, link: str) -> tuple[Page, FrameLocator]:
    """The course page of the LMS with our lesson in its frame."""
    page = context.new_page()
    page.goto(f"{lms}/people/{person}/{link}")
    return page, page.frame_locator("iframe#tool")


def open_and_read(context: BrowserContext, lms: str, person: str, link: str) -> FrameLocator:
    """Open an item and read to its quiz; what was left half-way is opened again, and goes on where it was."""
    for attempt in range(4):
        page, frame = open_in_course(context, lms, person, link)
        try:
            read_the_lesson(frame)
            return frame
        except (AssertionError, PlaywrightError):
            page.close()
            if attempt == 3:
                raise
    raise AssertionError("unreachable")


def read_the_lesson(frame: FrameLocator) -> None:
    """From the front of a lesson to its quiz, answering what is asked on the way."""
    steps = frame.locator(".player")
    start = frame.get_by_role("button", name=re.compile("^(Start|Continue)"))
    expect(start).to_be_visible()
    for _ in range(3):  # the LMS fits the frame to the page as it opens, and a tap can fall beside the button
        if start.count():
            start.click()
        with suppress(AssertionError):
            expect(steps).to_be_visible(timeout=5_000)
            break
    expect(steps).to_contain_text(re.compile(r"\d+ of \d+"))
    first, last = (int(each) for each in re.search(r"(\d+) of (\d+)", steps.inner_text()).groups())
    for number in range(first, last + 1):
        expect(steps).to_contain_text(f"{number} of {last}")
        if frame.get_by_role("button", name="Check my answer").count():
            answer_practice(frame)
        if number < last:
            press(
                frame,
                "Go on",
                lambda wait, n=number + 1: expect(steps).to_contain_text(f"{n} of {last}", timeout=wait),
            )
    quiz = frame.get_by_role("button", name="Start the quiz")
    press(frame, "To the quiz", lambda wait: expect(quiz).to_be_visible(timeout=wait))


def press(frame: FrameLocator, name: str, arrived: Callable[[int], None]) -> None:
    """Press until it has led on: a tap can fall beside a button while the LMS fits the frame to the page.

    Leaving a step twice is leaving it once, so a tap too many does no harm.
    """
    for _ in range(4):
        button = frame.get_by_role("button", name=name)
        if button.count():
            with suppress(PlaywrightError):
                button.click(timeout=5_000)
        with suppress(AssertionError):
            arrived(5_000)
            return
    arrived(15_000)


def answer_practice(frame: FrameLocator) -> None:
    """Pick what is right, so that the way on opens."""
    pick_right(frame, frame.locator("form#practice fieldset legend").first.inner_text())
    frame.get_by_role("button", name="Check my answer").click()
    expect(frame.get_by_role("button", name="Check my answer")).to_have_count(0)


def pick_right(frame: FrameLocator, asked: str) -> None:
    right = keys()[_plain(asked)]
    for text in right:
        frame.locator("label").filter(
            has_text=re.compile(r"\s*" + re.escape(text).replace(r"\ ", r"\s+"))
        ).first.click()


def take_the_quiz(frame: FrameLocator) -> None:
    """Every question right, handed in."""
    frame.get_by_role("button", name=re.compile("Start the quiz|Go on with the quiz")).click()
    for _ in range(12):
        legend = frame.locator("form[data-autosave] legend")
        expect(legend).to_be_visible()
        asked = legend.inner_text()
        pick_right(frame, asked)
        button = frame.get_by_role("button", name=re.compile("^Save and"))
        last = "look over" in button.inner_text()
        button.click()
        if last:
            break
        expect(legend).not_to_have_text(asked)
    frame.get_by_role("button", name="Hand in my answers").click()
