"""Hana and Hugo of the personnel office, Dee of the staff, and an agreement to sign."""

import pytest

from completion import policy_texts, requirements
from core.database import db
from people import offices
from people.audit import COMMAND
from people.directory import link_identity
from people.models import Person
from tests.browsers import Browser


@pytest.fixture
def agreement(district, year) -> None:
    policy_texts.publish_policy_text(
        "rua", "2026.1", "en", "## Rules\n\nAsk first.\n", title="Agreement", intent="I agree."
    )
    requirements.define("rua", "staff", "Responsible use", [["lesson:m1", "lesson:m2"], ["attestation:rua"]])
    db.commit()
    db.remove()


@pytest.fixture
def officer(agreement, make_person, signed_in):
    """officer(name, office="hr") -> Browser of somebody who holds the office."""

    def make(name: str, office: str = "hr") -> Browser:
        person = db.merge(make_person("staff"))
        link_identity(person, scheme="email", value=f"{name}@evergreen.example", source="test")
        offices.give(person, office, COMMAND)
        db.commit()
        return signed_in("teacher", person=person)

    return make


@pytest.fixture
def hana(officer) -> Browser:
    return officer("hana")


@pytest.fixture
def hugo(officer) -> Browser:
    return officer("hugo")


@pytest.fixture
def dee(agreement, make_person, year) -> Person:
    person = db.merge(make_person("staff"))
    link_identity(person, scheme="email", value="dee@evergreen.example", source="test")
    link_identity(person, scheme="sis", value="100001", source="test")
    requirements.assign(person, "rua", year)
    db.commit()
    return person
