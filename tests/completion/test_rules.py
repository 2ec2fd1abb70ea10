"""The rules a district may choose: the dates they make, the ways they open, and the commands that change them."""

import json
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa
import time_machine
from hypothesis import given
from hypothesis import strategies as st

from completion import requirements, reviews
from completion.calendars import consecutive, periods, staff_deadline_of
from completion.deadlines import deadline, joined_late
from completion.facts import gather
from completion.models import Assignment, Requirement, Review, ReviewSweep
from completion.rule_models import DistrictRule
from completion.rules import NARROWED, PUPILS, Rules, Said, alternatives_by, is_quiet, is_working, read_quiet
from completion.states import state_at
from core.database import db, transaction
from people.audit_models import AuditEntry
from people.models import District, Person, SchoolYear
from people.roster_models import Building, RosterInterval
from people.school_years import ensure_school_year, following

PACIFIC = "America/Los_Angeles"
COURSE, SIGNED = ("lesson:m1", "lesson:m2"), ("attestation:rua",)


def local(*args: int) -> datetime:
    return datetime(*args, tzinfo=ZoneInfo(PACIFIC))


@pytest.mark.parametrize(
    ("ways", "lists"),
    [
        ("either", (COURSE, SIGNED)),
        ("course", (COURSE,)),
        ("agreement", (SIGNED,)),
        ("both", ((*COURSE, *SIGNED),)),
    ],
)
def test_the_ways(ways, lists):
    assert alternatives_by(ways, [list(COURSE), list(SIGNED)]) == lists


@pytest.mark.parametrize("ways", ["either", "course", "agreement", "both"])
def test_a_district_can_not_ask_for_what_does_not_exist(ways):
    assert alternatives_by(ways, [list(COURSE)]) == (COURSE,)
    assert alternatives_by(ways, [list(SIGNED)]) == (SIGNED,)
    assert alternatives_by(ways, [[], list(SIGNED)]) == (SIGNED,)


@pytest.mark.parametrize(
    ("rules", "joined", "due", "grace"),
    [
        (
            Rules(new_hire_days=0, grace_days=0),
            local(2026, 11, 10, 9),
            local(2026, 11, 11),
            local(2026, 11, 11),
        ),
        (Rules(new_hire_days=5), local(2026, 11, 10, 9), local(2026, 11, 16), local(2026, 11, 30)),
        # Tuesday; Wednesday, Thursday and Friday count, Monday and Tuesday again.
        (
            Rules(new_hire_days=5, new_hire_counting="working", grace_days=1),
            local(2026, 11, 10, 9),
            local(2026, 11, 18),
            local(2026, 11, 19),
        ),
        # Thanksgiving: Thursday 26 and Friday 27 November are quiet.
        (
            Rules(
                new_hire_days=2,
                new_hire_counting="working",
                grace_days=0,
                quiet=("sat", "sun", "2026-11-26..2026-11-27"),
            ),
            local(2026, 11, 25, 9),
            local(2026, 12, 2),
            local(2026, 12, 2),
        ),
        # Over the end of summer time (1 November) and its beginning (14 March): local midnights all the same.
        (
            Rules(new_hire_days=3, grace_days=0),
            local(2026, 10, 30, 12),
            local(2026, 11, 3),
            local(2026, 11, 3),
        ),
        (
            Rules(new_hire_days=3, grace_days=0),
            local(2027, 3, 12, 12),
            local(2027, 3, 16),
            local(2027, 3, 16),
        ),
    ],
)
def test_a_new_hires_days(rules, joined, due, grace):
    found = joined_late(joined.astimezone(UTC), PACIFIC, rules)
    assert (found.due_at, found.grace_until) == (due, grace)


def test_the_same_days_for_who_was_there_before():
    found = deadline(
        "staff",
        year_starts_at=local(2026, 9, 1),
        year_ends_at=local(2027, 9, 1),
        joined_at=local(2020, 9, 1),
        timezone=PACIFIC,
        rules=Rules(due_days=30, grace_days=0, new_hire_days=0),
    )
    assert (found.due_at, found.grace_until, found.basis) == (
        local(2026, 10, 2),
        local(2026, 10, 2),
        "school_year",
    )


