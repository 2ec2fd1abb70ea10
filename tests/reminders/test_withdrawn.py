"""The offices that decide about access hear of an emergency while it waits, once when it has lapsed, and of reviews."""

from datetime import date, timedelta

import pytest
import sqlalchemy as sa

from completion import revocation_reviews, revocations
from completion.decision_models import Revocation
from core.clock import now
from core.database import db
from people.audit import COMMAND
from people.models import Person
from reminders.models import Reminder
from tests.reminders.conftest import MONDAY, work
from tests.reminders.test_letters import both

TUESDAY, WEDNESDAY, THURSDAY = (MONDAY + timedelta(days=days) for days in (1, 2, 3))
WHEN = "October 7, 2026 at 8:00 AM (PDT)"


@pytest.fixture
def hana(staff) -> Person:
    person = staff.person("hana@evergreen.example")
    staff.office(person, "hr")
    return person


@pytest.fixture
def dora(staff) -> Person:
    person = staff.person("dora@evergreen.example", language="es")
    staff.office(person, "district")
    return person


def withdraw(person: Person, decided_by: Person | None = None) -> Revocation:
    found = revocations.revoke(
        db.merge(person),
        reason_code="misuse",
        actor=COMMAND,
        decided_by=db.merge(decided_by) if decided_by else None,
        emergency=decided_by is None,
    )
    db.commit()
    return found


def kinds(person: Person) -> list[str]:
    db.remove()
    return list(db.scalars(sa.select(Reminder.kind).filter_by(person_id=person.id).order_by(Reminder.id)))


def test_an_emergency_is_told_until_somebody_decides_and_that_it_lapsed_once(
    staff, settings, post, clock, hana, dora
):
    dee, ann = staff.person("dee@evergreen.example"), staff.person(audience="pupil")
    withdraw(dee)
    withdraw(ann)
    withdraw(hana)
    clock.on(minutes=1)
    work()
    assert sorted(post.to()) == ["dora@evergreen.example", "hana@evergreen.example"]
    english, spanish = sorted(post.taken, key=lambda each: each["Content-Language"])
    assert english["Subject"] == f"Access withdrawn: please decide by {WHEN}"
    for said in both(english):
        assert "from 1 person," in said, "of herself a colleague hears, and of a pupil nobody here"
        assert f"Unless somebody of your office decides before, it lapses on {WHEN}." in said
        assert "dee@" not in said
    assert "a 2 personas" in both(spanish)[0] and "please" not in both(spanish)[0]
    clock.at(TUESDAY)
    work()
    clock.at(WEDNESDAY, hour=9)
    work()
    assert "given back, as nobody had decided" in post.taken[-2]["Subject"] + post.taken[-1]["Subject"]
    clock.at(THURSDAY)
    work()
    assert kinds(hana) == ["undecided", "undecided", "lapsed"]
    assert kinds(dora) == ["undecided", "undecided", "lapsed", "lapsed"]
    assert len(post.taken) == 6


def test_what_is_decided_before_the_letter_leaves_is_not_told(staff, settings, post, clock, hana):
    dee = staff.person("dee@evergreen.example")
    waits = withdraw(dee)
    revocation_reviews.uphold(waits, db.merge(hana), COMMAND, now() + timedelta(days=9))
    db.commit()
    assert work() == 0 and post.taken == []


def test_a_review_that_is_due_is_told_once_a_week(staff, settings, post, clock, hana):
    dee = staff.person("dee@evergreen.example")
    withdraw(dee, decided_by=hana)
    clock.on(days=revocations.REVIEW.days)
    begins = date(2027, 1, 4)
    for number in range(8):
        clock.at(begins + timedelta(days=number))
        work()
    assert kinds(hana) == ["due", "due"]
    assert "It stays withdrawn until then." in both(post.taken[0])[0]
