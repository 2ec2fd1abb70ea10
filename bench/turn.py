"""A host on the night its school year turns: last year's work behind everybody, and everything due at once."""

from datetime import timedelta
from typing import Any

import sqlalchemy as sa

from bench import town
from completion.models import Assignment, Evidence, Progress, Requirement, Review
from core.clock import now
from core.database import db, dialect_name, transaction
from lessons import library
from lti_tool.models import Context, Deployment, ResourceLink
from people.models import Classroom, District, Enrollment, SchoolYear
from people.roster_models import RosterInterval
from people.school_years import forget_school_years
from proof.models import EvidenceRule
from tests.lms import School

LAST = "2025-26"
DUE_DAYS = 21


def prepare(school: School, districts: int, pupils: int, staff: int) -> None:
    """So many districts of so many people whose school year ended this minute, its freeze due with it."""
    first = school.district.id
    town.build(first, pupils, staff)
    with transaction():
        _let_it_end()
        _links(school)
        _asked_last_year()
        _shown_last_year()
        _to_be_reviewed()
    if dialect_name() == "postgresql" and districts > 1:
        town.copies(first, districts - 1, also=(Evidence, Context, ResourceLink, Review))
    with transaction():
        ids = db.scalars(sa.select(District.id)).all()
        db.execute(sa.insert(EvidenceRule), [{"district_id": each, "freeze_after_days": 0} for each in ids])
        if dialect_name() == "postgresql":
            db.execute(sa.text("ANALYZE"))
    forget_school_years()


def _let_it_end() -> None:
    at = now()
    db.execute(
        sa.update(SchoolYear).values(
            name=LAST, starts_at=at - timedelta(days=365), ends_at=at - timedelta(minutes=1)
        )
    )
    db.execute(sa.update(RosterInterval).values(starts_at=at - timedelta(days=400)))


def _links(school: School) -> None:
    """A link to its grade's course in every class; the class bears the grade in its title."""
    deployment = db.scalars(sa.select(Deployment.id).filter_by(platform_id=school.platform.id)).one()
    here = {"district_id": school.district.id, "platform_id": school.platform.id, "deployment_pk": deployment}
    for room, title in db.execute(sa.select(Classroom.id, Classroom.title)).all():
        course = (title or "").partition(",")[0]
        if course not in library.current_release().courses:
            continue
        context = {**here, "context_id": f"context-{room}", "classroom_id": room, "ags_scopes": ""}
        made = db.scalars(sa.insert(Context).returning(Context.id), [context]).one()
        link = {**here, "context_pk": made, "link_id": f"link-{room}", "target": f"/lessons/{course}"}
        db.execute(sa.insert(ResourceLink), [link])


def _asked_last_year() -> None:
    """Pupils by their class; the staff of a town are asked already."""
    year = db.scalars(sa.select(SchoolYear)).one()
    dates: dict[str, Any] = {"due_at": year.ends_at, "grace_until": year.ends_at, "basis": "school_year"}
    db.execute(
        sa.update(Assignment).values(
            assigned_at=year.starts_at,
            due_at=year.starts_at + timedelta(days=DUE_DAYS),
            grace_until=year.starts_at + timedelta(days=2 * DUE_DAYS),
        )
    )
    for course in library.current_release().courses.values():
        requirement = db.scalars(sa.select(Requirement.id).filter_by(key=course.requirement)).one()
        seats = (
            sa.select(Enrollment.person_id)
            .join(Context, Context.classroom_id == Enrollment.classroom_id)
            .join(ResourceLink, ResourceLink.context_pk == Context.id)
            .where(ResourceLink.target == f"/lessons/{course.id}", Enrollment.role == "learner")
        )
        rows = [
            {"district_id": year.district_id, "person_id": each, "requirement_id": requirement,
             "school_year_id": year.id, "assigned_at": year.starts_at, **dates}
            for each in db.scalars(seats)
        ]  # fmt: skip
        town.insert_rows(Assignment, rows)


def _shown_last_year() -> None:
    """Evidence beside the progress; unsigned, for the turn does not look."""
    db.execute(
        sa.update(Progress).values(begun_at=now() - timedelta(days=100), done_at=now() - timedelta(days=100))
    )
    done = sa.select(Progress.district_id, Progress.person_id, Progress.school_year_id, Progress.part)
    town.insert_rows(
        Evidence,
        (
            {**row, "kind": "course", "version": "bench", "shown_at": now() - timedelta(days=100),
             "source": "bench", "code": None}
            for row in db.execute(done).mappings().all()
        ),
    )  # fmt: skip


def _to_be_reviewed() -> None:
    rows = db.execute(sa.select(Assignment.district_id, Assignment.person_id, Assignment.requirement_id))
    due = now() - timedelta(minutes=1)
    town.insert_rows(Review, ({**row, "seen": 1, "due_at": due} for row in rows.mappings().all()))
