"""Instants as people of the district write them, in the reader's language."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from core.language import _, written_date, written_time_of_day


def written_time(instant: datetime, timezone: str) -> str:
    """November 24, 2026 at 8:05 AM (PST)"""
    local = instant.astimezone(ZoneInfo(timezone))
    return _(
        "%(day)s at %(time)s (%(zone)s)",
        day=written_date(local.date()),
        time=written_time_of_day(local),
        zone=local.tzname(),
    )


def local_day(instant: datetime, timezone: str) -> date:
    return instant.astimezone(ZoneInfo(timezone)).date()


def last_day_before(instant: datetime, timezone: str) -> date:
    """The last local day that is whole before an exclusive end: 31 August for midnight of 1 September."""
    return local_day(instant - timedelta(microseconds=1), timezone)
