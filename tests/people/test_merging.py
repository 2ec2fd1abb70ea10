"""Two records of one human being are put together, whatever both of them have done, and come apart exactly."""

import random
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from access.models import Standing
from access.standings import follow_reviews
from completion import ledger, requirements
from completion.checking import faults
from completion.models import Attestation, Evidence, Progress
from core.clock import now
from core.database import Base, db, transaction
from lessons.models import LessonVersion, LessonVisit, OptOut
from lti_tool.models import LineItem, Platform, ScoreDelivery
from people import merging, offices
from people.audit import COMMAND, Actor, broken_at
from people.audit_models import AuditEntry
from people.directory import enroll, find_by_identity, identities_of, link_identity
from people.merge_models import Merge
from people.models import Classroom, District, Enrollment, Identity, Person
from people.operators import operator_of
from quizzes.models import Attempt

PARTS = ("lesson:a", "lesson:b", "lesson:c")
HR = Actor("person:p_hr")
NOT_RESTORED = {"person_merge", "audit_entry", "audit_head", "review"}
"""What remembers a merge, and the to-do list it left."""


@pytest.fixture
def rua(clean):
    found = requirements.define("rua", "staff", "Responsible use", [list(PARTS), ["attestation:rua"]])
    db.commit()
    yield found
    db.remove()
    for table in reversed(Base.metadata.sorted_tables):
        if table.name not in ("lesson_version", "curriculum_release", "requirement"):
            db.execute(table.delete())
    db.execute(sa.text("DELETE FROM requirement WHERE key = 'rua'"))
    db.commit()


@pytest.fixture
def kept(make_person) -> Person:
    """The record of the roster."""
    return db.merge(make_person("staff"))


@pytest.fixture
def gone(make_person) -> Person:
    """The record of an LMS account."""
    return db.merge(make_person("staff"))


def dump() -> dict[str, list[tuple[Any, ...]]]:
    db.flush()
    return {
        table.name: [tuple(row) for row in db.execute(sa.select(table).order_by(table.c.id))]
        for table in Base.metadata.sorted_tables
        if table.name not in NOT_RESTORED
    }


def put_together(kept: Person, gone: Person) -> Merge:
    made = merging.merge(db.get_one(Person, kept.id), db.get_one(Person, gone.id), HR)
    db.commit()
    return made


def show(person: Person, year, part: str = "lesson:a", version: str = "v1") -> Evidence:
    return ledger.record_evidence(person, part, year, kind="course", version=version, source="test")


# -- no table is forgotten -----------------------------------------------------------------------------------


def test_every_column_that_names_a_person_is_spoken_for(app):
    """A table that is new follows by itself; one with a rule of its own must say what gives way, or why it stays."""
    named, once = set(), set()
    for table in Base.metadata.sorted_tables:
        for column in merging.person_columns(table):
            named.add(f"{table.name}.{column.name}")
            unique = [each for each in table.constraints if isinstance(each, sa.UniqueConstraint)]
            unique += [each for each in table.indexes if each.unique]
            if any(column.name in each.columns for each in unique):
                once.add(f"{table.name}.{column.name}")
    assert set(merging.STAY) <= named
    assert len(named) >= 25
    stays_behind = {
        "assignment.person_id": "the deadline of the record that is kept stands",
        "claimed_name.person_id": "the same claim is there already",
        "declined.person_id": "they have declined already",
        "extension.person_id": "the time of the record that is kept stands, as its deadline does",
        "lesson_visit.person_id": "a place in a lesson; what was done is in the progress",
        "not_ours.person_id": "the same decision is there already",
        "office.person_id": "they hold it already",
        "opt_out.person_id": "they are excused already",
        "paper_signature.person_id": "the same paper waits already",
        "reminder.person_id": "they were told the same already",
        "reminder_letter.person_id": "each had a letter on that day",
        "staff_choice.person_id": "the choices of the record that is kept stand",
        "roster_key_change.person_id": "the time of the record that is kept stands",
    }
    resolved = {f"{name}.person_id" for name in merging._resolvers}
    unspoken = once - resolved - set(merging.STAY) - set(stays_behind)
    assert unspoken == set(), (
        "say in app.introduce_merging_rules what gives way, or here why it may stay behind"
    )


