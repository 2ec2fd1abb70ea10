"""Personnel give somebody of the staff more time: within bounds, by another, undone, in the standing at once."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa
import time_machine

from access.models import Standing, StandingChange
from access.standings import follow_reviews
from completion import requirements
from completion.dates import last_day_before
from completion.extension_models import Extension
from completion.models import Assignment
from completion.rule_changes import change_rules
from core.database import db, transaction
from people import offices
from people.audit import COMMAND, broken_at
from people.audit_models import AuditEntry
from people.models import District, Person
from people.school_years import ensure_school_year
from tests.browsers import Browser, sign_in_browser

NOW = datetime(2026, 11, 24, 18, tzinfo=UTC)
HOME = "/completion/records/"


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def late(dee, year):
    """Dee, asked in September and long past the date."""
    local = ZoneInfo("America/Los_Angeles")
    db.execute(
        sa.update(Assignment).values(
            assigned_at=year.starts_at,
            due_at=datetime(2026, 9, 16, tzinfo=local),
            grace_until=datetime(2026, 9, 30, tzinfo=local),
            basis="school_year",
            joined_at=None,
        )
    )
    db.commit()
    work()
    return dee


def give(officer: Browser, person, until="2026-12-18", reason="leave"):
    return officer.post(f"{HOME}{person.public_id}/extension", data={"until": until, "reason": reason})


def take_back(officer: Browser, person, row):
    return officer.post(f"{HOME}{person.public_id}/extension/{row.public_id}/end")


def given() -> list[Extension]:
    db.remove()
    return list(db.scalars(sa.select(Extension).order_by(Extension.id)))


def work() -> None:
    """What the worker does next."""
    db.remove()
    while True:
        with transaction():
            if not follow_reviews():
                return


def standing(person) -> Standing:
    work()
    return db.scalars(sa.select(Standing).filter_by(person_id=person.id)).one()


def test_more_time_reaches_the_standing_the_log_the_record_and_the_persons_own_page(
    hana, late, signed_in, district
):
    before = standing(late)
    assert (before.state, before.access) == ("expired", "limited")
    page = hana.get(HOME + late.public_id).text
    assert "It is due September 15, 2026. You may give them until February 22, 2027." in page
    assert give(hana, late).status_code == 303
    found = standing(late)
    assert (found.state, found.access) == ("assigned", "allow")
    assert last_day_before(found.due_at, "America/Los_Angeles") == date(2026, 12, 18)
    assert found.next_change_at == found.due_at
    assert last_day_before(found.grace_until, "America/Los_Angeles") == date(2027, 1, 1)
    change = db.scalars(sa.select(StandingChange).order_by(StandingChange.seq.desc())).first()
    assert (change.previous_state, change.state, change.seq) == ("expired", "assigned", found.seq)
    assert "Through December 18, 2026: Was or is on leave" in hana.get(HOME + late.public_id).text
    own = signed_in("teacher", person=db.get_one(Person, late.id)).get("/completion/mine").text
    assert "You were given more time. You have until December 18, 2026." in own and "leave" not in own
    entry = db.scalars(sa.select(AuditEntry).filter_by(action="extension_given")).one()
    assert (entry.detail["reason_code"], entry.detail["of"]) == ("leave", "rua")
    assert broken_at(district.id) is None


def test_taken_back_the_date_before_is_due_again_and_the_row_stays(hana, late):
    give(hana, late)
    (row,) = given()
    assert take_back(hana, late, row).status_code == 303
    assert standing(late).state == "expired"
    (row,) = given()
    assert row.ended_by == f"person:{hana.person.public_id}"
    assert "over since November 24, 2026" in hana.get(HOME + late.public_id).text
    assert take_back(hana, late, row).status_code == 409


def test_another_date_takes_the_place_of_the_one_before_also_an_earlier_one(hana, late):
    give(hana, late, "2027-01-15")
    give(hana, late, "2026-12-04")
    first, second = given()
    assert first.ended_at is not None and second.ended_at is None
    assert last_day_before(standing(late).due_at, "America/Los_Angeles") == date(2026, 12, 4)


@pytest.mark.parametrize(
    ("until", "reason", "status"),
    [
        ("2026-11-24", "leave", 303),
        ("2027-02-22", "leave", 303),
        ("2026-11-23", "leave", 422),
        ("2027-02-23", "leave", 422),
        ("2027-09-01", "leave", 422),
        ("9999-12-31", "leave", 422),
        ("0001-01-01", "leave", 422),
        ("soon", "leave", 422),
        ("", "leave", 422),
        ("2026-12-18", "because", 422),
        ("2026-12-18", "", 422),
    ],
)
def test_the_day_is_within_bounds_and_the_reason_is_of_the_list(hana, late, until, reason, status):
    """90 days from today, as the district's rules say when nobody chose otherwise."""
    assert give(hana, late, until, reason).status_code == status
    assert len(given()) == (status == 303)


