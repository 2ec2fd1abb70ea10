"""School years of a district: fixed boundaries in its own time zone, stored as instants, half-open."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from core.clock import now
from core.database import db, forget_with_database, insert_for, only_reading, transaction
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


def following(ends_at: datetime, timezone: str, month: int, day: int) -> tuple[str, datetime, datetime]:
    """The year after one that ends at `ends_at`: it begins there, and ends on the first of a year next to a year later.

    A district that moves its first of the year has one year that is shorter or longer, and never two at once.
    """
    zone = ZoneInfo(timezone)
    a_year_later = ends_at.astimezone(zone).date() + timedelta(days=365)
    years = range(a_year_later.year - 1, a_year_later.year + 2)
    last = min((date(year, month, day) for year in years), key=lambda each: abs(each - a_year_later))
    ends = datetime(last.year, last.month, last.day, tzinfo=zone)
    return f"{last.year - 1}-{last.year % 100:02d}", ends_at.astimezone(zone), ends


def ensure_school_year(district: District, at: datetime | None = None) -> SchoolYear:
    """The year that holds `at` (default: now), made if it is not there yet."""
    at = at or now()
    found = _year_at(district.id, at)
    if found:
        return found
    rule = district.timezone, district.year_starts_month, district.year_starts_day
    before = db.scalars(
        sa.select(SchoolYear)
        .where(SchoolYear.district_id == district.id, SchoolYear.ends_at <= at)
        .order_by(SchoolYear.ends_at.desc())
        .limit(1)
    ).one_or_none()
    name, starts, ends = following(before.ends_at, *rule) if before else boundaries(at, *rule)
    made = _write(district.id, name, starts, ends)
    while made.ends_at <= at:
        made = _write(district.id, *following(made.ends_at, *rule))
    return made


def _write(district_id: int, name: str, starts_at: datetime, ends_at: datetime) -> SchoolYear:
    db.execute(
        insert_for(SchoolYear)
        .values(district_id=district_id, name=name, starts_at=starts_at, ends_at=ends_at)
        .on_conflict_do_nothing()
    )
    return db.scalars(sa.select(SchoolYear).filter_by(district_id=district_id, name=name)).one()


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
    """Worker step: see that every district has the year that holds now. Returns how many had none.

    Each in a transaction of its own: on a host of many districts nobody who launches waits for all of them.
    """
    with only_reading():
        there = sa.select(SchoolYear.district_id).where(
            SchoolYear.starts_at <= now(), SchoolYear.ends_at > now()
        )
        lacking = db.scalars(
            sa.select(District.id).where(District.id.not_in(there)).order_by(District.id)
        ).all()
    for each in lacking:
        with transaction():
            ensure_school_year(db.get_one(District, each))
    return len(lacking)