def test_the_renewal_window_and_the_minimum_are_the_districts():
    (first, *_rest) = periods(
        consecutive([], local(2026, 10, 1), PACIFIC, (7, 1)),
        PACIFIC,
        Rules(renewal_days=60, minimum_active_days=0),
    )
    assert (first.starts_at, first.ends_at) == (local(2026, 7, 1), local(2027, 7, 1))
    assert (first.renewal_opens_at, first.late_from) == (local(2027, 5, 1), local(2027, 7, 1))
    assert staff_deadline_of(first, PACIFIC, Rules(due_days=0)).due_at == local(2026, 7, 2)


@pytest.mark.parametrize(
    ("ends", "rule", "next_year"),
    [
        (local(2027, 9, 1), (9, 1), ("2027-28", local(2027, 9, 1), local(2028, 9, 1))),
        (local(2027, 9, 1), (7, 1), ("2027-28", local(2027, 9, 1), local(2028, 7, 1))),
        (local(2027, 7, 1), (9, 1), ("2027-28", local(2027, 7, 1), local(2028, 9, 1))),
        (local(2028, 9, 1), (8, 31), ("2028-29", local(2028, 9, 1), local(2029, 8, 31))),
    ],
)
def test_moving_the_first_of_the_year_makes_one_longer_or_shorter(ends, rule, next_year):
    assert following(ends, PACIFIC, *rule) == next_year


@given(
    starts=st.lists(st.tuples(st.integers(6, 10), st.integers(1, 30)), min_size=1, max_size=6),
    first=st.integers(2020, 2040),
)
def test_years_follow_each_other_whatever_a_district_moves(starts, first):
    ends, names = local(first, 9, 1), [f"{first - 1}-{first % 100:02d}"]
    for rule in starts:
        name, begins, until = following(ends, PACIFIC, *rule)
        assert begins == ends
        assert timedelta(days=180) < until - begins < timedelta(days=550)
        assert (until.astimezone(ZoneInfo(PACIFIC)).month, until.astimezone(ZoneInfo(PACIFIC)).day) == rule
        names.append(name)
        ends = until
    assert len(set(names)) == len(names)


def test_quiet_days():
    quiet = read_quiet(" Sat,sun, 2026-12-21..2027-01-01,2026-11-11 ")
    assert quiet == ("sat", "sun", "2026-12-21..2027-01-01", "2026-11-11")
    assert is_quiet(date(2026, 11, 14), quiet) and is_quiet(date(2027, 1, 1), quiet)
    assert not is_quiet(date(2027, 1, 4), quiet) and is_working(date(2027, 1, 4), quiet)
    assert not is_working(date(2026, 11, 14), ()), "Saturday is no working day, quiet or not"


@pytest.mark.parametrize(
    "text",
    ["weekend", "2026-13-01", "2026-12-02..2026-12-01", "2026-01-01..2026-12-31", "mon,tue,wed,thu,fri"],
)
def test_odd_quiet_days_are_refused(text):
    with pytest.raises(ValueError, match=r"write|span|leave"):
        read_quiet(text)


# -- narrowed by a building ------------------------------------------------------------------------------------

DISTRICT = Rules(due_days=20, ways="either")
ELM, OAK, FIR = 1, 2, 3
SAID = Said(DISTRICT, {ELM: {"due_days": 5, "ways": "both"}, OAK: {"due_days": 5, "grace_days": 0}})


@pytest.mark.parametrize(
    ("buildings", "due_days", "grace_days", "ways"),
    [
        ((), 20, 14, "either"),
        ((FIR,), 20, 14, "either"),
        ((ELM,), 5, 14, "both"),
        ((OAK,), 5, 0, "either"),
        # Where two buildings agree that holds, and where they differ the district decides.
        ((ELM, OAK), 5, 14, "either"),
        ((ELM, FIR), 20, 14, "either"),
        ((ELM, ELM), 5, 14, "both"),
    ],
)
def test_the_most_particular_counts_and_where_buildings_differ_the_district(
    buildings, due_days, grace_days, ways
):
    found = SAID.at(buildings)
    assert (found.due_days, found.grace_days, found.ways) == (due_days, grace_days, ways)


