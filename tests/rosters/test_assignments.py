"""Who is on the staff by the roster owes the staff course, whether or not they ever opened a lesson."""

from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
import time_machine

from access.models import Standing
from access.standings import follow_reviews
from completion.models import Assignment
from core.clock import now
from core.database import db, transaction
from lessons.assignments import assign_due
from people.rostered import joined_at
from tests.rosters.files import DOMAIN, Rolls, pupil, staff_csv, staff_row, teacher

NOVEMBER = datetime(2026, 11, 20, 18, tzinfo=UTC)


def work() -> None:
    db.remove()
    for step in (assign_due, follow_reviews):
        done = 1
        while done:
            with transaction():
                done = step()
    db.remove()


def owed(person) -> Assignment | None:
    return db.scalars(sa.select(Assignment).filter_by(person_id=person.id)).one_or_none()


@pytest.fixture(autouse=True)
def in_november(clean):
    with time_machine.travel(NOVEMBER, tick=True):
        yield


@pytest.fixture
def rostered(curriculum, take, known, tmp_path):
    """rostered(hired_on="...") -> somebody of the staff file, the worker having been by."""

    def make(**row: str):
        take(staff_csv(tmp_path, [staff_row(1, **row)]))
        work()
        return known("sis", "E1")

    return make


def test_a_new_hires_days_count_from_the_hire_date(rostered):
    row = owed(rostered(hired_on="2026-11-10"))
    assert (row.basis, row.due_at) == ("joined_late", datetime(2026, 11, 25, 8, tzinfo=UTC))


def test_who_was_here_before_the_year_has_the_days_from_when_they_are_asked(rostered):
    """The first roster of a district comes in November: nobody is overdue that evening."""
    row = owed(rostered(hired_on="2015-08-20"))
    assert (row.basis, row.due_at) == ("school_year", datetime(2026, 12, 5, 8, tzinfo=UTC))


def test_a_roster_that_does_not_say_since_when_makes_nobody_a_newcomer(curriculum, take, known, tmp_path):
    take(Rolls([teacher(1)]).write(tmp_path))
    work()
    assert owed(known("oneroster", "u-1")).basis == "school_year"
    with time_machine.travel(NOVEMBER + timedelta(days=10), tick=True):
        take(Rolls([teacher(1), teacher(2)]).write(tmp_path))
        work()
        assert owed(known("oneroster", "u-2")).basis == "joined_late", "of whom the last roster knew nothing"


def test_who_left_before_being_asked_is_not_asked(rostered):
    assert owed(rostered(hired_on="2026-09-01", left_on="2026-11-01")) is None


def test_roster_people_have_a_standing_before_they_ever_come(rostered):
    person = rostered(hired_on="2026-11-10")
    standing = db.scalars(sa.select(Standing).filter_by(person_id=person.id)).one()
    assert (standing.state, standing.reason) == ("assigned", "newcomer")


def test_another_school_is_no_new_hire(rostered, take, known, tmp_path):
    person = rostered(hired_on="2026-11-10")
    with time_machine.travel(NOVEMBER + timedelta(days=2), tick=True):
        take(staff_csv(tmp_path, [staff_row(1, hired_on="2026-11-10", building="elm")]))
        assert joined_at(person) == datetime(2026, 11, 10, 8, tzinfo=UTC)
        assert joined_at(known("sis", "E1")) < now()


def test_pupils_of_the_roster_owe_what_their_class_is_given(curriculum, take, known, tmp_path):
    """A course is asked of a pupil by a link in their class, so the roster alone asks nothing."""
    take(Rolls([pupil(1)]).write(tmp_path))
    work()
    assert owed(known("oneroster", "u-1")) is None


def test_staff_of_two_sources_owe_it_once(curriculum, take, known, tmp_path):
    take(Rolls([teacher(1)]).write(tmp_path))
    take(staff_csv(tmp_path, [staff_row(1, email=f"teacher.1@{DOMAIN}", username="")]))
    work()
    assert owed(known("sis", "E1")).person_id == known("oneroster", "u-1").id
