"""When a requirement is due. Pure: boundaries of the year, the day somebody joined, the district's zone and rules.

A date-only deadline is the end of that local day, kept as the first instant of the next one (half-open).

    staff, guests  due `due_days` after the year began, or `new_hire_days` after they joined it; then days of grace
    pupils         due when the school year ends, or where the district says so `due_days` after it began and at least
                   `new_hire_days` after it was asked; until the year ends nothing runs out, as the duty to teach them
                   is the district's (RU-ANN-1)
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from completion.rules import DEFAULTS, Rules, defaults_of, is_working


@dataclass(frozen=True)
class Deadline:
    due_at: datetime
    grace_until: datetime
    basis: str
    """`school_year` or `joined_late`; `extension` where somebody was given more time."""


def deadline(
    audience: str,
    *,
    year_starts_at: datetime,
    year_ends_at: datetime,
    joined_at: datetime,
    timezone: str,
    rules: Rules | None = None,
) -> Deadline:
    """`rules`: without any, the defaults of this audience."""
    rules = rules or defaults_of(audience)
    if audience == "pupil":
        return _of_a_pupil(year_starts_at, year_ends_at, joined_at, timezone, rules)
    if joined_at > year_starts_at:
        return joined_late(joined_at, timezone, rules)
    due = rules.due_days
    if due is None:
        return Deadline(year_ends_at, year_ends_at, "school_year")
    return Deadline(
        end_of_day(year_starts_at, timezone, days_later=due),
        end_of_day(year_starts_at, timezone, days_later=due + rules.grace_days),
        "school_year",
    )


def _of_a_pupil(
    year_starts_at: datetime, year_ends_at: datetime, asked_at: datetime, timezone: str, rules: Rules
) -> Deadline:
    if rules.due_days is None:
        return Deadline(year_ends_at, year_ends_at, "school_year")
    by_year = min(year_ends_at, end_of_day(year_starts_at, timezone, days_later=rules.due_days))
    by_asking = min(year_ends_at, end_of_day(asked_at, timezone, days_later=rules.new_hire_days))
    if by_asking > by_year:
        return Deadline(by_asking, year_ends_at, "joined_late")
    return Deadline(by_year, year_ends_at, "school_year")


def joined_late(joined_at: datetime, timezone: str, rules: Rules = DEFAULTS) -> Deadline:
    """For a new hire, and for who comes back in the middle of a year. 0 days is the end of that very day."""
    first = joined_at.astimezone(ZoneInfo(timezone)).date()
    due = _days_after(first, rules)
    return Deadline(
        end_of_day(joined_at, timezone, days_later=due),
        end_of_day(joined_at, timezone, days_later=due + rules.grace_days),
        "joined_late",
    )


def latest_extension(
    due_at: datetime, *, year_ends_at: datetime, at: datetime, timezone: str, rules: Rules = DEFAULTS
) -> datetime:
    """The first instant after the last day until which more time may be given at `at`: so many days of the rules after
    the due date, or after today if it is past, and never beyond the school year."""
    last_day = max(due_at - timedelta(microseconds=1), at)
    return min(year_ends_at, end_of_day(last_day, timezone, days_later=rules.extension_days))


def extended(until: date, *, year_ends_at: datetime, timezone: str, rules: Rules = DEFAULTS) -> Deadline:
    """The dates of who was given time through this day: grace follows as for everybody, within the school year."""
    due_at = day_after(until, timezone)
    grace_until = end_of_day(due_at - timedelta(microseconds=1), timezone, days_later=rules.grace_days)
    return Deadline(due_at, max(due_at, min(year_ends_at, grace_until)), "extension")


def _days_after(first: date, rules: Rules) -> int:
    """How many days after `first` the last of the new hire's days is."""
    if rules.new_hire_counting == "calendar":
        return rules.new_hire_days
    day, left = first, rules.new_hire_days
    while left:
        day += timedelta(days=1)
        left -= is_working(day, rules.quiet)
    return (day - first).days


def end_of_day(instant: datetime, timezone: str, *, days_later: int = 0) -> datetime:
    """The first instant after the local day that lies `days_later` days after the day of `instant`."""
    return start_of_day(instant, timezone, days_later=days_later + 1)


def start_of_day(instant: datetime, timezone: str, *, days_later: int = 0) -> datetime:
    """Local midnight `days_later` days after the local day of `instant` (negative: before)."""
    zone = ZoneInfo(timezone)
    day = instant.astimezone(zone).date() + timedelta(days=days_later)
    return datetime(day.year, day.month, day.day, tzinfo=zone)


def day_after(day: date, timezone: str) -> datetime:
    """The first instant after this local day: what lasts "through" a day ends here."""
    return first_instant(day + timedelta(days=1), timezone)


def first_instant(day: date, timezone: str) -> datetime:
    """Local midnight with which the day begins."""
    return datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(timezone))


def renewal_opens_at(ends_at: datetime, timezone: str, rules: Rules = DEFAULTS) -> datetime:
    """Local midnight 30 days before the last day on which a pass still holds: 1 August for 31 August."""
    return start_of_day(ends_at - timedelta(microseconds=1), timezone, days_later=-rules.renewal_days)


def late_from(ends_at: datetime, timezone: str, rules: Rules = DEFAULTS) -> datetime:
    """From this local midnight on, what is earned in a year holds for the next one too."""
    return start_of_day(ends_at, timezone, days_later=-rules.minimum_active_days)
