"""Group instruction in the ledger: a whole class was led through a part, and that taken back.

Every verb here takes the same few statements for one person as for a class.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from completion import requirements, reviews
from completion.models import Evidence, Progress
from completion.signing import signed_rows
from core.clock import now
from core.database import db, insert_for
from people.models import Person, SchoolYear

GROUP = "group"


def record_group(
    person_ids: Collection[int],
    part: str,
    year: SchoolYear,
    *,
    version: str,
    source: str,
    launch: Mapping[str, Any] | None = None,
) -> None:
    """Note that these people of the year's district were led through a part together; nobody gets a score by it.

    `launch` is that of the teacher. Saying it again for the same `source` changes nothing. Who was done with the part
    before keeps that.
    """
    at = now()
    line = {"district_id": year.district_id, "school_year_id": year.id, "part": part}
    rows = [{**line, "person_id": person_id} for person_id in sorted(person_ids)]
    shown = {"kind": GROUP, "version": version, "shown_at": at, "source": source}
    signed = signed_rows([{**row, **shown} for row in rows], year, launch=launch)
    added = insert_for(Evidence).values(signed)
    db.execute(added.on_conflict_do_nothing())
    begun = insert_for(Progress).values([{**row, "begun_at": at} for row in rows])
    db.execute(begun.on_conflict_do_nothing(index_elements=["person_id", "part", "school_year_id"]))
    _update(person_ids, part, year, Progress.done_at.is_(None), done_at=at)
    reviews.mark_all(year.district_id, person_ids, requirements.containing(part))


def group_evidence(source: str) -> sa.Select[Evidence]:
    """What a session recorded and nobody has voided since."""
    return sa.select(Evidence).where(
        Evidence.kind == GROUP, Evidence.source == source, Evidence.voided_at.is_(None)
    )


def void(
    rows: Sequence[Evidence], year: SchoolYear, *, by: Person, reason: str, begun: Collection[int]
) -> None:
    """These rows, all of one part, were a mistake. They stay, and count for nothing from here on.

    begun  ids of the people who began the part by themselves; of the others not even a beginning is left
    """
    part = rows[0].part
    person_ids = {row.person_id for row in rows}
    db.execute(
        sa.update(Evidence)
        .where(Evidence.id.in_([row.id for row in rows]))
        .values(voided_at=now(), voided_by=by.id, void_reason=reason)
        .execution_options(synchronize_session=False)
    )
    _update(person_ids, part, year, done_at=_first_shown())
    db.execute(
        sa.delete(Progress)
        .where(
            *_lines(person_ids - set(begun), part, year),
            Progress.done_at.is_(None),
            Progress.best_score.is_(None),
        )
        .execution_options(synchronize_session=False)
    )
    db.expire_all()
    reviews.mark_all(year.district_id, person_ids, requirements.containing(part))


def _first_shown() -> sa.ScalarSelect[datetime]:
    """When this person first showed the part, by what still counts."""
    return (
        sa.select(sa.func.min(Evidence.shown_at))
        .where(
            Evidence.person_id == Progress.person_id,
            Evidence.part == Progress.part,
            Evidence.school_year_id == Progress.school_year_id,
            Evidence.voided_at.is_(None),
        )
        .scalar_subquery()
    )


def _lines(person_ids: Collection[int], part: str, year: SchoolYear) -> tuple[sa.ColumnElement[bool], ...]:
    return Progress.person_id.in_(person_ids), Progress.part == part, Progress.school_year_id == year.id


def _update(
    person_ids: Collection[int], part: str, year: SchoolYear, *which: sa.ColumnElement[bool], **values: object
) -> None:
    db.execute(
        sa.update(Progress)
        .where(*_lines(person_ids, part, year), *which)
        .values(**values)
        .execution_options(synchronize_session=False)
    )
