"""The worker's step that keeps the figures: each district is counted anew every few minutes, by one worker.

Counting reads, and writes only what differs, so that SQLite's one writer is held for a moment alone.
"""

from datetime import datetime, timedelta

import sqlalchemy as sa

from core.clock import now
from core.database import db, insert_for, only_reading, table_of, transaction
from lessons import library
from oversight.counting import COLUMNS, Counted, count
from oversight.losing import losses_by_place
from oversight.models import DayFigure, FigureCount, LossFigure
from people.models import District, SchoolYear
from people.school_years import current_school_year

EVERY = timedelta(minutes=5)
"""How old figures may grow. A district of 3,300 is counted in some hundredths of a second (bench/district_pages.py)."""

FORECAST_EVERY = timedelta(hours=1)


def count_due() -> int:
    """Worker step: count the district whose figures are the oldest, if they are old enough. Returns 1 or 0."""
    with only_reading():
        due = _due(now())
    if due is None:
        return 0
    district_id, counted_at = due
    recount(district_id, counted_at)
    return 1


def recount(district_id: int, counted_at: datetime | None) -> bool:
    """Count a district now, and reckon who loses access if that was not done within FORECAST_EVERY.

    counted_at  when it was last counted, as the caller read it
    False, with nothing written, where another worker has counted it meanwhile.
    """
    at = now()
    with only_reading():
        district = db.get_one(District, district_id)
        counted = count(district, current_school_year(district_id), library.current_release().courses, at)
        reckoned_at = db.scalar(sa.select(FigureCount.forecast_at).filter_by(district_id=district_id))
        reckons = reckoned_at is None or reckoned_at <= at - FORECAST_EVERY
        if reckons:
            counted.rows[LossFigure] = set(losses_by_place(district, at))
    with transaction():
        if not _ours(district_id, counted_at, at):
            return False
        if reckons:
            db.execute(sa.update(FigureCount).filter_by(district_id=district_id).values(forecast_at=at))
        _write(district_id, counted)
    return True


def last_counted(district_id: int) -> datetime | None:
    return db.scalars(sa.select(FigureCount.counted_at).filter_by(district_id=district_id)).one_or_none()


def _due(at: datetime) -> tuple[int, datetime | None] | None:
    row = db.execute(
        sa.select(District.id, FigureCount.counted_at)
        .outerjoin(FigureCount, FigureCount.district_id == District.id)
        .where(
            sa.or_(FigureCount.id.is_(None), FigureCount.counted_at <= at - EVERY),
            # A district of this very minute has no school year yet; its turn comes when it has.
            sa.select(SchoolYear.id)
            .where(SchoolYear.district_id == District.id, SchoolYear.starts_at <= at, SchoolYear.ends_at > at)
            .exists(),
        )
        .order_by(FigureCount.counted_at.nulls_first(), District.id)
        .limit(1)
    ).one_or_none()
    return (row[0], row[1]) if row else None


def _ours(district_id: int, counted_at: datetime | None, at: datetime) -> bool:
    """Whether nobody was faster. From here to the end of the transaction, others of this district wait."""
    if counted_at is None:
        made = db.execute(
            insert_for(FigureCount)
            .values(district_id=district_id, counted_at=at)
            .on_conflict_do_nothing()
            .returning(FigureCount.id)
        )
        return made.scalar_one_or_none() is not None
    moved = db.execute(
        sa.update(FigureCount)
        .where(FigureCount.district_id == district_id, FigureCount.counted_at == counted_at)
        .values(counted_at=at)
        .returning(FigureCount.id)
    )
    return moved.scalar_one_or_none() is not None


def _write(district_id: int, counted: Counted) -> None:
    for model, rows in counted.rows.items():
        table = table_of(model)
        columns = COLUMNS[model]
        there = {
            tuple(row[1:]): row[0]
            for row in db.execute(
                sa.select(table.c.id, *(table.c[each] for each in columns)).where(
                    table.c.district_id == district_id
                )
            )
        }
        gone = [number for row, number in there.items() if row not in rows]
        if gone:
            db.connection().execute(
                sa.delete(table).where(table.c.id == sa.bindparam("gone")), [{"gone": each} for each in gone]
            )
        new = [
            {"district_id": district_id, **dict(zip(columns, row, strict=True))} for row in rows - set(there)
        ]
        if new:
            db.connection().execute(sa.insert(table), new)
    today = insert_for(DayFigure).values(district_id=district_id, day=counted.day, **counted.today)
    db.execute(today.on_conflict_do_update(index_elements=["district_id", "day"], set_=counted.today))
