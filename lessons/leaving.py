"""Leaving a sensitive lesson at once. The place is kept, and no page of the lesson opens until they choose to go on."""

import sqlalchemy as sa

from core.clock import now
from core.database import db
from lessons.models import LessonVisit


def leave(visit: LessonVisit) -> None:
    visit.away_at = now()


def away_from(person_id: int, year_id: int) -> list[LessonVisit]:
    """What this person has left and not gone back to, the latest first."""
    return list(
        db.scalars(
            sa.select(LessonVisit)
            .where(
                LessonVisit.person_id == person_id,
                LessonVisit.school_year_id == year_id,
                LessonVisit.away_at.is_not(None),
            )
            .order_by(LessonVisit.away_at.desc())
        )
    )


def go_on(person_id: int, year_id: int) -> LessonVisit | None:
    """Open again what was left. Returns the latest of it, or None where nothing was."""
    left = away_from(person_id, year_id)
    for each in left:
        each.away_at = None
    return left[0] if left else None
