"""Whom a change of the rules reaches, and what it makes of them: counted before it is made, and nothing is written."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

import sqlalchemy as sa

from completion.facts import Case, gather
from completion.known import Facts
from completion.models import Assignment, Requirement
from completion.rule_dates import Moved, dates_that_move
from completion.rules import Said
from completion.states import present_state
from core.database import db
from people.models import District, Person
from people.rostered import buildings_in, has_left

DONE = {"complete", "expiring"}
LATE = {"overdue", "expired"}
MOST = 5_000
"""Of more people the states are not looked at: who waits for a page waits some seconds and no longer."""

NOWHERE: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Turned:
    """How many people stand otherwise at once, by the clock of now."""

    asked_anew: int
    """Done before, and not under these rules."""
    late_at_once: int
    """Not late before, and past their date under these rules."""
    done_by_it: int
    not_late_any_more: int


@dataclass(frozen=True)
class Reach:
    people: int
    """Of this audience, in the district or at the building."""
    concerned: int
    """For whom at least one rule becomes another."""
    dates: int
    """Dates of the present year that move, in the whole district."""
    dates_elsewhere: int
    """Those of them that are of people at other buildings: rules that were changed before and told to nobody yet."""
    turned: Turned | None
    """None where there are too many people to look at each."""


def reach_of(
    district: District,
    audience: str,
    at: datetime,
    *,
    before: Said,
    after: Said,
    building: int | None = None,
    present_too: bool = False,
) -> Reach:
    """In a constant number of queries. `building`: the one whose rules change, by its row's id."""
    who = people_of(district, audience)
    people = set(db.scalars(who))
    places = {
        person_id: frozenset(found)
        for person_id, found in buildings_in(district.id, at).items()
        if person_id in people
    }
    there = {each for each in people if building is None or building in places.get(each, ())}
    # A district has few combinations of buildings, however many people.
    differing = {each for each in {NOWHERE, *places.values()} if before.at(each) != after.at(each)}
    reached = {each for each in there if places.get(each, NOWHERE) in differing}
    moved = dates_that_move(district, audience, after) if present_too else []
    looked_at = (reached | {each.person_id for each in moved}) & people
    return Reach(
        people=len(there),
        concerned=len(reached),
        dates=len(moved),
        dates_elsewhere=sum(each.person_id not in there for each in moved) if building else 0,
        turned=_turned(who, looked_at, at, {audience: after}, moved) if len(looked_at) <= MOST else None,
    )


def people_of(district: District, audience: str) -> sa.Select[int]:
    """Who is here: not whom the roster has had and does not have now."""
    return sa.select(Person.id).where(
        Person.district_id == district.id, Person.audience == audience, ~has_left(audience)
    )


def _turned(
    who: sa.Select[int], people: set[int], at: datetime, tried: Mapping[str, Said], moved: list[Moved]
) -> Turned:
    keys = [
        (person_id, requirement_id)
        for person_id, requirement_id in db.execute(
            sa.select(Assignment.person_id, Assignment.requirement_id)
            .join(Requirement, Requirement.id == Assignment.requirement_id)
            .where(Assignment.person_id.in_(who), Requirement.audience.in_(list(tried)))
            .distinct()
        )
        if person_id in people
    ]
    dates = {(each.person_id, each.requirement_id): each for each in moved}
    present = _states(gather(keys, at, who), at, {})
    coming = _states(gather(keys, at, who, tried), at, dates)
    pairs = [(state, coming[key]) for key, state in present.items()]
    return Turned(
        asked_anew=sum(one in DONE and other not in DONE for one, other in pairs),
        late_at_once=sum(one not in LATE and other in LATE for one, other in pairs),
        done_by_it=sum(one not in DONE and other in DONE for one, other in pairs),
        not_late_any_more=sum(one in LATE and other not in LATE for one, other in pairs),
    )


def _states(
    cases: Mapping[tuple[int, int], Case], at: datetime, dates: Mapping[tuple[int, int], Moved]
) -> dict[tuple[int, int], str]:
    return {key: present_state(_with_dates(case.facts, dates.get(key)), at) for key, case in cases.items()}


def _with_dates(facts: Facts, moved: Moved | None) -> Facts:
    """What is known, with the dates of one year as they would be."""
    if moved is None:
        return facts
    asked = tuple(
        replace(each, due_at=moved.due_at, grace_until=moved.grace_until)
        if each.period == moved.period
        else each
        for each in facts.asked
    )
    return replace(facts, asked=asked)
