"""Going live in stages, through the commands and the worker: who is allowed when, and each change numbered once."""

import json
import threading
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from access.models import EnforcementStep, Standing, StandingChange
from access.standings import follow_reviews
from completion import exemptions, reviews, revocations
from core.clock import now
from core.database import db, only_reading, transaction
from people.audit import COMMAND
from people.audit_models import AuditEntry
from people.roster_models import Building, RosterInterval
from tests.access.conftest import NOVEMBER

DECEMBER = datetime(2026, 12, 1, 8, tzinfo=UTC)
"""1 December begins in Los Angeles."""
SECOND = timedelta(seconds=1)
DAY = timedelta(days=1)


@pytest.fixture
def enforce(app, district):
    def run(*arguments, exit_code=0):
        db.remove()
        done = app.test_cli_runner().invoke(
            args=["enforcement", "set", "--district", district.slug, "--audience", "staff", *arguments]
        )
        assert done.exit_code == exit_code, done.output
        return done.output

    return run


@pytest.fixture
def show(app, district):
    def run(command="show"):
        db.remove()
        done = app.test_cli_runner().invoke(
            args=["enforcement", command, "--district", district.slug, "--json"]
        )
        return json.loads(done.output)

    return run


@pytest.fixture
def catch_up(work):
    """What the worker does: mark what a change touches, then look again."""

    def run():
        db.remove()
        while True:
            with transaction():
                if not reviews.sweep():
                    break
        return work()

    return run


def access():
    db.remove()
    rows = db.execute(
        sa.select(Standing.access, Standing.would_be, Standing.state).order_by(Standing.person_id)
    )
    return [tuple(row) for row in rows]


def numbers():
    db.remove()
    return list(db.scalars(sa.select(StandingChange.seq).order_by(StandingChange.seq)))


def place(person, building, since=NOVEMBER - 30 * DAY, until=None):
    db.add(
        RosterInterval(
            district_id=person.district_id,
            person_id=person.id,
            building_id=building.id,
            audience="staff",
            starts_at=since,
            ends_at=until,
            source="command",
        )
    )
    db.commit()


@pytest.fixture
def elm(district):
    made = Building(district_id=district.id, key="elm", name="Elm Elementary")
    db.add(made)
    db.commit()
    return made


def test_observing_allows_everybody_and_says_what_would_be(clock, hire, enforce, catch_up, it):
    hire()
    catch_up()
    assert access() == [("limited", "limited", "assigned")]
    enforce("--stage", "observe")
    catch_up()
    assert access() == [("allow", "limited", "assigned")]
    (item,) = it.standings().json["items"]
    assert (item["access"], item["would_be"], item["state"]) == ("allow", "limited", "assigned")


def test_enforcement_begins_with_the_first_instant_of_the_day(clock, hire, enforce, catch_up, work):
    hire(2)
    answered = enforce("--stage", "limited", "--from", "2026-12-01")
    assert "2026-12-01 00:00 PST" in answered and "now observe" in answered
    catch_up()
    assert {row[0] for row in access()} == {"allow"}
    clock.move_to(DECEMBER - SECOND)
    work()
    assert {row[0] for row in access()} == {"allow"}
    clock.move_to(DECEMBER)
    assert work() == 2, "nobody touched anything: the clock alone"
    assert {row[0] for row in access()} == {"limited"}


def test_a_standing_knows_when_enforcement_begins(clock, hire, enforce, catch_up):
    hire()
    enforce("--stage", "limited", "--from", "2026-11-20")
    catch_up()
    db.remove()
    standing = db.scalars(sa.select(Standing)).one()
    assert standing.next_change_at == datetime(2026, 11, 20, 8, tzinfo=UTC)
    assert standing.next_change_at < standing.due_at


def test_a_building_goes_first(clock, hire, enforce, catch_up, elm, show):
    dee, _other = hire(2)
    place(dee, elm)
    refused = enforce("--stage", "deny", "--building", "elm", exit_code=1)
    assert "say first what holds for the whole district" in refused
    enforce("--stage", "observe")
    enforce("--stage", "deny", "--building", "elm")
    catch_up()
    assert [row[0] for row in access()] == ["limited", "allow"]
    assert {(each["building"], each["stage"]) for each in show()["steps"]} == {
        (None, "observe"),
        ("elm", "deny"),
    }


def test_moving_to_another_building_changes_access_by_the_clock(clock, hire, enforce, catch_up, work, elm):
    (dee,) = hire()
    oak = Building(district_id=dee.district_id, key="oak", name="Oak")
    db.add(oak)
    db.commit()
    place(dee, elm, until=NOVEMBER + DAY)
    place(dee, oak, since=NOVEMBER + DAY)
    enforce("--stage", "observe")
    enforce("--stage", "deny", "--building", "oak")
    catch_up()
    assert [row[0] for row in access()] == ["allow"]
    clock.move_to(NOVEMBER + DAY)
    work()
    assert [row[0] for row in access()] == ["limited"]


