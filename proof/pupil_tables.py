"""The tables about pupils: each pupil and lesson, what is still to be made up, and amendments of a frozen year."""

from collections.abc import Iterator
from contextlib import closing
from datetime import date

import sqlalchemy as sa

from completion.dates import local_day
from completion.models import Evidence
from core.database import db
from people.directory import identities_of
from people.models import Person
from proof.holding import Scene
from proof.plan import Plan
from proof.pupils import AT_ONCE, Pupil
from proof.zipping import Cell

PUPILS = (
    "school_key", "school", "grade", "person", "sis_id", "on_roster_from", "on_roster_until", "lesson", "title",
    "cipa", "taught", "mode", "first_taught_on", "version", "evidence",
)  # fmt: skip
MAKEUP = (
    "school_key", "school", "grade", "person", "sis_id", "on_roster_from", "on_roster_until", "lesson", "title", "cipa",
)  # fmt: skip
Pupils = Iterator[Pupil]
AMENDMENTS = ("what", "on", "person", "sis_id", "part", "kind", "version", "reason", "evidence")


def pupil_rows(pupils: Pupils, plan: Plan) -> Iterator[list[Cell]]:
    """A row for each lesson of the pupil's grade; one row without a lesson where the grade has no course yet."""
    for pupil in pupils:
        who = _who(pupil)
        for lesson in plan.of(pupil.grade):
            shown = pupil.shown.get(lesson.part)
            said = [lesson.id, lesson.title, " ".join(lesson.tags)]
            if shown is None:
                yield [*who, *said, "no", "", "", "", ""]
            else:
                yield [*who, *said, "yes", shown.mode, _day(shown.first), shown.version, shown.evidence]
        if not plan.of(pupil.grade):
            yield [*who, "", "", "", "no", "", "", "", ""]


def makeup_rows(pupils: Pupils, plan: Plan) -> Iterator[list[Cell]]:
    for pupil in pupils:
        for lesson in plan.of(pupil.grade):
            if lesson.part not in pupil.shown:
                yield [*_who(pupil), lesson.id, lesson.title, " ".join(lesson.tags)]


def _who(pupil: Pupil) -> list[Cell]:
    return [
        pupil.school_key, pupil.school, pupil.grade, pupil.person, pupil.sis, _day(pupil.since), _day(pupil.until),
    ]  # fmt: skip


def _day(day: date | None) -> str:
    return day.isoformat() if day else ""


def amendment_rows(scene: Scene) -> Iterator[list[Cell]]:
    """What became of the evidence of a frozen year since: `voided` with its reason, and `added`. Oldest first."""
    if scene.freeze is None:
        return
    then = scene.freeze.frozen_at
    amended_at = sa.func.coalesce(Evidence.voided_at, Evidence.created_at)
    rows = (
        sa.select(
            Evidence.voided_at, Evidence.created_at, Person.id, Person.public_id, Evidence.part, Evidence.kind,
            Evidence.version, Evidence.void_reason, Evidence.public_id.label("evidence"),
        )
        .join(Person, Person.id == Evidence.person_id)
        .where(
            Evidence.district_id == scene.district.id,
            Evidence.school_year_id == scene.year.id,
            # What was added and voided again after the freeze changed nothing.
            (Evidence.created_at > then) != sa.and_(Evidence.voided_at.is_not(None), Evidence.voided_at > then),
        )
        .order_by(amended_at, Evidence.public_id)
        .execution_options(yield_per=AT_ONCE)
    )  # fmt: skip
    with closing(db.execute(rows)) as read:
        for batch in read.partitions():
            names = identities_of({row.id for row in batch}, ["sis"])
            for row in batch:
                voided = row.created_at <= then
                at = row.voided_at if voided else row.created_at
                yield [
                    "voided" if voided else "added", _day(local_day(at, scene.district.timezone)), row.public_id,
                    names.get(row.id, {}).get("sis", ""), row.part, row.kind, row.version, row.void_reason or "",
                    row.evidence,
                ]  # fmt: skip
