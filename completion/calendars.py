"""The school years of a district as requirements see them: consecutive, and one further than anybody needs."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

import sqlalchemy as sa

from completion.deadlines import Deadline, deadline, late_from, renewal_opens_at
from completion.known import Period
from completion.rules import DEFAULTS, Rules, Said, defaults_of, said_by_all
from core.database import db
from people.models import District, SchoolYear
from people.school_years import boundaries, following

Year = tuple[str, datetime, datetime]
"""Name, first instant, end."""


@dataclass(frozen=True)
class Calendar:
    timezone: str
    years: tuple[Year, ...]
    """Oldest first, without gaps, to the end of the year after the one asked for."""
    names: dict[int, str]
    """{school year id: name}"""
    rules: dict[str, Said]
    """{audience: rules} where the district changed them."""

    def said_for(self, audience: str) -> Said:
        return self.rules.get(audience) or Said(defaults_of(audience))

    def periods_for(self, audience: str) -> tuple[Period, ...]:
        return periods(self.years, self.timezone, self.said_for(audience).whole)


def calendars(district_ids: Iterable[int], at: datetime) -> dict[int, Calendar]:
    """{district id: calendar that reaches past the year of `at`}, in three queries."""
    ids = list(district_ids)
    years: dict[int, list[SchoolYear]] = {each: [] for each in ids}
    for year in db.scalars(
        sa.select(SchoolYear).where(SchoolYear.district_id.in_(ids)).order_by(SchoolYear.starts_at)
    ):
        years[year.district_id].append(year)
    rules: dict[int, dict[str, Said]] = {each: {} for each in ids}
    for (district_id, audience), said in said_by_all(ids).items():
        rules[district_id][audience] = said
    return {
        district.id: Calendar(
            timezone=district.timezone,
            years=consecutive(
                [(year.name, year.starts_at, year.ends_at) for year in years[district.id]],
                at,
                district.timezone,
                (district.year_starts_month, district.year_starts_day),
            ),
            names={year.id: year.name for year in years[district.id]},
            rules=rules[district.id],
        )
        for district in db.scalars(sa.select(District).where(District.id.in_(ids)))
    }


def consecutive(
    known: Sequence[Year], at: datetime, timezone: str, starts: tuple[int, int]
) -> tuple[Year, ...]:
    """Known years, what lies between them, and on to the year after that of `at`."""
    years = list(known[:1]) or [boundaries(at, timezone, *starts)]
    coming = list(known[1:])
    while coming or years[-1][1] <= at:
        if coming and coming[0][1] <= years[-1][2]:
            years.append(coming.pop(0))
        else:
            years.append(following(years[-1][2], timezone, *starts))
    return tuple(years)


@lru_cache(maxsize=1024)
def periods(years: tuple[Year, ...], timezone: str, rules: Rules = DEFAULTS) -> tuple[Period, ...]:
    return tuple(
        Period(
            name,
            starts_at,
            ends_at,
            renewal_opens_at(ends_at, timezone, rules),
            late_from(ends_at, timezone, rules),
        )
        for name, starts_at, ends_at in years
    )


@lru_cache(maxsize=1024)
def staff_deadline_of(period: Period, timezone: str, rules: Rules = DEFAULTS) -> Deadline:
    """For whom it was asked of before: their clock starts with the year."""
    return deadline(
        "staff",
        year_starts_at=period.starts_at,
        year_ends_at=period.ends_at,
        joined_at=period.starts_at,
        timezone=timezone,
        rules=rules,
    )
