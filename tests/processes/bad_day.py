"""An LMS on a bad day, and somebody who watches what comes in."""

import io
import json
import random
import time
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from practice_lms import PracticeLms
from practice_lms.faults import DEFAULTS, Fault, Faults

SERVICES = ("token", "lineitems", "scores", "results")


class BadDay(Faults):
    """Now and then a request goes wrong, by chance."""

    SHARES = (("too_many", 0.02), ("error", 0.03), ("lost_answer", 0.04), ("closed", 0.01))

    def __init__(self, chance: random.Random) -> None:
        super().__init__()
        self.chance = chance
        self.happened: dict[str, int] = {}

    def take(self, endpoint: str | None) -> Fault | None:
        rolled = self.chance.random()
        for kind, share in self.SHARES if endpoint in SERVICES else ():
            rolled -= share
            if rolled < 0:
                self.happened[kind] = self.happened.get(kind, 0) + 1
                options = {"retry_after": 1} if kind == "too_many" else {}
                return Fault(kind, str(endpoint), 1, {**DEFAULTS[kind], **options})
        return None


@dataclass(frozen=True)
class Post:
    """One score on the wire, taken or not."""

    column: str
    user: str
    began: float
    ended: float
    caller: str


class Watch:
    """WSGI in front of the LMS: notes when each score came and when it was answered."""

    def __init__(self, inner: Any) -> None:
        self.inner = inner
        self.posts: list[Post] = []
        self.under_way = 0
        self.delay = 0.0
        """Seconds every score takes, so that there is something to overlap."""

    @classmethod
    def over(cls, lms: PracticeLms) -> "Watch":
        watch = cls(lms.app.wsgi_app)
        lms.app.wsgi_app = watch  # type: ignore[method-assign]
        return watch

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        if not environ["PATH_INFO"].endswith("/scores"):
            return self.inner(environ, start_response)
        sent = environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"]))
        environ["wsgi.input"] = io.BytesIO(sent)
        began = time.monotonic()
        self.under_way += 1
        time.sleep(self.delay)
        try:
            return self.inner(environ, start_response)
        finally:
            self.under_way -= 1
            user = json.loads(sent)["userId"]
            self.posts.append(
                Post(environ["PATH_INFO"], user, began, time.monotonic(), environ["REMOTE_PORT"])
            )

    def overlaps(self) -> list[tuple[Post, Post]]:
        """Scores of one learner in one column that were on the wire at the same time."""
        in_order = sorted(self.posts, key=lambda post: (post.column, post.user, post.began))
        return [
            (first, second)
            for first, second in pairwise(in_order)
            if (first.column, first.user) == (second.column, second.user) and second.began < first.ended
        ]


def taken(lms: PracticeLms) -> dict[tuple[str, str], list[tuple[str, float]]]:
    """{(column, learner): [(timestamp, score), ...]} as the LMS took them, in its order."""
    found: dict[tuple[str, str], list[tuple[str, float]]] = {}
    for score in lms.gradebook.scores:
        if score.status == 200:
            where = found.setdefault((score.line_item_id, score.user_id), [])
            where.append((score.body["timestamp"], score.body["scoreGiven"]))
    return found


def without_repeats(scores: list[tuple[str, float]]) -> list[tuple[str, float]]:
    """Whoever sends the very same score again has lost the answer; that is no new score."""
    return [each for number, each in enumerate(scores) if number == 0 or each != scores[number - 1]]
