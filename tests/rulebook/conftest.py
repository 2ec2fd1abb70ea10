"""Two schools in November: staff who signed and staff who did not, pupils, and who holds which office."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from completion import requirements
from completion.ledger import record_evidence
from core.clock import now
from core.database import db
from people import offices
from people.audit import COMMAND
from people.directory import link_identity
from people.models import District, Person
from people.roster_models import Building, RosterInterval
from people.school_years import ensure_school_year
from tests.browsers import Browser

RULES = "/completion/rules"


@dataclass
class Town:
    district: District
    elm: Building
    oak: Building
    signed: list[Person]
    """Three at Elm who have signed."""


@pytest.fixture(autouse=True)
def november() -> Iterator[None]:
    with time_machine.travel(datetime(2026, 11, 10, 18, tzinfo=UTC), tick=True):
        yield


@pytest.fixture
def town(no_curriculum: None, district: District) -> Town:
    return make_town(district)


def make_town(district: District) -> Town:
    """Elm has three who signed and one who has not; Oak has one of each."""
    year = ensure_school_year(district)
    requirements.define("rua", "staff", "Responsible use", [["lesson:m1", "lesson:m2"], ["attestation:rua"]])
    elm = Building(district_id=district.id, key="elm", name="Elm Elementary")
    oak = Building(district_id=district.id, key="oak", name="Oak School")
    db.add_all([elm, oak])
    db.flush()
    signed = [_works_at(district, elm) for _ in range(3)]
    others = [_works_at(district, elm), _works_at(district, oak), _works_at(district, oak)]
    for person in (*signed, *others):
        requirements.assign(person, "rua", year)
    for person in (*signed, others[1]):
        record_evidence(person, "attestation:rua", year, source="test", kind="agreement", version="1")
    db.commit()
    return Town(district, elm, oak, signed)


def _works_at(district: District, building: Building) -> Person:
    person = Person(district_id=district.id, audience="staff")
    db.add(person)
    db.flush()
    db.add(
        RosterInterval(
            district_id=district.id, person_id=person.id, building_id=building.id, audience="staff",
            job="teacher", starts_at=now() - timedelta(days=400), source="page",
        )
    )  # fmt: skip
    db.flush()
    return person


@pytest.fixture
def officer(town: Town, signed_in):
    """officer("district", name="dee") -> the tab of somebody who holds this office and is on no roster."""

    def make(office: str, building: Building | None = None, name: str = "dee") -> Browser:
        person = Person(district_id=town.district.id, audience="unknown")
        db.add(person)
        db.flush()
        link_identity(person, scheme="email", value=f"{name}@evergreen.example", source="test")
        offices.give(person, office, COMMAND, building.id if building else None)
        db.commit()
        return signed_in("other", person=person)

    return make


@pytest.fixture
def dee(officer) -> Browser:
    """Of the office of the district."""
    return officer("district")