said_somewhere = st.fixed_dictionaries(
    {},
    optional={
        "due_days": st.none() | st.integers(0, 300),
        "grace_days": st.integers(0, 300),
        "new_hire_days": st.integers(0, 120),
        "ways": st.sampled_from(["either", "course", "agreement", "both"]),
    },
)
some_buildings = st.lists(st.sampled_from([ELM, OAK, FIR]), max_size=4)


@given(
    said=st.dictionaries(st.sampled_from([ELM, OAK]), said_somewhere),
    there=some_buildings,
    again=st.randoms(),
)
def test_of_several_buildings_the_order_does_not_matter_and_no_rule_is_made_up(said, there, again):
    rules = Said(DISTRICT, said)
    found = rules.at(there)
    mixed = [*there, *there]
    again.shuffle(mixed)
    assert rules.at(mixed) == found
    for name in NARROWED:
        asked_for = {getattr(rules.at([each]), name) for each in there}
        agreed = len(asked_for) == 1
        assert getattr(found, name) == (asked_for.pop() if agreed else getattr(DISTRICT, name))
    for name in ("renewal_days", "minimum_active_days", "quiet"):
        assert getattr(found, name) == getattr(DISTRICT, name), "the calendar is the district's"


@pytest.mark.parametrize(
    ("rules", "asked_at", "due", "basis"),
    [
        (PUPILS, local(2027, 5, 1, 9), local(2027, 9, 1), "school_year"),
        (Rules(due_days=100), local(2026, 9, 8, 9), local(2026, 12, 11), "school_year"),
        (Rules(due_days=100), local(2026, 12, 1, 9), local(2026, 12, 16), "joined_late"),
        (Rules(due_days=300, new_hire_days=120), local(2027, 8, 1), local(2027, 9, 1), "joined_late"),
        (Rules(due_days=0, new_hire_days=0), local(2026, 9, 1, 9), local(2026, 9, 2), "school_year"),
    ],
)
def test_a_pupils_date_is_the_districts_and_never_sooner_than_the_days_after_asking(
    rules, asked_at, due, basis
):
    found = deadline(
        "pupil",
        year_starts_at=local(2026, 9, 1),
        year_ends_at=local(2027, 9, 1),
        joined_at=asked_at,
        timezone=PACIFIC,
        rules=rules,
    )
    assert (found.due_at, found.grace_until, found.basis) == (due, local(2027, 9, 1), basis)


# -- the commands --------------------------------------------------------------------------------------------


@pytest.fixture
def rua(clean):
    found = requirements.define("rua", "staff", "Responsible use", [list(COURSE), list(SIGNED)])
    db.commit()
    yield found
    db.remove()
    for table in (ReviewSweep, Review, Assignment):
        db.execute(sa.delete(table))
    db.execute(sa.delete(Requirement).where(Requirement.key == "rua"))
    db.commit()


@pytest.fixture
def rules(app, district):
    def run(command, *arguments, exit_code=0):
        db.remove()
        done = app.test_cli_runner().invoke(
            args=["rules", command, "--district", district.slug, *arguments, "--json"]
        )
        assert done.exit_code == exit_code, done.output
        return json.loads(done.output) if exit_code == 0 else done.output

    return run


def test_show_and_set(rules, district):
    assert rules("show")["due_days"] == 14
    changed = rules(
        "set", "--due-days", "30", "--ways", "both", "--quiet", "sat,sun,2026-12-25", "--year-start", "07-01"
    )
    shown = rules("show")
    assert shown == changed
    assert (shown["due_days"], shown["ways"], shown["quiet"], shown["year_start"], shown["grace_days"]) == (
        30, "both", "sat,sun,2026-12-25", "07-01", 14,
    )  # fmt: skip
    rules("set", "--due-days", "14")
    db.remove()
    assert "due_days" not in db.scalars(sa.select(DistrictRule.changed)).one(), "only what differs is kept"
    entries = db.scalars(sa.select(AuditEntry).order_by(AuditEntry.seq)).all()
    assert [each.action for each in entries] == ["year_start_moved", "rules_changed", "rules_changed"]
    assert (entries[2].detail["before"], entries[2].detail["after"]) == ({"due_days": 30}, {"due_days": 14})


def test_setting_the_same_again_is_no_change(rules):
    rules("set", "--due-days", "30")
    rules("set", "--due-days", "30")
    db.remove()
    assert db.scalars(sa.select(AuditEntry.action)).all() == ["rules_changed"]


