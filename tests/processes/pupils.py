"""Pupils who take quizzes over real HTTP, and press again when the page does not answer."""

import random
import threading
import time
from contextlib import suppress
from dataclasses import dataclass, field

import requests

from people.sign_in import COOKIE
from tests.browsers import Browser

LESSON = "g4-same-me"
QUESTIONS = 4
PATIENCE = 30
"""Seconds after which a page that does not come is a failure."""


@dataclass
class Acknowledged:
    """What the server has said yes to, over all pupils."""

    answers: dict[tuple[str, int], list[str]] = field(default_factory=dict)
    """{(attempt, question): the picks acknowledged last}"""
    handed_in: list[str] = field(default_factory=list)
    broken: list[str] = field(default_factory=list)
    """Answers no pupil should ever see."""

    def __len__(self) -> int:
        return len(self.answers) + len(self.handed_in)


class SchoolIsOut(Exception):
    """What was pressed last was not acknowledged, and no page comes any more."""


class Pupil(threading.Thread):
    """Reads the lesson, then takes its quiz again and again until told."""

    def __init__(
        self, tab: Browser, url: str, noted: Acknowledged, enough: threading.Event, seed: int
    ) -> None:
        super().__init__()
        self.url, self.visit, self.noted, self.enough = url, tab.visit, noted, enough
        self.chance = random.Random(seed)
        self.session = requests.Session()
        self.session.trust_env = False
        self.session.headers["Cookie"] = f"{COOKIE}={tab.secret}"

    def run(self) -> None:
        with suppress(SchoolIsOut):
            self.learn()

    def learn(self) -> None:
        self.press("POST", f"/lessons/g4/{LESSON}")
        for step in range(1, 15):
            self.press("POST", f"/lessons/g4/{LESSON}/steps/{step}")
        while not self.enough.is_set() and not self.noted.broken:
            self.take_the_quiz()

    def take_the_quiz(self) -> None:
        started = self.press("POST", f"/quizzes/{LESSON}/attempts", wanted=303)
        attempt = started.headers["Location"].split("/attempts/")[1].split("/")[0].split("?")[0]
        for number in range(1, QUESTIONS + 1):
            picks = [self.chance.choice("ab")]
            self.press("PUT", f"/quizzes/attempts/{attempt}/{number}", wanted=204, json={"picks": picks})
            self.noted.answers[attempt, number] = picks
        self.press("POST", f"/quizzes/attempts/{attempt}/submit", wanted=303)
        self.noted.handed_in.append(attempt)

    def press(self, method: str, path: str, wanted: int | None = None, **more: object) -> requests.Response:
        """Again and again until it is answered, as a pupil would."""
        deadline = time.monotonic() + PATIENCE
        while True:
            try:
                answer = self.session.request(
                    method, self.url + path, params={"visit": self.visit}, allow_redirects=False,
                    timeout=PATIENCE, **more,
                )  # fmt: skip
            except requests.ConnectionError:
                if self.enough.is_set():
                    raise SchoolIsOut from None
                if time.monotonic() > deadline:
                    self.noted.broken.append(f"{method} {path} was not answered")
                    raise SchoolIsOut from None
                time.sleep(0.05)
                continue
            if answer.status_code >= 500 or answer.status_code != (wanted or answer.status_code):
                self.noted.broken.append(f"{method} {path}: {answer.status_code} {answer.text[-300:]}")
                raise SchoolIsOut
            return answer