def test_a_revocation_reaches_it_at_once_and_no_stage_softens_it(
    clock, hire, enforce, catch_up, work, it, make_person
):
    dee, boss = hire(2)
    enforce("--stage", "observe")
    catch_up()
    revoked = revocations.revoke(
        db.merge(dee), reason_code="misuse", actor=COMMAND, decided_by=db.merge(boss)
    )
    db.commit()
    work()
    item = it.standings(f"/id:{dee.public_id}").json
    assert (item["access"], item["state"], item["reason"]) == ("deny", "revoked", "revoked")
    assert "misuse" not in json.dumps(it.standings().json)
    revocations.reinstate(db.merge(revoked), COMMAND)
    db.commit()
    work()
    assert it.standings(f"/id:{dee.public_id}").json["access"] == "allow"


def test_an_emergency_that_nobody_decides_lapses_by_the_clock_and_is_numbered_once(clock, hire, work, it):
    dee, _boss = hire(2)
    work()
    before = access()
    revoked = revocations.revoke(
        db.merge(dee), reason_code="misuse", actor=COMMAND, decided_by=None, emergency=True
    )
    db.commit()
    work()
    lapses_at = db.merge(revoked).review_due_at
    item = it.standings(f"/id:{dee.public_id}").json
    assert (item["access"], item["state"]) == ("deny", "revoked")
    assert datetime.fromisoformat(item["next_change_at"]) == lapses_at
    clock.move_to(lapses_at - SECOND)
    assert work() == 0 and numbers() == [1, 2, 3]
    clock.move_to(lapses_at)
    assert work() == 1, "nobody touched anything: the clock alone"
    assert access() == before
    assert work() == 0 and numbers() == [1, 2, 3, 4]


def test_somebody_of_whom_nothing_was_asked_can_be_revoked(clock, rua, make_person, work):
    stranger, boss = make_person("staff"), make_person("staff")
    revoked = revocations.revoke(stranger, reason_code="misuse", actor=COMMAND, decided_by=boss)
    db.commit()
    work()
    assert set(access()) == {("deny", "deny", "revoked")}
    revocations.reinstate(db.merge(revoked), COMMAND)
    db.commit()
    work()
    assert set(access()) == {("deny", "deny", "not_applicable")}


def test_an_exemption_shows_no_reason_and_gives_days_when_it_ends(clock, hire, work, it):
    dee, boss = hire(2)
    exemptions.exempt(
        db.merge(dee), "rua", starts_at=now(), ends_at=DECEMBER, reason_code="leave",
        approved_by=db.merge(boss), actor=COMMAND,
    )  # fmt: skip
    db.commit()
    work()
    item = it.standings(f"/id:{dee.public_id}").json
    assert (item["state"], item["reason"], item["access"]) == ("exempt", "exempt", "allow")
    assert item["next_change_at"] == "2026-12-01T08:00:00Z"
    clock.move_to(DECEMBER)
    work()
    it.sign_in()
    item = it.standings(f"/id:{dee.public_id}").json
    assert (item["state"], item["due_at"]) == ("assigned", "2026-12-16T08:00:00Z")


@pytest.mark.parametrize("kind", ["enforce_from", "exemption"])
def test_two_workers_number_a_change_of_the_clock_once(app, clock, hire, enforce, catch_up, kind):
    people = hire(40)
    if kind == "enforce_from":
        enforce("--stage", "limited", "--from", "2026-12-01")
    else:
        for person in people[1:]:
            exemptions.exempt(
                db.merge(person), "rua", starts_at=now(), ends_at=DECEMBER, reason_code="leave",
                approved_by=db.merge(people[0]), actor=COMMAND,
            )  # fmt: skip
        db.commit()
    catch_up()
    before = len(numbers())
    changes = 40 if kind == "enforce_from" else 39
    clock.move_to(DECEMBER)
    done = []
    db.remove()

    def worker():
        while True:
            with transaction():
                count = follow_reviews(3)
            if not count:
                return
            done.append(count)

    workers = [threading.Thread(target=worker) for _ in range(2)]
    for each in workers:
        each.start()
    for each in workers:
        each.join()
    worker()
    assert sum(done) == 40
    after = numbers()
    # The one who was not exempt became overdue meanwhile.
    assert len(after) - before == (changes if kind == "enforce_from" else changes + 1)
    assert after == list(range(1, len(after) + 1))


