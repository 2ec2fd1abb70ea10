from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from completion.deadlines import deadline, end_of_day, late_from, renewal_opens_at

PACIFIC = "America/Los_Angeles"


def local(*args: int) -> datetime:
    return datetime(*args, tzinfo=ZoneInfo(PACIFIC))


YEAR = {"year_starts_at": local(2026, 9, 1), "year_ends_at": local(2027, 9, 1), "timezone": PACIFIC}


@pytest.mark.parametrize(
    ("joined", "due", "grace", "basis"),
    [
        (local(2025, 3, 1), local(2026, 9, 16), local(2026, 9, 30), "school_year"),
        (local(2026, 9, 1), local(2026, 9, 16), local(2026, 9, 30), "school_year"),
        (local(2026, 11, 10, 23, 59), local(2026, 11, 25), local(2026, 12, 9), "joined_late"),
        (local(2026, 11, 11, 0, 0), local(2026, 11, 26), local(2026, 12, 10), "joined_late"),
        # Summer time ends on 1 November 2026 and begins on 14 March 2027: still local midnight.
        (local(2026, 10, 20, 12), local(2026, 11, 4), local(2026, 11, 18), "joined_late"),
        (local(2027, 3, 5, 12), local(2027, 3, 20), local(2027, 4, 3), "joined_late"),
    ],
)
def test_staff_have_fourteen_days_and_fourteen_of_grace(
    joined: datetime, due: datetime, grace: datetime, basis: str
) -> None:
    found = deadline("staff", joined_at=joined.astimezone(UTC), **YEAR)
    assert (found.due_at, found.grace_until, found.basis) == (due, grace, basis)


@pytest.mark.parametrize("joined", [local(2025, 9, 1), local(2027, 5, 30)])
def test_pupils_have_the_school_year(joined: datetime) -> None:
    found = deadline("pupil", joined_at=joined, **YEAR)
    assert (found.due_at, found.grace_until, found.basis) == (
        local(2027, 9, 1),
        local(2027, 9, 1),
        "school_year",
    )


def test_a_day_ends_with_the_first_instant_of_the_next() -> None:
    assert end_of_day(datetime(2026, 11, 2, 7, 59, tzinfo=UTC), PACIFIC) == local(2026, 11, 2)
    assert end_of_day(datetime(2026, 11, 2, 8, 0, tzinfo=UTC), PACIFIC) == local(2026, 11, 3)


def test_renewal_opens_thirty_days_before_the_last_day() -> None:
    assert renewal_opens_at(local(2027, 9, 1), PACIFIC) == datetime(2027, 8, 1, 7, tzinfo=UTC)
    assert late_from(local(2027, 9, 1), PACIFIC) == local(2027, 6, 3)
