"""A district whose log grows, a receiver that listens, and the worker's step."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
import sqlalchemy as sa
import time_machine

from access.models import Standing, StandingChange, StandingLog
from core.clock import now
from core.database import db
from feeds import setting_up
from feeds.models import Feed
from feeds.webhooks import Webhooks
from people.audit import COMMAND
from people.directory import link_identity
from people.models import District, Person
from tests.access.conftest import make_program  # noqa: F401  # a fixture
from tests.feeds.managing import Manager, manage
from tests.feeds.receiver import Receiver, listening


@pytest.fixture
def receiver():
    with listening() as opened:
        yield opened


@pytest.fixture
def change(district: District, year, make_person):
    """change("complete", "allow", ...) -> a person with this standing, and the numbered change that made it so."""
    return Log(district, make_person)


class Log:
    def __init__(self, district: District, make_person) -> None:
        self.district, self.make_person = district, make_person

    def __call__(
        self,
        state: str = "complete",
        access: str = "allow",
        *,
        person: Person | None = None,
        requirement: str = "rua",
        **more,
    ) -> Person:
        if person is None:
            person = self.make_person("staff")
            for scheme, value in {
                "sis": f"S{person.id:06}",
                "email": f"p{person.id}@evergreen.example",
                "username": f"p{person.id}",
            }.items():
                link_identity(person, scheme=scheme, value=value, source="roster")
        seq = self._next()
        common = {
            "district_id": self.district.id,
            "person_id": person.id,
            "requirement": requirement,
            "seq": seq,
        }
        standing = db.scalars(
            sa.select(Standing).filter_by(person_id=person.id, requirement=requirement)
        ).one_or_none()
        before = (standing.state, standing.access) if standing else (None, None)
        said = {"state": state, "access": access, "reason": "course", "would_be": access, **more}
        if standing is None:
            standing = Standing(**common, audience="staff", period="2026-27", changed_at=now(), **said)
            db.add(standing)
        for name, value in {**said, "seq": seq, "changed_at": now()}.items():
            setattr(standing, name, value)
        db.add(
            StandingChange(
                **common, state=state, access=access, reason=said["reason"], at=now(),
                previous_state=before[0], previous_access=before[1],
            )
        )  # fmt: skip
        db.commit()
        return person

    def _next(self) -> int:
        log = db.scalars(sa.select(StandingLog).filter_by(district_id=self.district.id)).one_or_none()
        if log is None:
            log = StandingLog(district_id=self.district.id, last_seq=0)
            db.add(log)
        log.last_seq += 1
        return log.last_seq


@pytest.fixture
def add_hook(district: District):
    """add_hook(receiver) -> (feed, signing secret), told of everything from the beginning."""

    def add(receiver: Receiver, name: str = "hook", after: int | None = 0) -> tuple[Feed, str]:
        made = setting_up.add_webhook(district, name, receiver.url, COMMAND, plain_allowed=True, after=after)
        db.commit()
        db.remove()
        return made

    return add


@pytest.fixture
def hook(add_hook, receiver: Receiver) -> Feed:
    return add_hook(receiver)[0]


@pytest.fixture
def deliver(clean):
    """The worker's step until nothing is due."""
    step = Webhooks(2, threading.Event())

    def run() -> None:
        while step():
            pass
        db.remove()

    return run


@pytest.fixture
def again(clean):
    """again(feed) -> the feed as the table has it now."""

    def read(feed: Feed) -> Feed:
        db.remove()
        return db.get_one(Feed, feed.id)

    return read


@pytest.fixture
def later(clean):
    """with later(days=1): ...; clocks go on from there."""

    @contextmanager
    def later(**span: float) -> Iterator[None]:
        with time_machine.travel(now() + timedelta(**span), tick=True):
            yield

    return later


@pytest.fixture
def manager(app, district, make_program) -> Manager:  # noqa: F811
    """IT's program that manages webhooks, signed in."""
    return manage(app, make_program(district, ("webhook.manage",)))
