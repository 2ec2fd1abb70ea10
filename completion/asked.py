"""What is asked of one person, and how far they are: the page "What is asked of me"."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from completion.deadlines import renewal_opens_at
from completion.facts import Case, gather
from completion.known import Shown
from completion.models import Assignment, Requirement
from completion.rules import rules_of
from completion.states import State, state_at
from core.database import db
from people.models import District, Person, SchoolYear
from people.school_years import current_school_year, ensure_school_year


@dataclass(frozen=True)
class AskedOf:
    """One requirement of one person."""

    requirement: str
    title: str
    audience: str
    state: State
    recorded: tuple[Shown, ...]
    """Evidence of the school year the state speaks of, oldest first."""
    ways: tuple[tuple[str, ...], ...]
    """The lists of parts of which one, shown whole, is enough here."""
    extended: bool = False
    """Whether the due date is one that somebody gave them."""


def asked_of(person: Person, at: datetime) -> list[AskedOf]:
    """Everything that was ever asked of this person and still is; nothing of other audiences."""
    rows = db.execute(
        sa.select(Requirement.id, Requirement.title)
        .join(Assignment, Assignment.requirement_id == Requirement.id)
        .where(Assignment.person_id == person.id)
        .group_by(Requirement.id, Requirement.title)
        .order_by(Requirement.id)
    )
    titles = {row.id: row.title for row in rows}
    cases = gather([(person.id, requirement_id) for requirement_id in titles], at) if titles else {}
    found = [_asked(case, titles[requirement_id], at) for (_, requirement_id), case in cases.items()]
    return [each for each in found if each.state.state != "not_applicable"]


def _asked(case: Case, title: str, at: datetime) -> AskedOf:
    state = state_at(case.facts, at)
    recorded = sorted(
        (each for each in case.facts.shown if each.period == state.period), key=lambda each: each.shown_at
    )
    given = {each.due_at for each in case.facts.extended if each.given.holds(at)}
    return AskedOf(
        case.requirement,
        title,
        case.audience,
        state,
        tuple(recorded),
        case.facts.alternatives,
        state.due_at in given,
    )


def signing_counts_for(person: Person, district: District, requirement: str, at: datetime) -> SchoolYear:
    """The year a signature of now counts for: the next one when this year's is done and may be renewed already."""
    year = current_school_year(person.district_id, at)
    rules = rules_of(district.id, person.audience)
    if at < renewal_opens_at(year.ends_at, district.timezone, rules):
        return year
    done = any(
        each.requirement == requirement and each.state.state in ("expiring", "reattest_due")
        for each in asked_of(person, at)
    )
    return ensure_school_year(district, year.ends_at) if done else year
