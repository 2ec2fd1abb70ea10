"""The retention schedule carried out: on time, counted, set aside, never under a hold, and safe to be killed."""

import hashlib
import json
import shutil
from datetime import timedelta

import pytest
import sqlalchemy as sa
import time_machine

from core.database import db, transaction
from held.inventory import table_called
from held.schedule import set_term
from held.tables import INVENTORY
from people import holds
from people.audit import COMMAND, broken_at
from people.audit_models import AuditEntry
from people.disclosure_models import Disclosure
from people.disclosures import disclose
from people.models import Enrollment, Person
from privacy import bundles, purging
from privacy.models import Delivered, Erasure
from privacy.purging import purge_due, what_is_due
from tests.privacy.makers import NAME

DAY = timedelta(days=1)
BY_YEAR = {
    "assignment", "attempt", "attestation", "declined", "equivalent", "evidence", "extension", "group_session",
    "lesson_visit", "opt_out", "paper_signature", "progress",
}  # fmt: skip


def purge(folder) -> int:
    """As the worker does it: batch after batch until there is nothing left."""
    done = 0
    for _ in range(500):
        with transaction():
            count = purge_due(folder)
        if not count:
            return done
        done += count
    raise AssertionError("it never comes to an end")


def gone_from(held, folder, at) -> set[str]:
    before = set(held.rows())
    with time_machine.travel(at, tick=False):
        purge(folder)
    return before - set(held.rows())


@pytest.mark.parametrize(
    ("audience", "term", "gone"),
    [
        ("pupil", "quiz_answers", {"response"}),
        ("staff", "quiz_answers", {"response"}),
    ],
)
def test_answers_go_ninety_days_after_the_year_and_not_a_day_before(
    held_about, tmp_path, audience, term, gone
):
    somebody = held_about(audience)
    assert gone_from(somebody, tmp_path, somebody.year.ends_at + 89 * DAY) == set()
    assert gone_from(somebody, tmp_path, somebody.year.ends_at + 91 * DAY) == gone


def test_a_pupils_year_goes_a_year_later_and_then_the_pupil(held_about, tmp_path):
    ann = held_about()
    ann.add("evidence", public_id="ev_x", part="lesson:g4-b", kind="group", version="v1", shown_at=ann.at,
            source="group session 1")  # fmt: skip
    db.commit()
    assert gone_from(ann, tmp_path, ann.year.ends_at + 364 * DAY) == {"response"}
    assert gone_from(ann, tmp_path, ann.year.ends_at + 367 * DAY) == set(INVENTORY) - {"response"}
    (made,) = db.scalars(sa.select(Erasure).filter_by(person=ann.person.public_id)).all()
    assert (made.by, made.kept) == ("worker", {})
    counts = dict(db.execute(sa.select(Delivered.part, Delivered.times)).all())
    assert counts == {"lesson:g4-a": 1, "lesson:g4-b": 1}, "what was taught stays counted"


def test_staff_evidence_stays_six_years(held_about, tmp_path):
    dee = held_about("staff")
    assert gone_from(dee, tmp_path, dee.year.ends_at + 2190 * DAY) == {"response"}
    assert gone_from(dee, tmp_path, dee.year.ends_at + 2193 * DAY) == set(INVENTORY) - {"response"}


def test_who_is_on_the_roster_loses_an_old_year_and_not_their_place(held_about, tmp_path):
    ann = held_about()
    db.execute(sa.text("UPDATE roster_interval SET ends_at = NULL"))
    db.commit()
    gone = gone_from(ann, tmp_path, ann.year.ends_at + 400 * DAY)
    assert {"evidence", "attempt", "progress"} <= gone
    assert {"person", "identity", "enrollment", "roster_interval", "standing"} <= set(ann.rows())


def test_a_class_whose_roster_still_names_them_keeps_their_place(held_about, tmp_path):
    ann = held_about()
    db.execute(sa.update(table_called("classroom")).values(roster_as_of=ann.year.ends_at + 300 * DAY))
    db.commit()
    gone_from(ann, tmp_path, ann.year.ends_at + 400 * DAY)
    assert {"person", "enrollment"} <= set(ann.rows())


@pytest.mark.parametrize("scope", ["person", "building", "district"])
def test_nothing_under_a_hold_is_touched_until_it_is_lifted(held_about, tmp_path, scope):
    ann, ben = held_about(), held_about()
    more = {"person": {"person": ann.person}, "building": {"building": ann.building}, "district": {}}[scope]
    with transaction():
        hold = holds.place(ann.district, "2026-LIT-1", COMMAND, **more)
    late = ann.year.ends_at + 4000 * DAY
    assert gone_from(ann, tmp_path, late) == set()
    assert (ben.rows() == {}) == (scope != "district")
    with transaction():
        holds.lift(ann.district.id, hold.public_id, COMMAND)
    assert gone_from(ann, tmp_path, late) == set(INVENTORY)


