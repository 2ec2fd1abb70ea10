"""What would change if enforcement began today, and who loses access on which day. In a constant number of queries.

Numbers for the district office before it turns the key: "312 people lose access on Tuesday".
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from access.judging import Enforcements, enforcements, next_change_at, verdict
from access.models import Standing
from access.policy import ALLOW
from completion.facts import Case, gather
from completion.models import Requirement
from completion.states import state_at
from core.database import db
from people.models import District, Person
from people.roster_models import Building, RosterInterval

DAYS = 30
NO_BUILDING = ""
"""Key of those whom the roster has at no building."""


@dataclass(frozen=True)
class Held:
    """People of one building who would be `access` if the whole policy were in force, and are allowed now."""

    building: str
    access: str
    people: tuple[str, ...]
    """Public ids."""


@dataclass(frozen=True)
class Loss:
    """People who lose access on a day of the district, by the clock alone."""

    day: date
    enforced: tuple[str, ...]
    """Public ids of those who really do, by the stages that are planned."""
    observed: tuple[str, ...]
    """Of those who would, if the whole policy were in force."""


@dataclass(frozen=True)
class Forecast:
    people: int
    """With a standing."""
    if_begun_now: tuple[Held, ...]
    losses: tuple[Loss, ...]

    @property
    def would_lose(self) -> int:
        return len({each for held in self.if_begun_now for each in held.people})


def forecast(district: District, at: datetime, days: int = DAYS) -> Forecast:
    """Of the standings as the worker has them, and what the clock alone will make of them in so many days.

    Somebody of two buildings counts in both, and once in the whole; somebody under several requirements loses access
    with the first of them, as a gate asks for the strictest.
    """
    until = at + timedelta(days=days)
    return Forecast(
        people=db.scalar(
            sa.select(sa.func.count(sa.distinct(Standing.person_id))).filter_by(district_id=district.id)
        ) or 0,
        if_begun_now=_if_begun_now(district, at),
        losses=losses(district, at, until),
    )  # fmt: skip


def _if_begun_now(district: District, at: datetime) -> tuple[Held, ...]:
    here = sa.and_(
        RosterInterval.person_id == Standing.person_id,
        RosterInterval.starts_at <= at,
        sa.or_(RosterInterval.ends_at.is_(None), RosterInterval.ends_at > at),
    )
    rows = db.execute(
        sa.select(Person.public_id, Building.key, Standing.would_be)
        .join(Person, Person.id == Standing.person_id)
        .outerjoin(RosterInterval, here)
        .outerjoin(Building, Building.id == RosterInterval.building_id)
        .where(Standing.district_id == district.id, Standing.access == ALLOW, Standing.would_be != ALLOW)
        .distinct()
    )
    found: dict[tuple[str, str], set[str]] = defaultdict(set)
    for public_id, building, would_be in rows:
        found[building or NO_BUILDING, would_be].add(public_id)
    return tuple(
        Held(building, access, tuple(sorted(who))) for (building, access), who in sorted(found.items())
    )


def losses(
    district: District, at: datetime, until: datetime, audience: str | None = None
) -> tuple[Loss, ...]:
    """Who loses access by the clock alone until then, by day; of one audience, if asked."""
    changing = [Standing.district_id == district.id, Standing.next_change_at <= until]
    if audience is not None:
        changing.append(Standing.audience == audience)
    keys, public_ids = _changing(changing)
    enforced: dict[date, set[str]] = defaultdict(set)
    observed: dict[date, set[str]] = defaultdict(set)
    if not keys:
        return ()
    cases = gather(keys, at, who=sa.select(Standing.person_id).where(*changing))
    found = enforcements([district.id])
    for (person_id, _requirement_id), case in cases.items():
        who = public_ids[person_id]
        for day, loses, would_lose in _steps(case, at, until, found, district.timezone):
            if loses:
                enforced[day].add(who)
            if would_lose:
                observed[day].add(who)
    return tuple(
        Loss(day, tuple(sorted(enforced[day])), tuple(sorted(observed[day])))
        for day in sorted(enforced.keys() | observed.keys())
    )


def _steps(
    case: Case, at: datetime, until: datetime, found: Enforcements, timezone: str
) -> Iterator[tuple[date, bool, bool]]:
    """(day, loses access, would lose it) for each change of a case by the clock until then."""
    zone = ZoneInfo(timezone)
    state = state_at(case.facts, at)
    before = verdict(case, state, at, found)
    instant = next_change_at(case, state, at, found)
    while instant is not None and instant <= until:
        state = state_at(case.facts, instant)
        after = verdict(case, state, instant, found)
        loses = before.access == ALLOW != after.access
        would_lose = before.would_be == ALLOW != after.would_be
        if loses or would_lose:
            yield instant.astimezone(zone).date(), loses, would_lose
        before, instant = after, next_change_at(case, state, instant, found)


def _changing(
    changing: Sequence[sa.ColumnElement[bool]],
) -> tuple[Sequence[tuple[int, int]], dict[int, str]]:
    rows = db.execute(
        sa.select(Standing.person_id, Requirement.id, Person.public_id)
        .join(Requirement, Requirement.key == Standing.requirement)
        .join(Person, Person.id == Standing.person_id)
        .where(*changing)
    ).all()
    return [(person_id, requirement_id) for person_id, requirement_id, _ in rows], {
        person_id: public_id for person_id, _, public_id in rows
    }
