"""The worker keeps standings true and numbers every change once."""

import threading
from datetime import UTC, datetime, timedelta

import sqlalchemy as sa
import time_machine

from access.models import AccessPolicy, Standing, StandingChange, StandingLog
from access.standings import follow_reviews
from completion import ledger, reviews
from completion.models import Review
from core.clock import now
from core.database import db, transaction


def log() -> list[StandingChange]:
    db.remove()
    return list(db.scalars(sa.select(StandingChange).order_by(StandingChange.seq)))


def standing_of(person) -> Standing:
    db.remove()
    return db.scalars(sa.select(Standing).filter_by(person_id=person.id)).one()


def sign(person, year) -> None:
    ledger.record_evidence(
        person, "attestation:rua", year, kind="agreement", version="rua-2026.1", source="attestation 1"
    )
    db.commit()


def test_what_is_asked_becomes_a_standing(hire, work):
    (dee,) = hire()
    assert work() == 1
    standing = standing_of(dee)
    assert (standing.state, standing.access, standing.reason) == ("assigned", "limited", "newcomer")
    assert standing.next_change_at == standing.due_at
    (change,) = log()
    assert (change.seq, change.previous_state, change.state, change.access) == (
        1,
        None,
        "assigned",
        "limited",
    )


def test_a_signature_lets_in(hire, work, year):
    (dee,) = hire()
    work()
    sign(dee, year)
    work()
    standing = standing_of(dee)
    assert (standing.state, standing.access, standing.policy_version) == ("complete", "allow", "rua-2026.1")
    assert (standing.seq, log()[-1].previous_access) == (2, "limited")


def test_looking_again_without_news_changes_nothing(hire, work, year, rua):
    (dee,) = hire()
    work()
    reviews.mark(dee.district_id, dee.id, [rua.id])
    db.commit()
    assert work() == 1
    assert len(log()) == 1


def test_who_was_never_asked_has_no_standing(make_person, year, rua, work):
    teacher = make_person("staff")
    ledger.record_begun(teacher, "lesson:m7", year)
    db.commit()
    assert work() == 1
    assert log() == [] and db.scalars(sa.select(Standing)).all() == []


def test_the_clock_alone_makes_changes(district, hire, work):
    with time_machine.travel(datetime(2026, 11, 10, 18, tzinfo=UTC), tick=False) as clock:
        hire(3)
        assert work() == 3
        assert work() == 0
        clock.move_to(datetime(2026, 11, 25, 8, tzinfo=UTC) - timedelta(seconds=1))
        assert work() == 0
        clock.move_to(datetime(2026, 11, 25, 8, tzinfo=UTC))
        assert work() == 3
        assert {change.state for change in log()[3:]} == {"overdue"}
        clock.move_to(datetime(2026, 12, 9, 8, tzinfo=UTC))
        assert work() == 3
    assert [change.seq for change in log()] == list(range(1, 10))
    assert {change.state for change in log()[6:]} == {"expired"}


def test_the_turn_of_the_year_asks_again(district, hire, work, year):
    with time_machine.travel(datetime(2026, 11, 10, 18, tzinfo=UTC), tick=False) as clock:
        (dee,) = hire()
        sign(dee, year)
        work()
        for at, state, access in (
            (datetime(2027, 8, 1, 7, tzinfo=UTC), "expiring", "allow"),
            (datetime(2027, 9, 1, 7, tzinfo=UTC), "assigned", "allow"),
            (datetime(2027, 9, 16, 7, tzinfo=UTC), "overdue", "allow"),
            (datetime(2027, 9, 30, 7, tzinfo=UTC), "expired", "limited"),
        ):
            clock.move_to(at)
            work()
            standing = standing_of(dee)
            assert (standing.state, standing.access) == (state, access)
        assert standing.period == "2027-28"


def test_the_district_decides_what_a_state_means(district, hire, work):
    db.add(AccessPolicy(district_id=district.id, audience="staff", mapping={"assigned.newcomer": "allow"}))
    (dee,) = hire()
    work()
    assert standing_of(dee).access == "allow"


def test_districts_number_apart(hire, work, elsewhere, rua):
    from completion import requirements
    from people.models import Person
    from people.school_years import current_school_year

    hire(2)
    stranger = Person(district_id=elsewhere.id, audience="staff")
    db.add(stranger)
    db.flush()
    requirements.assign(stranger, "rua", current_school_year(elsewhere.id))
    db.commit()
    work()
    assert sorted((change.district_id != elsewhere.id, change.seq) for change in log()) == [
        (False, 1), (True, 1), (True, 2),
    ]  # fmt: skip


def test_a_batch_costs_the_same_however_many(hire, count_queries):
    hire(3)
    with count_queries() as few, transaction():
        assert follow_reviews() == 3
    hire(30)
    with count_queries() as many, transaction():
        assert follow_reviews() == 30
    # The first batch also opens the district's log, in two statements.
    assert len(many) == len(few) - 2 <= 22


def test_many_workers_number_every_change_once_and_in_order(app, hire, year):
    people = hire(60)
    stop = threading.Event()
    seen: list[int] = []

    def worker() -> None:
        while True:
            with transaction():
                done = follow_reviews(7)
            if not done:
                return

    def reader() -> None:
        """Follows the log as IT does; must never find a number below one it has read."""
        while not stop.is_set():
            with transaction():
                after = seen[-1] if seen else 0
                wanted = (
                    sa.select(StandingChange.seq)
                    .where(StandingChange.seq > after)
                    .order_by(StandingChange.seq)
                )
                seen.extend(db.scalars(wanted))

    following = threading.Thread(target=reader)
    following.start()
    workers = [threading.Thread(target=worker) for _ in range(4)]
    for each in workers:
        each.start()
    for person in people[:20]:
        with transaction():
            sign(db.merge(person), db.merge(year))
    for each in workers:
        each.join()
    worker()
    stop.set()
    following.join()
    numbers = [change.seq for change in log()]
    assert numbers == list(range(1, len(numbers) + 1))
    assert seen == numbers[: len(seen)]
    assert db.scalar(sa.select(StandingLog.last_seq)) == numbers[-1]
    assert (
        db.scalar(sa.select(sa.func.count()).select_from(Standing).where(Standing.state == "complete")) == 20
    )
    assert db.scalar(sa.select(sa.func.count()).select_from(Review).where(Review.due_at <= now())) == 0
