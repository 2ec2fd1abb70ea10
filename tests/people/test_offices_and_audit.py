"""Offices are given and taken by name, and each giving stands in a log that shows when it was changed."""

import json

import pytest
import sqlalchemy as sa

from core.database import db, transaction
from people import offices
from people.audit import COMMAND, broken_at, head_of, record
from people.audit_models import AuditEntry
from people.directory import find_or_add, link_identity
from people.models import SignIn
from people.roster_models import Building
from people.sign_in import OPERATOR


@pytest.fixture
def dee(district):
    with transaction():
        person = find_or_add(
            district.id, scheme="lti", value="dee", issuer="1", audience="staff", source="launch"
        )
        link_identity(person, scheme="email", value="dee@evergreen.example", source="launch")
    return person


def run(app, *arguments):
    return app.test_cli_runner().invoke(args=[*arguments, "--json"])


def tab(person, role="teacher"):
    return SignIn(district_id=person.district_id, person_id=person.id, role=role)


def test_an_office_is_given_and_taken(app, district, dee):
    where = ("--district", district.slug, "--person", "email:Dee@evergreen.example", "--office", "hr")
    assert offices.offices_of(tab(dee)) == set()
    assert run(app, "office", "give", *where).exit_code == 0
    assert run(app, "office", "give", *where).exit_code == 0, "giving again changes nothing"
    assert offices.held_by(tab(dee)) == {("hr", None)} and offices.offices_of(tab(dee)) == {"hr"}
    listed = json.loads(run(app, "office", "list", "--district", district.slug).output)["offices"]
    assert [(each["office"], each["ids"]["email"]) for each in listed] == [("hr", "dee@evergreen.example")]
    assert run(app, "office", "take", *where).exit_code == 0
    assert offices.offices_of(tab(dee)) == set()
    again = run(app, "office", "take", *where)
    assert again.exit_code == 1 and "does not hold" in again.output
    assert db.scalars(sa.select(AuditEntry.action).order_by(AuditEntry.seq)).all() == [
        "office_given",
        "office_taken",
    ]


def test_a_principal_sees_one_school_and_the_district_office_all(app, district, dee):
    with transaction():
        db.add(Building(district_id=district.id, key="elm", name="Elm Elementary"))
    wrong = run(app, "office", "give", "--district", district.slug, "--person",
                "email:dee@evergreen.example", "--office", "school")  # fmt: skip
    assert wrong.exit_code == 2 and "--building" in wrong.output
    given = run(app, "office", "give", "--district", district.slug, "--person",
                "email:dee@evergreen.example", "--office", "school", "--building", "elm")  # fmt: skip
    assert given.exit_code == 0
    elm = db.scalars(sa.select(Building.id)).one()
    assert offices.held_by(tab(dee)) == {("school", elm)}
    with transaction():
        offices.give(dee, "district", COMMAND)
    assert offices.offices_of(tab(dee)) == {"school", "hr", "it", "privacy", "district"}
    assert offices.offices_of(tab(dee, OPERATOR)) == {"school", "hr", "it", "privacy", "district"}


@pytest.mark.parametrize("name", ["dee", "lti:dee", "sis:"])
def test_a_name_that_is_none_exits_2(app, district, name):
    answer = run(app, "office", "give", "--district", district.slug, "--person", name, "--office", "hr")
    assert answer.exit_code == 2 and "sis:100001" in answer.output


def test_the_log_holds_and_shows_where_it_was_changed(app, district):
    with transaction():
        for number in range(5):
            record(district.id, COMMAND, "tried", f"thing:{number}", before=None, after=number)
    assert broken_at(district.id) is None and head_of(district.id)[0] == 5
    assert run(app, "audit", "verify", "--district", district.slug).exit_code == 0
    with transaction():
        db.execute(sa.update(AuditEntry).where(AuditEntry.seq == 3).values(subject="thing:9"))
    assert broken_at(district.id) == 3
    refused = run(app, "audit", "verify", "--district", district.slug)
    assert refused.exit_code == 1 and "entry 3" in refused.output


@pytest.mark.parametrize("gone", [2, 5])
def test_an_entry_that_is_missing_is_noticed(app, district, gone):
    with transaction():
        for number in range(5):
            record(district.id, COMMAND, "tried", f"thing:{number}")
    with transaction():
        db.execute(sa.delete(AuditEntry).where(AuditEntry.seq == gone))
    assert broken_at(district.id) == gone
