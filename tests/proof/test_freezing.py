"""A year is frozen once, after its days of grace, as it was; what happens later stands beside it."""

import json
from datetime import UTC, datetime

import pytest
import sqlalchemy as sa
import time_machine

from completion.models import Evidence
from core.clock import now
from core.database import db
from people.audit import COMMAND
from people.audit_models import AuditEntry
from people.models import District
from people.school_years import ensure_school_year
from proof.freezing import freeze_due
from proof.kept import choose
from proof.models import YearFigure, YearFreeze

LATE_SEPTEMBER = datetime(2027, 9, 29, 12, tzinfo=UTC)
OCTOBER = datetime(2027, 10, 2, 12, tzinfo=UTC)
"""More than 30 days after the year ended with 31 August."""


def frozen() -> list[YearFreeze]:
    db.remove()
    return list(db.scalars(sa.select(YearFreeze)))


@pytest.fixture
def october(lived_in):
    with time_machine.travel(OCTOBER, tick=False):
        ensure_school_year(lived_in.district)
        db.commit()
        assert freeze_due() == 1
        yield lived_in


def test_a_year_under_way_or_in_its_days_of_grace_is_not_frozen(lived_in):
    assert freeze_due() == 0
    with time_machine.travel(LATE_SEPTEMBER, tick=False):
        assert freeze_due() == 0 and frozen() == []


def test_the_days_of_grace_are_the_districts_own(lived_in):
    choose(lived_in.district_id, COMMAND, freeze_after_days=7, public_report=False)
    db.commit()
    with time_machine.travel(LATE_SEPTEMBER, tick=False):
        assert freeze_due() == 1
    (freeze,) = frozen()
    assert freeze.frozen_at == LATE_SEPTEMBER


def test_figures_are_kept_signed_and_in_the_audit_log(october):
    (freeze,) = frozen()
    figures = {(each.school_key, each.topic): each for each in db.scalars(sa.select(YearFigure))}
    told = figures["north", "CIPA-CB"]
    assert (told.enrolled, told.taught, told.grade, told.school) == (30, 28, "g4", "north School")
    assert len(figures) == freeze.figures
    (entry,) = db.scalars(sa.select(AuditEntry).filter_by(action="year_frozen"))
    assert (
        entry.detail["sha256"] == freeze.sha256
        and entry.actor == "worker"
        and entry.subject == "year:2026-27"
    )
    assert freeze_due() == 0 and len(frozen()) == 1, "once"


def test_a_pack_of_a_frozen_year_has_the_frozen_figures_and_what_was_amended(october):
    before = october.pack()
    assert before.manifest["year"]["state"] == "frozen" and before.rows("amendments.csv") == []
    with time_machine.travel(datetime(2027, 11, 1, 18, tzinfo=UTC), tick=False):
        db.execute(
            sa.update(Evidence)
            .where(Evidence.person_id == october.north[0].id)
            .values(voided_at=now(), void_reason="wrong_person")
        )
        october.take(october.north[29], "g4-same-me")
        after = october.pack()
    assert after.text("coverage.csv") == before.text("coverage.csv")
    assert after.text("pupils.csv") == before.text("pupils.csv"), "as it was known then"
    rows = after.rows("amendments.csv")
    voided = [row for row in rows if row["what"] == "voided"]
    assert {(row["sis_id"], row["on"], row["reason"]) for row in voided} == {
        ("n00", "2027-11-01", "wrong_person")
    }
    assert [(row["sis_id"], row["part"]) for row in rows if row["what"] == "added"] == [
        ("n29", "lesson:g4-same-me")
    ]


def test_added_and_voided_after_the_freeze_is_no_amendment(october):
    with time_machine.travel(datetime(2027, 11, 1, 18, tzinfo=UTC), tick=False):
        october.take(october.north[29], "g4-same-me")
        db.execute(
            sa.update(Evidence)
            .where(Evidence.person_id == october.north[29].id)
            .values(voided_at=now(), void_reason="wrong_person")
        )
        db.commit()
        assert october.pack().rows("amendments.csv") == []


def test_a_pupil_who_changes_schools_later_changes_nothing_frozen(october):
    before = october.pack(deidentified=True).text("coverage_deid.csv")
    october.pupil(october.school("west"), since=OCTOBER)
    db.commit()
    assert october.pack(deidentified=True).text("coverage_deid.csv") == before


def test_an_empty_district_is_frozen_too(place):
    with time_machine.travel(OCTOBER, tick=False):
        assert freeze_due() == 1
    (freeze,) = frozen()
    assert freeze.figures == 0


def test_each_district_has_its_own_freeze(lived_in):
    other = District(slug="next-door", name="Next Door", timezone="America/Los_Angeles")
    db.add(other)
    db.flush()
    ensure_school_year(other)
    db.commit()
    with time_machine.travel(OCTOBER, tick=False):
        assert [freeze_due(), freeze_due(), freeze_due()] == [1, 1, 0]
    figures = {each.district_id: each.figures for each in frozen()}
    assert figures[other.id] == 0 and figures[lived_in.district_id] > 0


def test_figures_that_were_touched_are_noticed(app, october):
    def years(code: int):
        db.remove()
        done = app.test_cli_runner().invoke(args=["evidence", "years", "--district", "evergreen", "--json"])
        assert done.exit_code == code, done.output
        return {each["year"]: each for each in json.loads(done.output.splitlines()[0])["years"]}

    assert years(0)["2026-27"]["fault"] is None and years(0)["2027-28"]["state"] == "open"
    db.execute(sa.update(YearFigure).where(YearFigure.topic == "CIPA-CB").values(taught=12))
    db.commit()
    assert years(1)["2026-27"]["fault"] == "figures are not those that were frozen"


def test_rules_by_command(app, place):
    def run(*words):
        db.remove()
        return app.test_cli_runner().invoke(args=["evidence", "rules", "--district", "evergreen", *words])

    assert "frozen 30 days after their end; the public report is off" in run().output
    assert "frozen 45 days" in run("--freeze-after-days", "45", "--public-report", "on").output
    assert "45 days after their end; the public report is on" in run().output
    assert run("--freeze-after-days", "121").exit_code == 2
    (entry,) = db.scalars(sa.select(AuditEntry).filter_by(action="evidence_rule_changed"))
    assert entry.detail == {"freeze_after_days": 45, "public_report": True}