@pytest.mark.parametrize(
    ("arguments", "allowed"),
    [
        (("--due-days", "-1"), "0<=x<=300"),
        (("--new-hire-days", "soon"), "integer"),
        (("--ways", "neither"), "agreement"),
        (("--new-hire-counting", "lunar"), "working"),
        (("--year-start", "01-01"), "06-01 to 10-31"),
        (("--year-start", "06-31"), "calendar"),
        (("--quiet", "weekend"), "2026-12-25"),
        (("--due-days", "month"), "days or year"),
        (("--audience", "visitor"), "guest"),
        (("--audience", "pupil", "--ways", "both"), "means nothing for the audience pupil"),
        (("--audience", "guest", "--ways", "course"), "means nothing for the audience guest"),
        (("--building", "elm", "--quiet", "sat"), "whole district's"),
        (("--building", "elm", "--year-start", "07-01"), "whole district's"),
        (("--district-decides", "ways"), "--building"),
        ((), "--help"),
    ],
)
def test_a_wrong_value_exits_2_and_says_what_is_allowed(rules, arguments, allowed):
    assert allowed in rules("set", *arguments, exit_code=2)
    db.remove()
    assert db.scalars(sa.select(DistrictRule)).all() == []


def test_the_year_that_is_written_stays_and_the_next_is_shorter(rules, district):
    with time_machine.travel(local(2026, 11, 10), tick=False) as clock:
        ensure_school_year(district)
        db.commit()
        rules("set", "--year-start", "07-01")
        clock.move_to(local(2029, 1, 10))
        with transaction():
            ensure_school_year(db.get(District, district.id))
        found = db.scalars(sa.select(SchoolYear).order_by(SchoolYear.starts_at)).all()
    assert [(year.name, year.starts_at, year.ends_at) for year in found] == [
        ("2026-27", local(2026, 9, 1), local(2027, 9, 1)),
        ("2027-28", local(2027, 9, 1), local(2028, 7, 1)),
        ("2028-29", local(2028, 7, 1), local(2029, 7, 1)),
    ]


@pytest.fixture
def asked(rua, district, make_person):
    """Somebody asked on 10 November 2026, and somebody new that day; and the clock."""
    with time_machine.travel(local(2026, 11, 10, 9), tick=False) as clock:
        year = ensure_school_year(district)
        old, new = make_person("staff"), make_person("staff")
        old.created_at = local(2020, 1, 1)
        db.flush()
        for person in (old, new):
            requirements.assign(person, "rua", year)
        db.commit()
        yield old.id, new.id, clock


def dates_of(person_id):
    db.remove()
    row = db.scalars(sa.select(Assignment).filter_by(person_id=person_id)).one()
    return row.due_at, row.grace_until


def test_dates_that_people_were_told_stand(asked, rules):
    old, new, _clock = asked
    before = dates_of(old), dates_of(new)
    rules("set", "--due-days", "90", "--new-hire-days", "30")
    assert (dates_of(old), dates_of(new)) == before


def test_unless_the_district_means_the_present_year_as_well(asked, rules):
    old, new, _clock = asked
    rules("set", "--due-days", "90", "--new-hire-days", "0", "--grace-days", "7", "--present-too")
    assert dates_of(old) == (local(2026, 12, 1), local(2026, 12, 8))
    assert dates_of(new) == (local(2026, 11, 11), local(2026, 11, 18))
    db.remove()
    assert db.scalars(sa.select(AuditEntry.detail)).one()["dates_moved"] == 2


def test_a_changed_rule_reaches_everybody_of_the_district(asked, rules, rua):
    old, new, _clock = asked
    while True:
        with transaction():
            claims = reviews.claim(10, datetime.now(UTC))
            reviews.settle(claims, dict.fromkeys([each.id for each in claims]))
        if not claims:
            break
    rules("set", "--ways", "course")
    with transaction():
        assert reviews.sweep() == 2
    assert reviews.waiting(datetime.now(UTC)) == 2
    db.remove()
    cases = gather([(old, rua.id), (new, rua.id)], datetime.now(UTC))
    assert {case.facts.alternatives for case in cases.values()} == {(COURSE,)}
    coming = state_at(cases[old, rua.id].facts, local(2027, 9, 1))
    assert coming.due_at == local(2027, 9, 16)
    rules("set", "--due-days", "5")
    case = gather([(old, rua.id)], datetime.now(UTC))[old, rua.id]
    assert state_at(case.facts, local(2027, 9, 1)).due_at == local(2027, 9, 7), "coming years follow the rule"


