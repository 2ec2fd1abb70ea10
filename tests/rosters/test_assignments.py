"""Who is on the staff by the roster owes the staff course, whether or not they ever opened a lesson."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
import time_machine

from access.models import Standing
from access.standings import follow_reviews
from completion.models import Assignment, Review
from completion.requirements import assign_all
from core.clock import now
from core.database import db, transaction
from lessons import assignments
from lessons.assignments import assign_due
from people.models import Person
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


def the_staff(district, people: int) -> list[int]:
    made = [Person(district_id=district.id, audience="staff") for _ in range(people)]
    db.add_all(made)
    db.commit()
    return [each.id for each in made]


def test_two_workers_at_once_ask_everybody_once(curriculum, district, monkeypatch):
    """In portions: each worker has its own, and neither waits for the other's whole district."""
    monkeypatch.setattr(assignments, "AT_ONCE", 3)
    staff = the_staff(district, 11)
    db.remove()
    with ThreadPoolExecutor(2) as workers:
        made = [each.result() for each in [workers.submit(assign_due) for _ in range(2)]]
    assign_due()  # what one left because the other was at it
    asked = db.scalars(sa.select(Assignment.person_id).order_by(Assignment.person_id)).all()
    assert asked == staff and sum(made) <= len(staff)
    assert db.scalars(sa.select(Review.facts).distinct()).all() == [1], "and marked them for review once"


def test_a_worker_that_is_told_to_stop_leaves_whole_portions(curriculum, district, monkeypatch):
    monkeypatch.setattr(assignments, "AT_ONCE", 3)
    the_staff(district, 7)
    stop = threading.Event()
    monkeypatch.setattr(assignments, "assign_all", lambda *given: (stop.set(), assign_all(*given))[1])
    assert assign_due(stop) == 3
    assert assign_due(stop) == 0
    assert assign_due() == 4


def test_many_are_asked_by_as_many_statements_as_few(curriculum, district, count_queries):
    counts = []
    for people in (2, 40):
        the_staff(district, people)
        db.remove()
        with count_queries() as statements:
            assert assign_due() == people
        counts.append(len(statements))
    assert counts[1] <= counts[0]
