"""The book of what each person has begun, scored and shown. Lessons and quizzes report down to it.

A part key is `lesson:<lesson-id>` or `attestation:rua`. The ledger knows nothing of either.
"""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from completion import requirements, reviews
from completion.models import Evidence, Progress
from completion.signing import signed_rows
from core.clock import now
from core.database import db, insert_for
from people.models import Person, SchoolYear


def record_begun(person: Person, part: str, year: SchoolYear) -> Progress:
    """Note that somebody began a part. Beginning again changes nothing."""
    begun = progress_in(person.id, part, year.id)
    if begun is None:
        begun = _open(person, part, year)
        reviews.mark(person.district_id, person.id, requirements.containing(part))
    return begun


def record_score(person: Person, part: str, year: SchoolYear, score: float) -> bool:
    """Note a score from 0 to 100; the best is kept. Returns whether this one is the new best."""
    progress = record_begun(person, part, year)
    # The comparison is the database's, so that of two attempts handed in at once the better one stays.
    raised = db.execute(
        sa.update(Progress)
        .where(Progress.id == progress.id, sa.or_(Progress.best_score.is_(None), Progress.best_score < score))
        .values(best_score=score)
        .returning(Progress.id)
    ).scalar_one_or_none()
    db.refresh(progress)
    return raised is not None


def record_evidence(
    person: Person,
    part: str,
    year: SchoolYear,
    *,
    kind: str,
    version: str,
    source: str,
    score: float | None = None,
    shown_at: datetime | None = None,
    launch: Mapping[str, Any] | None = None,
    proof: Mapping[str, Any] | None = None,
) -> Evidence:
    """Note that a part was shown, which is what a requirement counts, as a signed record.

    kind     `course`, `agreement`, `paper` or `equivalent`
    version  what exactly was taught or signed; the same part and version counts once a year
    source   where to look it up, as in "attempt 41"
    shown_at  when, if it was not now: the date on a paper form
    launch, proof  as in signing.signed_rows; they stand in the signed record only
    Returns the row that counts: this one, or the one that was there first.
    """
    known = _evidence(person.id, part, year.id, version)
    if known is not None:
        return known
    at = shown_at or now()
    row = {
        "district_id": person.district_id,
        "person_id": person.id,
        "school_year_id": year.id,
        "part": part,
        "kind": kind,
        "version": version,
        "score": score,
        "shown_at": at,
        "source": source,
    }
    # Without naming an index: which of the two there are stands in the way depends on the kind.
    added: Evidence | None = db.scalars(
        insert_for(Evidence)
        .values(signed_rows([row], year, launch=launch, proof=proof))
        .on_conflict_do_nothing()
        .returning(Evidence)
    ).one_or_none()
    if added is None:
        raced = _evidence(person.id, part, year.id, version)
        assert raced is not None, "it stood in the way a moment ago"
        return raced
    progress = progress_in(person.id, part, year.id) or _open(person, part, year)
    if progress.done_at is None:
        progress.done_at = at
    db.flush()
    reviews.mark(person.district_id, person.id, requirements.containing(part))
    return added


def progress_of(person_id: int, year_id: int) -> dict[str, Progress]:
    """{part: progress} of one person in one school year."""
    rows = db.scalars(sa.select(Progress).filter_by(person_id=person_id, school_year_id=year_id))
    return {row.part: row for row in rows}


def done_parts(person_ids: Collection[int], year_id: int) -> dict[int, set[str]]:
    """{person id: parts done} of these people in one school year, in one query."""
    done: dict[int, set[str]] = {person_id: set() for person_id in person_ids}
    rows = db.execute(
        sa.select(Progress.person_id, Progress.part).where(
            Progress.person_id.in_(person_ids),
            Progress.school_year_id == year_id,
            Progress.done_at.is_not(None),
        )
    )
    for person_id, part in rows:
        done[person_id].add(part)
    return done


def evidence_of(person_id: int, year_id: int) -> dict[str, Evidence]:
    """{part: the evidence that first showed it, and holds} of one person in one school year."""
    rows = db.scalars(
        sa.select(Evidence)
        .filter_by(person_id=person_id, school_year_id=year_id, voided_at=None)
        .order_by(Evidence.shown_at.desc(), Evidence.id.desc())
    )
    return {row.part: row for row in rows}


def progress_in(person_id: int, part: str, year_id: int) -> Progress | None:
    return db.scalars(
        sa.select(Progress).filter_by(person_id=person_id, part=part, school_year_id=year_id)
    ).one_or_none()


def _open(person: Person, part: str, year: SchoolYear) -> Progress:
    db.execute(
        insert_for(Progress)
        .values(district_id=person.district_id, person_id=person.id, school_year_id=year.id, part=part)
        .on_conflict_do_nothing(index_elements=["person_id", "part", "school_year_id"])
    )
    made = progress_in(person.id, part, year.id)
    assert made is not None, "it was written a moment ago"
    return made


def _evidence(person_id: int, part: str, year_id: int, version: str) -> Evidence | None:
    return db.scalars(
        sa.select(Evidence)
        .filter_by(person_id=person_id, part=part, school_year_id=year_id, version=version)
        .where(Evidence.voided_at.is_(None), Evidence.kind != "group")
    ).one_or_none()
