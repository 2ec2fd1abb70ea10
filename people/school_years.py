"""School years of a district: fixed boundaries in its own time zone, stored as instants, half-open."""

from datetime import datetime
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from core.clock import now
from core.database import db, forget_with_database, insert_for
from people.models import District, SchoolYear


def boundaries(at: datetime, timezone: str, month: int, day: int) -> tuple[str, datetime, datetime]:
    """Name, first instant and end (exclusive) of the school year that holds `at`.

    The first of the year begins at local midnight; across a change of summer time a year is simply an hour
    longer or shorter.
    """
    zone = ZoneInfo(timezone)
    local = at.astimezone(zone)
    first = local.year if (local.month, local.day) >= (month, day) else local.year - 1
    starts = datetime(first, month, day, tzinfo=zone)
    ends = datetime(first + 1, month, day, tzinfo=zone)
    return f"{first}-{(first + 1) % 100:02d}", starts, ends


def ensure_school_year(district: District, at: datetime | None = None) -> SchoolYear:
    """The year that holds `at` (default: now), made if it is not there yet."""
    at = at or now()
    found = _year_at(district.id, at)
    if found:
        return found
    name, starts, ends = boundaries(
        at, district.timezone, district.year_starts_month, district.year_starts_day
    )
    db.execute(
        insert_for(SchoolYear)
        .values(district_id=district.id, name=name, starts_at=starts, ends_at=ends)
        .on_conflict_do_nothing()
    )
    return db.scalars(sa.select(SchoolYear).filter_by(district_id=district.id, name=name)).one()


def current_school_year(district_id: int, at: datetime | None = None) -> SchoolYear:
    """The year that holds `at`. Launches and the worker have made it before anyone can ask."""
    found = _year_at(district_id, at or now())
    if found is None:
        raise LookupError(f"district {district_id} has no school year for this instant; run the worker")
    return found


def years_of(district_id: int) -> list[SchoolYear]:
    """Those that were ever opened, oldest first."""
    mine = sa.select(SchoolYear).filter_by(district_id=district_id).order_by(SchoolYear.starts_at)
    return list(db.scalars(mine))


_known: dict[int, SchoolYear] = {}
"""The year last asked for in each district: a school year never changes once it has begun, and every page asks."""


@forget_with_database
def forget_school_years() -> None:
    _known.clear()


def _year_at(district_id: int, at: datetime) -> SchoolYear | None:
    known = _known.get(district_id)
    if known is not None and known.starts_at <= at < known.ends_at:
        return known
    found = db.scalars(
        sa.select(SchoolYear).where(
            SchoolYear.district_id == district_id, SchoolYear.starts_at <= at, SchoolYear.ends_at > at
        )
    ).one_or_none()
    if found is not None:
        db.expunge(found)
        _known[district_id] = found
    return found


def open_school_years() -> int:
    """Worker step: see that every district has the year that holds now. Returns how many districts there are."""
    districts = db.scalars(sa.select(District)).all()
    for district in districts:
        ensure_school_year(district)
    return len(districts)
