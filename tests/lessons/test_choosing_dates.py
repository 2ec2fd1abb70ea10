"""When chosen lessons open and are due: rules without a page."""

from datetime import date, datetime
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lessons.choosing_dates import Days, OddDates, spread, usual_days, windows

PACIFIC = "America/Los_Angeles"
FIRST, LAST = date(2026, 11, 30), date(2027, 6, 11)


@given(st.dates(date(2026, 9, 1), date(2027, 6, 1)), st.integers(1, 300), st.integers(1, 12))
def test_a_spread_covers_every_day_once_and_evenly(first, length, lessons):
    last = date.fromordinal(first.toordinal() + length - 1)
    if length < lessons:
        with pytest.raises(OddDates):
            spread(first, last, lessons)
        return
    days = spread(first, last, lessons)
    assert (days[0].first, days[-1].last) == (first, last)
    assert all((b.first - a.last).days == 1 for a, b in pairwise(days))
    lengths = {(each.last - each.first).days for each in days}
    assert max(lengths) - min(lengths) <= 1


def test_days_are_whole_in_the_district_also_across_summer_time():
    window = Days(FIRST, date(2027, 4, 1)).in_zone(PACIFIC)
    assert window.opens_at == datetime(2026, 11, 30, 0, 0, tzinfo=ZoneInfo(PACIFIC))
    assert window.opens_at.isoformat().endswith("-08:00")
    assert window.due_at.isoformat() == "2027-04-01T23:59:00-07:00"


@pytest.mark.parametrize(
    ("today", "last"),
    [(date(2026, 11, 25), date(2027, 6, 15)), (date(2027, 6, 14), date(2027, 6, 15)),
     (date(2027, 7, 1), date(2027, 8, 31))],
)  # fmt: skip
def test_the_usual_days_end_with_lessons_and_in_summer_with_the_year(today, last):
    assert usual_days(today, date(2027, 8, 31)) == Days(today, last)


def test_no_dates_is_what_a_form_without_them_says():
    for form in ({}, {"dates": "none", "first": "2026-11-30"}, {"dates": "sometime"}):
        assert {(each.opens_at, each.due_at) for each in windows(form, ["a", "b"], PACIFIC)} == {(None, None)}


def test_a_lesson_of_its_own_may_have_one_day_or_none():
    first, second = windows({"dates": "each", "due-a": " 2027-01-15 "}, ["a", "b"], PACIFIC)
    assert (first.opens_at, first.due_at.day, second.due_at) == (None, 15, None)
