"""A small town: two schools, pupils of two grades, staff in every state, and who holds which office."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
import time_machine

from core.database import db
from people.models import District
from tests.browsers import Browser
from tests.oversight.makers import Town, in_days, publish_plan


@pytest.fixture(autouse=True)
def november() -> Iterator[None]:
    """Far from the turn of the year, so that no date of these tests crosses it."""
    with time_machine.travel(datetime(2026, 11, 10, 18, tzinfo=UTC), tick=True):
        yield


@pytest.fixture
def plan(no_curriculum: None) -> None:
    publish_plan()


@pytest.fixture
def empty(plan: None, district: District) -> Town:
    return Town(district)


@pytest.fixture
def town(empty: Town) -> Town:
    """Elm: three pupils of grade 4, one of Kindergarten, and four of the staff. Oak: one pupil, one of the staff."""
    elm, oak = empty.building("elm", "Elm Elementary"), empty.building("oak", "Oak School")
    ann, ben, cleo = (empty.person("pupil", elm, grade="g4", sis=f"10{n}") for n in (1, 2, 3))
    dot = empty.person("pupil", elm, grade="k", sis="104")
    eve = empty.person("pupil", oak, grade="g4", sis="205")
    empty.does(ann, "g4-same-me", "g4-game-chat", "g4-four-ways")
    empty.does(ben, "g4-four-ways")
    empty.does(ben, "g4-same-me", done=False)
    empty.classroom("Room 12", ann, ben, cleo)
    empty.classroom("Room 1", dot)
    for number, (job, state, access, more) in enumerate(
        (
            ("teacher", "complete", "allow", {}),
            ("teacher", "overdue", "allow", {"due_at": in_days(-2), "grace_until": in_days(12)}),
            ("driver", "revoked", "deny", {}),
            ("office", "exempt", "allow", {"reason": "exempt"}),
        )
    ):
        person = empty.person("staff", elm, job=job, email=f"staff{number}@evergreen.example")
        empty.stands(person, state, access, **more)
        if state == "overdue":
            empty.owes(person, **more)
    empty.person("staff", oak, job="para", email="new@evergreen.example")
    empty.elm, empty.oak, empty.ann, empty.ben, empty.eve = elm, oak, ann, ben, eve  # type: ignore[attr-defined]
    empty.count()
    return empty


@pytest.fixture
def officer(town: Town, signed_in):
    """officer("hr") -> the tab of somebody who holds this office."""

    def make(office: str, building=None, role: str = "learner") -> Browser:
        return signed_in(role, person=town.officer(office, building))

    return make


@pytest.fixture
def neighbor(town: Town) -> Town:
    """Another district on the same host, with a school of its own."""
    other = District(
        slug="cedar", name="Cedar School District", timezone="America/Los_Angeles", email_domains=[]
    )
    db.add(other)
    db.commit()
    made = Town(other)
    far = made.building("far", "Faraway School")
    made.person("pupil", far, grade="g4", sis="999")
    made.stands(made.person("staff", far, job="teacher", email="far@cedar.example"), "complete")
    made.count()
    made.far = far  # type: ignore[attr-defined]
    return made
