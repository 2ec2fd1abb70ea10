"""The table of states, row by row, and what must hold for any facts at any instant."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from completion.calendars import consecutive, periods, staff_deadline_of
from completion.known import Asked, Facts, Shown
from completion.states import state_at

PACIFIC = "America/Los_Angeles"
MOMENT = timedelta(microseconds=1)


def local(*args: int) -> datetime:
    return datetime(*args, tzinfo=ZoneInfo(PACIFIC))


YEARS = consecutive([("2026-27", local(2026, 9, 1), local(2027, 9, 1))], local(2027, 10, 1), PACIFIC, (9, 1))
PERIODS = periods(YEARS, PACIFIC)
THIS, NEXT, AFTER = PERIODS
RUA = (("attestation:rua",), ("lesson:m1", "lesson:m2"))


def asked(period=THIS, opens_at=None, basis="school_year") -> Asked:
    rule = staff_deadline_of(period, PACIFIC)
    return Asked(period.name, opens_at or period.starts_at, rule.due_at, rule.grace_until, basis)


def shown(part: str, at: datetime, period=THIS, version="v1") -> Shown:
    kind = "agreement" if part.startswith("attestation") else "course"
    return Shown(part, period.name, at, kind, version, f"ev_{part}_{version}_{at:%m%d}")


def staff(**known) -> Facts:
    known.setdefault("asked", (asked(THIS), asked(NEXT), asked(AFTER)))
    return Facts(belongs=True, renews=True, alternatives=RUA, periods=PERIODS, **known)


def pupil(**known) -> Facts:
    known.setdefault(
        "asked", (Asked("2026-27", local(2026, 9, 8), THIS.ends_at, THIS.ends_at, "school_year"),)
    )
    return Facts(
        belongs=True, renews=False, alternatives=(("lesson:a", "lesson:b"),), periods=PERIODS, **known
    )


SIGNED = shown("attestation:rua", local(2026, 9, 10, 15))
COURSE = (shown("lesson:m1", local(2026, 9, 3)), shown("lesson:m2", local(2026, 9, 4)))
NEWCOMER = Asked("2026-27", local(2026, 11, 10, 9), local(2026, 11, 25), local(2026, 12, 9), "joined_late")
BEGAN = (("2026-27", local(2026, 9, 5)),)


@pytest.mark.parametrize(
    ("facts", "at", "state", "reason"),
    [
        (
            replace(staff(shown=(SIGNED,)), belongs=False),
            local(2026, 10, 1),
            "not_applicable",
            "other_audience",
        ),
        (staff(asked=()), local(2026, 10, 1), "not_applicable", "not_assigned"),
        (staff(), local(2026, 8, 31), "not_due", "not_open_yet"),
        (staff(), local(2026, 9, 1), "assigned", "first_year"),
        (staff(begun=BEGAN), local(2026, 9, 5), "in_progress", "first_year"),
        (staff(begun=BEGAN), local(2026, 9, 5) - MOMENT, "assigned", "first_year"),
        (staff(), local(2026, 9, 16) - MOMENT, "assigned", "first_year"),
        (staff(), local(2026, 9, 16), "overdue", "first_year"),
        (staff(), local(2026, 9, 30) - MOMENT, "overdue", "first_year"),
        (staff(), local(2026, 9, 30), "expired", "never_completed"),
        (staff(), local(2027, 9, 1), "assigned", "lapsed"),
        (staff(asked=(NEWCOMER,)), local(2026, 11, 10, 9), "assigned", "newcomer"),
        (staff(asked=(NEWCOMER,)), local(2026, 11, 25), "overdue", "newcomer"),
        (staff(shown=(SIGNED,)), local(2026, 9, 10, 15) - MOMENT, "assigned", "first_year"),
        (staff(shown=(SIGNED,)), local(2026, 9, 10, 15), "complete", "agreement"),
        (staff(shown=(SIGNED,)), local(2027, 8, 1) - MOMENT, "complete", "agreement"),
        (staff(shown=(SIGNED,)), local(2027, 8, 1), "expiring", "agreement"),
        (staff(shown=(SIGNED,)), local(2027, 9, 1) - MOMENT, "expiring", "agreement"),
        (staff(shown=(SIGNED,)), local(2027, 9, 1), "assigned", "returning"),
        (staff(shown=(SIGNED,)), local(2027, 9, 16), "overdue", "returning"),
        (staff(shown=(SIGNED,)), local(2027, 9, 30), "expired", "ran_out"),
        (staff(shown=COURSE[:1]), local(2026, 9, 10), "assigned", "first_year"),
        (staff(shown=COURSE), local(2026, 9, 4), "complete", "course"),
        (staff(shown=(*COURSE, SIGNED)), local(2026, 10, 1), "complete", "course"),
        (pupil(), local(2026, 9, 8) - MOMENT, "not_due", "not_open_yet"),
        (pupil(), local(2027, 8, 31), "assigned", "first_year"),
        (pupil(), local(2027, 9, 1), "expired", "never_completed"),
    ],
)
def test_the_table(facts: Facts, at: datetime, state: str, reason: str) -> None:
    found = state_at(facts, at)
    assert (found.state, found.reason) == (state, reason)


def test_all_of_a_complete_state() -> None:
    found = state_at(staff(shown=(SIGNED,)), local(2026, 11, 24))
    assert found.period == "2026-27"
    assert found.completed_at == SIGNED.shown_at
    assert found.valid_until == local(2027, 9, 1)
    assert (found.due_at, found.grace_until) == (None, None)
    assert found.next_change_at == datetime(2027, 8, 1, 7, tzinfo=UTC)
    assert (found.evidence, found.policy_version) == (SIGNED.public_id, "v1")


def test_an_expiring_pass_says_when_the_next_one_is_due() -> None:
    found = state_at(staff(shown=(SIGNED,)), local(2027, 8, 5))
    assert (found.due_at, found.grace_until) == (local(2027, 9, 16), local(2027, 9, 30))
    assert found.next_change_at == local(2027, 9, 1)


def test_a_signature_in_august_for_next_year_carries_over_the_turn_of_the_year() -> None:
    renewed = shown("attestation:rua", local(2027, 8, 12), NEXT, "v2")
    facts = staff(shown=(SIGNED, renewed))
    assert state_at(facts, local(2027, 8, 5)).state == "expiring"
    found = state_at(facts, local(2027, 9, 2))
    assert (found.state, found.period, found.valid_until) == ("complete", "2027-28", local(2028, 9, 1))


@pytest.mark.parametrize(
    ("signed", "until"),
    [
        (local(2027, 6, 3) - MOMENT, local(2027, 9, 1)),
        (local(2027, 6, 3), local(2028, 9, 1)),
        (local(2027, 6, 20), local(2028, 9, 1)),
    ],
)
def test_who_signs_in_june_is_not_asked_again_in_september(signed: datetime, until: datetime) -> None:
    assert state_at(staff(shown=(shown("attestation:rua", signed),)), signed).valid_until == until


def test_parts_of_two_years_do_not_add_up() -> None:
    facts = staff(shown=(COURSE[0], shown("lesson:m2", local(2027, 9, 3), NEXT)))
    assert state_at(facts, local(2027, 9, 5)).state == "assigned"


def test_a_pupil_who_finished_owes_nothing_after_the_year() -> None:
    parts = (shown("lesson:a", local(2026, 10, 1)), shown("lesson:b", local(2027, 8, 20)))
    done = pupil(shown=parts)
    assert state_at(done, local(2027, 8, 25)).state == "complete"
    found = state_at(done, local(2027, 9, 1))
    assert (found.state, found.reason, found.next_change_at) == ("not_due", "year_over", None)


FROM, TO = local(2026, 8, 1), local(2028, 12, 1)
hours = st.integers(0, int((TO - FROM).total_seconds() // 3600))
instants = st.builds(lambda hour: FROM + timedelta(hours=hour), hours)
some_period = st.sampled_from(PERIODS[:2])
parts = st.sampled_from(["attestation:rua", "lesson:m1", "lesson:m2"])


@st.composite
def any_facts(draw: st.DrawFn) -> Facts:
    renews = draw(st.booleans())
    opened = sorted(draw(st.lists(instants, max_size=2, unique=True)))
    asked_then = tuple(
        Asked(
            period.name,
            max(at, period.starts_at),
            at + timedelta(days=draw(st.integers(0, 30))),
            at,
            "school_year",
        )
        for period, at in zip(PERIODS, opened, strict=False)
    )
    return Facts(
        belongs=draw(st.sampled_from([True, True, True, False])),
        renews=renews,
        alternatives=RUA,
        periods=PERIODS,
        asked=tuple(
            replace(each, grace_until=each.due_at + timedelta(days=draw(st.integers(0, 20))))
            for each in asked_then
        ),
        shown=tuple(
            shown(part, at, period)
            for part, at, period in draw(st.lists(st.tuples(parts, instants, some_period), max_size=5))
        ),
        begun=tuple(
            (period.name, at) for period, at in draw(st.lists(st.tuples(some_period, instants), max_size=3))
        ),
    )


def without_next(state):
    return replace(state, next_change_at=None)


@settings(max_examples=300, deadline=None)
@given(facts=any_facts(), at=instants, later=st.lists(instants, max_size=12))
def test_a_state_holds_until_it_changes_and_then_it_is_another(
    facts: Facts, at: datetime, later: list[datetime]
) -> None:
    state = state_at(facts, at)
    change = state.next_change_at
    for instant in later:
        if at <= instant and (change is None or instant < change):
            assert state_at(facts, instant) == state
    if change is not None:
        assert change > at
        assert without_next(state_at(facts, change - MOMENT)) == without_next(state)
        assert without_next(state_at(facts, change)) != without_next(state)


@settings(max_examples=200, deadline=None)
@given(facts=any_facts())
def test_the_line_of_time_is_covered_without_gap_or_overlap(facts: Facts) -> None:
    """Following next_change_at from the beginning visits every state there is, and comes to an end."""
    at, seen = FROM, []
    while at is not None:
        assert len(seen) < 60
        seen.append((at, state_at(facts, at)))
        at = seen[-1][1].next_change_at
    edges = [edge for edge, _state in seen] + [TO]
    for (start, state), end in zip(seen, edges[1:], strict=True):
        middle = start + (max(end, start) - start) / 2
        assert without_next(state_at(facts, middle)) == without_next(state)


@settings(max_examples=200, deadline=None)
@given(facts=any_facts(), at=instants)
def test_what_a_state_says_of_itself_is_true(facts: Facts, at: datetime) -> None:
    found = state_at(facts, at)
    if found.state in ("complete", "expiring"):
        assert found.completed_at <= at < found.valid_until
        assert found.evidence is not None
    else:
        assert (found.completed_at, found.valid_until, found.evidence) == (None, None, None)
    if found.state in ("assigned", "in_progress"):
        assert at < found.due_at <= found.grace_until
    if found.state == "overdue":
        assert found.due_at <= at < found.grace_until
    if found.state == "expired":
        assert found.grace_until <= at
