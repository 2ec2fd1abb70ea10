"""Whose working day a member of staff is asked in, and which path they take: kept per person and school year."""

from collections.abc import Mapping

import sqlalchemy as sa

from core.clock import now
from core.database import db, insert_for
from core.errors import ToolError
from core.messages import N_
from lessons.library import Course
from lessons.staff_models import StaffChoice
from people.models import Person, SchoolYear
from people.roster_models import COURSE_JOBS, RosterInterval

FULL, REFRESHER = "full", "refresher"


class NoSuchJob(ToolError):
    status, code = 422, "no_such_job"
    next_step = N_("Go back to the course page and choose one of the jobs in the list.")


def choice_of(person_id: int, year_id: int) -> StaffChoice | None:
    return db.scalars(
        sa.select(StaffChoice).filter_by(person_id=person_id, school_year_id=year_id)
    ).one_or_none()


def job_on_roster(person: Person) -> str | None:
    """Their job by the roster as it is now, where the course speaks of it; of several, the one they began last."""
    at = now()
    return db.scalars(
        sa.select(RosterInterval.job)
        .where(
            RosterInterval.district_id == person.district_id,
            RosterInterval.person_id == person.id,
            RosterInterval.audience == "staff",
            RosterInterval.job.in_(COURSE_JOBS),
            RosterInterval.starts_at <= at,
            sa.or_(RosterInterval.ends_at.is_(None), RosterInterval.ends_at > at),
        )
        .order_by(RosterInterval.starts_at.desc(), RosterInterval.id.desc())
        .limit(1)
    ).one_or_none()


def job_of(person: Person, year: SchoolYear) -> str | None:
    """The roster's word, else their own; None asks everything as it is written for all."""
    known = job_on_roster(person)
    if known is not None:
        return known
    chosen = choice_of(person.id, year.id)
    return chosen.job if chosen else None


def choose_job(person: Person, year: SchoolYear, job: str) -> None:
    """ "" takes the choice back. Raises NoSuchJob."""
    if job and job not in COURSE_JOBS:
        raise NoSuchJob(N_("The course has no questions for that job."), field="job")
    _keep(person, year, {"job": job or None})


def choose_path(person: Person, year: SchoolYear, path: str) -> None:
    """`path` is FULL or REFRESHER; whether it is open to them is for the caller."""
    _keep(person, year, {"path": path})


def unread(course: Course, choice: StaffChoice | None) -> bool:
    """Whether there is news that they have not read in its present words."""
    return course.whats_new is not None and (
        choice is None or choice.whats_new_read != course.whats_new.version
    )


def note_read(person: Person, year: SchoolYear, version: str) -> None:
    """They have read what changed, in this version."""
    _keep(person, year, {"whats_new_read": version})


def _keep(person: Person, year: SchoolYear, values: Mapping[str, str | None]) -> None:
    db.execute(
        insert_for(StaffChoice)
        .values(district_id=person.district_id, person_id=person.id, school_year_id=year.id, **values)
        .on_conflict_do_update(index_elements=["person_id", "school_year_id"], set_=dict(values))
    )
