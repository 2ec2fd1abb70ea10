"""Numbers of a district's log, drawn under its row lock and committed in the order they were drawn, so that whoever
follows them never sees 6 before 5."""

import sqlalchemy as sa

from access.models import StandingLog
from core.database import db, insert_for


def draw_numbers(district_id: int, count: int) -> int:
    """The first of `count` consecutive numbers; nobody else draws any before this transaction ends."""
    drawn = _raise_log(district_id, count)
    if drawn is None:
        db.execute(insert_for(StandingLog).values(district_id=district_id).on_conflict_do_nothing())
        drawn = _raise_log(district_id, count)
    assert drawn is not None, "the log was opened a moment ago"
    return drawn - count + 1


def _raise_log(district_id: int, count: int) -> int | None:
    return db.execute(
        sa.update(StandingLog)
        .where(StandingLog.district_id == district_id)
        .values(last_seq=StandingLog.last_seq + count)
        .returning(StandingLog.last_seq)
    ).scalar_one_or_none()
