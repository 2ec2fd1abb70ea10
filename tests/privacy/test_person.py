"""One person, exported and erased: nothing is forgotten, nothing of anybody else is touched."""

import hashlib
import json
import stat

import pytest
import sqlalchemy as sa

from core.database import db, transaction
from held.tables import INVENTORY
from people import holds
from people.audit import COMMAND, broken_at
from people.audit_models import AuditEntry
from people.disclosure_models import Disclosure
from people.holds import UnderHold
from people.models import Identity, Person
from people.operators import operator_of
from privacy.collecting import everything_about
from privacy.erasing import NotErasable, certificate, erase, plan_for
from privacy.models import Delivered, Erasure
from tests.privacy.makers import NAME

STAYS_OF_STAFF = {
    "assignment", "attestation", "declined", "equivalent", "evidence", "exemption", "extension",
    "group_session", "identity", "paper_signature", "person", "person_merge", "revocation", "roster_import",
    "roster_interval", "visit",
}  # fmt: skip


def run(app, *arguments):
    db.remove()
    return app.test_cli_runner().invoke(args=["person", *arguments, "--json"])


def test_the_maker_leaves_no_table_out(held_about):
    assert set(held_about().rows()) == set(INVENTORY), "give it a row in tests/privacy/makers.py"


def test_an_export_shows_a_row_of_every_table(held_about):
    ann = held_about()
    found = everything_about(ann.person, COMMAND, "person_export")
    assert set(found["records"]) == set(INVENTORY)
    for name, rows in found["records"].items():
        shown = set(rows[0]) - {"id", "created_at"}
        assert shown == INVENTORY[name].every_column - set(INVENTORY[name].secret), name
    assert found["records"]["enrollment"][0]["display_name"] == NAME, "their own name is unsealed for them"
    assert found["records"]["evidence"][0]["school_year_id"] == ann.year.name, (
        "numbers are said as what they are"
    )
    assert found["records"]["paper_signature"][0]["entered_by"] == ann.other.public_id
    json.dumps(found)


def test_nothing_of_anybody_else_is_in_it(held_about):
    ann, ben = held_about(), held_about()
    text = json.dumps(everything_about(ann.person, COMMAND, "person_export"))
    assert ben.person.public_id not in text
    assert f"sub-{ben.person.id}" not in text
    hr = everything_about(ann.other, COMMAND, "person_export")
    assert {each["table"] for each in hr["hand_in"]} >= {"exemption", "paper_signature", "revocation"}
    assert ann.person.public_id not in json.dumps({**hr, "audit": []}), (
        "whom they decided about is not theirs to read"
    )


def test_no_secret_that_opens_something_leaves(held_about):
    ann = held_about()
    found = everything_about(ann.person, COMMAND, "person_export")
    assert "key" not in found["records"]["sign_in"][0]
    assert "data" not in found["records"]["deep_linking_request"][0]


def test_it_costs_the_same_for_much_as_for_little(held_about, count_queries):
    ann = held_about()
    counted = []
    for more in (0, 30):
        for number in range(more):
            ann.evidence(f"lesson:more-{number}", "course")
        db.commit()
        with count_queries() as statements:
            everything_about(ann.person, COMMAND, "person_export")
        db.rollback()
        counted.append(len(statements))
    assert counted[0] == counted[1]


def test_the_export_says_who_was_given_their_records(held_about):
    ann = held_about()
    everything_about(ann.person, COMMAND, "person_page")
    found = everything_about(ann.person, COMMAND, "person_export")
    assert [(each["kind"], each["reader"], each["times"]) for each in found["disclosures"]] == [
        ("person_export", "command", 1),
        ("person_page", "command", 1),
    ]


def test_a_pupil_is_erased_whole_and_what_they_did_stays_counted(held_about):
    ann, ben = held_about(), held_about()
    beside = ben.rows()
    ann.evidence("lesson:g4-b", "course", voided_at=ann.at, void_reason="not_here")
    db.commit()
    with transaction():
        made = erase(db.get_one(Person, ann.person.id), COMMAND)
    assert ann.rows() == {}
    assert ben.rows() == beside, "somebody else lost something"
    assert made.removed == {**dict.fromkeys(INVENTORY, 1), "identity": 2, "evidence": 2}
    assert made.kept == {}
    (counted,) = db.scalars(sa.select(Delivered)).all()
    assert (counted.part, counted.kind, counted.school, counted.grade, counted.times) == (
        "lesson:g4-a", "course", ann.building.key, "g4", 1,
    )  # fmt: skip


def test_staff_leave_their_evidence_and_the_names_it_is_found_by(held_about):
    dee = held_about("staff")
    with transaction():
        made = erase(db.get_one(Person, dee.person.id), COMMAND)
    assert set(dee.rows()) == STAYS_OF_STAFF == {*made.kept, "person"}
    assert db.scalars(sa.select(Identity.scheme).filter_by(person_id=dee.person.id)).all() == ["sis"]
    assert db.scalars(sa.select(Delivered)).all() == [], "what is still there is not counted away"


def test_whoever_decided_about_others_stays_as_a_bare_number(held_about):
    ann = held_about()
    with transaction():
        made = erase(db.get_one(Person, ann.other.id), COMMAND)
    assert "person" not in made.removed
    db.remove()
    assert db.get(Person, ann.other.id) is not None
    assert ann.rows()["exemption"] == 1


