"""The roster: read whole or not at all."""

import pytest
import sqlalchemy as sa

from core.clock import now
from core.database import db, transaction
from lti_tool.memberships import sync_due
from lti_tool.models import Context
from people.models import Classroom, Enrollment, Person


def due_now():
    with transaction():
        db.execute(sa.update(Context).values(roster_due_at=now()))


def seats(role="learner"):
    db.remove()
    return db.scalars(
        sa.select(Enrollment).where(Enrollment.role == role, Enrollment.left_at.is_(None))
    ).all()


@pytest.mark.parametrize("school", ["canvas", "schoology", "moodle"], indirect=True)
def test_the_whole_class_is_seated_after_the_first_launch(school):
    school.launch("ana", "g4-same-me")
    assert sync_due() == 1
    assert len(seats()) >= 26 and len(seats("teacher")) >= 1
    classroom = db.scalars(sa.select(Classroom)).one()
    assert classroom.roster_as_of is not None and classroom.roster_problem is None


def test_a_second_reading_adds_nobody(school):
    school.launch("ana", "g4-same-me")
    sync_due()
    before = len(seats())
    due_now()
    sync_due()
    assert len(seats()) == before


def test_somebody_who_left_is_kept_as_left_without_a_name(school):
    school.launch("ana", "g4-same-me")
    sync_due()
    before = len(seats())
    school.lms.memberships.leave("pupil03", "g4-room-12")
    due_now()
    sync_due()
    assert len(seats()) == before - 1
    left = db.scalars(sa.select(Enrollment).where(Enrollment.left_at.is_not(None))).one()
    assert left.display_name is None


@pytest.mark.parametrize("kind", ["down", "malformed", "next_page_loop", "unauthorized"])
def test_a_roster_that_fails_half_way_leaves_the_old_one_with_its_time(school, kind):
    school.launch("ana", "g4-same-me")
    sync_due()
    before, as_of = len(seats()), db.scalars(sa.select(Classroom)).one().roster_as_of
    school.lms.memberships.leave("pupil03", "g4-room-12")
    school.lms.set_fault(kind, "memberships")
    due_now()
    sync_due()
    assert len(seats()) == before
    classroom = db.scalars(sa.select(Classroom)).one()
    assert classroom.roster_as_of == as_of and classroom.roster_problem
    assert sync_due() == 0, "it is not asked again at once"


def test_names_are_sealed_at_rest(school):
    school.launch("ana", "g4-same-me")
    sync_due()
    raw = db.execute(sa.text("SELECT display_name FROM enrollment")).scalars().all()
    names = [seat.display_name for seat in seats()]
    assert all(names) and not set(raw) & set(names)


def test_a_launch_of_somebody_on_the_roster_finds_them(school):
    school.launch("ana", "g4-same-me")
    sync_due()
    before = db.scalar(sa.select(sa.func.count(Person.id)))
    school.launch("ben", "g4-same-me")
    assert db.scalar(sa.select(sa.func.count(Person.id))) == before


def test_a_roster_costs_the_same_number_of_statements_whatever_its_size(school, count_queries):
    from practice_lms.people import Person as LmsPerson  # noqa: F401

    school.launch("ana", "g4-same-me")
    with count_queries() as statements:
        sync_due()
    assert len(statements) < 30
