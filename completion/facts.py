"""Gather what is known of people under requirements, for many at once in a constant number of queries."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

import sqlalchemy as sa

from completion import decision_models, rule_models  # noqa: F401  # their tables; facts read them soon
from completion.calendars import Calendar, calendars, staff_deadline_of
from completion.models import Assignment, Evidence, Progress, Requirement
from completion.states import Asked, Facts, Shown
from core.database import db
from people.models import Person

Row = TypeVar("Row", Evidence, Progress)


@dataclass(frozen=True)
class Case:
    """One person under one requirement."""

    district_id: int
    person_id: int
    requirement: str
    audience: str
    """The person's."""
    facts: Facts


def case_of(person_id: int, requirement_id: int, at: datetime) -> Case:
    return gather([(person_id, requirement_id)], at)[person_id, requirement_id]


def gather(keys: Sequence[tuple[int, int]], at: datetime) -> dict[tuple[int, int], Case]:
    """{(person id, requirement id): case}, in seven queries however many keys.

    What renews comes back by rule: the assignments of coming years are in the facts before anybody has written
    them, so that the state is right through the turn of the year even when the worker is late.
    """
    people = _people({person_id for person_id, _ in keys})
    wanted = _requirements({requirement_id for _, requirement_id in keys})
    dates = calendars({district_id for district_id, _ in people.values()}, at)
    book = _Book(set(people), set(wanted))
    cases = {}
    for person_id, requirement_id in keys:
        district_id, audience = people[person_id]
        requirement = wanted[requirement_id]
        cases[person_id, requirement_id] = Case(
            district_id,
            person_id,
            requirement.key,
            audience,
            book.facts(person_id, requirement, audience, dates[district_id]),
        )
    return cases


class _Book:
    """The rows of these people, read once and sorted by person."""

    def __init__(self, person_ids: set[int], requirement_ids: set[int]) -> None:
        self.assignments: dict[tuple[int, int], list[Assignment]] = defaultdict(list)
        for row in db.scalars(
            sa.select(Assignment).where(
                Assignment.person_id.in_(person_ids), Assignment.requirement_id.in_(requirement_ids)
            )
        ):
            self.assignments[row.person_id, row.requirement_id].append(row)
        self.evidence = _by_person(Evidence, person_ids, Evidence.voided_at.is_(None))
        self.progress = _by_person(Progress, person_ids)

    def facts(self, person_id: int, requirement: Requirement, audience: str, dates: Calendar) -> Facts:
        parts = {part for alternative in requirement.alternatives for part in alternative}
        renews = requirement.audience == "staff"
        rows = self.assignments[person_id, requirement.id]
        return Facts(
            belongs=audience == requirement.audience,
            renews=renews,
            alternatives=tuple(tuple(alternative) for alternative in requirement.alternatives),
            periods=dates.periods,
            asked=_asked_every_year(rows, dates) if renews else _asked(rows, dates),
            shown=tuple(
                Shown(
                    row.part,
                    dates.names[row.school_year_id],
                    row.shown_at,
                    row.kind,
                    row.version,
                    row.public_id,
                )
                for row in self.evidence[person_id]
                if row.part in parts
            ),
            begun=tuple(
                (dates.names[row.school_year_id], row.begun_at)
                for row in self.progress[person_id]
                if row.part in parts
            ),
        )


def _people(ids: set[int]) -> dict[int, tuple[int, str]]:
    rows = db.execute(sa.select(Person.id, Person.district_id, Person.audience).where(Person.id.in_(ids)))
    return {person_id: (district_id, audience) for person_id, district_id, audience in rows}


def _requirements(ids: set[int]) -> dict[int, Requirement]:
    return {row.id: row for row in db.scalars(sa.select(Requirement).where(Requirement.id.in_(ids)))}


def _by_person(
    model: type[Row], person_ids: set[int], *which: sa.ColumnElement[bool]
) -> dict[int, list[Row]]:
    found: dict[int, list[Row]] = defaultdict(list)
    for row in db.scalars(sa.select(model).where(model.person_id.in_(person_ids), *which)):
        found[row.person_id].append(row)
    return found


def _asked(rows: Sequence[Assignment], dates: Calendar) -> tuple[Asked, ...]:
    starts = {period.name: period.starts_at for period in dates.periods}
    found = []
    for row in rows:
        name = dates.names[row.school_year_id]
        found.append(Asked(name, max(row.assigned_at, starts[name]), row.due_at, row.grace_until, row.basis))
    return tuple(sorted(found, key=lambda each: each.opens_at))


def _asked_every_year(rows: Sequence[Assignment], dates: Calendar) -> tuple[Asked, ...]:
    """The first year opens when it was asked; each later one opens with the year, whoever writes it down when."""
    written = {each.period: each for each in _asked(rows, dates)}
    found: list[Asked] = []
    for period in dates.periods:
        asked = written.get(period.name)
        if not found:
            found += [asked] if asked else []
            continue
        rule = staff_deadline_of(period, dates.timezone)
        due_at, grace_until = (asked.due_at, asked.grace_until) if asked else (rule.due_at, rule.grace_until)
        basis = asked.basis if asked else rule.basis
        found.append(Asked(period.name, period.starts_at, due_at, grace_until, basis))
    return tuple(found)
