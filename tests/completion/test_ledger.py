from datetime import timedelta

import pytest
import sqlalchemy as sa

from completion import ledger, requirements, reviews
from completion.models import Assignment, Evidence, Progress, Requirement, Review, ReviewSweep
from core.clock import now
from core.database import db

COURSE = (("lesson:a", "lesson:b"),)


@pytest.fixture
def course(clean):
    found = requirements.define("dc-test", "pupil", "A course of two", COURSE)
    db.commit()
    yield found
    db.remove()
    # Requirements outlive a test's end (they are published), and this one is nobody's but ours.
    for table in (ReviewSweep, Review, Assignment):
        db.execute(sa.delete(table))
    db.execute(sa.delete(Requirement).where(Requirement.key == "dc-test"))
    db.commit()


def review_of(person) -> Review:
    db.commit()
    return db.scalars(sa.select(Review).filter_by(person_id=person.id)).one()


def show(person, part, year, version="v1"):
    return ledger.record_evidence(
        person, part, year, kind="course", version=version, source="attempt 1", score=90
    )


def test_defining_twice_changes_the_one_requirement(course):
    again = requirements.define("dc-test", "pupil", "Renamed", COURSE)
    assert (again.id, again.title) == (course.id, "Renamed")


def test_assigning_twice_is_assigning_once(course, year, make_person):
    person = make_person()
    first = requirements.assign(person, "dc-test", year)
    assert requirements.assign(person, "dc-test", year).id == first.id
    assert (first.due_at, first.grace_until, first.basis) == (year.ends_at, year.ends_at, "school_year")
    assert review_of(person).due_at <= now()


def test_nobody_can_owe_what_is_not_defined(year, make_person):
    with pytest.raises(requirements.NoSuchRequirement, match="dc-none"):
        requirements.assign(make_person(), "dc-none", year)


def test_the_best_score_stays(course, year, make_person):
    person = make_person()
    raised = [ledger.record_score(person, "lesson:a", year, score) for score in (50, 80, 60, 80)]
    assert raised == [True, True, False, False]
    assert ledger.progress_of(person.id, year.id)["lesson:a"].best_score == 80


def test_beginning_again_keeps_the_first_beginning(course, year, make_person):
    person = make_person()
    first = ledger.record_begun(person, "lesson:a", year).begun_at
    assert ledger.record_begun(person, "lesson:a", year).begun_at == first


def test_evidence_counts_once_a_year_and_version(course, year, make_person):
    person = make_person()
    first = show(person, "lesson:a", year)
    done_at = ledger.progress_of(person.id, year.id)["lesson:a"].done_at
    assert done_at == first.shown_at
    assert show(person, "lesson:a", year).id == first.id
    assert show(person, "lesson:a", year, version="v2").id != first.id
    assert ledger.progress_of(person.id, year.id)["lesson:a"].done_at == done_at
    assert db.scalar(sa.select(sa.func.count()).select_from(Evidence)) == 2
    assert db.scalar(sa.select(sa.func.count()).select_from(Progress)) == 1


def test_new_evidence_asks_for_a_review(course, year, make_person):
    person = make_person()
    show(person, "lesson:a", year)
    before = review_of(person).facts
    show(person, "lesson:b", year)
    db.expire_all()
    assert review_of(person).facts == before + 1


def test_a_fact_that_arrives_during_a_review_keeps_it_due(course, year, make_person):
    person = make_person()
    show(person, "lesson:a", year)
    db.commit()
    (claim,) = reviews.claim(10, now())
    show(person, "lesson:b", year)
    reviews.settle([claim], {claim.id: None})
    assert reviews.waiting(now()) == 1
    (claim,) = reviews.claim(10, now())
    reviews.settle([claim], {claim.id: now() + timedelta(days=1)})
    assert reviews.waiting(now()) == 0
    assert reviews.waiting(now() + timedelta(days=2)) == 1


def test_a_changed_requirement_is_reviewed_for_everybody(course, year, make_person):
    person = make_person()
    requirements.assign(person, "dc-test", year)
    db.commit()
    (claim,) = reviews.claim(10, now())
    reviews.settle([claim], {claim.id: None})
    requirements.define("dc-test", "pupil", "A course of one", [["lesson:a"]])
    assert reviews.sweep() == 1
    assert review_of(person).due_at <= now()
