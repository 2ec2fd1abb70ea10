"""IT hears on which day people lose access: by the worker's own standings, once in the week before and on the eve."""

from datetime import date, timedelta

import sqlalchemy as sa

from access.enforcement import STAGES
from access.models import AccessPolicy
from access.stages import set_stage
from access.standings import follow_reviews
from completion import requirements
from completion.models import Assignment
from core.database import db, transaction
from people.audit import COMMAND
from people.models import District
from reminders.models import Reminder
from tests.reminders.conftest import MONDAY, end_of, work

LAST_DAY = date(2026, 10, 12)
"""The last day of grace; access ends with the next one, a Tuesday."""


def owing(staff, year, count: int) -> None:
    for number in range(count):
        person = staff.person(f"p{number}@evergreen.example")
        requirements.assign(person, "rua", year)
    db.execute(sa.update(Assignment).values(due_at=end_of(date(2026, 10, 2)), grace_until=end_of(LAST_DAY)))
    db.commit()
    while True:
        with transaction():
            if not follow_reviews():
                return


def test_it_is_told_a_week_before_and_on_the_eve(staff, settings, post, clock, year, district):
    tess = staff.person("tess@evergreen.example", language=None)
    staff.office(tess, "it")
    set_stage(db.get_one(District, district.id), "staff", STAGES[-1], COMMAND)
    db.add(AccessPolicy(district_id=district.id, audience="staff", mapping={"overdue": "allow", **ALLOWING}))
    db.commit()
    owing(staff, year, 3)
    for number in range(9):
        clock.at(MONDAY + timedelta(days=number))
        work()
    told = db.execute(
        sa.select(Reminder.subject, Reminder.detail)
        .filter_by(person_id=tess.id, kind="forecast")
        .order_by(Reminder.id)
    ).all()
    assert [tuple(each) for each in told] == [
        ("2026-10-13:week", {"people": 3}),
        ("2026-10-13:eve", {"people": 3}),
    ]
    letters = [each for each in post.taken if each["To"] == "tess@evergreen.example"]
    assert str(letters[0]["Subject"]) == "3 people lose access on Tuesday, October 13, 2026"


ALLOWING = {f"overdue.{reason}": "allow" for reason in ("newcomer", "lapsed")}


def test_nothing_is_announced_where_nothing_is_enforced(staff, settings, post, clock, year, district):
    tess = staff.person("tess@evergreen.example")
    staff.office(tess, "it")
    set_stage(db.get_one(District, district.id), "staff", "observe", COMMAND)
    db.commit()
    owing(staff, year, 2)
    work()
    assert "tess@evergreen.example" not in post.to()