@pytest.fixture
def elm(district):
    made = Building(district_id=district.id, key="elm", name="Elm Elementary")
    db.add(made)
    db.commit()
    return made.id


def at_building(person_id, building_id, starts_at, ends_at=None):
    district_id = db.get_one(Person, person_id).district_id
    db.add(
        RosterInterval(
            district_id=district_id, person_id=person_id, building_id=building_id, audience="staff",
            starts_at=starts_at, ends_at=ends_at, source="command",
        )
    )  # fmt: skip
    db.commit()


def test_each_audience_has_rules_of_its_own(rules):
    assert rules("show", "--audience", "pupil")["due_days"] == "year"
    assert "ways" not in rules("show", "--audience", "guest")
    rules("set", "--audience", "pupil", "--due-days", "160")
    rules("set", "--audience", "guest", "--new-hire-days", "0", "--grace-days", "0")
    assert rules("show", "--audience", "pupil")["due_days"] == 160
    assert (rules("show")["due_days"], rules("show")["grace_days"]) == (14, 14)
    assert rules("set", "--audience", "pupil", "--due-days", "year")["due_days"] == "year"


def test_a_building_narrows_what_its_district_says_and_takes_it_back(rules, elm):
    rules("set", "--building", "elm", "--ways", "both", "--due-days", "7")
    assert rules("show")["ways"] == "either"
    assert rules("show", "--building", "elm")["ways"] == "both"
    rules("set", "--grace-days", "3")
    shown = rules("show", "--building", "elm")
    assert (shown["due_days"], shown["grace_days"]) == (7, 3), "what it says nothing of is the district's"
    rules("set", "--building", "elm", "--district-decides", "ways")
    assert rules("show", "--building", "elm")["ways"] == "either"
    db.remove()
    last = db.scalars(sa.select(AuditEntry).order_by(AuditEntry.seq.desc())).first()
    assert (last.detail["building"], last.detail["before"], last.detail["after"]) == (
        "elm", {"ways": "both"}, {"ways": "either"},
    )  # fmt: skip
    assert "no building oak" in rules("set", "--building", "oak", "--ways", "both", exit_code=1)


def test_who_works_there_is_asked_by_its_rules_and_after_a_move_by_the_others(
    asked, rules, elm, rua, district
):
    old, new, clock = asked
    at_building(old, elm, local(2020, 1, 1), local(2027, 1, 4))
    at_building(new, None, local(2026, 11, 10))
    rules("set", "--building", "elm", "--ways", "course", "--due-days", "90", "--present-too")
    assert dates_of(old)[0] == local(2026, 12, 1), "90 days from the first of September"
    assert dates_of(new)[0] == local(2026, 11, 25)
    cases = gather([(old, rua.id), (new, rua.id)], datetime.now(UTC))
    assert cases[old, rua.id].facts.alternatives == (COURSE,)
    assert cases[new, rua.id].facts.alternatives == (COURSE, SIGNED)
    assert cases[old, rua.id].rules_change_at == local(2027, 1, 4), "found by the clock"
    assert cases[new, rua.id].rules_change_at is None
    clock.move_to(local(2027, 1, 4))
    moved = gather([(old, rua.id)], datetime.now(UTC))[old, rua.id]
    assert (moved.facts.alternatives, moved.rules_change_at) == ((COURSE, SIGNED), None)
    assert dates_of(old)[0] == local(2026, 12, 1), "the date that was told stands"


def test_what_is_asked_there_from_now_on_has_its_dates(rua, rules, elm, district, make_person):
    with time_machine.travel(local(2026, 11, 10, 9), tick=False):
        year = ensure_school_year(district)
        person = make_person("staff")
        db.commit()
        at_building(person.id, elm, local(2026, 11, 10))
        rules("set", "--building", "elm", "--new-hire-days", "2", "--grace-days", "0")
        requirements.assign(db.get_one(Person, person.id), "rua", year)
        db.commit()
        assert dates_of(person.id) == (local(2026, 11, 13), local(2026, 11, 13))
