"""Single answers in the disclosure log: how many people in an hour, and never who, where or when."""

from datetime import UTC, datetime, timedelta

import sqlalchemy as sa
import time_machine
from structlog.testing import capture_logs

from access import radius_tally
from core.database import db
from people.disclosure_models import Disclosure
from tests.radius.test_answers import ask

NOON = datetime(2026, 11, 26, 12, tzinfo=UTC)


def noted():
    db.remove()
    rows = db.scalars(sa.select(Disclosure).order_by(Disclosure.people)).all()
    return [(each.reader, each.kind, each.purpose, each.subject, each.people) for each in rows]


def test_an_hours_people_are_one_line_for_each_client(gate, stand, district, make_program):
    for name in ("jdoe", "ana", "lee"):
        stand(name, "allow")
    other = make_program(district, ("standing.decide",))
    for name in ("jdoe", "JDOE", "EVERGREEN\\jdoe", "ana", "nobody"):
        ask(gate, username=name)
    clearpass = other.http.get("/export/clearpass/v1/standing/lee", headers=other.basic())
    assert clearpass.json["known"]
    assert noted() == [], "no write while a port waits"
    radius_tally.note_now()
    assert noted() == [
        (f"client:{other.client_id}", "networks", "network_access", "district", 1),
        (f"client:{gate.client_id}", "networks", "network_access", "district", 2),
    ]
    radius_tally.note_now()
    assert len(noted()) == 2


def test_the_first_question_of_the_next_hour_has_the_last_one_noted(gate, stand, monkeypatch):
    stand("jdoe", "allow")
    over = []
    monkeypatch.setattr(radius_tally, "_note", over.append)
    with time_machine.travel(NOON, tick=False) as clock:
        radius_tally.note_now()
        for minutes in (0, 59, 1):
            clock.shift(timedelta(minutes=minutes))
            ask(gate, username="jdoe")
    assert [len(people) for hour in over for people in hour.values()] == [1]


def test_a_database_that_is_away_spoils_no_answer(gate, stand):
    stand("jdoe", "allow")
    assert ask(gate, username="jdoe").status_code == 200
    db.remove()
    db.execute(sa.text("ALTER TABLE disclosure RENAME TO disclosure_away"))
    db.commit()
    try:
        with capture_logs() as said:
            radius_tally.note_now()
    finally:
        db.remove()
        db.execute(sa.text("ALTER TABLE disclosure_away RENAME TO disclosure"))
        db.commit()
    assert [each["event"] for each in said] == ["tally_lost"]
