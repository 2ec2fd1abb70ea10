"""A file in which half of the people are missing waits for somebody's word; nothing is changed meanwhile."""

import re
from datetime import timedelta

import pytest
import sqlalchemy as sa
import time_machine

from core.clock import now
from core.database import db
from people.audit_models import AuditEntry
from people.roster_models import RosterInterval
from rosters.models import RosterImport
from tests.rosters.files import district, staff_csv, staff_rows

FEW, MANY = 25, 26


@pytest.fixture
def whole(take, tmp_path):
    """300 people, 30 of them staff, on the roster."""
    rolls = district(300)
    take(rolls.write(tmp_path))
    return rolls


def fewer(rolls, count: int, first: int = 100):
    return rolls.without(*(f"u-{number}" for number in range(first, first + count)))


def token_in(words: str) -> str:
    return re.search(r"--approve (\S+)", words).group(1)


def still_here() -> int:
    db.remove()
    return db.scalar(sa.select(sa.func.count(RosterInterval.id)).where(RosterInterval.ends_at.is_(None)))


def test_twenty_five_people_may_leave(take, whole, tmp_path):
    assert take(fewer(whole, FEW).write(tmp_path))["left"] == {"pupil": FEW}


def test_more_are_held_and_nothing_is_changed(refuse, whole, tmp_path):
    said = refuse(fewer(whole, MANY).write(tmp_path))
    assert "26 of 270 pupils would leave, and nothing was changed" in said
    held = db.scalars(sa.select(RosterImport).filter_by(state="held")).one()
    assert held.counts["left"] == {"pupil": MANY} and held.expires_at > now() + timedelta(days=6)
    assert token_in(said) not in str(db.execute(sa.text("SELECT * FROM roster_import")).all())


def test_five_in_a_hundred_may_leave(take, tmp_path):
    take(staff_csv(tmp_path, staff_rows(600)))
    assert take(staff_csv(tmp_path, staff_rows(570)))["left"] == {"staff": 30}


def test_each_audience_is_counted_by_itself(refuse, take, tmp_path):
    rolls = district(1000)
    take(rolls.write(tmp_path))
    assert "30 of 100 staff would leave" in refuse(fewer(rolls, 30, first=0).write(tmp_path))


def test_with_its_token_the_file_goes_through(refuse, take, whole, tmp_path):
    path = fewer(whole, MANY).write(tmp_path)
    counts = take(path, "--approve", token_in(refuse(path)))
    assert counts["left"] == {"pupil": MANY}
    assert still_here() == 300 - MANY
    actions = list(db.scalars(sa.select(AuditEntry.action).order_by(AuditEntry.seq)))
    assert actions == ["roster_imported", "roster_held", "roster_approved", "roster_imported"]
    assert db.query(RosterImport).filter(RosterImport.state != "done").count() == 0


def test_a_token_is_for_one_file(refuse, whole, tmp_path):
    token = token_in(refuse(fewer(whole, MANY).write(tmp_path)))
    assert "for another file" in refuse(fewer(whole, 100).write(tmp_path), "--approve", token)
    assert "no import is held" in refuse(fewer(whole, MANY).write(tmp_path), "--approve", "made-up")


def test_a_token_runs_out_after_a_week(refuse, whole, tmp_path):
    path = fewer(whole, MANY).write(tmp_path)
    token = token_in(refuse(path))
    with time_machine.travel(now() + timedelta(days=7, seconds=1), tick=True):
        assert "no import is held" in refuse(path, "--approve", token)


def test_an_approval_is_for_no_more_people_than_were_told(refuse, take, whole, tmp_path):
    """Between the question and the answer somebody else came, whom the old file does not know."""
    path = fewer(whole, MANY).write(tmp_path)
    token = token_in(refuse(path))
    newer = district(301)
    take(newer.write(tmp_path, name="newer.zip"))
    with time_machine.travel(now() + timedelta(seconds=1), tick=True):
        path = fewer(whole, MANY).write(tmp_path)
        assert "no import is held" in refuse(path, "--approve", token)


def test_a_delta_is_never_held(take, whole, tmp_path):
    """It names each of those who leave."""
    rolls = fewer(whole, 0)
    for number in range(100, 160):
        rolls = rolls.changed(f"u-{number}", status="tobedeleted")
    rolls.users = [each for each in rolls.users if each.status]
    assert take(rolls.write(tmp_path, delta=True))["left"] == {"pupil": 60}


def test_what_is_held_is_listed(run, refuse, whole, tmp_path):
    assert "no import is held" in run("waiting").stdout
    refuse(fewer(whole, MANY).write(tmp_path))
    assert "26 pupils left" in run("waiting").stdout
