"""The staff of a school year: who took the course or signed, by which way, in which version, and when."""

from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from completion.dates import last_day_before, local_day
from completion.facts import gather
from completion.known import Facts
from completion.models import Assignment, Requirement
from completion.passes import Pass, passes_of
from core.database import db
from lessons.curriculum import STAFF_REQUIREMENT
from people.directory import identities_of
from people.models import Person
from people.roster_models import Building, RosterInterval
from proof.holding import Scene
from proof.zipping import Cell

AT_ONCE = 200
STAFF = (
    "school_key", "school", "job", "person", "sis_id", "email", "on_roster_from", "on_roster_until", "outcome", "way",
    "completed_on", "version", "evidence", "due_on", "last_day_of_grace", "in_time",
)  # fmt: skip


def staff_rows(scene: Scene, looked_at: Callable[[int], None]) -> Iterator[list[Cell]]:
    """By school and id. `looked_at` is told after each batch how many people it had.

    outcome  complete | exempt | open; that somebody's access was withdrawn is no matter of this file
    """
    requirement = db.scalars(sa.select(Requirement.id).filter_by(key=STAFF_REQUIREMENT)).one_or_none()
    rows = _everybody(scene, requirement).execution_options(yield_per=AT_ONCE)
    with closing(db.execute(rows)) as read:
        for batch in read.partitions():
            yield from _batch(list(batch), scene, requirement)
            looked_at(len(batch))


def how_many(scene: Scene) -> int:
    requirement = db.scalars(sa.select(Requirement.id).filter_by(key=STAFF_REQUIREMENT)).one_or_none()
    everybody = _everybody(scene, requirement).order_by(None).subquery()
    return db.scalar(sa.select(sa.func.count()).select_from(everybody)) or 0


def _batch(rows: list[Any], scene: Scene, requirement: int | None) -> Iterator[list[Cell]]:
    at = min(scene.at, scene.year.ends_at - timedelta(microseconds=1))
    known = identities_of([row.person_id for row in rows], ["sis", "email"])
    keys = [(row.person_id, requirement) for row in rows] if requirement is not None else []
    cases = gather(keys, at) if keys else {}
    for row in rows:
        names = known.get(row.person_id, {})
        case = cases.get((row.person_id, requirement)) if requirement is not None else None
        yield [
            row.key or "", row.name or "", row.job or "", row.public_id, names.get("sis", ""), names.get("email", ""),
            _day(row.starts_at, scene), _day(row.ends_at, scene), *_outcome(case.facts if case else None, scene, at),
        ]  # fmt: skip


def _outcome(facts: Facts | None, scene: Scene, at: datetime) -> list[Cell]:
    """outcome, way, completed_on, version, evidence, due_on, last_day_of_grace, in_time"""
    if facts is None:
        return ["open", *[""] * 7]
    asked = next((each for each in facts.asked if each.period == scene.year.name), None)
    zone = scene.district.timezone
    dates = (
        [last_day_before(each, zone).isoformat() for each in (asked.due_at, asked.grace_until)]
        if asked
        else ["", ""]
    )
    held = _pass_of_the_year(facts, scene, at)
    if held is not None:
        late = asked is not None and held.completed_at >= asked.grace_until
        last = held.last
        return [
            "complete", last.kind, _day(held.completed_at, scene), last.version, last.public_id, *dates,
            "no" if late else "yes",
        ]  # fmt: skip
    exempt = any(
        each.starts_at <= at and (each.ends_at is None or at < each.ends_at) for each in facts.exempt
    )
    return ["exempt" if exempt else "open", "", "", "", "", *dates, ""]


def _pass_of_the_year(facts: Facts, scene: Scene, at: datetime) -> Pass | None:
    """The one earned first in the year, or one earned late in the year before that holds in this one too."""
    found = [
        each
        for each in passes_of(facts)
        if each.completed_at <= at
        and each.completed_at < scene.year.ends_at
        and each.valid_until > scene.year.starts_at
    ]
    return min(found, key=lambda each: (each.period != scene.year.name, each.completed_at), default=None)


def _everybody(scene: Scene, requirement: int | None) -> sa.Select[Any]:
    """Each once: where the roster had them last in the year; or nowhere, whom no roster knows and who owed it."""
    newest = sa.func.row_number().over(
        partition_by=RosterInterval.person_id,
        order_by=(RosterInterval.starts_at.desc(), RosterInterval.id.desc()),
    )
    on_roster = (
        sa.select(RosterInterval, newest.label("place"))
        .where(
            RosterInterval.district_id == scene.district.id,
            RosterInterval.audience == "staff",
            RosterInterval.starts_at < min(scene.at, scene.year.ends_at),
            sa.or_(RosterInterval.ends_at.is_(None), RosterInterval.ends_at > scene.year.starts_at),
        )
        .subquery("on_roster")
    )
    owed = sa.select(Assignment.id).where(
        Assignment.person_id == Person.id,
        Assignment.school_year_id == scene.year.id,
        Assignment.requirement_id == requirement,
        ~sa.select(RosterInterval.id).where(RosterInterval.person_id == Person.id).exists(),
    )
    return (
        sa.select(
            Person.id.label("person_id"), Person.public_id, Building.key, Building.name, on_roster.c.job,
            on_roster.c.starts_at, on_roster.c.ends_at,
        )
        .outerjoin(on_roster, sa.and_(on_roster.c.person_id == Person.id, on_roster.c.place == 1))
        .outerjoin(Building, Building.id == on_roster.c.building_id)
        .where(Person.district_id == scene.district.id, sa.or_(on_roster.c.id.is_not(None), owed.exists()))
        .order_by(sa.func.coalesce(Building.key, ""), Person.public_id)
    )  # fmt: skip


def _day(instant: datetime | None, scene: Scene) -> str:
    return local_day(instant, scene.district.timezone).isoformat() if instant else ""