# -- what follows --------------------------------------------------------------------------------------------


def test_names_seats_and_evidence_follow(rua, year, district, classroom, kept, gone):
    link_identity(kept, scheme="sis", value="100001", source="oneroster")
    link_identity(gone, scheme="lti", value="sub-1", issuer="1", source="launch")
    enroll(classroom, gone.id, "learner")
    shown = show(gone, year)
    db.commit()
    put_together(kept, gone)
    assert find_by_identity(district.id, "lti", "sub-1", issuer="1").id == kept.id
    assert db.scalars(sa.select(Enrollment.person_id)).all() == [kept.id]
    assert db.get_one(Evidence, shown.id).person_id == kept.id
    assert db.get_one(Person, gone.id).audience == "unknown"
    assert db.query(Person).count() == 2, "the record stays for whoever holds its id"


def test_evidence_that_followed_still_verifies(rua, year, district, kept, gone):
    show(gone, year)
    show(kept, year, version="v2")
    later = show(gone, year, version="v2")
    db.commit()
    made = put_together(kept, gone)
    assert list(faults(db.merge(district))) == []
    assert db.get_one(Evidence, later.id).void_reason == "merged"
    merging.undo(db.get_one(Merge, made.id), HR)
    db.commit()
    assert list(faults(db.merge(district))) == []


def test_a_forged_move_is_still_found(rua, year, district, kept, gone):
    """Only a merge that stands explains evidence under another id."""
    row = show(gone, year)
    db.commit()
    db.get_one(Evidence, row.id).person_id = kept.id
    db.commit()
    assert [each.what for each in faults(db.merge(district))] == ["altered: person"]


def test_standings_of_both_are_told(rua, year, district, kept, gone):
    for each in (kept, gone):
        requirements.assign(each, "rua", year)
    for part in PARTS:
        show(gone, year, part)
    db.commit()
    work()
    assert states() == {kept.id: "assigned", gone.id: "complete"}
    made = put_together(kept, gone)
    work()
    assert states() == {kept.id: "complete", gone.id: "not_applicable"}
    with transaction():
        merging.undo(db.get_one(Merge, made.id), HR)
    work()
    assert states() == {kept.id: "assigned", gone.id: "complete"}


def test_a_standing_that_followed_whole_leaves_none_behind(rua, year, kept, gone):
    """Only the other was ever asked."""
    requirements.assign(gone, "rua", year)
    db.commit()
    work()
    put_together(kept, gone)
    work()
    assert states() == {kept.id: "assigned", gone.id: "not_applicable"}


def work() -> None:
    done = 1
    while done:
        with transaction():
            done = follow_reviews()


def states() -> dict[int, str]:
    db.remove()
    return {row.person_id: row.state for row in db.scalars(sa.select(Standing))}


# -- what gives way ------------------------------------------------------------------------------------------


def test_progress_is_the_best_of_both(rua, year, kept, gone):
    ledger.record_score(kept, "lesson:a", year, 60)
    ledger.record_score(gone, "lesson:a", year, 90)
    first = now() - timedelta(days=3)
    db.query(Progress).filter_by(person_id=gone.id).update({"done_at": first, "begun_at": first})
    db.commit()
    put_together(kept, gone)
    row = db.scalars(sa.select(Progress).filter_by(person_id=kept.id)).one()
    assert (row.best_score, row.done_at, row.begun_at) == (90, first, first)


def test_what_both_have_shown_counts_once_and_from_the_first(rua, year, kept, gone):
    mine, theirs = show(kept, year), show(gone, year)
    theirs.shown_at = mine.shown_at - timedelta(days=30)
    db.commit()
    put_together(kept, gone)
    rows = db.scalars(sa.select(Evidence).order_by(Evidence.id)).all()
    assert [each.person_id for each in rows] == [kept.id, kept.id]
    assert [each.void_reason for each in rows] == ["merged", None]


def test_attempts_are_numbered_on(rua, year, kept, gone, version):
    for person, count in ((kept, 2), (gone, 3)):
        for number in range(1, count + 1):
            add_attempt(person, year, version, number)
    db.commit()
    put_together(kept, gone)
    numbers = db.scalars(
        sa.select(Attempt.number).filter_by(person_id=kept.id).order_by(Attempt.number)
    ).all()
    assert numbers == [1, 2, 3, 4, 5]


