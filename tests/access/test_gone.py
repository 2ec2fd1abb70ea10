"""Readers of changes are told who is gone, and why: off the roster, merged, erased."""

import sqlalchemy as sa

from core.clock import now
from core.database import db
from people.audit import COMMAND
from people.merge_models import Merge
from people.merging import merge, undo
from people.models import Person
from people.roster_models import RosterInterval
from privacy.erasing import erase
from tests.access.conftest import names_of


def delta_of(it) -> str:
    return it.standings().json["delta"]


def changed(it, delta, **query):
    return it.standings("/changes", delta=delta, **query).json


def test_who_left_the_roster_is_gone_under_the_names_they_had(hire, work, it, district):
    (dee,) = hire()
    work()
    delta = delta_of(it)
    db.add(
        RosterInterval(
            district_id=district.id, person_id=dee.id, audience="staff", starts_at=dee.created_at, ends_at=now(),
            source="staff_csv",
        )
    )  # fmt: skip
    from completion import reviews

    reviews.mark_everybody(district_id=district.id)
    db.commit()
    from completion.reviews import sweep

    while sweep():
        pass
    db.commit()
    work()
    (item,) = changed(it, delta)["items"]
    assert item == {
        "id": dee.public_id, "removed": "left-roster", "ids": names_of(dee), "requirement": "rua",
        "access": "deny", "into": None, "seq": item["seq"],
    }  # fmt: skip
    (row,) = it.standings().json["items"]
    assert row["access"] == "deny", "in the list nobody is denied by being left out"


def test_a_merged_record_is_gone_into_the_other_and_its_id_leads_there(hire, work, it, count_queries):
    ann, other, third = hire(3)
    old = other.public_id
    work()
    delta = delta_of(it)
    merge(db.merge(other), db.merge(third), COMMAND)
    db.commit()
    made = merge(db.merge(ann), db.merge(other), COMMAND)
    db.commit()
    made_id = made.id
    work()
    told = {item["id"]: item for item in changed(it, delta)["items"]}
    for gone in (old, third.public_id):
        assert (told[gone]["removed"], told[gone]["into"], told[gone]["ids"]) == ("merged", ann.public_id, {})
        assert it.standings(f"/id:{gone}").json["id"] == ann.public_id
    assert {item["id"] for item in it.standings().json["items"]} == {ann.public_id}
    asked = it.ask("id", [third.public_id, "p_nobody", ann.public_id]).json["items"]
    assert [each["standing"] and each["standing"]["id"] for each in asked] == [
        ann.public_id, None, ann.public_id,
    ]  # fmt: skip
    delta = delta_of(it)
    undo(db.get_one(Merge, made_id), COMMAND)
    db.commit()
    work()
    back = {item["id"]: item for item in changed(it, delta)["items"]}
    assert back[old]["state"] == "assigned" and "removed" not in back[old]
    assert it.standings(f"/id:{old}").json["id"] == old


def test_who_was_erased_is_gone_in_the_order_of_the_log(hire, work, it, district, elsewhere, make_program):
    ann, bob, cleo = hire(3)
    work()
    delta = delta_of(it)
    outsider = make_program(elsewhere)
    outsider.sign_in()
    foreign = delta_of(outsider)
    erase(db.get_one(Person, bob.id), COMMAND)
    erase(db.get_one(Person, ann.id), COMMAND)
    db.commit()
    first = changed(it, delta, limit=1)
    assert first["more"] and first["items"] == [
        {
            "id": bob.public_id, "removed": "erased", "ids": {}, "requirement": None, "access": "deny", "into": None,
            "seq": 4,
        }
    ]  # fmt: skip
    second = changed(it, first["delta"])
    assert [item["id"] for item in second["items"]] == [ann.public_id] and not second["more"]
    assert changed(it, second["delta"])["items"] == []
    assert changed(outsider, foreign)["items"] == []
    assert it.standings(f"/id:{bob.public_id}").status_code == 404
    db.remove()
    assert db.scalar(sa.select(Person.public_id).where(Person.id == cleo.id)) == cleo.public_id
