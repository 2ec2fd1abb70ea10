"""Every lesson as it is read: each card, the quiz, and what is printed around it, at the size its readers have.

Half of the lessons are looked at in the dark, half on a narrow screen, in turn. What axe finds, what sticks out,
what a script trips over and what is fetched from anywhere else fails. SCREENSHOTS=folder keeps the pictures.
"""

import os
from pathlib import Path

import pytest

from lessons.library import course, lesson
from tests.browser.looking import findings, sticks_out, windows

COURSES = {"k": "learner", "g4": "learner", "g7": "learner", "g10": "learner", "ruc": "other"}
SIZES = ({"width": 1366, "height": 768}, {"width": 320, "height": 640})
THEMES = ("light", "dark")


def written() -> list[tuple[str, str]]:
    """(course, lesson) of each folder: the database is not open yet when tests are collected."""
    root = Path(__file__).parents[2] / "curriculum"
    pupils = [(path.parent.name, path.name) for path in sorted((root / "lessons").glob("*/*"))]
    return [*pupils, *(("ruc", path.name) for path in sorted((root / "staff").iterdir()) if path.is_dir())]


@pytest.fixture
def opened(chromium, address):
    with windows(chromium, address) as opening:
        yield opening


@pytest.mark.parametrize(("number", "place"), list(enumerate(written())), ids=str)
def test_a_lesson_from_its_front_page_to_its_quiz(
    opened, curriculum, year, signed_in, address, number, place
):
    course_id, lesson_id = place
    assert lesson_id in {ref.id for ref in course(course_id).lessons}
    size, theme = SIZES[number % 2], THEMES[number // 2 % 2]
    reader = signed_in(COURSES[course_id])
    page = opened(f"/lessons/{course_id}/{lesson_id}", reader, **size, color_scheme=theme)
    elsewhere, broken = [], []
    page.on(
        "request",
        lambda asked: asked.url.startswith((address, "data:", "blob:")) or elsewhere.append(asked.url),
    )
    page.on("pageerror", lambda error: broken.append(str(error)))
    faults = look(page, lesson_id, 0)
    path, steps = f"/lessons/{course_id}/{lesson_id}", len(lesson(lesson_id).steps)
    reader.post(path)
    for step in range(1, steps + 1):
        page.goto(f"{address}{path}/steps/{step}?visit={reader.visit}")
        faults += look(page, lesson_id, step)
        reader.post(f"{path}/steps/{step}")
    page.goto(f"{address}/quizzes/{lesson_id}?visit={reader.visit}")
    faults += look(page, lesson_id, steps + 1)
    page.get_by_role("button", name="Start the quiz").click()
    page.wait_for_load_state()
    faults += look(page, lesson_id, steps + 2)
    assert "/attempts/" in page.url, "it came as far as the first question"
    assert (faults, broken, elsewhere) == ([], [], [])


def look(page, lesson_id: str, number: int) -> list[str]:
    """Every card wears the same colors, so they are measured on the front page and on the first one."""
    if folder := os.environ.get("SCREENSHOTS"):
        page.screenshot(path=f"{folder}/{lesson_id}-{number:02d}.png")
    wide = sticks_out(page)
    return findings(page, colors=number < 2) + ([f"{page.url} is {wide} px too wide"] if wide > 0 else [])
