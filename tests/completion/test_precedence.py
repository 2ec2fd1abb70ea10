"""The rows that people and the roster decide, above what was shown; revised agreements; and coming back."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from completion.decision_models import Revocation
from completion.facts import revoked_spans
from completion.known import Asked, Extended, Facts, Restart, Revision, Shown, Span
from completion.states import STATES, is_revoked, state_at
from tests.completion.test_states import (
    COURSE,
    FROM,
    MOMENT,
    NEXT,
    PERIODS,
    SIGNED,
    THIS,
    any_facts,
    instants,
    local,
    pupil,
    shown,
    some_period,
    staff,
    without_next,
)

OCTOBER = Span(local(2026, 10, 1), local(2026, 11, 1))
FROM_OCTOBER = Span(local(2026, 10, 1), None)
MID = local(2026, 10, 15)
V2 = Revision(
    "attestation:rua", local(2026, 10, 1), local(2026, 11, 2), local(2026, 11, 16), frozenset({"v2", "v3"})
)
V3 = Revision("attestation:rua", local(2026, 12, 1), local(2027, 1, 1), local(2027, 1, 15), frozenset({"v3"}))
AGAIN = shown("attestation:rua", local(2026, 10, 20), version="v2")


@pytest.mark.parametrize(
    ("facts", "state", "reason"),
    [
        # Row 1: the roster goes before everything, for people it has spoken of.
        (staff(shown=(SIGNED,), roster=()), "not_applicable", "not_on_roster"),
        (staff(shown=(SIGNED,), roster=(Span(local(2026, 11, 1), None),)), "not_applicable", "not_on_roster"),
        (
            staff(shown=(SIGNED,), roster=(Span(local(2025, 9, 1), MID),), revoked=(OCTOBER,)),
            "not_applicable",
            "separated",
        ),
        (staff(shown=(SIGNED,), roster=(Span(local(2025, 9, 1), None),)), "complete", "agreement"),
        (staff(shown=(SIGNED,), roster=None), "complete", "agreement"),
        # Row 2: revoked goes before exempt, complete and what is asked; also for another audience.
        (staff(revoked=(FROM_OCTOBER,)), "revoked", "revoked"),
        (staff(shown=(SIGNED,), revoked=(OCTOBER,), exempt=(OCTOBER,)), "revoked", "revoked"),
        (replace(staff(revoked=(OCTOBER,)), belongs=False), "revoked", "revoked"),
        (pupil(revoked=(OCTOBER,)), "revoked", "revoked"),
        # Row 3: exempt goes before what was shown and what is asked.
        (staff(exempt=(OCTOBER,)), "exempt", "exempt"),
        (staff(shown=(SIGNED,), exempt=(OCTOBER,)), "exempt", "exempt"),
        (staff(asked=(), exempt=(OCTOBER,)), "exempt", "exempt"),
        (replace(staff(exempt=(OCTOBER,)), belongs=False), "not_applicable", "other_audience"),
        # Rows 4 and 10: the required version.
        (staff(shown=(SIGNED,), revisions=(V2,)), "reattest_due", "revised"),
        (staff(shown=(SIGNED, *COURSE), revisions=(V2,)), "complete", "course"),
        (staff(shown=(replace(SIGNED, version="v2"),), revisions=(V2,)), "complete", "agreement"),
        (staff(shown=(replace(SIGNED, version="v3"),), revisions=(V2, V3)), "complete", "agreement"),
    ],
)
def test_precedence(facts: Facts, state: str, reason: str) -> None:
    found = state_at(facts, MID)
    assert (found.state, found.reason) == (state, reason)


@pytest.mark.parametrize("span", ["revoked", "exempt"])
def test_a_decision_holds_from_its_first_instant_and_not_at_its_end(span: str) -> None:
    facts = staff(shown=(SIGNED,), **{span: (OCTOBER,)})
    assert [
        state_at(facts, at).state
        for at in (
            OCTOBER.starts_at - MOMENT,
            OCTOBER.starts_at,
            OCTOBER.ends_at - MOMENT,
            OCTOBER.ends_at,
        )
    ] == ["complete", span, span, "complete"]
    assert state_at(facts, OCTOBER.starts_at - MOMENT).next_change_at == OCTOBER.starts_at
    assert state_at(facts, OCTOBER.starts_at).next_change_at == OCTOBER.ends_at


DAY = timedelta(days=1)
NOON = local(2026, 10, 1) + timedelta(hours=12)


def withdrawn(decided: bool = True, **changes: datetime | None) -> Revocation:
    said = {"starts_at": NOON, "review_due_at": NOON + 2 * DAY, **changes}
    return Revocation(emergency=not decided, decided_by=7 if decided else None, **said)


@pytest.mark.parametrize(
    ("row", "over_at"),
    [
        # Nobody has decided: at its review it is over, and not a moment later.
        (withdrawn(decided=False), NOON + 2 * DAY),
        (withdrawn(decided=False, ends_at=NOON + 9 * DAY), NOON + 2 * DAY),
        (withdrawn(decided=False, ends_at=NOON + DAY), NOON + DAY),
        (withdrawn(decided=False, reinstated_at=NOON + DAY), NOON + DAY),
        # It was decided: an overdue review ends nothing.
        (withdrawn(), None),
        (withdrawn(ends_at=NOON + 9 * DAY), NOON + 9 * DAY),
        (withdrawn(reinstated_at=NOON + 5 * DAY), NOON + 5 * DAY),
        (withdrawn(ends_at=NOON + 9 * DAY, reinstated_at=NOON + 5 * DAY), NOON + 5 * DAY),
    ],
)
def test_until_when_access_is_withdrawn(row: Revocation, over_at: datetime | None) -> None:
    assert row.over_at == over_at
    facts = staff(shown=(SIGNED,), revoked=revoked_spans([row]))
    assert state_at(facts, NOON).next_change_at == (over_at or NEXT.starts_at)
    edge = over_at or NOON + 100 * DAY
    assert state_at(facts, edge - MOMENT).state == "revoked"
    assert state_at(facts, edge).state == ("complete" if over_at else "revoked")


def test_who_is_reinstated_falls_back_to_what_is_underneath() -> None:
    assert state_at(staff(shown=(SIGNED,), revoked=(OCTOBER,)), OCTOBER.ends_at).state == "complete"
    assert state_at(staff(revoked=(OCTOBER,)), OCTOBER.ends_at).state == "expired"


def test_who_is_reinstated_on_that_condition_shows_everything_anew() -> None:
    back = OCTOBER.ends_at
    facts = staff(shown=(SIGNED,), revoked=(OCTOBER,), anew_from=(back,))
    assert state_at(facts, local(2026, 9, 20)).state == "complete"
    assert (state_at(facts, back).state, state_at(facts, back).reason) == ("expired", "ran_out")
    again = replace(facts, shown=(SIGNED, shown("attestation:rua", local(2026, 11, 5), version="v2")))
    assert state_at(again, local(2026, 11, 5)).state == "complete"
    assert state_at(again, local(2026, 11, 5)).policy_version == "v2"


def test_a_pupil_who_must_show_everything_anew_is_not_done_with_the_year() -> None:
    parts = (shown("lesson:a", local(2026, 9, 10)), shown("lesson:b", local(2026, 9, 11)))
    facts = pupil(shown=parts, anew_from=(MID,))
    assert [state_at(facts, at).state for at in (MID - MOMENT, MID, local(2027, 9, 1))] == [
        "complete",
        "assigned",
        "expired",
    ]


@pytest.mark.parametrize(
    ("at", "state"),
    [
        (V2.effective_at - MOMENT, "complete"),
        (V2.effective_at, "reattest_due"),
        (V2.reattest_by - MOMENT, "reattest_due"),
        (V2.reattest_by, "overdue"),
        (V2.grace_until - MOMENT, "overdue"),
        (V2.grace_until, "expired"),
    ],
)
def test_the_clock_of_a_revised_agreement(at: datetime, state: str) -> None:
    found = state_at(staff(shown=(SIGNED,), revisions=(V2,)), at)
    assert found.state == state
    if state == "reattest_due":
        assert (found.due_at, found.valid_until, found.grace_until) == (
            V2.reattest_by,
            V2.reattest_by,
            V2.grace_until,
        )


def test_signing_the_new_version_is_enough_until_the_next_material_change() -> None:
    facts = staff(shown=(SIGNED, AGAIN), revisions=(V2, V3))
    assert state_at(facts, AGAIN.shown_at - MOMENT).state == "reattest_due"
    found = state_at(facts, AGAIN.shown_at)
    assert (found.state, found.policy_version, found.next_change_at) == ("complete", "v2", V3.effective_at)
    assert state_at(facts, local(2026, 12, 5)).due_at == V3.reattest_by


def test_of_two_changes_the_first_that_is_due_counts() -> None:
    found = state_at(staff(shown=(SIGNED,), revisions=(V2, V3)), local(2026, 12, 5))
    assert (found.state, found.due_at) == ("expired", V2.reattest_by)


def test_an_old_signature_stands_no_lower_than_none() -> None:
    """Carried over from June, outdated and out of grace, while the new year has just begun to ask."""
    june = shown("attestation:rua", local(2027, 6, 20))
    late = replace(
        V2,
        effective_at=local(2027, 7, 1),
        reattest_by=local(2027, 8, 1),
        grace_until=local(2027, 8, 15),
    )
    facts = staff(shown=(june,), revisions=(late,))
    assert state_at(facts, local(2027, 8, 20)).state == "expired"
    assert state_at(facts, local(2027, 9, 2)).state == "assigned"


def test_who_comes_back_has_days_again() -> None:
    restart = Restart(OCTOBER.starts_at, local(2026, 11, 16), local(2026, 11, 30))
    facts = staff(exempt=(OCTOBER,), restarts=(restart,))
    assert state_at(facts, OCTOBER.starts_at - MOMENT).state == "expired", "not before it was given"
    found = state_at(facts, OCTOBER.ends_at)
    assert (found.state, found.due_at, found.grace_until) == (
        "assigned",
        restart.due_at,
        restart.grace_until,
    )
    assert state_at(facts, restart.due_at).state == "overdue"
    assert state_at(facts, restart.grace_until).state == "expired"
    assert state_at(facts, local(2027, 9, 2)).due_at == local(2027, 9, 16), "an earlier date changes nothing"


GIVEN = Extended(Span(MID, None), local(2026, 11, 16), local(2026, 11, 30))
"""On 15 October through 15 November, and 14 days of grace."""


@pytest.mark.parametrize(
    ("at", "state", "reason"),
    [
        (MID - MOMENT, "expired", "never_completed"),
        (MID, "assigned", "first_year"),
        (GIVEN.due_at - MOMENT, "assigned", "first_year"),
        (GIVEN.due_at, "overdue", "first_year"),
        (GIVEN.grace_until - MOMENT, "overdue", "first_year"),
        (GIVEN.grace_until, "expired", "never_completed"),
    ],
)
def test_the_clock_of_who_was_given_more_time(at: datetime, state: str, reason: str) -> None:
    found = state_at(staff(extended=(GIVEN,)), at)
    assert (found.state, found.reason) == (state, reason)
    assert (found.due_at == GIVEN.due_at) == (at >= MID)


def test_taken_back_the_date_before_is_due_again() -> None:
    back = replace(GIVEN, given=Span(MID, local(2026, 10, 20)))
    facts = staff(extended=(back,))
    assert state_at(facts, MID).next_change_at == local(2026, 10, 20)
    found = state_at(facts, local(2026, 10, 20))
    assert (found.state, found.due_at) == ("expired", local(2026, 9, 16))


def test_a_date_that_is_no_later_changes_nothing() -> None:
    early = Extended(Span(local(2026, 9, 2), None), local(2026, 9, 10), local(2026, 9, 10))
    for at in (local(2026, 9, 2), local(2026, 9, 12), local(2026, 9, 20)):
        assert state_at(staff(extended=(early,)), at) == state_at(staff(), at)


def test_more_time_makes_nobody_less_of_a_newcomer() -> None:
    asked = Asked("2026-27", local(2026, 9, 20), local(2026, 10, 5), local(2026, 10, 19), "joined_late")
    found = state_at(staff(asked=(asked,), extended=(GIVEN,)), MID)
    assert (found.state, found.reason, found.due_at) == ("assigned", "newcomer", GIVEN.due_at)


def test_more_time_is_also_for_who_must_sign_a_new_text() -> None:
    facts = staff(shown=(SIGNED,), revisions=(V2,), extended=(GIVEN,))
    found = state_at(facts, V2.reattest_by)
    assert (found.state, found.due_at) == ("reattest_due", GIVEN.due_at)
    assert state_at(facts, GIVEN.due_at).state == "overdue"
    assert state_at(facts, GIVEN.grace_until).state == "expired"


def test_last_years_time_is_no_time_for_this_year() -> None:
    """It ends with the school year at the latest, so that the next one's dates are later anyway."""
    whole_year = Extended(Span(MID, None), THIS.ends_at, THIS.ends_at)
    found = state_at(staff(extended=(whole_year,)), local(2027, 9, 2))
    assert (found.state, found.due_at) == ("assigned", local(2027, 9, 16))


