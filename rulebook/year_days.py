"""The first day of the school year, and what moving it makes of the years to come. Pure but for the years there are."""

from dataclasses import dataclass
from datetime import date

from completion.calendars import consecutive
from completion.dates import last_day_before, local_day
from core.clock import now
from people.models import District
from people.school_years import current_school_year, following, years_of

MONTHS = {6: "June", 7: "July", 8: "August", 9: "September", 10: "October"}
SOME_YEAR = 2027


@dataclass(frozen=True)
class Year:
    name: str
    first: date
    last: date


def day_of(text: str) -> date:
    """MM-DD, in some year."""
    month, day = text.split("-")
    return date(SOME_YEAR, int(month), int(day))


def first_day(district: District) -> date:
    return date(SOME_YEAR, district.year_starts_month, district.year_starts_day)


def present_days(district: District) -> tuple[date, date]:
    """First and last day of the school year that holds now."""
    year = current_school_year(district.id)
    zone = district.timezone
    return local_day(year.starts_at, zone), last_day_before(year.ends_at, zone)


def years_to_come(district: District, start: tuple[int, int]) -> tuple[Year, Year, Year]:
    """The last one that is written, which stays, and the two after it if school years began on this day."""
    known = [(each.name, each.starts_at, each.ends_at) for each in years_of(district.id)]
    before = district.year_starts_month, district.year_starts_day
    written = known[-1] if known else consecutive([], now(), district.timezone, before)[0]
    coming = following(written[2], district.timezone, *start)
    later = following(coming[2], district.timezone, *start)
    first, second, third = (
        Year(name, local_day(starts, district.timezone), last_day_before(ends, district.timezone))
        for name, starts, ends in (written, coming, later)
    )
    return first, second, third
