"""Who is told what on which day: once each, in one letter, never pupils, never outside the district."""

import threading
from datetime import date, timedelta

import pytest
import sqlalchemy as sa

from core.database import db, transaction
from people.audit import COMMAND
from people.models import District
from people.roster_models import RosterInterval
from reminders.mail_settings import pause
from reminders.models import Letter, Reminder
from reminders.planning import plan_due
from tests.reminders.conftest import MONDAY, morning, work

DUE = MONDAY + timedelta(days=30)


def kinds(person=None) -> list[str]:
    db.remove()
    wanted = sa.select(Reminder.kind).order_by(Reminder.id)
    return list(db.scalars(wanted if person is None else wanted.filter_by(person_id=person.id)))


def test_from_the_first_day_to_the_end_of_grace_everything_is_said_once(staff, settings, post, clock):
    ann = staff.owes("ann@evergreen.example", DUE, DUE + timedelta(days=14))
    for number in range(60):
        day = MONDAY + timedelta(days=number)
        if day > DUE:
            staff.stands(ann, "overdue", DUE, DUE + timedelta(days=14))
        for hour in (6, 8, 12, 20):
            clock.at(day, hour)
            work()
    assert kinds() == ["assigned", "before_14", "before_7", "before_1", "before_0", "grace_1", "grace_2"]
    assert len(post.taken) == 7
    assert len({each["Message-ID"] for each in post.taken}) == 7
    days = [each["Date"].datetime.astimezone(morning(MONDAY).tzinfo) for each in post.taken]
    assert all(day.weekday() < 5 and 7 <= day.hour < 19 for day in days)
    assert len({day.date() for day in days}) == 7


def test_nothing_leaves_at_night_on_weekends_and_on_quiet_days(staff, settings, post, clock, district):
    from completion.rule_changes import change_rules

    change_rules(
        db.get_one(District, district.id),
        "staff",
        {"quiet": ("sat", "sun", "2026-10-06..2026-10-08")},
        COMMAND,
    )
    db.commit()
    staff.owes("ann@evergreen.example", DUE)
    for day, hour in ((5, 6), (5, 19), (5, 23), (6, 9), (8, 9), (10, 9), (11, 9)):
        clock.at(date(2026, 10, day), hour)
        assert work() == 0
    clock.at(date(2026, 10, 9))
    assert work() == 1 and post.to() == ["ann@evergreen.example"]


def test_an_extended_date_is_announced_anew_but_never_as_new(staff, settings, post, clock):
    ann = staff.owes("ann@evergreen.example", MONDAY + timedelta(days=7))
    work()
    staff.stands(ann, "in_progress", MONDAY + timedelta(days=40))
    clock.at(MONDAY + timedelta(days=1))
    assert work() == 0, "with 39 days left there is nothing to say to somebody who knows"
    clock.at(MONDAY + timedelta(days=33))  # a Saturday
    assert work() == 0
    clock.at(MONDAY + timedelta(days=35))
    assert work() == 1
    assert kinds() == ["before_7", "before_7"]


def test_who_is_done_exempt_or_out_of_grace_hears_nothing(staff, settings, post):
    for state in ("complete", "expiring", "exempt", "not_due", "expired", "revoked", "not_applicable"):
        staff.stands(staff.person(f"{state.replace('_', '-')}@evergreen.example"), state, DUE)
    assert work() == 0 and post.taken == []


def test_pupils_are_never_written_to(staff, settings, post, district):
    staff.stands(staff.person("pupil@evergreen.example", audience="pupil"), "assigned", DUE)
    helper = staff.owes("helper@evergreen.example", DUE)
    db.add(
        RosterInterval(
            district_id=district.id, person_id=helper.id, audience="pupil", grade="g12",
            starts_at=morning(date(2026, 9, 1)), source="oneroster",
        )
    )  # fmt: skip
    db.commit()
    assert work() == 0 and post.taken == []


