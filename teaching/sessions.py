"""What a class was taught together this school year, for its page."""

from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa

from completion.models import Evidence
from core.database import db
from people.models import Enrollment, SchoolYear
from teaching.models import GroupSession


@dataclass(frozen=True)
class Held:
    """A session for the class page. `here`: how many it still counts for."""

    public_id: str
    lesson_id: str
    held_on: date
    here: int


def sessions_of(classroom_id: int, year: SchoolYear) -> list[Held]:
    """What the class was taught together this school year, newest first; sessions taken back are left out."""
    source = "group session " + sa.cast(GroupSession.id, sa.String)
    rows = db.execute(
        sa.select(
            GroupSession.public_id,
            GroupSession.lesson_id,
            GroupSession.held_on,
            sa.func.count(Evidence.id),
        )
        .outerjoin(
            Enrollment,
            sa.and_(Enrollment.classroom_id == GroupSession.classroom_id, Enrollment.role == "learner"),
        )
        # Through the seats, since evidence is found by person.
        .outerjoin(
            Evidence,
            sa.and_(
                Evidence.person_id == Enrollment.person_id,
                Evidence.part == "lesson:" + GroupSession.lesson_id,
                Evidence.school_year_id == year.id,
                Evidence.source == source,
                Evidence.voided_at.is_(None),
            ),
        )
        .where(
            GroupSession.classroom_id == classroom_id,
            GroupSession.school_year_id == year.id,
            GroupSession.undone_at.is_(None),
        )
        .group_by(GroupSession.id)
        .order_by(GroupSession.id.desc())
    )
    return [Held(*row) for row in rows]
