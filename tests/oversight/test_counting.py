"""What the worker counts: everybody once in a place, by the roster of now and the ledger of this year."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa
import time_machine

from access.stages import set_stage
from completion.models import Assignment, Progress, Requirement
from core.clock import now
from core.database import db
from oversight import keeping
from oversight.keeping import count_due, last_counted, recount
from oversight.models import ClassFigure, CoverageFigure, DayFigure, FigureCount, LossFigure, StaffFigure
from people.audit import COMMAND
from people.models import District
from tests.oversight.makers import in_days

DISTRICT = None


def coverage(town, building=DISTRICT):
    """{(grade, topic): (enrolled, taught)}"""
    db.remove()
    wanted = sa.select(CoverageFigure).filter_by(
        district_id=town.district.id, whole=building is None, building_id=building.id if building else None
    )
    return {(row.grade, row.topic): (row.enrolled, row.taught) for row in db.scalars(wanted)}


def staff(town, building=DISTRICT):
    """{(job, state, access): people}"""
    db.remove()
    wanted = sa.select(StaffFigure).filter_by(
        district_id=town.district.id, whole=building is None, building_id=building.id if building else None
    )
    return {(row.job, row.state, row.access): row.people for row in db.scalars(wanted)}


def test_pupils_are_counted_by_grade_lesson_and_topic(town):
    elm = coverage(town, town.elm)
    assert elm["g4", "lesson:g4-same-me"] == (3, 1), "what was only begun is not taught"
    assert elm["g4", "lesson:g4-four-ways"] == (3, 2)
    assert elm["g4", "CIPA-OB"] == (3, 2), "one lesson that bears the tag is enough"
    assert elm["g4", "CIPA-SN"] == (3, 1) and elm["g4", "CIPA-CB"] == (3, 2)
    assert elm["g4", "course"] == (3, 1)
    assert elm["k", "CIPA-CB"] == (1, 0)
    assert elm["k", "CIPA-SN"] == (1, 0), "the Act asks for it, also where no lesson is written"
    assert coverage(town)["g4", "lesson:g4-four-ways"] == (4, 2)


def test_who_is_at_two_schools_is_at_each_and_once_in_the_district(town):
    town.placed(town.ann, town.oak, grade="g4")
    town.placed(town.ann, town.oak, grade="g4")
    town.count()
    assert coverage(town, town.elm)["g4", "course"] == (3, 1)
    assert coverage(town, town.oak)["g4", "course"] == (2, 1)
    assert coverage(town)["g4", "course"] == (4, 1)


def test_who_left_or_comes_later_is_not_here(town):
    town.person("pupil", town.elm, grade="g4", ends_at=now())
    town.person("pupil", town.elm, grade="g4", starts_at=now() + timedelta(minutes=1))
    town.count()
    assert coverage(town, town.elm)["g4", "course"] == (3, 1)


def test_whom_no_roster_knows_counts_by_the_course_they_owe_while_they_have_a_seat(town):
    requirement = Requirement(key="dc-k", audience="pupil", title="K", alternatives=[])
    db.add(requirement)
    pupil = town.person("pupil", rostered=False)
    db.add(
        Assignment(
            district_id=town.district.id, person_id=pupil.id, requirement_id=requirement.id,
            school_year_id=town.year.id, assigned_at=now(), due_at=now(), grace_until=now(), basis="school_year",
        )
    )  # fmt: skip
    db.commit()
    town.count()
    assert coverage(town)["k", "course"] == (1, 0)
    town.classroom("Room 2", pupil)
    town.does(pupil, "k-kind-taps")
    town.count()
    assert coverage(town)["k", "course"] == (2, 1)


def test_a_pupil_without_a_known_grade_is_enrolled_and_owes_no_lesson(town):
    town.person("pupil", town.oak)
    town.count()
    assert coverage(town, town.oak)["", "course"] == (1, 0)
    assert not any(grade == "" and topic.startswith("lesson:") for grade, topic in coverage(town, town.oak))


def test_last_year_does_not_count(town):
    db.execute(sa.update(Progress).values(school_year_id=_last_year(town).id))
    db.commit()
    town.count()
    assert coverage(town, town.elm)["g4", "course"] == (3, 0)


def _last_year(town):
    from people.school_years import ensure_school_year

    return ensure_school_year(db.get_one(District, town.district.id), now() - timedelta(days=365))


def test_classes_are_counted_by_school(town):
    row = db.scalars(sa.select(ClassFigure).where(ClassFigure.pupils == 3)).one()
    assert (row.building_id, row.finished, row.owed, row.taught) == (town.elm.id, 1, 9, 4)


def test_staff_are_counted_by_job_state_and_access(town):
    elm = staff(town, town.elm)
    assert elm == {
        ("teacher", "complete", "allow"): 1,
        ("teacher", "overdue", "allow"): 1,
        ("driver", "revoked", "deny"): 1,
        ("office", "exempt", "allow"): 1,
    }
    assert staff(town, town.oak) == {("para", "", ""): 1}, "asked of nobody is a state of its own"
    assert sum(staff(town).values()) == 5


def losses(town, building=DISTRICT):
    db.remove()
    wanted = sa.select(LossFigure).filter_by(
        district_id=town.district.id, whole=building is None, building_id=building.id if building else None
    )
    return [(row.day, row.people, row.would) for row in db.scalars(wanted)]


def test_who_loses_access_is_counted_by_the_day_and_building(town):
    day = in_days(12).astimezone(ZoneInfo(town.district.timezone)).date()
    assert losses(town) == losses(town, town.elm) == [(day, 1, 1)]
    assert losses(town, town.oak) == []


def test_where_enforcement_only_observes_nobody_loses_access_and_it_says_who_would(town):
    set_stage(db.get_one(District, town.district.id), "staff", "observe", COMMAND)
    db.execute(sa.update(FigureCount).values(forecast_at=None))
    db.commit()
    town.count()
    assert [row[1:] for row in losses(town)] == [(0, 1)]


def test_who_loses_access_is_reckoned_once_an_hour(town):
    db.execute(sa.delete(LossFigure))
    db.commit()
    town.count()
    assert losses(town) == [], "not yet"
    with time_machine.travel(now() + keeping.FORECAST_EVERY, tick=True):
        town.count()
        assert len(losses(town)) == 1


def test_the_day_keeps_how_the_district_stood(town):
    db.remove()
    day = db.scalars(sa.select(DayFigure).filter_by(district_id=town.district.id)).one()
    assert (day.owed, day.taught, day.staff, day.staff_done) == (4 * 3 + 1, 4, 5, 2)
    town.does(town.eve, "g4-same-me")
    town.count()
    db.remove()
    assert db.scalars(sa.select(DayFigure.taught).filter_by(district_id=town.district.id)).one() == 5


def test_counting_again_without_news_writes_no_row(town):
    db.remove()
    ids = {
        model: set(db.scalars(sa.select(model.id))) for model in (CoverageFigure, ClassFigure, StaffFigure)
    }
    town.count()
    assert {model: set(db.scalars(sa.select(model.id))) for model in ids} == ids


def test_a_district_is_due_again_after_its_time_and_each_gets_its_turn(town, neighbor):
    assert count_due() == 0, "both were counted a moment ago"
    with time_machine.travel(now() + keeping.EVERY + timedelta(seconds=1), tick=True):
        assert [count_due(), count_due(), count_due()] == [1, 1, 0]


def test_of_two_workers_one_writes(town):
    seen = last_counted(town.district.id)
    assert recount(town.district.id, seen) is True
    assert recount(town.district.id, seen) is False, "the other was faster"


def test_districts_are_counted_apart(town, neighbor):
    assert coverage(neighbor)["g4", "course"] == (1, 0)
    assert coverage(town)["g4", "course"] == (4, 1)


@pytest.mark.parametrize("size", [30, 3_000])
def test_statements_do_not_grow_with_the_district(town, count_queries, size):
    from people.models import Person
    from people.roster_models import RosterInterval

    people = [Person(district_id=town.district.id, audience="pupil") for _ in range(size)]
    db.add_all(people)
    db.flush()
    db.add_all(
        RosterInterval(
            district_id=town.district.id, person_id=each.id, building_id=town.elm.id, audience="pupil",
            grade="g4", starts_at=now() - timedelta(days=1), source="page",
        )
        for each in people
    )  # fmt: skip
    db.commit()
    with count_queries() as statements:
        town.count()
    assert len(statements) <= 36
