"""The rule: which reminder is due on which day."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from completion.rules import is_working
from reminders.stages import on_the_eve, speaks_until, stage

WEEKEND = ("sat", "sun")
FRIDAY = date(2026, 10, 9)
DUE = date(2026, 10, 21)
"""A Wednesday."""


@pytest.mark.parametrize(
    ("today", "kind"),
    [
        ("2026-09-30", "assigned"),
        ("2026-10-06", "assigned"),
        ("2026-10-07", "before_14"),
        ("2026-10-13", "before_14"),
        ("2026-10-14", "before_7"),
        ("2026-10-19", "before_7"),
        ("2026-10-20", "before_1"),
        ("2026-10-21", "before_0"),
        ("2026-10-22", "grace_1"),
        ("2026-10-28", "grace_1"),
        ("2026-10-29", "grace_2"),
        ("2026-11-04", "grace_2"),
        ("2026-11-05", None),
    ],
)
def test_on_working_days(today, kind):
    day = date.fromisoformat(today)
    assert stage(DUE, date(2026, 11, 4), day, day) == kind


def test_what_falls_on_a_weekend_is_said_on_the_friday_before():
    until = speaks_until(FRIDAY, WEEKEND)
    assert until == date(2026, 10, 11)
    assert stage(date(2026, 10, 10), date(2026, 10, 24), FRIDAY, until) == "before_0"
    assert stage(date(2026, 10, 12), date(2026, 10, 24), FRIDAY, until) == "before_1"
    assert stage(date(2026, 10, 17), date(2026, 10, 24), FRIDAY, until) == "before_7"


def test_before_a_holiday_it_is_said_before_the_holiday():
    quiet = (*WEEKEND, "2026-11-25..2026-11-29")
    assert speaks_until(date(2026, 11, 24), quiet) == date(2026, 11, 29)
    assert on_the_eve(date(2026, 11, 28), date(2026, 11, 24), date(2026, 11, 29))
    assert on_the_eve(date(2026, 11, 30), date(2026, 11, 24), date(2026, 11, 29))
    assert not on_the_eve(date(2026, 12, 1), date(2026, 11, 24), date(2026, 11, 29))
    assert not on_the_eve(date(2026, 11, 24), date(2026, 11, 24), date(2026, 11, 29))


ORDER = ["assigned", "before_14", "before_7", "before_1", "before_0", *(f"grace_{n}" for n in range(1, 60))]


@given(
    first=st.dates(date(2026, 1, 1), date(2027, 12, 31)),
    days=st.integers(0, 120),
    grace=st.integers(0, 90),
    quiet=st.sampled_from([WEEKEND, ("sat", "sun", "mon"), (*WEEKEND, "2026-12-19..2027-01-03"), ()]),
)
def test_who_owes_something_hears_in_time_and_in_order(first, days, grace, quiet):
    """Over every working day: stages only rise, something is said before the last day ends, and nothing after grace."""
    last, last_grace = first + timedelta(days=days), first + timedelta(days=days + grace)
    said = []
    for number in range(days + grace + 30):
        today = first + timedelta(days=number)
        if is_working(today, quiet):
            said.append((today, stage(last, last_grace, today, speaks_until(today, quiet))))
    kinds = [ORDER.index(kind) for _, kind in said if kind]
    assert kinds == sorted(kinds)
    assert all(kind is None for today, kind in said if today > last_grace)
    in_time = [(today, kind) for today, kind in said if today <= last]
    if in_time:
        assert in_time[-1][1] == "before_0", "the last letter in time says that there is no other"
