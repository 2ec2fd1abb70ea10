"""Days of a file as instants: the district's own days, half-open."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo


def start_of(day: date, timezone: str) -> datetime:
    """Local midnight with which the day begins."""
    return datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(timezone))


def end_of(day: date, timezone: str) -> datetime:
    """The first instant after the day: who leaves on the 30th is here on the 30th."""
    return start_of(day + timedelta(days=1), timezone)
