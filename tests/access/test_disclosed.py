"""IT's program reads a list: who, whose, why and how many stand in the disclosure log before the answer leaves."""

import sqlalchemy as sa

from core.database import db
from people.disclosure_models import Disclosure


def noted():
    db.remove()
    rows = db.scalars(sa.select(Disclosure).order_by(Disclosure.id)).all()
    return [(each.reader, each.kind, each.purpose, each.subject, each.people) for each in rows]


def test_each_page_of_a_list_and_each_reading_of_changes_is_noted(hire, work, district, make_program):
    hire(3)
    work()
    it = make_program(district)
    it.sign_in()
    first = it.standings(limit=2, audience="staff").json
    rest = it.standings(cursor=first["next"], limit=2).json
    who = f"client:{it.client_id}"
    assert noted() == [
        (who, "standings", "network_access", "audience:staff", 2),
        (who, "standings", "network_access", "audience:staff", 1),
    ]
    assert it.standings("/changes", delta=rest["delta"]).json["items"] == []
    assert len(noted()) == 2, "nobody stood in it, so nothing was disclosed"
    hire(1)
    work()
    it.standings("/changes", delta=rest["delta"])
    assert noted()[2:] == [(who, "standing_changes", "network_access", "audience:staff", 1)]


def test_a_list_costs_one_insert_more_however_long_it_is(hire, work, district, make_program, count_queries):
    it = make_program(district)
    it.sign_in()
    counted = {}
    for size in (2, 12):
        hire(size)
        work()
        with count_queries() as statements:
            it.standings()
        counted[size] = [each for each in statements if "disclosure" in each]
    assert [len(each) for each in counted.values()] == [1, 1]


def test_one_person_asked_for_by_name_is_no_bulk_reading(hire, work, district, make_program):
    (dee,) = hire()
    work()
    it = make_program(district)
    it.sign_in()
    assert it.standings(f"/id:{dee.public_id}").status_code == 200
    assert noted() == []


def test_what_can_not_be_noted_is_not_given_out(app, hire, work, district, make_program):
    """The table is gone, so the insert fails, and so does the answer."""
    hire(2)
    work()
    it = make_program(district)
    it.sign_in()
    db.remove()
    db.execute(sa.text("ALTER TABLE disclosure RENAME TO disclosure_away"))
    db.commit()
    app.testing = False
    try:
        answer = it.standings()
        assert answer.status_code == 500
        assert "items" not in answer.text
    finally:
        app.testing = True
        db.remove()
        db.execute(sa.text("ALTER TABLE disclosure_away RENAME TO disclosure"))
        db.commit()
