"""Instants as people of the district write them. Written by hand: strftime has no %-d everywhere."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip


def written_date(day: date) -> str:
    """November 24, 2026"""
    return f"{MONTHS[day.month - 1]} {day.day}, {day.year}"


def written_time(instant: datetime, timezone: str) -> str:
    """November 24, 2026 at 8:05 AM (PST)"""
    local = instant.astimezone(ZoneInfo(timezone))
    hour = local.hour % 12 or 12
    half = "AM" if local.hour < 12 else "PM"
    return f"{written_date(local.date())} at {hour}:{local.minute:02d} {half} ({local.tzname()})"


def local_day(instant: datetime, timezone: str) -> date:
    return instant.astimezone(ZoneInfo(timezone)).date()


def last_day_before(instant: datetime, timezone: str) -> date:
    """The last local day that is whole before an exclusive end: 31 August for midnight of 1 September."""
    return local_day(instant - timedelta(microseconds=1), timezone)