def test_the_district_sets_the_bound_and_the_school_year_ends_it(hana, late, district):
    for days, last, status in ((0, "2026-11-25", 422), (10, "2026-12-04", 303), (365, "2027-08-31", 303)):
        with transaction():
            change_rules(db.get_one(District, district.id), "staff", {"extension_days": days}, COMMAND)
        assert give(hana, late, last).status_code == status
    assert give(hana, late, "2027-09-01").status_code == 422


def test_it_is_not_later_than_the_date_there_is(hana, dee):
    """Dee has until 8 December as everybody who joined today."""
    assert "It is not later than the date there is." in give(hana, dee, "2026-12-08").text
    assert give(hana, dee, "2026-12-09").status_code == 303


def test_new_rules_for_the_present_year_leave_it_alone(hana, late, district):
    give(hana, late)
    with transaction():
        change_rules(db.get_one(District, district.id), "staff", {"due_days": 30}, COMMAND, present_too=True)
    assert last_day_before(standing(late).due_at, "America/Los_Angeles") == date(2026, 12, 18)
    take_back(hana, late, given()[0])
    assert last_day_before(standing(late).due_at, "America/Los_Angeles") == date(2026, 10, 1)


def test_the_clock_runs_out_as_for_everybody(hana, late, clock):
    give(hana, late)
    work()
    for day, state in (("2026-12-18", "assigned"), ("2026-12-19", "overdue"), ("2027-01-02", "expired")):
        clock.move_to(datetime.fromisoformat(day + "T12:00-08:00"))
        assert standing(late).state == state


def test_nobody_gives_themselves_more_time(hana, hugo, late, year):
    requirements.assign(db.get_one(Person, hana.person.id), "rua", year)
    db.commit()
    assert give(hana, hana.person).status_code == 403
    assert "Give more time" not in hana.get(HOME + hana.person.public_id).text
    assert give(hugo, hana.person).status_code == 303
    (row,) = given()
    assert "Take it back" not in hana.get(HOME + hana.person.public_id).text
    with pytest.raises(sa.exc.IntegrityError):
        db.execute(sa.update(Extension).values(given_by=row.person_id))
    db.rollback()


def test_of_whom_nothing_is_asked_there_is_nothing_to_put_off(hana, agreement, make_person):
    person = db.merge(make_person("staff"))
    db.commit()
    assert "Give more time" not in hana.get(HOME + person.public_id).text
    assert give(hana, person).status_code == 409


def test_another_districts_office_and_another_persons_extension_are_not_found(
    app, hana, hugo, late, make_person
):
    give(hana, late)
    (row,) = given()
    assert take_back(hugo, hana.person, row).status_code == 404
    far = District(slug="far", name="Far", timezone="America/Los_Angeles")
    db.add(far)
    db.flush()
    ensure_school_year(far)
    officer = Person(district_id=far.id, audience="staff")
    db.add(officer)
    db.flush()
    offices.give(officer, "hr", COMMAND)
    db.commit()
    stranger = sign_in_browser(app, officer, "teacher", None)
    assert give(stranger, late).status_code == 404
    assert take_back(stranger, late, row).status_code == 404
    assert given()[0].ended_at is None