def test_the_turn_of_the_year_goes_in_batches_and_readers_see_whole_ones(clock, hire, work, year):
    hire(30)
    work()
    clock.move_to(datetime(2027, 9, 1, 7, tzinfo=UTC))
    seen = []
    while True:
        with transaction():
            done = follow_reviews(7)
        if not done:
            break
        seen.append(len(numbers()))
    assert [after - before for before, after in zip([30, *seen], seen, strict=False)] == [7, 7, 7, 7, 2]


def test_a_planned_step_is_moved_and_not_doubled(clock, district, enforce, show):
    enforce("--stage", "observe")
    enforce("--stage", "limited", "--from", "2026-12-01")
    enforce("--stage", "deny", "--from", "2027-01-11")
    enforce("--stage", "limited", "--from", "2026-12-08")
    assert [(each["stage"], each["from"], each["in_force"]) for each in show()["steps"]] == [
        ("observe", "2026-11-10T18:00:00+00:00", True),
        ("limited", "2026-12-08T08:00:00+00:00", False),
        ("deny", "2027-01-11T08:00:00+00:00", False),
    ]
    clock.move_to(datetime(2027, 2, 1, tzinfo=UTC))
    assert [each["stage"] for each in show()["steps"]] == ["deny"], "what is past is left out"
    assert show()["in_force"] == {"staff": "deny", "pupil": "deny"}
    db.remove()
    assert db.scalars(sa.select(AuditEntry.action)).all() == ["enforcement_set"] * 4


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--stage", "soon"), "observe"),
        (("--stage", "warn", "--from", "tomorrow"), "2026-10-01"),
        (("--stage", "warn", "--from", "2026-12-01T06:00"), "offset"),
        (("--stage", "warn", "--from", "2026-11-09"), "past"),
    ],
)
def test_a_wrong_value_says_what_is_allowed(clock, enforce, arguments, words):
    assert words in enforce(*arguments, exit_code=2)
    assert db.scalars(sa.select(EnforcementStep)).all() == []


def test_an_unknown_building_is_refused(clock, enforce):
    assert "no building oak" in enforce("--stage", "warn", "--building", "oak", exit_code=1)


def test_other_districts_keep_their_own_stage(clock, hire, enforce, catch_up, elsewhere):
    hire()
    db.add(
        EnforcementStep(district_id=elsewhere.id, audience="staff", stage="observe", enforce_from=NOVEMBER)
    )
    db.commit()
    catch_up()
    assert [row[0] for row in access()] == ["limited"]


def test_what_a_state_means_is_said_by_command(app, clock, district, hire, catch_up, elm):
    (dee,) = hire()
    place(dee, elm)

    def run(*words, exit_code=0):
        db.remove()
        done = app.test_cli_runner().invoke(
            args=["enforcement", "map", "--district", district.slug, "--audience", "staff", *words]
        )
        assert done.exit_code == exit_code, done.output
        return done.output

    catch_up()
    assert access() == [("limited", "limited", "assigned")]
    run("assigned.newcomer=allow", "expired=deny")
    catch_up()
    assert access() == [("allow", "allow", "assigned")]
    run("--building", "elm", "assigned.newcomer=deny")
    catch_up()
    assert access() == [("deny", "deny", "assigned")]
    assert run("--building", "elm", "assigned.newcomer=default") == "all as by default\n"
    assert run("assigned.newcomer=default") == "expired=deny\n"
    catch_up()
    assert access() == [("limited", "limited", "assigned")]
    assert "a state is one of" in run("late=deny", exit_code=2)
    assert "default, deny, limited" in run("revoked=allow", exit_code=2)
    db.remove()
    assert db.scalars(sa.select(AuditEntry.action)).all() == ["access_mapped"] * 4


def test_readers_do_not_wait_while_a_batch_is_written(app, clock, hire, work):
    """The turn of the year rewrites everybody; IT's program reads on meanwhile."""
    hire(20)
    work()
    clock.move_to(datetime(2027, 9, 1, 7, tzinfo=UTC))
    written, may_commit = threading.Event(), threading.Event()

    def worker():
        with transaction():
            assert follow_reviews(10) == 10
            written.set()
            assert may_commit.wait(20)

    db.remove()
    batch = threading.Thread(target=worker)
    batch.start()
    try:
        assert written.wait(20)
        with only_reading():
            states = list(db.scalars(sa.select(Standing.state)))
        assert states == ["assigned"] * 20, "as they were before the batch, all of them"
        with only_reading():
            assert set(db.scalars(sa.select(Standing.period))) == {"2026-27"}
    finally:
        may_commit.set()
        batch.join()
    db.remove()
    assert sorted(db.scalars(sa.select(Standing.period))) == ["2026-27"] * 10 + ["2027-28"] * 10