def test_who_did_it_long_ago_unasked_is_no_worse_off() -> None:
    years_ago = Shown("attestation:rua", "2026-27", local(2026, 9, 10), "agreement", "v1", "ev_1")
    asked = (Asked("2027-28", local(2027, 10, 1), local(2027, 10, 15), local(2027, 10, 29), "school_year"),)
    assert state_at(staff(asked=asked, shown=(years_ago,)), local(2027, 10, 2)).reason == "first_year"


spans = st.lists(
    st.tuples(instants, st.none() | st.integers(1, 6000)).map(
        lambda drawn: Span(drawn[0], drawn[0] + timedelta(hours=drawn[1]) if drawn[1] else None)
    ),
    max_size=2,
).map(tuple)


@st.composite
def everything(draw: st.DrawFn) -> Facts:
    """Facts of every kind, with signatures under three versions."""
    facts = draw(any_facts())
    signed = tuple(
        shown("attestation:rua", at, period, version)
        for at, period, version in draw(
            st.lists(st.tuples(instants, some_period, st.sampled_from(["v1", "v2", "v3"])), max_size=3)
        )
    )
    revisions = tuple(
        replace(each, effective_at=at, reattest_by=at + days, grace_until=at + 2 * days)
        for each, at, days in zip(
            (V2, V3),
            sorted(draw(st.lists(instants, max_size=2, unique=True))),
            (timedelta(days=20), timedelta(days=5)),
            strict=False,
        )
    )
    exempt = draw(spans)
    return replace(
        facts,
        shown=(*facts.shown, *signed),
        revisions=revisions,
        roster=draw(st.none() | spans),
        revoked=draw(spans),
        exempt=exempt,
        restarts=tuple(
            Restart(each.starts_at, each.ends_at + timedelta(days=14), each.ends_at + timedelta(days=28))
            for each in exempt
            if each.ends_at
        ),
        extended=tuple(
            Extended(span, at, at + timedelta(days=7))
            for span, at in zip(draw(spans), draw(st.lists(instants, max_size=2)), strict=False)
        ),
        anew_from=tuple(draw(st.lists(instants, max_size=1))),
    )


