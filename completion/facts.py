"""Gather what is known of people under requirements, for many at once in a constant number of queries."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TypeVar

import sqlalchemy as sa

from completion.calendars import Calendar, calendars, staff_deadline_of
from completion.deadlines import joined_late
from completion.decision_models import Exemption, Revocation
from completion.extension_models import Extension
from completion.known import Asked, Extended, Facts, Restart, Shown, Span
from completion.models import Assignment, Evidence, Progress, Requirement
from completion.revisions import Edition, editions_of, revisions_of
from completion.rules import Rules, Said, alternatives_by
from core.database import db
from people.models import Person
from people.roster_models import RosterInterval

Row = TypeVar("Row", Assignment, Evidence, Progress, Exemption, Extension, Revocation, RosterInterval)
Who = set[int] | sa.Select[int]
"""Ids of people, or the question that finds them: a whole district would not fit into one list."""


@dataclass(frozen=True)
class Case:
    """One person under one requirement."""

    district_id: int
    person_id: int
    requirement: str
    audience: str
    """The person's."""
    facts: Facts
    buildings: tuple[tuple[Span, int], ...] = ()
    """When the roster had them at which building."""
    rules_change_at: datetime | None = None
    """When other rules hold for them next, since they go to another building: the facts must be gathered anew then."""

    @property
    def owed(self) -> bool:
        """Whether there is anything to tell: who was never asked is not overdue, but may be revoked."""
        return bool(self.facts.asked or self.facts.revoked or self.facts.exempt)


def gather(
    keys: Sequence[tuple[int, int]],
    at: datetime,
    who: Who | None = None,
    as_if: Mapping[str, Said] | None = None,
) -> dict[tuple[int, int], Case]:
    """{(person id, requirement id): case}, in thirteen queries however many keys.

    who    finds at least the people of `keys`, where they are too many to be listed in a query
    as_if  {audience: rules} that are tried and not kept

    What renews comes back by rule: the assignments of coming years are in the facts before anybody has written
    them, so that the state is right through the turn of the year even when the worker is late.
    """
    whom = {person_id for person_id, _ in keys} if who is None else who
    people = _people(whom)
    wanted = _requirements({requirement_id for _, requirement_id in keys})
    dates = calendars({district_id for district_id, _ in people.values()}, at)
    if as_if:
        dates = {key: replace(each, rules={**each.rules, **as_if}) for key, each in dates.items()}
    book = _Book(whom, set(wanted))
    cases = {}
    for person_id, requirement_id in keys:
        district_id, audience = people[person_id]
        requirement = wanted[requirement_id]
        said = dates[district_id].said_for(requirement.audience)
        buildings = book.buildings(person_id)
        rules = said.at(buildings_at(buildings, at))
        cases[person_id, requirement_id] = Case(
            district_id,
            person_id,
            requirement.key,
            audience,
            book.facts(person_id, requirement, audience, dates[district_id], rules),
            buildings,
            _other_rules_at(said, rules, buildings, at),
        )
    return cases


class _Book:
    """The rows of these people, read once and sorted by person."""

    def __init__(self, who: Who, requirement_ids: set[int]) -> None:
        self.assignments = _by_person(Assignment, who, Assignment.requirement_id.in_(requirement_ids))
        self.evidence = _by_person(Evidence, who, Evidence.voided_at.is_(None))
        self.progress = _by_person(Progress, who)
        self.exemptions = _by_person(Exemption, who, Exemption.requirement_id.in_(requirement_ids))
        self.extensions = _by_person(Extension, who, Extension.requirement_id.in_(requirement_ids))
        self.revocations = _by_person(Revocation, who)
        self.roster = _by_person(RosterInterval, who)
        self.editions: dict[str, list[Edition]] = editions_of()

    def facts(
        self, person_id: int, requirement: Requirement, audience: str, dates: Calendar, rules: Rules
    ) -> Facts:
        alternatives = alternatives_by(rules.ways, requirement.alternatives)
        parts = {part for alternative in alternatives for part in alternative}
        renews = requirement.audience == "staff"
        assigned = [row for row in self.assignments[person_id] if row.requirement_id == requirement.id]
        exempt = _exempt(row for row in self.exemptions[person_id] if row.requirement_id == requirement.id)
        roster = self._on_roster(person_id, requirement.audience)
        return Facts(
            belongs=audience == requirement.audience,
            renews=renews,
            alternatives=alternatives,
            periods=dates.periods_for(requirement.audience),
            asked=_asked_every_year(assigned, dates, rules) if renews else _asked(assigned, dates),
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
            roster=roster,
            revoked=revoked_spans(self.revocations[person_id]),
            exempt=exempt,
            restarts=_restarts(exempt, roster or (), dates.timezone, rules) if renews else (),
            extended=tuple(
                Extended(Span(row.given_at, row.ended_at), row.due_at, row.grace_until)
                for row in self.extensions[person_id]
                if row.requirement_id == requirement.id
            ),
            revisions=revisions_of(self.editions, parts, dates.timezone, rules),
            anew_from=tuple(
                row.reinstated_at
                for row in self.revocations[person_id]
                if row.reinstated_at and row.conditions_code == "new_evidence"
            ),
        )

    def buildings(self, person_id: int) -> tuple[tuple[Span, int], ...]:
        return tuple(
            (Span(row.starts_at, row.ends_at), row.building_id)
            for row in self.roster[person_id]
            if row.building_id is not None
        )

    def _on_roster(self, person_id: int, audience: str) -> tuple[Span, ...] | None:
        """Stretches without a gap, so that who moves from one school to another has not left and come back."""
        rows = self.roster[person_id]
        if not rows:
            return None
        spans: list[Span] = []
        for row in sorted(rows, key=lambda row: row.starts_at):
            if row.audience != audience:
                continue
            last = spans[-1] if spans else None
            if last is None or (last.ends_at is not None and last.ends_at < row.starts_at):
                spans.append(Span(row.starts_at, row.ends_at))
            elif last.ends_at is not None:
                until = None if row.ends_at is None else max(last.ends_at, row.ends_at)
                spans[-1] = Span(last.starts_at, until)
        return tuple(spans)


