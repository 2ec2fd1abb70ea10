"""Terms such as `90d` and `6y`: how they are written, compared, and counted from an instant. No database, no clock."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from core.errors import ToolError
from core.messages import N_

WRITTEN = re.compile(r"(0|[1-9][0-9]{0,3})([dy])")
MOST_YEARS = 100


class OddTerm(ToolError):
    status, code = 422, "odd_term"


@dataclass(frozen=True)
class Term:
    """So many days, or so many years."""

    number: int
    unit: str

    def __str__(self) -> str:
        return f"{self.number}{self.unit}"

    @property
    def least_days(self) -> int:
        """Days it lasts at the least: across 2100 a leap day is left out."""
        return self.number if self.unit == "d" else self.number * 365 + max(self.number // 4 - 1, 0)

    @property
    def most_days(self) -> int:
        """Days it lasts at the most: the shortest run of years without a leap day is three."""
        return self.number if self.unit == "d" else self.number * 365 + (self.number + 3) // 4

    def after(self, instant: datetime, timezone: str) -> datetime:
        """The same time of the day so many days or years later, as a clock on the wall there shows it."""
        local = instant.astimezone(ZoneInfo(timezone))
        if self.unit == "d":
            return local + timedelta(days=self.number)
        year = local.year + self.number
        try:
            return local.replace(year=year)
        except ValueError:  # 29 February of a year that has none
            return local.replace(year=year, month=3, day=1)


def read_term(text: str) -> Term:
    """Raises OddTerm."""
    found = WRITTEN.fullmatch(text.strip())
    term = Term(int(found[1]), found[2]) if found else None
    if term is None or (term.unit == "y" and term.number > MOST_YEARS):
        raise OddTerm(N_("Write a term as days or years, such as 90d or 6y."), field="term")
    return term


def is_shorter(one: Term, other: Term) -> bool:
    """Whether there is a day to count from on which `one` is over before `other`."""
    if one.unit == other.unit:
        return one.number < other.number
    return one.least_days < other.most_days
