"""Whom a legal hold covers, and that the name of somebody under one outlives their leaving the class."""

import json

import pytest
import sqlalchemy as sa

from core.clock import now
from core.database import db, transaction
from people import holds
from people.audit import COMMAND
from people.audit_models import AuditEntry
from people.directory import enroll, link_identity, mark_left
from people.holds import MATTER, NoSuchHold, OddMatter, held_among
from people.models import District, Enrollment
from people.roster_models import Building, RosterInterval


@pytest.fixture
def elm(district):
    building = Building(district_id=district.id, key="elm", name="Elm Elementary")
    db.add(building)
    db.commit()
    return building


def at(person, building, ends_at=None):
    db.add(
        RosterInterval(
            district_id=person.district_id,
            person_id=person.id,
            building_id=building.id,
            audience="pupil",
            starts_at=person.created_at,
            ends_at=ends_at,
            source="command",
        )
    )
    db.commit()


def run(app, *arguments):
    db.remove()
    return app.test_cli_runner().invoke(args=["hold", *arguments, "--json"])


def test_a_hold_covers_a_person_a_building_or_everybody(district, elm, make_person):
    ann, ben, cleo = make_person(), make_person(), make_person()
    at(ben, elm)
    at(cleo, elm, ends_at=now())
    everybody = [ann.id, ben.id, cleo.id]
    assert held_among(district.id, everybody) == set()
    of_ann = holds.place(district, "2026-LIT-1", COMMAND, person=ann)
    assert held_among(district.id, everybody) == {ann.id}
    of_elm = holds.place(district, "2026-LIT-2", COMMAND, building=elm)
    assert held_among(district.id, everybody) == set(everybody), "who has left the building, too"
    holds.lift(district.id, of_ann.public_id, COMMAND)
    holds.lift(district.id, of_elm.public_id, COMMAND)
    assert held_among(district.id, everybody) == set()
    holds.place(district, "2026-LIT-3", COMMAND)
    assert held_among(district.id, everybody) == set(everybody)


def test_a_hold_of_one_district_covers_nobody_of_another(district, make_person):
    other = District(slug="next-door", name="Next Door", timezone="America/Los_Angeles")
    db.add(other)
    db.flush()
    ann = make_person()
    holds.place(other, "2026-LIT-1", COMMAND)
    assert held_among(district.id, [ann.id]) == set()
    with pytest.raises(NoSuchHold):
        holds.lift(district.id, holds.holds_of(other.id)[0].public_id, COMMAND)


@pytest.mark.parametrize("matter", ["", "x", "Ann Alder v. District", "a" * 41, "-1"])
def test_a_matter_is_a_code_and_no_sentence(district, matter):
    assert not MATTER.fullmatch(matter)
    with pytest.raises(OddMatter):
        holds.place(district, matter, COMMAND)


def test_a_name_under_hold_stays_when_its_person_leaves_the_class(district, classroom, make_person):
    ann, ben = make_person(), make_person()
    for person in (ann, ben):
        enroll(classroom, person.id, "learner")
    db.execute(sa.update(Enrollment).values(display_name="Somebody"))
    holds.place(district, "2026-LIT-1", COMMAND, person=ann)
    assert mark_left(classroom, still_here=set()) == 2
    db.flush()
    names = dict(db.execute(sa.select(Enrollment.person_id, Enrollment.display_name)).all())
    assert names == {ann.id: "Somebody", ben.id: None}


def test_holds_by_command_are_placed_listed_lifted_and_audited(app, district, elm, make_person):
    with transaction():
        ann = make_person()
        link_identity(ann, scheme="sis", value="100001", source="launch")
    where = ("--district", "evergreen")
    placed = run(app, "place", *where, "--matter", "2026-LIT-1", "--id", "sis:100001")
    assert placed.exit_code == 0, placed.output
    assert run(app, "place", *where, "--matter", "2026-LIT-2", "--building", "elm").exit_code == 0
    assert run(app, "place", *where, "--matter", "2026-LIT-3", "--everybody").exit_code == 0
    for wrong in ((), ("--everybody", "--building", "elm")):
        assert run(app, "place", *where, "--matter", "2026-LIT-4", *wrong).exit_code == 2
    assert run(app, "place", *where, "--matter", "2026-LIT-4", "--id", "sis:9").exit_code == 1
    assert run(app, "place", *where, "--matter", "2026-LIT-4", "--building", "oak").exit_code == 1
    first = json.loads(placed.output)["id"]
    assert run(app, "lift", *where, first).exit_code == 0
    again = run(app, "lift", *where, first)
    assert again.exit_code == 1 and "no hold in force" in again.output
    listed = json.loads(run(app, "list", *where).output)["holds"]
    assert [(each["matter"], each["covers"].split()[0], each["lifted_at"] is None) for each in listed] == [
        ("2026-LIT-3", "everybody", True),
        ("2026-LIT-2", "building", True),
        ("2026-LIT-1", "person", False),
    ]
    db.remove()
    assert db.scalars(sa.select(AuditEntry.action).order_by(AuditEntry.seq)).all() == [
        "hold_placed", "hold_placed", "hold_placed", "hold_lifted",
    ]  # fmt: skip