def test_an_open_attempt_of_either_is_none_of_two(rua, year, kept, gone, version):
    for person in (kept, gone):
        add_attempt(person, year, version, 1, open_=True)
    db.commit()
    put_together(kept, gone)
    assert db.scalars(sa.select(Attempt.person_id).order_by(Attempt.id)).all() == [kept.id, gone.id]


def test_one_seat_in_one_classroom(rua, kept, gone, classroom):
    enroll(classroom, kept.id, "learner")
    enroll(classroom, gone.id, "teacher")
    db.commit()
    put_together(kept, gone)
    seats = {each.person_id: (each.role, each.left_at is None) for each in db.scalars(sa.select(Enrollment))}
    assert seats == {kept.id: ("teacher", True), gone.id: ("teacher", False)}


def test_somebody_who_would_have_approved_their_own_stays_who_they_were(rua, year, kept, gone):
    """Two accounts of one person are not two people of personnel."""
    from completion.decision_models import Exemption

    db.add(
        Exemption(
            district_id=kept.district_id, person_id=gone.id, requirement_id=rua.id, starts_at=now(),
            ends_at=now() + timedelta(days=9), reason_code="leave", approved_by=kept.id, recorded_by="command",
        )
    )  # fmt: skip
    db.commit()
    put_together(kept, gone)
    row = db.scalars(sa.select(Exemption)).one()
    assert (row.person_id, row.approved_by) == (gone.id, kept.id)


# -- and back ------------------------------------------------------------------------------------------------


@pytest.fixture
def version(clean) -> LessonVersion:
    found = db.scalars(sa.select(LessonVersion).limit(1)).first()
    if found is None:
        found = LessonVersion(lesson_id="a", content_hash="0" * 64, body={})
        db.add(found)
        db.flush()
    return found


@pytest.fixture
def columns(district) -> list[LineItem]:
    platform = Platform(
        district_id=district.id, name="LMS", issuer="https://lms.example", client_id="1",
        auth_login_url="https://lms.example/a", auth_token_url="https://lms.example/t", jwks_url="https://lms.example/k",
    )  # fmt: skip
    db.add(platform)
    db.flush()
    made = [
        LineItem(district_id=district.id, platform_id=platform.id, url=f"https://lms.example/{n}", label="x")
        for n in range(2)
    ]
    db.add_all(made)
    db.flush()
    return made


def add_attempt(person, year, version, number, lesson="a", *, open_=False) -> None:
    finished = {} if open_ else {"submitted_at": now(), "score": 50.0, "passed": False}
    db.add(
        Attempt(
            district_id=person.district_id, person_id=person.id, school_year_id=year.id, lesson_id=lesson,
            version_id=version.id, number=number, seed=1, draw=[], **finished,
        )
    )  # fmt: skip


@pytest.mark.parametrize("seed", range(12))
def test_undone_everything_is_as_it_was(rua, year, district, kept, gone, version, columns, seed):
    """Whatever two people have done that may stand in each other's way."""
    chance = random.Random(seed)
    rooms = [Classroom(district_id=district.id, title=f"Room {n}") for n in range(2)]
    db.add_all(rooms)
    db.flush()
    for person in (kept, gone):
        do_something(chance, person, year, version, columns, rooms)
    db.commit()
    before = dump()
    made = put_together(kept, gone)
    moved = dump()
    assert moved != before and all(len(moved[name]) == len(before[name]) for name in before), (
        "nothing is lost"
    )
    merging.undo(db.get_one(Merge, made.id), HR)
    db.commit()
    assert dump() == before
    assert broken_at(district.id) is None


