"""What would change if enforcement began now, and who loses access on which day."""

import json
from datetime import UTC, date, datetime, timedelta

import pytest

from access.forecast import forecast, losses
from access.stages import set_stage
from completion import ledger, reviews
from core.clock import now
from core.database import db, transaction
from people.audit import COMMAND
from people.roster_models import Building, RosterInterval
from tests.access.conftest import NOVEMBER

DAY = timedelta(days=1)


@pytest.fixture
def observed(clock, district, work):
    """observed(): the worker has caught up, and the district observes."""

    def run():
        set_stage(db.merge(district), "staff", "observe", COMMAND)
        db.commit()
        with transaction():
            reviews.sweep()
        work()
        db.remove()

    return run


def ids(people):
    return tuple(sorted(each.public_id for each in people))


def test_who_would_be_limited_by_building_and_who_loses_when(district, hire, observed, year):
    newcomers = hire(3)
    elm = Building(district_id=district.id, key="elm", name="Elm")
    db.add(elm)
    db.flush()
    for person in newcomers[:2]:
        db.add(
            RosterInterval(
                district_id=district.id,
                person_id=person.id,
                building_id=elm.id,
                audience="staff",
                starts_at=NOVEMBER - 60 * DAY,
                source="command",
            )
        )
    (done,) = hire()
    ledger.record_evidence(
        done, "attestation:rua", year, kind="agreement", version="v1", source="attestation 1"
    )
    db.commit()
    observed()
    found = forecast(district, now())
    assert (found.people, found.would_lose) == (4, 3)
    assert {(each.building, each.access, each.people) for each in found.if_begun_now} == {
        ("elm", "limited", ids(newcomers[:2])),
        ("", "limited", ids(newcomers[2:])),
    }
    assert found.losses == (), "they are out already, by the policy; and none by the stage"


def test_returning_staff_lose_access_after_the_grace_of_the_new_year(district, hire, observed, year, clock):
    people = hire(2)
    for person in people:
        ledger.record_evidence(
            person, "attestation:rua", year, kind="agreement", version="v1", source="attestation 1"
        )
    db.commit()
    observed()
    clock.move_to(datetime(2027, 9, 20, 18, tzinfo=UTC))
    (loss,) = forecast(district, now()).losses
    assert (loss.day, loss.enforced, loss.observed) == (date(2027, 9, 30), (), ids(people))
    assert losses(district, now(), now() + 30 * DAY, "staff") == (loss,)
    assert losses(district, now(), now() + 30 * DAY, "pupil") == ()
    set_stage(
        db.merge(district), "staff", "limited", COMMAND, enforce_from=datetime(2027, 10, 4, 7, tzinfo=UTC)
    )
    db.commit()
    first, second = forecast(district, now()).losses
    assert (first.day, first.enforced) == (date(2027, 9, 30), ())
    assert (second.day, second.enforced, second.observed) == (date(2027, 10, 4), ids(people), ())
    assert forecast(district, now(), days=5).losses == ()


def test_it_costs_the_same_however_many(district, hire, observed, count_queries):
    hire(3)
    observed()
    with count_queries() as few:
        forecast(district, now())
    hire(40)
    observed()
    with count_queries() as many:
        assert forecast(district, now()).people == 43
    assert len(many) == len(few) <= 22


def test_another_district_is_not_in_it(district, hire, observed, elsewhere):
    hire(2)
    observed()
    found = forecast(elsewhere, now())
    assert (found.people, found.if_begun_now, found.losses) == (0, (), ())


def test_the_command_says_it(app, district, hire, observed):
    people = hire(2)
    observed()
    asked = ["enforcement", "forecast", "--district", district.slug]
    shown = json.loads(app.test_cli_runner().invoke(args=[*asked, "--json"]).output)
    assert shown["if_begun_now"] == [{"building": None, "access": "limited", "people": list(ids(people))}]
    assert "2 of 2 people would lose access" in app.test_cli_runner().invoke(args=asked).output
