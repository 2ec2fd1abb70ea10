"""Exempt, end, revoke, uphold, reinstate: who may not, what is kept, and that everybody is looked at again."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
import time_machine
from sqlalchemy.exc import IntegrityError

from completion import exemptions, requirements, reviews, revocation_reviews, revocations
from completion.decision_models import Exemption, Revocation
from completion.exemptions import OddExemption
from completion.models import Assignment, Requirement, Review, ReviewSweep
from completion.revocations import OddRevocation
from core.clock import now
from core.database import db, transaction
from core.errors import NotFound, Refused
from people import offices
from people.audit import COMMAND, Actor
from people.audit_models import AuditEntry
from people.models import Person

DAY = timedelta(days=1)


@pytest.fixture
def rua(clean):
    found = requirements.define("rua", "staff", "Responsible use", [["lesson:m7"], ["attestation:rua"]])
    db.commit()
    yield found
    db.remove()
    for table in (ReviewSweep, Review, Assignment, Exemption):
        db.execute(sa.delete(table))
    db.execute(sa.delete(Requirement).where(Requirement.key == "rua"))
    db.commit()


@pytest.fixture
def dee(rua, make_person):
    return make_person("staff")


@pytest.fixture
def director(make_person):
    person = db.merge(make_person("staff"))
    offices.give(person, "hr", COMMAND)
    db.commit()
    return person


@pytest.fixture
def stranger(elsewhere):
    person = Person(district_id=elsewhere.id, audience="staff")
    db.add(person)
    db.commit()
    return person


def give(person, approver, **changes):
    at = now()
    return exemptions.exempt(
        person,
        "rua",
        **{
            "starts_at": at,
            "ends_at": at + 30 * DAY,
            "reason_code": "leave",
            "approved_by": approver,
            "actor": COMMAND,
            **changes,
        },
    )


def revoke(person, decider, **changes):
    return revocations.revoke(
        person, **{"reason_code": "misuse", "actor": COMMAND, "decided_by": decider, **changes}
    )


def actions():
    db.commit()
    every = db.scalars(sa.select(AuditEntry.action).order_by(AuditEntry.seq))
    return [each for each in every if not each.startswith("office")]


def facts_of(person):
    db.commit()
    return db.scalars(sa.select(Review.facts).filter_by(person_id=person.id)).all()


def test_an_exemption_is_given_and_ended_early_and_its_row_stays(dee, director):
    given = give(dee, director)
    assert facts_of(dee) == [1]
    exemptions.end(given, Actor.person(director.public_id))
    assert facts_of(dee) == [2]
    (kept,) = exemptions.exemptions_of(dee)
    assert kept.ended_at < kept.ends_at and kept.ended_by == f"person:{director.public_id}"
    assert actions() == ["exemption_given", "exemption_ended"]
    with pytest.raises(Refused, match="over already"):
        exemptions.end(kept, COMMAND)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"reason_code": "because"}, "reason_code"),
        ({"ends_at": None}, "ends_at"),
        ({"ends_at": timedelta(0)}, "ends_at"),
        ({"ends_at": 367 * DAY}, "ends_at"),
        ({"starts_at": -10 * DAY, "ends_at": -DAY}, "ends_at"),
    ],
)
def test_an_odd_exemption_is_refused(dee, director, changes, field):
    at = now()
    moved = {
        name: at + (value or timedelta(0)) if name.endswith("_at") else value
        for name, value in changes.items()
    }
    with pytest.raises(OddExemption) as refused:
        give(dee, director, **{"starts_at": at, **moved})
    assert refused.value.field == field
    assert db.scalars(sa.select(Exemption)).all() == []


def test_nobody_exempts_themselves(dee, director, stranger):
    for approver, actor in (
        (dee, COMMAND),
        (director, Actor.person(dee.public_id)),
        (stranger, COMMAND),
    ):
        with pytest.raises(OddExemption) as refused:
            give(dee, approver, actor=actor)
        assert refused.value.field == "approved_by"
    db.add(
        Exemption(
            district_id=dee.district_id,
            person_id=dee.id,
            requirement_id=requirements.requirement("rua").id,
            starts_at=now(),
            ends_at=now() + DAY,
            reason_code="leave",
            approved_by=dee.id,
            recorded_by="command",
        )
    )
    with pytest.raises(IntegrityError):
        db.flush()
    db.rollback()


def test_a_revocation_is_in_force_upheld_and_ended(dee, director):
    revoked = revoke(dee, director)
    assert facts_of(dee) == [1], "nothing was asked of them yet, and they are looked at all the same"
    assert revoked.review_due_at == revoked.starts_at + revocations.REVIEW
    revocation_reviews.uphold(revoked, director, COMMAND, now() + 30 * DAY)
    revocations.reinstate(revoked, COMMAND, "new_evidence")
    assert facts_of(dee) == [2]
    (kept,) = revocations.revocations_of(dee)
    assert (kept.conditions_code, kept.reinstated_by) == ("new_evidence", "command")
    assert actions() == ["access_revoked", "revocation_upheld", "access_reinstated"]
    for again in (
        lambda: revocations.reinstate(kept, COMMAND),
        lambda: revocation_reviews.uphold(kept, director, COMMAND, now() + DAY),
    ):
        with pytest.raises(Refused, match="over already"):
            again()


def test_an_emergency_needs_no_decider_but_a_look_within_two_days(dee, director):
    with pytest.raises(OddRevocation) as refused:
        revoke(dee, None)
    assert refused.value.field == "decided_by"
    with pytest.raises(OddRevocation) as refused:
        revoke(dee, None, emergency=True, review_due_at=now() + 3 * DAY)
    assert refused.value.field == "review_due_at"
    with pytest.raises(OddRevocation) as refused:
        revoke(dee, None, emergency=True, starts_at=now() - 3 * DAY)
    assert refused.value.field == "review_due_at", "it would have lapsed already"
    revoked = revoke(dee, None, emergency=True)
    here, there = dee.district_id, dee.district_id + 1
    assert revocation_reviews.undecided(here, now()) == [revoked]
    assert revocation_reviews.undecided(there, now()) == []
    revocation_reviews.uphold(revoked, director, COMMAND, now() + 30 * DAY)
    assert revoked.decided_by == director.id and revocation_reviews.undecided(here, now()) == []
    assert facts_of(dee) == [2], "the clock ends it no longer"
    revocation_reviews.uphold(revoked, director, COMMAND, now() + 40 * DAY)
    assert facts_of(dee) == [2]
    late = now() + 40 * DAY
    assert revocation_reviews.due_for_review(here, late) == [revoked], "it was decided, and goes on"
    assert revocations.in_force(here, late) == [revoked]
    assert revocation_reviews.due_for_review(there, late) == []


def test_who_recorded_an_emergency_does_not_decide_it_nor_does_anybody_without_an_office(
    dee, director, make_person, stranger
):
    by_herself = Actor.person(director.public_id)
    revoked = revoke(dee, None, emergency=True, actor=by_herself)
    other, clerk = db.merge(make_person("staff")), db.merge(make_person("staff"))
    offices.give(other, "district", COMMAND)
    offices.give(clerk, "it", COMMAND)
    for decider, review, field in (
        (director, 30 * DAY, "decided_by"),
        (clerk, 30 * DAY, "decided_by"),
        (dee, 30 * DAY, "decided_by"),
        (stranger, 30 * DAY, "decided_by"),
        (other, -DAY, "review_due_at"),
        (other, 367 * DAY, "review_due_at"),
    ):
        with pytest.raises(OddRevocation) as refused:
            revocation_reviews.uphold(revoked, decider, COMMAND, now() + review)
        assert refused.value.field == field
    assert revoked.decided_by is None
    revocation_reviews.uphold(revoked, other, Actor.person(other.public_id), now() + 30 * DAY)
    assert revoked.decided_by == other.id


def test_what_nobody_decided_lapses_once_is_kept_and_is_renewed_by_a_decision_only(dee, director):
    with time_machine.travel(now(), tick=False) as clock:
        revoked = revoke(dee, None, emergency=True)
        db.commit()
        with pytest.raises(OddRevocation, match="waits for a decision already"):
            revoke(dee, None, emergency=True)
        assert revocation_reviews.note_lapses() == 0
        clock.move_to(revoked.review_due_at)
        assert revocations.in_force(dee.district_id, now()) == []
        assert not revocations.is_withdrawn(dee, now())
        for too_late in (
            lambda: revocation_reviews.uphold(revoked, director, COMMAND, now() + DAY),
            lambda: revocations.reinstate(revoked, COMMAND),
        ):
            with pytest.raises(Refused, match="over already"):
                too_late()
        assert [revocation_reviews.note_lapses() for _ in range(2)] == [1, 0]
        assert revoked.lapsed_at == revoked.review_due_at
        with pytest.raises(OddRevocation, match="lapsed lately"):
            revoke(dee, None, emergency=True)
        anew = revoke(dee, director, emergency=True)
        assert revocations.in_force(dee.district_id, now()) == [anew]
        assert revocations.revocations_of(dee) == [anew, revoked]
        revocations.reinstate(anew, COMMAND)
        clock.shift(31 * DAY)
        assert revoke(dee, None, emergency=True).decided_by is None, "another emergency, another month"
    assert actions() == [
        "access_revoked", "revocation_lapsed", "access_revoked", "access_reinstated", "access_revoked",
    ]  # fmt: skip


def test_what_ended_or_was_given_back_does_not_lapse(dee, director, make_person):
    other = db.merge(make_person("staff"))
    with time_machine.travel(now(), tick=False) as clock:
        ended = revoke(dee, None, emergency=True, ends_at=now() + DAY)
        back = revoke(other, None, emergency=True)
        revocations.reinstate(back, COMMAND)
        clock.shift(5 * DAY)
        assert revocation_reviews.note_lapses() == 0
        assert ended.over_at == ended.ends_at and back.over_at == back.reinstated_at
        revoke(dee, None, emergency=True)
    revoked = revoke(other, director)
    revoked.lapsed_at = revoked.review_due_at
    with pytest.raises(IntegrityError):
        db.flush()
    db.rollback()


def test_nobody_decides_about_themselves(dee, director, stranger):
    for decider in (dee, stranger):
        with pytest.raises(OddRevocation):
            revoke(dee, decider)
    revoked = revoke(dee, director)
    with pytest.raises(OddRevocation):
        revocation_reviews.uphold(revoked, dee, COMMAND, now() + DAY)
    with pytest.raises(OddRevocation):
        revocations.reinstate(revoked, Actor.person(dee.public_id))
    assert db.scalars(sa.select(Revocation.reinstated_at)).all() == [None]


@pytest.mark.parametrize(
    ("changes", "field"),
    [({"reason_code": "because"}, "reason_code"), ({"ends_at": -DAY}, "ends_at")],
)
def test_an_odd_revocation_is_refused(dee, director, changes, field):
    moved = {name: now() + value if name.endswith("_at") else value for name, value in changes.items()}
    with pytest.raises(OddRevocation) as refused:
        revoke(dee, director, **moved)
    assert refused.value.field == field


def test_another_district_finds_neither(dee, director, stranger):
    given, revoked = give(dee, director), revoke(dee, director)
    for look, public_id in (
        (exemptions.exemption, given.public_id),
        (revocations.revocation, revoked.public_id),
        (exemptions.exemption, "ex\0"),
        (revocations.revocation, "rv\0"),
    ):
        with pytest.raises(NotFound):
            look(stranger.district_id, public_id)
    assert exemptions.exemption(dee.district_id, given.public_id) is given
    assert revocations.revocation(dee.district_id, revoked.public_id) is revoked


def test_a_sweep_marks_everybody_it_means_batch_by_batch(dee, director, stranger, rua):
    people = [dee, director, stranger]
    for person in people:
        reviews.mark(person.district_id, person.id, [rua.id])
    reviews.mark_everybody(district_id=dee.district_id)
    reviews.mark_everybody(requirement_id=rua.id)
    db.commit()
    done = []
    while True:
        with transaction():
            count = reviews.sweep(2)
        if not count:
            break
        done.append(count)
    assert sum(done) >= 5
    assert [facts_of(person) for person in people] == [[3], [3], [2]]
    assert db.scalars(sa.select(ReviewSweep)).all() == []
