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


def test_an_emergency_waits_for_somebody_to_decide_and_lapses(app, district):
    given = run(app, district, "add", "--person", "sis:1", "--reason", "misuse", "--emergency")
    assert given.exit_code == 0, given.output
    facts = json.loads(given.output)
    assert (facts["emergency"], facts["lapses_at"]) == (True, "2026-11-26T18:00:00+00:00")
    waits = app.test_cli_runner().invoke(args=["revocation", "list", "--district", district.slug]).output
    assert "nobody has decided: it lapses on November 26, 2026 at 10:00 AM (PST)" in waits
    with time_machine.travel(datetime(2026, 11, 26, 18, 1, tzinfo=UTC)):
        listed = json.loads(run(app, district, "list").output)
        assert listed["revocations"] == [] and [each["id"] for each in listed["lapsed"]] == [facts["id"]]
        late = run(app, district, "confirm", facts["id"], "--decided-by", "sis:2")
        assert late.exit_code == 1


def test_an_emergency_is_confirmed_and_its_review_is_due_later(app, district):
    facts = json.loads(
        run(app, district, "add", "--person", "sis:1", "--reason", "misuse", "--emergency").output
    )
    confirm = ("confirm", facts["id"], "--decided-by", "sis:2", "--review", "2026-12-15")
    refused = run(app, district, *confirm)
    assert refused.exit_code == 1 and "office" in refused.output
    given = ["office", "give", "--district", district.slug, "--person", "sis:2", "--office", "hr"]
    assert app.test_cli_runner().invoke(args=given).exit_code == 0
    answer = run(app, district, *confirm)
    assert answer.exit_code == 0, answer.output
    said = json.loads(answer.output)
    assert (said["review_by"], said["lapses_at"]) == ("2026-12-15", None)
    with time_machine.travel(datetime(2026, 12, 15, 8, tzinfo=UTC)):
        (listed,) = json.loads(run(app, district, "list").output)["revocations"]
    assert listed["review_is_due"] is True


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
