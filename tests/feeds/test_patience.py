"""When a post that failed is tried again."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from feeds.patience import JITTER, LADDER, LONGEST_WAIT, MOST_TRIES, next_try

AT = datetime(2026, 9, 1, tzinfo=UTC)


@given(st.integers(1, MOST_TRIES - 1), st.floats(0, 1))
def test_each_wait_is_that_of_its_rung_give_or_take_a_fifth(tries, chance):
    wait = next_try(tries, AT, chance) - AT
    assert LADDER[tries - 1] * (1 - JITTER) <= wait <= LADDER[tries - 1] * (1 + JITTER)


def test_the_tenth_failure_is_the_last():
    assert MOST_TRIES == 10
    assert next_try(9, AT, 0.5) is not None
    assert next_try(10, AT, 0.5) is None


@given(st.integers(1, MOST_TRIES - 1), st.floats(0, 1), st.timedeltas(timedelta(), timedelta(days=300)))
def test_who_asks_for_more_time_gets_it_up_to_a_day(tries, chance, asked):
    plain, given_time = next_try(tries, AT, chance), next_try(tries, AT, chance, asked)
    assert given_time >= plain
    assert given_time >= AT + min(asked, LONGEST_WAIT)
    assert given_time <= max(plain, AT + LONGEST_WAIT)