def buildings_at(buildings: Iterable[tuple[Span, int]], at: datetime) -> tuple[int, ...]:
    return tuple(building_id for span, building_id in buildings if span.holds(at))


def _other_rules_at(
    said: Said, rules: Rules, buildings: Sequence[tuple[Span, int]], at: datetime
) -> datetime | None:
    edges = {edge for span, _ in buildings for edge in (span.starts_at, span.ends_at) if edge and edge > at}
    for edge in sorted(edges) if said.buildings else ():
        if said.at(buildings_at(buildings, edge)) != rules:
            return edge
    return None


def revoked_spans(rows: Iterable[Revocation]) -> tuple[Span, ...]:
    return tuple(Span(row.starts_at, row.over_at) for row in rows)


def _exempt(rows: Iterable[Exemption]) -> tuple[Span, ...]:
    return tuple(Span(row.starts_at, _earlier(row.ends_at, row.ended_at)) for row in rows)


def _earlier(one: datetime | None, other: datetime | None) -> datetime | None:
    return min((each for each in (one, other) if each is not None), default=None)


def _restarts(
    exempt: tuple[Span, ...], roster: tuple[Span, ...], timezone: str, rules: Rules
) -> tuple[Restart, ...]:
    """Who comes back is given a new hire's days; the first time on the roster is what the assignment counts from."""
    # Who was to be exempt and never was does not come back from it.
    back = [(span.starts_at, span.ends_at) for span in exempt if span.holds(span.starts_at)]
    back += [(span.starts_at, span.starts_at) for span in roster[1:]]
    dates = [(known_from, joined_late(at, timezone, rules)) for known_from, at in back if at is not None]
    return tuple(Restart(known_from, each.due_at, each.grace_until) for known_from, each in dates)


def _people(who: Who) -> dict[int, tuple[int, str]]:
    rows = db.execute(sa.select(Person.id, Person.district_id, Person.audience).where(Person.id.in_(who)))
    return {person_id: (district_id, audience) for person_id, district_id, audience in rows}


def _requirements(ids: set[int]) -> dict[int, Requirement]:
    return {row.id: row for row in db.scalars(sa.select(Requirement).where(Requirement.id.in_(ids)))}


def _by_person(model: type[Row], who: Who, *which: sa.ColumnElement[bool]) -> dict[int, list[Row]]:
    found: dict[int, list[Row]] = defaultdict(list)
    for row in db.scalars(sa.select(model).where(model.person_id.in_(who), *which)):
        found[row.person_id].append(row)
    return found


def _asked(rows: Sequence[Assignment], dates: Calendar) -> tuple[Asked, ...]:
    starts = {name: starts_at for name, starts_at, _ends_at in dates.years}
    found = []
    for row in rows:
        name = dates.names[row.school_year_id]
        found.append(Asked(name, max(row.assigned_at, starts[name]), row.due_at, row.grace_until, row.basis))
    return tuple(sorted(found, key=lambda each: each.opens_at))


def _asked_every_year(rows: Sequence[Assignment], dates: Calendar, rules: Rules) -> tuple[Asked, ...]:
    """The first year opens when it was asked; each later one opens with the year, whoever writes it down when."""
    written = {each.period: each for each in _asked(rows, dates)}
    found: list[Asked] = []
    for period in dates.periods_for("staff"):
        asked = written.get(period.name)
        if not found:
            found += [asked] if asked else []
            continue
        rule = staff_deadline_of(period, dates.timezone, rules)
        due_at, grace_until = (asked.due_at, asked.grace_until) if asked else (rule.due_at, rule.grace_until)
        basis = asked.basis if asked else rule.basis
        found.append(Asked(period.name, period.starts_at, due_at, grace_until, basis))
    return tuple(found)
