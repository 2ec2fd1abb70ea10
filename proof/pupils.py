"""The pupils of a school year with what they were taught, as a stream: memory stays the same for any number.

A pupil stands once, at the school and in the grade where the roster had them last in the year. Whom no roster has
ever spoken of stands in no school, in the grade of the course that they owed. Who left during the year stays in it:
nobody becomes taught by leaving.
"""

from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from completion.dates import local_day
from completion.models import Assignment, Evidence, Requirement
from core.database import db
from people.directory import identities_of
from people.models import Person
from people.roster_models import Building, RosterInterval
from proof.holding import Scene
from proof.plan import Plan

AT_ONCE = 500
GROUP = "group"


@dataclass(slots=True)
class Shown:
    """One lesson as one pupil was taught it: first when, in which version, and in which ways."""

    first: date
    version: str
    evidence: str
    ways: set[str] = field(default_factory=set)

    @property
    def mode(self) -> str:
        return "both" if len(self.ways) > 1 else "group" if self.ways == {GROUP} else "self-paced"


@dataclass(slots=True)
class Pupil:
    """`since` and `until` are days on the roster, None where no roster speaks of them or they are still there.

    sis    the number the district knows them by, "" where the pupil came without one or nobody asked
    shown  {part: ...} of lessons, whether of their grade's course or of another
    """

    person_id: int
    person: str
    school_key: str
    school: str
    grade: str
    since: date | None
    until: date | None
    sis: str = ""
    shown: dict[str, Shown] = field(default_factory=dict)


def pupils_of(
    scene: Scene, plan: Plan, *, with_names: bool = False, looked_at: Callable[[int], None] | None = None
) -> Iterator[Pupil]:
    """By school, grade and id. `looked_at` is told after each batch how many people it had."""
    rows = _everybody(scene, plan).execution_options(yield_per=AT_ONCE)
    with closing(db.execute(rows)) as read:
        for batch in read.partitions():
            yield from _with_lessons([_pupil(row, scene) for row in batch], scene, with_names)
            if looked_at:
                looked_at(len(batch))


def how_many(scene: Scene, plan: Plan) -> int:
    everybody = _everybody(scene, plan).order_by(None).subquery()
    return db.scalar(sa.select(sa.func.count()).select_from(everybody)) or 0


def _pupil(row: Any, scene: Scene) -> Pupil:
    def day(instant: datetime | None) -> date | None:
        return local_day(instant, scene.district.timezone) if instant else None

    return Pupil(
        row.person_id,
        row.public_id,
        row.key or "",
        row.name or "",
        row.grade or "",
        day(row.starts_at),
        day(row.ends_at),
    )


def _with_lessons(pupils: list[Pupil], scene: Scene, with_names: bool) -> list[Pupil]:
    by_id = {pupil.person_id: pupil for pupil in pupils}
    rows = db.execute(
        sa.select(
            Evidence.person_id, Evidence.part, Evidence.kind, Evidence.version, Evidence.shown_at, Evidence.public_id
        )
        .where(*scene.counts(), Evidence.person_id.in_(by_id), Evidence.part.startswith("lesson:"))
        .order_by(Evidence.shown_at, Evidence.public_id)
    )  # fmt: skip
    for person_id, part, kind, version, shown_at, public_id in rows:
        first = local_day(shown_at, scene.district.timezone)
        shown = by_id[person_id].shown.setdefault(part, Shown(first, version, public_id))
        shown.ways.add(GROUP if kind == GROUP else "alone")
    if with_names:
        for person_id, known in identities_of(by_id, ["sis"]).items():
            by_id[person_id].sis = known["sis"]
    return pupils


def _everybody(scene: Scene, plan: Plan) -> sa.Select[Any]:
    """(person_id, public_id, key, name, grade, starts_at, ends_at), each person once."""
    found = _once(sa.union_all(_on_the_roster(scene), _known_by_the_lms(scene, plan)).subquery("found"))
    return (
        sa.select(
            found.c.person_id, Person.public_id, Building.key, Building.name, found.c.grade, found.c.starts_at,
            found.c.ends_at,
        )
        .join(Person, Person.id == found.c.person_id)
        .outerjoin(Building, Building.id == found.c.building_id)
        .where(found.c.place == 1, Person.district_id == scene.district.id)
        .order_by(sa.func.coalesce(Building.key, ""), found.c.grade, Person.public_id)
    )  # fmt: skip


def _once(found: sa.Subquery) -> sa.Subquery:
    """The newest row of each person has place 1."""
    newest = sa.func.row_number().over(
        partition_by=found.c.person_id, order_by=(found.c.begun_at.desc(), found.c.number.desc())
    )
    return sa.select(found, newest.label("place")).subquery("placed")


def _on_the_roster(scene: Scene) -> sa.Select[*tuple[Any, ...]]:
    return sa.select(
        RosterInterval.person_id,
        RosterInterval.building_id,
        sa.func.coalesce(RosterInterval.grade, "").label("grade"),
        RosterInterval.starts_at,
        RosterInterval.ends_at,
        RosterInterval.starts_at.label("begun_at"),
        RosterInterval.id.label("number"),
    ).where(
        RosterInterval.district_id == scene.district.id,
        RosterInterval.audience == "pupil",
        RosterInterval.starts_at < min(scene.at, scene.year.ends_at),
        sa.or_(RosterInterval.ends_at.is_(None), RosterInterval.ends_at > scene.year.starts_at),
    )


def _known_by_the_lms(scene: Scene, plan: Plan) -> sa.Select[*tuple[Any, ...]]:
    grades = [(Requirement.key == key, sa.literal(grade)) for key, grade in plan.grades.items()]
    grade = sa.case(*grades, else_="") if grades else sa.literal("")
    nothing = sa.cast(sa.null(), RosterInterval.starts_at.type)
    return (
        sa.select(
            Assignment.person_id,
            sa.cast(sa.null(), sa.BigInteger).label("building_id"),
            grade.label("grade"),
            nothing.label("starts_at"),
            nothing.label("ends_at"),
            Assignment.assigned_at.label("begun_at"),
            Assignment.id.label("number"),
        )
        .join(Requirement, Requirement.id == Assignment.requirement_id)
        .where(
            Assignment.district_id == scene.district.id,
            Assignment.school_year_id == scene.year.id,
            Requirement.audience == "pupil",
            ~sa.select(RosterInterval.id).where(RosterInterval.person_id == Assignment.person_id).exists(),
        )
    )