def test_a_name_that_a_hold_kept_goes_with_the_hold(held_about, tmp_path):
    ann = held_about()
    with transaction():
        hold = holds.place(ann.district, "2026-LIT-1", COMMAND, person=ann.person)
    db.execute(sa.update(table_called("enrollment")).values(left_at=ann.at))
    db.commit()
    name = sa.select(Enrollment.display_name).filter_by(person_id=ann.person.id)
    purge(tmp_path)
    assert db.scalar(name) == NAME
    with transaction():
        holds.lift(ann.district.id, hold.public_id, COMMAND)
    assert what_is_due(ann.district, tmp_path) == {"enrollment.display_name": 1}
    purge(tmp_path)
    db.remove()
    assert db.scalar(name) is None


def test_what_the_dry_run_says_is_what_goes(held_about, tmp_path):
    ann, dee = held_about(), held_about("staff")
    with time_machine.travel(ann.year.ends_at + 400 * DAY, tick=False):
        said = what_is_due(ann.district, tmp_path)
        before = {**ann.rows(), **{f"staff {name}": count for name, count in dee.rows().items()}}
        purge(tmp_path)
        after = {**ann.rows(), **{f"staff {name}": count for name, count in dee.rows().items()}}
    assert said["response"] == 2 and said["evidence"] == 1
    assert before["staff response"] == 1 and "staff response" not in after
    assert "evidence" not in after and after["staff evidence"] == 1
    assert what_is_due(ann.district, tmp_path) == {}


# -- what is set aside -------------------------------------------------------------------------------------


def test_rows_are_on_the_disk_before_they_are_gone_and_names_stay_sealed(held_about, tmp_path):
    ann = held_about()
    gone_from(ann, tmp_path, ann.year.ends_at + 400 * DAY)
    places = {path.parent for path in tmp_path.rglob("manifest.json")}
    assert {place.relative_to(tmp_path).as_posix() for place in places} == {
        "evergreen/pupil_records", "evergreen/quiz_answers",
    }  # fmt: skip
    tables = set()
    for place in places:
        for entry in bundles.manifest(place):
            data = (place / entry["file"]).read_bytes()
            assert hashlib.sha256(data).hexdigest() == entry["sha256"]
            assert len(data.splitlines()) == entry["rows"]
            assert NAME.encode() not in data and b"Wilhelmina" not in data
            assert all(set(json.loads(line)) == set(table_called(entry["table"]).columns.keys())
                       for line in data.splitlines())  # fmt: skip
            tables.add(entry["table"])
    assert tables == set(INVENTORY)
    logged = db.scalars(sa.select(AuditEntry).filter_by(action="purged")).all()
    listed = {entry["sha256"] for place in places for entry in bundles.manifest(place)}
    assert {each.detail["sha256"] for each in logged} == listed, "the audit log knows every file"
    assert broken_at(ann.district.id) is None
    assert (
        db.scalar(sa.select(sa.func.count()).select_from(Disclosure).filter_by(kind="retention_bundle")) > 0
    )


def test_what_can_not_be_set_aside_is_not_destroyed(held_about, tmp_path):
    ann = held_about()
    (tmp_path / "evergreen").write_text("a file stands where the folder should be")
    with time_machine.travel(ann.year.ends_at + 400 * DAY, tick=False), pytest.raises(OSError), transaction():
        purge_due(tmp_path)
    assert set(ann.rows()) == set(INVENTORY)


def test_a_worker_killed_before_it_commits_loses_nothing_and_counts_nothing_twice(
    held_about, tmp_path, monkeypatch
):
    ann = held_about()

    class Killed(BaseException):
        pass

    with time_machine.travel(ann.year.ends_at + 400 * DAY, tick=False):
        while "evidence" in ann.rows():
            before = ann.rows()
            with pytest.raises(Killed), transaction():
                assert purge_due(tmp_path) > 0
                raise Killed
            assert ann.rows() == before
            with transaction():
                purge_due(tmp_path)
        files = [
            entry["file"]
            for path in tmp_path.rglob("manifest.json")
            for entry in bundles.manifest(path.parent)
        ]
    assert len(files) == len(set(files)), "the second writing of a batch replaced the first"
    assert db.scalars(sa.select(Delivered.times)).all() == [1]


