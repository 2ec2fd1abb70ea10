"""A district with people who owe things, a worker, and IT's program."""

import base64
from datetime import UTC, datetime

import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask

from access.standings import follow_reviews
from completion import requirements
from completion.decision_models import Exemption
from completion.models import Assignment, Progress, Requirement, Review, ReviewSweep
from core.database import db, transaction
from people import api_clients
from people.directory import link_identity
from people.models import District, Person


class Program:
    """IT's script: one client of one district."""

    def __init__(self, app: Flask, client_id: str, secret: str) -> None:
        self.http = app.test_client()
        self.client_id, self.secret = client_id, secret
        self.token = ""

    def basic(self) -> dict[str, str]:
        pair = base64.b64encode(f"{self.client_id}:{self.secret}".encode()).decode()
        return {"Authorization": f"Basic {pair}"}

    def sign_in(self, **form: str):
        answer = self.http.post(
            "/oauth/token", data={"grant_type": "client_credentials", **form}, headers=self.basic()
        )
        self.token = (answer.json or {}).get("access_token", "")
        return answer

    def get(self, path: str, headers: dict[str, str] | None = None, **query: object):
        db.remove()
        return self.http.get(
            path, query_string=query, headers={"Authorization": f"Bearer {self.token}", **(headers or {})}
        )

    def ask(self, scheme: str, values: list[object], **more: object):
        db.remove()
        return self.post("/api/v1/standings/query", {"scheme": scheme, "values": values, **more})

    def post(self, path: str, body: object, headers: dict[str, str] | None = None):
        return self.http.post(
            path, json=body, headers={"Authorization": f"Bearer {self.token}", **(headers or {})}
        )

    def standings(self, path: str = "", **query: object):
        return self.get(f"/api/v1/standings{path}", **query)


NOVEMBER = datetime(2026, 11, 10, 18, tzinfo=UTC)


@pytest.fixture
def clock(district):
    """It is November, and stays so until it is moved."""
    with time_machine.travel(NOVEMBER, tick=False) as moved:
        yield moved


@pytest.fixture
def rua(clean):
    found = requirements.define("rua", "staff", "Responsible use", [["lesson:m7"], ["attestation:rua"]])
    db.commit()
    yield found
    _forget("rua")


@pytest.fixture
def grade_4(clean):
    found = requirements.define("dc-test", "pupil", "Grade 4", [["lesson:a"]])
    db.commit()
    yield found
    _forget("dc-test")


def _forget(key: str) -> None:
    """Requirements outlive a test (they are published); ours must not."""
    db.remove()
    for table in (ReviewSweep, Review, Assignment, Progress, Exemption):
        db.execute(sa.delete(table))
    db.execute(sa.delete(Requirement).where(Requirement.key == key))
    db.commit()


@pytest.fixture
def hire(district, year, rua, make_person):
    """hire(n) -> n staff members who owe `rua`, known by SIS number, e-mail and user name."""

    def make(count: int = 1) -> list[Person]:
        people = [make_person("staff") for _ in range(count)]
        for person in people:
            requirements.assign(person, "rua", year)
            for scheme, value in names_of(person).items():
                link_identity(person, scheme=scheme, value=value, source="roster")
        db.commit()
        return people

    return make


def names_of(person: Person) -> dict[str, str]:
    return {
        "sis": f"S{person.id:06}",
        "email": f"p{person.id}@evergreen.example",
        "username": f"p{person.id}",
    }


@pytest.fixture
def work(clean):
    """Run the worker's step until nothing is due; says how many reviews it did."""

    def run(limit: int = 200) -> int:
        total = 0
        while True:
            with transaction():
                done = follow_reviews(limit)
            if not done:
                return total
            total += done

    return run


@pytest.fixture
def make_program(app, clean):
    def make(district: District, scopes: tuple[str, ...] = ("standing.read",)) -> Program:
        client, secret = api_clients.issue(district, "nightly sync", scopes)
        db.commit()
        return Program(app, client.client_id, secret)

    return make


@pytest.fixture
def it(district, make_program) -> Program:
    """IT's program, signed in."""
    program = make_program(district)
    program.sign_in()
    return program
