"""When a requirement is due. Pure: boundaries of the year, the day somebody joined and the district's zone.

A date-only deadline is the end of that local day, kept as the first instant of the next one (half-open).

    staff   due 14 days after the year began or they joined, whichever is later; 14 more days of grace
    pupils  due when the school year ends, no grace: the duty to teach them is the district's (RU-ANN-1)
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

STAFF_DAYS = 14
STAFF_GRACE_DAYS = 14
RENEWAL_DAYS = 30
"""How long before a pass ends it may be renewed for the next year."""
MINIMUM_ACTIVE_DAYS = 90
"""A shorter pass would bother people twice: what is earned later than this holds for the next year too."""


@dataclass(frozen=True)
class Deadline:
    due_at: datetime
    grace_until: datetime
    basis: str
    """`school_year` or `joined_late`."""


def deadline(
    audience: str, *, year_starts_at: datetime, year_ends_at: datetime, joined_at: datetime, timezone: str
) -> Deadline:
    if audience == "pupil":
        return Deadline(year_ends_at, year_ends_at, "school_year")
    begins_at = max(year_starts_at, joined_at)
    return Deadline(
        due_at=end_of_day(begins_at, timezone, days_later=STAFF_DAYS),
        grace_until=end_of_day(begins_at, timezone, days_later=STAFF_DAYS + STAFF_GRACE_DAYS),
        basis="joined_late" if joined_at > year_starts_at else "school_year",
    )


def end_of_day(instant: datetime, timezone: str, *, days_later: int = 0) -> datetime:
    """The first instant after the local day that lies `days_later` days after the day of `instant`."""
    return start_of_day(instant, timezone, days_later=days_later + 1)


def start_of_day(instant: datetime, timezone: str, *, days_later: int = 0) -> datetime:
    """Local midnight `days_later` days after the local day of `instant` (negative: before)."""
    zone = ZoneInfo(timezone)
    day = instant.astimezone(zone).date() + timedelta(days=days_later)
    return datetime(day.year, day.month, day.day, tzinfo=zone)


def renewal_opens_at(ends_at: datetime, timezone: str) -> datetime:
    """Local midnight 30 days before the last day on which a pass still holds: 1 August for 31 August."""
    return start_of_day(ends_at - timedelta(microseconds=1), timezone, days_later=-RENEWAL_DAYS)


def late_from(ends_at: datetime, timezone: str) -> datetime:
    """From this local midnight on, what is earned in a year holds for the next one too."""
    return start_of_day(ends_at, timezone, days_later=-MINIMUM_ACTIVE_DAYS)