@settings(max_examples=300, deadline=None)
@given(facts=everything(), at=instants, later=st.lists(instants, max_size=12))
def test_there_is_one_state_and_it_holds_until_next_change_at(
    facts: Facts, at: datetime, later: list[datetime]
) -> None:
    state = state_at(facts, at)
    assert state.state in STATES
    change = state.next_change_at
    for instant in later:
        if at <= instant and (change is None or instant < change):
            assert state_at(facts, instant) == state
    if change is not None:
        assert change > at
        assert without_next(state_at(facts, change - MOMENT)) == without_next(state)
        assert without_next(state_at(facts, change)) != without_next(state)


@settings(max_examples=150, deadline=None)
@given(facts=everything())
def test_no_gap_and_no_end_of_changes_that_is_not_one(facts: Facts) -> None:
    at, seen = FROM, 0
    while at is not None:
        seen += 1
        assert seen < 100
        at = state_at(facts, at).next_change_at


@settings(max_examples=300, deadline=None)
@given(facts=everything(), at=instants)
def test_a_revocation_always_wins(facts: Facts, at: datetime) -> None:
    found = state_at(facts, at)
    on_roster = facts.roster is None or any(each.holds(at) for each in facts.roster)
    if not on_roster:
        assert found.state == "not_applicable"
    else:
        assert (found.state == "revoked") == is_revoked(facts, at)
    if found.state == "exempt":
        assert any(each.holds(at) for each in facts.exempt)
    if found.state in ("revoked", "exempt"):
        assert found.reason == found.state, "why stays with HR"