def test_the_plan_is_what_happens(held_about):
    for audience in ("pupil", "staff"):
        somebody = held_about(audience)
        plan = plan_for(somebody.person)
        before = somebody.rows()
        assert before == somebody.rows(), "looking changes nothing"
        with transaction():
            made = erase(db.get_one(Person, somebody.person.id), COMMAND)
        assert (made.removed, made.kept) == (plan.removed, plan.kept)
        assert plan.comes_back and "class of the LMS" in plan.comes_back[0]


@pytest.mark.parametrize("scope", ["person", "building", "district"])
def test_nobody_under_a_hold_is_erased(held_about, scope):
    ann = held_about()
    more = {"person": {"person": ann.person}, "building": {"building": ann.building}, "district": {}}[scope]
    with transaction():
        holds.place(ann.district, "2026-LIT-1", COMMAND, **more)
    before = ann.rows()
    with pytest.raises(UnderHold), transaction():
        erase(db.get_one(Person, ann.person.id), COMMAND)
    assert ann.rows() == before
    assert db.scalars(sa.select(Erasure)).all() == []


def test_the_operator_is_no_person(district):
    with transaction():
        operator = operator_of(district)
    with pytest.raises(NotErasable), transaction():
        erase(db.get_one(Person, operator.id), COMMAND)


def test_the_certificate_is_bound_to_the_audit_log(held_about):
    ann = held_about()
    with transaction():
        erase(db.get_one(Person, ann.person.id), COMMAND)
    made = db.scalars(sa.select(Erasure)).one()
    text = json.dumps(certificate(made, ann.district), sort_keys=True, separators=(",", ":"))
    assert made.sha256 == hashlib.sha256(text.encode()).hexdigest()
    (entry,) = db.scalars(sa.select(AuditEntry).filter_by(action="person_erased")).all()
    assert entry.subject == f"person:{ann.person.public_id}"
    assert entry.detail == {"certificate": made.public_id, "sha256": made.sha256}
    assert broken_at(ann.district.id) is None


def test_its_program_learns_of_it_by_a_number_in_the_log_of_standings(held_about):
    ann = held_about()
    ann.add("standing_log", last_seq=41)
    db.commit()
    with transaction():
        made = erase(db.get_one(Person, ann.person.id), COMMAND)
    assert made.seq == 42
    assert db.scalar(sa.text("SELECT last_seq FROM standing_log")) == 42


# -- by command --------------------------------------------------------------------------------------------


def test_export_by_command_writes_a_file_for_one_pair_of_eyes(app, held_about, tmp_path):
    ann = held_about()
    target = tmp_path / "ann.json"
    where = ("--district", "evergreen", "--id", f"sis:1{ann.person.id:05}", "--out", str(target))
    answer = run(app, "export", *where)
    assert answer.exit_code == 0, answer.output
    assert stat.S_IMODE(target.stat().st_mode) == 0o600
    found = json.loads(target.read_text())
    assert found["person"] == ann.person.public_id and found["made_by"] == "command"
    again = run(app, "export", *where)
    assert again.exit_code == 1 and "can not be written" in again.output
    db.remove()
    assert db.scalars(sa.select(Disclosure.kind)).all() == ["person_export"], (
        "what was not given out is not noted"
    )
    assert db.scalars(sa.select(AuditEntry.action)).all() == ["person_exported"]


@pytest.mark.parametrize(("name", "words"), [("sis:0", "is known by this sis"), ("Ann", "sis:100001")])
def test_a_name_that_leads_to_nobody_is_refused(app, district, tmp_path, name, words):
    answer = run(app, "export", "--district", "evergreen", "--id", name, "--out", str(tmp_path / "x.json"))
    assert answer.exit_code == 1 and words in answer.output
    assert not (tmp_path / "x.json").exists()


def test_erasing_by_command_takes_two_steps(app, held_about, tmp_path):
    ann = held_about()
    where = ("--district", "evergreen", "--id", f"id:{ann.person.public_id}")
    looked = json.loads(run(app, "erase", *where).output)
    assert looked["done"] is False and looked["removed"]["evidence"] == 1
    assert ann.rows()["evidence"] == 1
    done = run(app, "erase", *where, "--yes", "--out", str(tmp_path / "certificate.json"))
    assert done.exit_code == 0, done.output
    assert json.loads((tmp_path / "certificate.json").read_text()) == json.loads(done.output)["certificate"]
    assert ann.rows() == {}
    assert run(app, "erase", *where).exit_code == 1, "there is nobody any more"


def test_a_certificate_that_can_not_be_written_undoes_the_erasing(app, held_about, tmp_path):
    ann = held_about()
    before = ann.rows()
    nowhere = str(tmp_path / "no" / "folder.json")
    where = ("--district", "evergreen", "--id", f"id:{ann.person.public_id}", "--yes", "--out", nowhere)
    assert run(app, "erase", *where).exit_code == 1
    assert ann.rows() == before


def test_a_hold_refuses_the_command(app, held_about):
    ann = held_about()
    with transaction():
        holds.place(ann.district, "2026-LIT-1", COMMAND, person=ann.person)
    answer = run(app, "erase", "--district", "evergreen", "--id", f"id:{ann.person.public_id}", "--yes")
    assert answer.exit_code == 1 and "legal hold" in answer.output
