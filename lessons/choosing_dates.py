"""When chosen lessons open and are due: days of the district, as a teacher says them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from core.errors import ToolError
from core.messages import N_

SUMMER = timedelta(days=77)
"""Lessons end long before their school year does on paper: in mid-June where the year turns in September."""

DAY_ENDS = time(23, 59)


class OddDates(ToolError):
    status, code = 400, "odd_dates"
    next_step = N_("Go back and set the dates again. Nothing was sent to your LMS.")


@dataclass(frozen=True)
class Window:
    """When a lesson opens and when it is due, each None where nothing is said."""

    opens_at: datetime | None = None
    due_at: datetime | None = None


NO_DATES = Window()


@dataclass(frozen=True)
class Days:
    """First and last day, both included, of one lesson or of all."""

    first: date | None
    last: date | None

    def in_zone(self, timezone: str) -> Window:
        """From the first day's midnight to the last day's end, there."""
        zone = ZoneInfo(timezone)
        return Window(
            datetime.combine(self.first, time.min, zone) if self.first else None,
            datetime.combine(self.last, DAY_ENDS, zone) if self.last else None,
        )


def usual_days(today: date, year_ends: date) -> Days:
    """From today to the end of lessons; in summer to the end of the school year. `year_ends` is its last day."""
    lessons_end = year_ends - SUMMER
    return Days(today, lessons_end if lessons_end > today else year_ends)


def spread(first: date, last: date, lessons: int) -> list[Days]:
    """Even stretches of the time between, one after the other. Raises OddDates when there are not enough days."""
    days = (last - first).days + 1
    if days < lessons:
        raise OddDates(N_("There are fewer days between the first and the last than there are lessons."))
    starts = [first + timedelta(days=days * n // lessons) for n in range(lessons + 1)]
    return [Days(opens, following - timedelta(days=1)) for opens, following in pairwise(starts)]


def windows(form: Mapping[str, str], ids: Sequence[str], timezone: str) -> list[Window]:
    """One window for each of these ids, as the form has it: `dates` is none, spread or each. Raises OddDates."""
    if form.get("dates") == "spread":
        whole = _days(form, "first", "last")
        if not whole.first or not whole.last:
            raise OddDates(N_("To spread the lessons over the year, a first and a last day are needed."))
        return [each.in_zone(timezone) for each in spread(whole.first, whole.last, len(ids))]
    if form.get("dates") == "each":
        return [_days(form, f"opens-{each}", f"due-{each}").in_zone(timezone) for each in ids]
    return [NO_DATES] * len(ids)


def _days(form: Mapping[str, str], first: str, last: str) -> Days:
    days = Days(_day(form.get(first, "")), _day(form.get(last, "")))
    if days.first and days.last and days.last < days.first:
        raise OddDates(N_("A lesson can not be due before it opens."))
    return days


def _day(text: str) -> date | None:
    if not text.strip():
        return None
    try:
        return date.fromisoformat(text.strip())
    except ValueError as error:
        raise OddDates(N_("A date is written like 2026-11-30.")) from error
