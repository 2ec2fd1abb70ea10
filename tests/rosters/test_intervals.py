"""The plan of one person's intervals: a table of cases, and rules that hold for any roster."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rosters.intervals import Known, Plan, Wanted, plan

AT = datetime(2026, 11, 20, 12, tzinfo=UTC)
LONG_AGO, YEAR_START, LATER = AT - timedelta(days=4000), AT - timedelta(days=80), AT + timedelta(days=30)
FIR, ELM = (1, "staff"), (2, "staff")


def known(place=FIR, job="teacher", starts_at=YEAR_START, ends_at=None, id=1) -> Known:
    return Known(id, place, job, None, starts_at, ends_at)


def wanted(place=FIR, job="teacher", **days) -> Wanted:
    return Wanted(place, job, None, **days)


def made(known_rows, wanted_rows, **more) -> Plan:
    return plan(known_rows, wanted_rows, AT, undated=YEAR_START, **more)


def test_somebody_undated_began_when_the_roster_says_nothing():
    assert [each.starts_at for each in made([], [wanted()]).open] == [YEAR_START]


def test_a_hire_date_is_when_they_began():
    assert [each.starts_at for each in made([], [wanted(starts_at=LONG_AGO)]).open] == [LONG_AGO]
    assert [each.starts_at for each in made([], [wanted(starts_at=LATER)]).open] == [LATER]


def test_a_hire_date_that_comes_later_corrects_the_row():
    assert made([known()], [wanted(starts_at=LONG_AGO)]).change == {1: {"starts_at": LONG_AGO}}


def test_another_building_begins_now_whatever_the_hire_date():
    moved = made([known(starts_at=LONG_AGO)], [wanted(ELM, starts_at=LONG_AGO)])
    assert [each.starts_at for each in moved.open] == [AT] and moved.change == {1: {"ends_at": AT}}


def test_another_job_closes_and_opens():
    moved = made([known()], [wanted(job="para")])
    assert [(each.job, each.starts_at) for each in moved.open] == [("para", AT)]
    assert moved.change == {1: {"ends_at": AT}} and moved.closed == 1


def test_a_place_that_has_not_begun_is_changed_as_it_stands():
    coming = known(starts_at=LATER)
    assert made([coming], [wanted(job="para", starts_at=LATER)]).change == {1: {"job": "para"}}
    assert made([coming], []).drop == [1], "it never began, so there is nothing to keep"


def test_who_has_left_by_the_file_ends_on_that_day():
    yesterday = AT - timedelta(days=1)
    assert made([known()], [wanted(ends_at=yesterday)]).change == {1: {"ends_at": yesterday}}
    assert not made([known(ends_at=yesterday)], [wanted(ends_at=yesterday)])
    history = made([], [wanted(starts_at=LONG_AGO, ends_at=yesterday)]).open
    assert [(each.starts_at, each.ends_at) for each in history] == [(LONG_AGO, yesterday)]


def test_a_return_begins_now_unless_the_file_says_a_day_since():
    left = known(ends_at=AT - timedelta(days=10))
    assert [each.starts_at for each in made([left], [wanted(starts_at=LONG_AGO)]).open] == [AT]
    hired_again = AT - timedelta(days=3)
    assert [each.starts_at for each in made([left], [wanted(starts_at=hired_again)]).open] == [hired_again]


def test_a_delta_ends_only_what_it_names():
    rows = [known(), known(ELM, id=2)]
    assert made(rows, [], whole=False, ended=[ELM]).change == {2: {"ends_at": AT}}
    assert not made(rows, [], whole=False)


def test_leaving_before_one_begins_is_a_stay_that_ends():
    soon = AT + timedelta(days=1)
    assert made([known(starts_at=LATER)], [wanted(ends_at=soon)]).change == {
        1: {"ends_at": soon, "starts_at": AT}
    }


TOMORROW, YESTERDAY = AT + timedelta(days=1), AT - timedelta(days=1)


def test_who_was_to_begin_and_is_said_to_have_been_here_has_been_here():
    plan = made([known(starts_at=AT)], [wanted(starts_at=YESTERDAY, ends_at=AT)])
    assert plan.drop == [1] and [(e.starts_at, e.ends_at) for e in plan.open] == [(YESTERDAY, AT)]


def test_a_place_that_never_began_does_not_say_when_another_begins():
    moved = made([known(starts_at=AT)], [wanted(ELM, starts_at=TOMORROW)])
    assert moved.drop == [1] and [each.starts_at for each in moved.open] == [TOMORROW]


def test_two_places_told_the_same_day_are_corrected_together():
    rows = [known(), known(ELM, id=2)]
    both = made(rows, [wanted(starts_at=YESTERDAY), wanted(ELM, starts_at=YESTERDAY)])
    assert both.change == {1: {"starts_at": YESTERDAY}, 2: {"starts_at": YESTERDAY}}


def test_the_first_place_is_not_put_behind_the_second():
    rows = [known(), known(ELM, id=2, starts_at=YESTERDAY)]
    assert not made(rows, [wanted(starts_at=TOMORROW), wanted(ELM, starts_at=LONG_AGO)])


# -- for any roster ------------------------------------------------------------------------------------------

DAYS = st.integers(-30, 30).map(lambda days: AT + timedelta(days=days))
PLACES = st.sampled_from([FIR, ELM, (None, "staff"), (1, "pupil")])
WANTED = st.builds(
    Wanted, PLACES, st.sampled_from(["teacher", "para"]), st.none(), st.none() | DAYS, st.none() | DAYS
)
ROSTERS = st.lists(WANTED, unique_by=lambda each: each.place, max_size=4).map(
    lambda rows: [r for r in rows if not (r.starts_at and r.ends_at and r.starts_at >= r.ends_at)]
)


def carried_out(rows: list[Known], done: Plan) -> list[Known]:
    kept = []
    for row in rows:
        if row.id not in done.drop:
            values = {name: getattr(row, name) for name in Known.__slots__} | done.change.get(row.id, {})
            kept.append(Known(**values))
    first = max((row.id for row in rows), default=0) + 1
    new = [Known(n, e.place, e.job, e.grade, e.starts_at, e.ends_at) for n, e in enumerate(done.open, first)]
    return kept + new


@given(st.lists(st.tuples(ROSTERS, st.integers(0, 20)), min_size=1, max_size=5))
def test_every_roster_leaves_rows_that_make_sense_and_twice_is_once(history):
    rows: list[Known] = []
    at = AT
    for roster, days in history:
        at += timedelta(days=days)
        begun_before = {row.id for row in rows if row.starts_at < at}
        rows = carried_out(rows, plan(rows, roster, at, undated=YEAR_START))
        assert not plan(rows, roster, at, undated=YEAR_START), "the same file again changes nothing"
        assert all(row.ends_at is None or row.starts_at < row.ends_at for row in rows)
        assert begun_before <= {row.id for row in rows}, "what has begun is closed, never dropped"
        here = [row.place for row in rows if row.ends_at is None or row.ends_at > at]
        assert len(here) == len(set(here)), "one row for each place"
        assert set(here) == {each.place for each in roster if each.ends_at is None or each.ends_at > at}


@pytest.mark.parametrize("whole", [True, False])
def test_nobody_known_and_nothing_said_is_nothing(whole):
    assert not made([], [], whole=whole)