def do_something(chance, person, year, version, columns, rooms) -> None:
    requirements.assign(person, "rua", year)
    link_identity(person, scheme="username", value=f"name-{person.id}", source="launch")
    link_identity(person, scheme="lti", value=f"sub-{person.id}", issuer="1", source="launch")
    for part in chance.sample(PARTS, chance.randint(1, 3)):
        ledger.record_score(person, part, year, chance.choice([40, 80, 100]))
        for made in chance.sample(["v1", "v2"], chance.randint(0, 2)):
            show(person, year, part, made).shown_at = now() - timedelta(days=chance.randint(0, 50))
    for lesson in chance.sample("ab", chance.randint(0, 2)):
        for number in range(1, chance.randint(1, 3) + 1):
            add_attempt(person, year, version, number, lesson)
        if chance.random() < 0.5:
            add_attempt(person, year, version, 9, lesson, open_=True)
        ids = {"district_id": person.district_id, "person_id": person.id, "school_year_id": year.id}
        db.add(LessonVisit(**ids, lesson_id=lesson, version_id=version.id, step=chance.randint(1, 5)))
        db.add(OptOut(**ids, lesson_id=lesson, reason="own", set_by=person.id))
    for room in chance.sample(rooms, chance.randint(0, 2)):
        enroll(room, person.id, chance.choice(["learner", "teacher", "mentor"]))
    for column in chance.sample(columns, chance.randint(0, 2)):
        db.add(
            ScoreDelivery(
                district_id=person.district_id, platform_id=column.platform_id, line_item_id=column.id,
                person_id=person.id, score=50, scored_at=now(),
            )
        )  # fmt: skip
    offices.give(person, chance.choice(["hr", "it"]), COMMAND)


def test_what_came_since_then_stays_with_who_was_kept(rua, year, kept, gone):
    ledger.record_score(kept, "lesson:a", year, 60)
    ledger.record_score(gone, "lesson:a", year, 80)
    db.commit()
    made = put_together(kept, gone)
    ledger.record_score(db.get_one(Person, kept.id), "lesson:a", year, 95)
    show(db.get_one(Person, kept.id), year, "lesson:b")
    db.commit()
    merging.undo(db.get_one(Merge, made.id), HR)
    db.commit()
    best = {
        row.person_id: row.best_score for row in db.scalars(sa.select(Progress).filter_by(part="lesson:a"))
    }
    assert best == {kept.id: 95, gone.id: 80}
    assert db.scalars(sa.select(Evidence.person_id)).all() == [kept.id]


# -- who may not be put together -----------------------------------------------------------------------------


def refused(*people) -> str:
    with pytest.raises(merging.CanNotMerge) as caught:
        merging.merge(*people, HR)
    db.rollback()
    return caught.value.message


def test_two_districts_are_two_people(rua, kept):
    other = District(slug="north", name="North", timezone="UTC")
    db.add(other)
    db.flush()
    stranger = Person(district_id=other.id, audience="staff")
    db.add(stranger)
    db.commit()
    assert "two districts" in refused(kept, stranger)


def test_nobody_is_merged_twice_and_nobody_with_themselves(rua, kept, gone, make_person):
    third = db.merge(make_person("staff"))
    assert "already" in refused(kept, kept)
    put_together(kept, gone)
    assert "already" in refused(third, db.get_one(Person, gone.id))


def test_the_operator_is_nobody(rua, district, kept):
    assert "operator" in refused(kept, operator_of(db.merge(district)))


def test_of_two_merges_the_later_is_undone_first(rua, kept, gone, make_person):
    third = db.merge(make_person("staff"))
    first = put_together(kept, gone)
    second = put_together(third, db.get_one(Person, kept.id))
    with pytest.raises(merging.CanNotMerge, match="merged again"):
        merging.undo(db.get_one(Merge, first.id), HR)
    merging.undo(db.get_one(Merge, second.id), HR)
    merging.undo(db.get_one(Merge, first.id), HR)
    with pytest.raises(merging.CanNotMerge, match="already"):
        merging.undo(db.get_one(Merge, first.id), HR)


def test_both_stand_in_the_audit_log(rua, kept, gone):
    link_identity(gone, scheme="sis", value="100001", source="launch")
    made = put_together(kept, gone)
    merging.undo(db.get_one(Merge, made.id), HR)
    entries = db.scalars(sa.select(AuditEntry).order_by(AuditEntry.seq)).all()
    assert [each.action for each in entries] == ["people_merged", "merge_undone"]
    assert entries[0].actor == HR.name and entries[0].detail["gone"] == f"person:{gone.public_id}"
    assert "100001" not in str([each.detail for each in entries])
    assert identities_of([gone.id], ["sis"]) == {gone.id: {"sis": "100001"}}
    assert db.query(Identity).count() == 1
    assert db.query(Attestation).count() == 0
