"""A pupil at work, through HTTP: reads a lesson to its end and hands in its quiz."""

import re

from tests.browsers import Browser

LESSON = "g4-same-me"


def read_lesson(pupil: Browser, lesson: str = LESSON, course: str = "g4") -> None:
    at = pupil.post(f"/lessons/{course}/{lesson}").headers["Location"]
    while step := re.search(r"/steps/(\d+)", at):
        at = pupil.post(f"/lessons/{course}/{lesson}/steps/{step.group(1)}").headers["Location"]
    assert "/quizzes/" in at


def hand_in(pupil: Browser, pick: str = "a", lesson: str = LESSON) -> None:
    """One attempt with the same choice everywhere."""
    began = pupil.post(f"/quizzes/{lesson}/attempts").headers["Location"]
    attempt = began.split("/attempts/")[1].split("/")[0]
    for number in range(1, 5):
        saved = pupil.put(f"/quizzes/attempts/{attempt}/{number}", json={"picks": [pick]})
        assert saved.status_code == 204
    assert pupil.post(f"/quizzes/attempts/{attempt}/submit").status_code == 303