def test_many_rows_go_in_batches_and_all_of_them_are_counted(held_about, tmp_path, monkeypatch):
    monkeypatch.setattr(purging, "BATCH", 7)
    ann = held_about()
    for number in range(40):
        ann.evidence(f"lesson:n{number % 3}", "course", at=ann.at + number * DAY)
        db.execute(sa.text("UPDATE evidence SET version = 'v' || id"))
    db.commit()
    with time_machine.travel(ann.year.ends_at + 400 * DAY, tick=False):
        with transaction():
            assert purge_due(tmp_path) <= 7
        purge(tmp_path)
    assert ann.rows() == {}
    assert db.scalar(sa.select(sa.func.sum(Delivered.times))) == 41


def test_copies_go_after_their_own_term_unless_a_hold_is_in_force(held_about, tmp_path):
    ann = held_about()
    then = ann.year.ends_at + 400 * DAY
    gone_from(ann, tmp_path, then)
    with transaction():
        hold = holds.place(ann.district, "2026-LIT-1", COMMAND)
    with time_machine.travel(then + 100 * DAY, tick=False):
        purge(tmp_path)
        assert list(tmp_path.rglob("*.jsonl"))
        with transaction():
            holds.lift(ann.district.id, hold.public_id, COMMAND)
        purge(tmp_path)
    assert list(tmp_path.rglob("*.jsonl")) == []
    assert all(bundles.manifest(path.parent) == [] for path in tmp_path.rglob("manifest.json"))


def test_disclosures_and_counts_go_by_their_own_day(held_about, tmp_path):
    ann = held_about()
    with transaction():
        disclose(ann.district.id, COMMAND, "class_csv", "class:1", 20)
        db.add(Delivered(district_id=ann.district.id, day=ann.at.date(), audience="pupil", part="lesson:a",
                         kind="course", version="v1", times=3))  # fmt: skip
    made = db.scalar(sa.select(Disclosure.at))
    for days, left in ((3650, 1), (3660, 0)):
        with time_machine.travel(made + days * DAY, tick=False):
            purge(tmp_path)
        db.remove()
        kept = db.scalars(sa.select(Disclosure).filter_by(kind="class_csv")).all()
        assert len(kept) == left
        assert len(db.scalars(sa.select(Delivered).filter_by(part="lesson:a")).all()) == left


def test_another_districts_term_is_another_districts(held_about, tmp_path):
    ann = held_about()
    with transaction():
        set_term(ann.district, "pupil_records", "6y", COMMAND)
    gone = gone_from(ann, tmp_path, ann.year.ends_at + 400 * DAY)
    assert gone == {"response"}


def test_when_nothing_is_past_its_term_hardly_anything_is_asked(held_about, tmp_path, count_queries):
    held_about()
    with count_queries() as statements, transaction():
        assert purge_due(tmp_path) == 0
    assert len(statements) <= 9, statements


# -- by command --------------------------------------------------------------------------------------------


def run(app, *arguments):
    db.remove()
    return app.test_cli_runner().invoke(args=["retention", *arguments, "--json"])


def test_the_schedule_by_command(app, district):
    shown = json.loads(run(app, "show", "--district", "evergreen").output)["kinds"]
    assert shown["staff_evidence"]["term"] == "6y"
    assert run(app, "set", "--district", "evergreen", "staff_evidence", "8y").exit_code == 0
    assert (
        json.loads(run(app, "show", "--district", "evergreen").output)["kinds"]["staff_evidence"]["term"]
        == "8y"
    )
    refused = run(app, "set", "--district", "evergreen", "staff_evidence", "2y")
    assert refused.exit_code == 1 and "3y to 60y" in refused.output
    assert run(app, "set", "--district", "evergreen", "everything", "2y").exit_code == 2


def test_a_dry_run_by_command_changes_nothing_and_a_run_does(app, held_about):
    ann = held_about()
    folder = app.config["SETTINGS"].retention_folder
    with time_machine.travel(ann.year.ends_at + 400 * DAY, tick=False):
        before = ann.rows()
        said = json.loads(run(app, "run", "--dry-run", "--district", "evergreen").output)["due"]
        assert said["evidence"] == 1 and ann.rows() == before
        assert run(app, "run", "--dry-run").exit_code == 2
        assert run(app, "run", "--district", "evergreen").exit_code == 2
        done = json.loads(run(app, "run").output)
    assert done["rows"] > 10 and ann.rows() == {}
    db.remove()
    assert db.get(Person, ann.other.id) is not None, "of staff nothing is past its term"
    shutil.rmtree(f"{folder}/evergreen")