@pytest.mark.parametrize(
    "address",
    [
        "ann@gmail.example", "ann@evergreen.example.evil.example",
        "ann@notevergreen.example", "ann@sub.evergreen.example",
        "@evergreen.example", "a@evil.example, b@evergreen.example", "<x@evil.example> b@evergreen.example", "",
    ],
)  # fmt: skip
def test_no_letter_leaves_the_district(staff, settings, post, address):
    staff.owes(address, DUE)
    work()
    assert post.taken == []
    db.remove()
    letter = db.scalars(sa.select(Letter)).one()
    assert (letter.state, letter.problem) == ("refused", "no_address")


def test_of_several_addresses_the_one_in_the_district_is_taken(staff, settings, post):
    person = staff.person("ann@home.example", "Ann@Evergreen.Example")
    staff.stands(person, "assigned", DUE)
    work()
    assert post.to() == ["Ann@Evergreen.Example"]


def test_an_office_hears_once_a_week_how_many_and_in_one_letter_with_its_own(staff, settings, post, clock):
    elm = staff.building("elm", "Elm Elementary")
    head = staff.owes("head@evergreen.example", DUE, building=elm)
    staff.office(head, "school", elm)
    hr = staff.person("hr@evergreen.example")
    staff.office(hr, "hr")
    late = staff.person("late@evergreen.example", building=elm)
    staff.stands(late, "overdue", MONDAY - timedelta(days=1), DUE)
    staff.stands(staff.person("done@evergreen.example", building=elm), "complete")
    for number in range(8):
        clock.at(MONDAY + timedelta(days=number))
        work()
    assert kinds(head) == ["assigned", "digest", "digest"]
    assert kinds(hr) == ["digest", "digest"]
    first = db.scalars(sa.select(Reminder).filter_by(person_id=head.id, kind="digest")).first()
    assert first.detail == {"building": elm.id, "asked": 3, "owe": 2, "late": 1}
    letters = [each for each in post.taken if each["To"] == "head@evergreen.example"]
    assert len(letters) == 2, "what is owed and the summary came in one letter"
    said = letters[0].get_body(("plain",)).get_content()
    assert "2 of 3 members of staff still owe" in said and "Your responsible use course" in said


def test_no_summary_where_nobody_owes_anything(staff, settings, post):
    hr = staff.person("hr@evergreen.example")
    staff.office(hr, "hr")
    staff.stands(hr, "complete")
    assert work() == 0


def test_two_workers_plan_a_day_once(staff, settings, post, app):
    people = [staff.owes(f"p{n}@evergreen.example", DUE) for n in range(30)]
    db.remove()
    barrier, planned, broke = threading.Barrier(3), [], []

    def one() -> None:
        barrier.wait()
        try:
            with transaction():
                planned.append(plan_due())
        except Exception as error:
            broke.append(error)
        finally:
            db.remove()

    threads = [threading.Thread(target=one) for _ in range(3)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert broke == [] and sum(planned) == 1
    assert len(kinds()) == len(people)


def test_planning_costs_as_many_queries_for_two_as_for_sixty(staff, settings, count_queries, clock, rua):
    def cost(day: date) -> int:
        clock.at(day)
        db.remove()
        with count_queries() as statements, transaction():
            assert plan_due() == 1
        return len(statements)

    for number in range(2):
        staff.owes(f"p{number}@evergreen.example", DUE)
    few = cost(MONDAY)
    for number in range(2, 62):
        staff.owes(f"p{number}@evergreen.example", DUE)
    assert cost(MONDAY + timedelta(days=1)) == few


def test_while_paused_nothing_is_written_down(staff, settings, district, clock):
    staff.owes("ann@evergreen.example", DUE)
    pause(db.get_one(District, district.id), COMMAND)
    db.commit()
    assert work() == 0
    assert kinds() == []


def test_another_district_is_another_district(staff, settings, post, district):
    other = District(
        slug="other", name="Other", timezone="America/New_York", email_domains=["evergreen.example"]
    )
    db.add(other)
    db.commit()
    stranger = type(staff)(other).owes("ann@evergreen.example", DUE)
    assert work() == 0 and kinds(stranger) == []
