"""flask revocation: access withdrawn and given back by IT's own hands."""

import json
from datetime import UTC, datetime

import pytest
import sqlalchemy as sa
import time_machine

from completion.decision_models import Revocation
from core.database import db, transaction
from people.directory import find_or_add, link_identity


@pytest.fixture(autouse=True)
def in_november():
    with time_machine.travel(datetime(2026, 11, 24, 18, tzinfo=UTC), tick=True):
        yield


@pytest.fixture(autouse=True)
def people(district):
    with transaction():
        for number, name in ((1, "dee"), (2, "hana")):
            person = find_or_add(
                district.id, scheme="lti", value=name, issuer="1", audience="staff", source="launch"
            )
            link_identity(person, scheme="sis", value=str(number), source="roster")


def run(app, district, *words):
    group, *rest = words
    return app.test_cli_runner().invoke(
        args=["revocation", group, "--district", district.slug, *rest, "--json"]
    )


def test_it_is_given_listed_and_ended(app, district):
    given = run(app, district, "add", "--person", "sis:1", "--reason", "misuse", "--decided-by", "sis:2",
                "--until", "2026-12-01")  # fmt: skip
    assert given.exit_code == 0, given.output
    facts = json.loads(given.output)
    assert facts["until"] == "2026-12-02T08:00:00+00:00" and facts["review_by"] == "2027-02-22"
    (listed,) = json.loads(run(app, district, "list").output)["revocations"]
    assert listed["id"] == facts["id"] and listed["review_is_due"] is False
    assert run(app, district, "end", facts["id"], "--condition", "new_evidence").exit_code == 0
    assert json.loads(run(app, district, "list").output)["revocations"] == []
    assert db.scalars(sa.select(Revocation.conditions_code)).one() == "new_evidence"


def test_an_emergency_waits_for_somebody_to_decide(app, district):
    assert run(app, district, "add", "--person", "sis:1", "--reason", "misuse", "--emergency").exit_code == 0
    with time_machine.travel(datetime(2026, 11, 27, 18, tzinfo=UTC)):
        (listed,) = json.loads(run(app, district, "list").output)["revocations"]
    assert listed["emergency"] is True and listed["review_is_due"] is True


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("--person", "sis:1", "--reason", "misuse"), 1, "Say who decided"),
        (("--person", "sis:1", "--reason", "misuse", "--decided-by", "sis:1"), 1, "their own access"),
        (("--person", "sis:9", "--reason", "misuse", "--emergency"), 1, "nobody in"),
        (("--person", "dee", "--reason", "misuse", "--emergency"), 2, "sis:100001"),
        (("--person", "sis:1", "--reason", "rude", "--emergency"), 2, "rude"),
    ],
)
def test_what_does_not_hold_is_said_in_one_line(app, district, words, code, said):
    answer = run(app, district, "add", *words)
    assert answer.exit_code == code and said in answer.output
    assert db.scalars(sa.select(Revocation)).all() == []
