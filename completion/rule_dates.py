"""The dates of the present year as other rules would have them: counted before they are moved, and for moving them."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from completion.deadlines import deadline
from completion.models import Assignment, Requirement
from completion.rules import Said
from core.clock import now
from core.database import db, table_of
from people.models import District, SchoolYear
from people.rostered import buildings_in


@dataclass(frozen=True)
class Moved:
    """Dates that somebody was told, which these rules would make others."""

    assignment_id: int
    person_id: int
    requirement_id: int
    period: str
    due_at: datetime
    grace_until: datetime


def dates_that_move(district: District, audience: str, said: Said) -> list[Moved]:
    """Count the dates of the present year anew, in two queries at most."""
    rows = db.execute(
        sa.select(
            Assignment.id, Assignment.person_id, Assignment.requirement_id, Assignment.assigned_at,
            Assignment.joined_at, Assignment.due_at, Assignment.grace_until,
            SchoolYear.name, SchoolYear.starts_at, SchoolYear.ends_at,
        )
        .join(SchoolYear, SchoolYear.id == Assignment.school_year_id)
        .join(Requirement, Requirement.id == Assignment.requirement_id)
        .where(
            Assignment.district_id == district.id,
            Requirement.audience == audience,
            SchoolYear.starts_at <= now(),
            SchoolYear.ends_at > now(),
        )
    ).all()  # fmt: skip
    places = buildings_in(district.id, now()) if said.buildings else {}
    moved = []
    for row in rows:
        # Of a pupil who was asked before there were such rules, the day of asking is what there is to count from.
        counted_from = row.joined_at or (row.assigned_at if audience == "pupil" else row.starts_at)
        dates = deadline(
            audience,
            year_starts_at=row.starts_at,
            year_ends_at=row.ends_at,
            joined_at=counted_from,
            timezone=district.timezone,
            rules=said.at(places.get(row.person_id, ())),
        )
        if (dates.due_at, dates.grace_until) != (row.due_at, row.grace_until):
            moved.append(
                Moved(row.id, row.person_id, row.requirement_id, row.name, dates.due_at, dates.grace_until)
            )
    return moved


def move_dates(moved: list[Moved]) -> None:
    if not moved:
        return
    table = table_of(Assignment)
    db.connection().execute(
        sa.update(table)
        .where(table.c.id == sa.bindparam("row"))
        .values(due_at=sa.bindparam("due"), grace_until=sa.bindparam("grace")),
        [{"row": each.assignment_id, "due": each.due_at, "grace": each.grace_until} for each in moved],
    )
