"""A class whose scores rise and fall while workers come and go."""

import random
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import sqlalchemy as sa

from core.database import db, transaction
from lti_tool.models import ScoreDelivery
from lti_tool.scores import queue_score
from people.models import Person, SchoolYear
from tests.lms import School

PUPILS = [f"pupil{number:02d}" for number in range(3, 15)]
COUPLED, OURS = "g4-same-me", "g4-my-day-in-blocks"
"""A link with a column of its own, and one whose column is ours to make."""


class Wanting:
    """What every pupil should have in the gradebook, newest last, as it was committed."""

    def __init__(self, school: School, links: tuple[str, ...] = (COUPLED, OURS)) -> None:
        self.school, self.links = school, links
        self.people = {name: school.launch(name, link).person.id for name in PUPILS for link in links}
        self.year_id = db.scalars(sa.select(SchoolYear.id)).one()
        db.remove()
        self.newest: dict[tuple[str, str], float] = {}
        self.times = 0

    def want(self, name: str, link: str, score: float) -> None:
        with transaction():
            self.want_in_this_transaction(name, link, score)
        self.newest[name, link] = score
        self.times += 1

    def want_in_this_transaction(self, name: str, link: str, score: float) -> None:
        queue_score(
            db.get_one(Person, self.people[name]),
            target=f"/lessons/g4/{link}",
            resource_id=link,
            label=link,
            score=score,
            year=db.get_one(SchoolYear, self.year_id),
        )

    def want_all(self, chance: random.Random) -> None:
        for name in self.people:
            for link in self.links:
                self.want(name, link, float(chance.randrange(101)))

    @contextmanager
    def going_on(self, chance: random.Random, every: float = 0.04) -> Iterator[None]:
        """Somebody hands in every few milliseconds."""
        enough, trouble = threading.Event(), []

        def hand_in() -> None:
            try:
                while not enough.wait(every):
                    self.want(chance.choice(PUPILS), chance.choice(self.links), float(chance.randrange(101)))
            except Exception as error:
                trouble.append(error)

        pupils = threading.Thread(target=hand_in)
        pupils.start()
        try:
            yield
        finally:
            enough.set()
            pupils.join(timeout=40)
        assert trouble == [] and not pupils.is_alive(), "nobody who hands in is disturbed by a worker"

    def in_gradebook(self) -> dict[tuple[str, str], float | None]:
        found = {key: self.school.lms.gradebook.result(*key) for key in self.newest}
        return {key: result.score if result else None for key, result in found.items()}

    def columns_made(self) -> int:
        return len([c for c in self.school.lms.gradebook.columns("g4-room-12") if c.resource_id == OURS])


def wait_until_all_are_sent(seconds: float = 90) -> None:
    """Raises AssertionError with the states and problems that deliveries are in."""
    deadline = time.monotonic() + seconds
    while states() != {"sent"}:
        assert time.monotonic() < deadline, f"not every score is sent after {seconds} s: {_unsent()}"
        time.sleep(0.02)


def states() -> set[str]:
    """The states that deliveries are in."""
    with transaction():
        return set(db.scalars(sa.select(ScoreDelivery.state).distinct()))


def _unsent() -> list[tuple[str, str | None, int]]:
    found = sa.select(ScoreDelivery.state, ScoreDelivery.problem, ScoreDelivery.tries)
    with transaction():
        return [tuple(row) for row in db.execute(found.where(ScoreDelivery.state != "sent"))]


def leased() -> int:
    """How many deliveries a worker holds now."""
    with transaction():
        held = sa.select(sa.func.count()).where(ScoreDelivery.leased_by.is_not(None))
        return db.scalar(held) or 0