@settings(max_examples=300, deadline=None)
@given(
    facts=everything(),
    at=instants,
    start=instants,
    ends=st.none() | st.integers(1, 2000),
    back=st.none() | st.integers(1, 2000),
    decided=st.booleans(),
)
def test_an_emergency_holds_two_days_at_most_unless_somebody_decides(
    facts: Facts, at: datetime, start: datetime, ends: int | None, back: int | None, decided: bool
) -> None:
    hours = {"ends_at": ends, "reinstated_at": back}
    given_ends = {name: start + timedelta(hours=each) if each else None for name, each in hours.items()}
    row = withdrawn(decided, starts_at=start, review_due_at=start + 2 * DAY, **given_ends)
    alone = replace(facts, revoked=revoked_spans([row]))
    short = [each for each in (ends, back, None if decided else 48) if each]
    assert is_revoked(alone, at) == (
        start <= at and all(at < start + timedelta(hours=each) for each in short)
    )
    if not decided and at >= start + 2 * DAY:
        without = replace(facts, revoked=())
        assert state_at(alone, at) == state_at(without, at), "as if it had ended"


@settings(max_examples=400, deadline=None)
@given(
    facts=everything(),
    at=instants,
    part=st.sampled_from(["attestation:rua", "lesson:m1", "lesson:m2"]),
    version=st.sampled_from(["v1", "v2", "v3"]),
    after=st.integers(0, 5000),
    index=st.sampled_from([0, 1]),
)
def test_evidence_that_arrives_never_lowers_a_state(
    facts: Facts, at: datetime, part: str, version: str, after: int, index: int
) -> None:
    """Rows are added as time goes on, and may count for this year or, in the renewal window, for the next."""
    newest = max([each.shown_at for each in facts.shown], default=FROM) + timedelta(hours=after)
    more = replace(facts, shown=(*facts.shown, shown(part, newest, (THIS, NEXT)[index], version)))
    before, now = state_at(facts, at), state_at(more, at)
    assert STATES.index(now.state) <= STATES.index(before.state)
    if before.reason in ("first_year", "returning"):
        assert now.reason not in ("newcomer", "lapsed")


def test_three_years_are_there_to_try() -> None:
    assert [each.name for each in PERIODS] == ["2026-27", "2027-28", "2028-29"]


@settings(max_examples=150, deadline=None)
@given(facts=everything(), at=instants, until=instants, grace=st.integers(0, 500))
def test_more_time_never_lowers_a_state(facts: Facts, at: datetime, until: datetime, grace: int) -> None:
    more = Extended(Span(FROM, None), until, until + timedelta(hours=grace))
    before = state_at(facts, at)
    after = state_at(replace(facts, extended=(*facts.extended, more)), at)
    assert STATES.index(after.state) <= STATES.index(before.state)
    if before.due_at is not None and after.due_at is not None and after.state == before.state:
        assert after.due_at >= before.due_at
