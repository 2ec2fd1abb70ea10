"""Stages soften, never sharpen, and never a revocation: the rules alone."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from access.enforcement import STAGES, Enforcement, judge
from access.policy import STRICTEST_FIRST
from completion.states import STATES

OCTOBER = datetime(2026, 10, 1, 7, tzinfo=UTC)
JANUARY = datetime(2027, 1, 1, 8, tzinfo=UTC)
MOMENT = timedelta(microseconds=1)
ELM, OAK = 1, 2
DENIES = {"expired": "deny"}


def expired(enforcement: Enforcement, at: datetime = OCTOBER, **more):
    found = judge(enforcement, at, **{"state": "expired", "reason": "ran_out", "audience": "staff", **more})
    return found.access, found.would_be


@pytest.mark.parametrize(
    ("stage", "access"), [("observe", "allow"), ("warn", "allow"), ("limited", "limited"), ("deny", "deny")]
)
def test_a_stage_caps_what_the_policy_says(stage, access):
    assert expired(Enforcement(DENIES, [(OCTOBER, stage)])) == (access, "deny")


def test_without_any_step_the_whole_policy_is_in_force():
    assert expired(Enforcement(DENIES)) == ("deny", "deny")


def test_before_the_first_step_a_district_observes_and_each_step_begins_with_its_instant():
    planned = Enforcement(DENIES, [(OCTOBER, "limited"), (JANUARY, "deny")])
    assert [expired(planned, at)[0] for at in (OCTOBER - MOMENT, OCTOBER, JANUARY - MOMENT, JANUARY)] == [
        "allow",
        "limited",
        "limited",
        "deny",
    ]


def test_a_building_goes_before_its_district_once_its_step_has_begun():
    planned = Enforcement(DENIES, [(OCTOBER - MOMENT, "observe")], building_steps={ELM: [(OCTOBER, "deny")]})
    assert expired(planned, OCTOBER - MOMENT, buildings=[ELM])[0] == "allow"
    assert expired(planned, buildings=[ELM])[0] == "deny"
    assert expired(planned, buildings=[OAK])[0] == "allow"
    assert expired(planned, buildings=[])[0] == "allow"


def test_who_works_in_two_buildings_is_treated_as_the_milder_one_says():
    planned = Enforcement(
        DENIES,
        [(OCTOBER, "observe")],
        building_mappings={OAK: {"expired": "limited"}},
        building_steps={ELM: [(OCTOBER, "deny")], OAK: [(OCTOBER, "deny")]},
    )
    assert expired(planned, buildings=[ELM]) == ("deny", "deny")
    assert expired(planned, buildings=[OAK]) == ("limited", "limited"), (
        "a building adds to the district's map"
    )
    assert expired(planned, buildings=[ELM, OAK]) == ("limited", "limited")


def test_a_revocation_is_not_softened_also_of_somebody_who_left():
    observing = Enforcement({"not_applicable": "allow"}, [(OCTOBER, "observe")])
    for state, reason in (("revoked", "revoked"), ("not_applicable", "separated")):
        assert expired(observing, state=state, reason=reason, revoked=True) == ("deny", "deny")
    mild = Enforcement({"revoked": "limited"}, [(OCTOBER, "observe")])
    assert expired(mild, state="revoked", reason="revoked", revoked=True) == ("limited", "limited")


steps = st.lists(st.tuples(st.datetimes(timezones=st.just(UTC)), st.sampled_from(STAGES)), max_size=3).map(
    sorted
)
words = st.dictionaries(st.sampled_from(STATES), st.sampled_from(STRICTEST_FIRST), max_size=4)


@given(
    enforcement=st.builds(
        Enforcement,
        mapping=words,
        steps=steps,
        building_mappings=st.dictionaries(st.sampled_from([ELM, OAK]), words),
        building_steps=st.dictionaries(st.sampled_from([ELM, OAK]), steps),
    ),
    at=st.datetimes(timezones=st.just(UTC)),
    state=st.sampled_from(STATES),
    buildings=st.lists(st.sampled_from([ELM, OAK]), unique=True),
    revoked=st.booleans(),
)
def test_access_is_never_stricter_than_the_policy_and_a_revocation_is_never_milder(
    enforcement, at, state, buildings, revoked
):
    found = judge(
        enforcement, at, state=state, reason="", audience="staff", buildings=buildings, revoked=revoked
    )
    assert STRICTEST_FIRST.index(found.access) >= STRICTEST_FIRST.index(found.would_be)
    if revoked:
        assert found.access == found.would_be
