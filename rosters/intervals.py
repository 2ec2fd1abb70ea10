"""What a roster changes in somebody's intervals: plain values in, a plan out. Nothing here knows a database.

A plan, carried out, leaves nothing to do for the same roster (tests/rosters/test_intervals.py).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

Place = tuple[int | None, str]
"""(building id, audience)"""


@dataclass(frozen=True, slots=True)
class Known:
    """A row there is: from `starts_at` to `ends_at`, half-open."""

    id: int
    place: Place
    job: str | None
    grade: str | None
    starts_at: datetime
    ends_at: datetime | None


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the roster says. `starts_at` and `ends_at` only where it says a day."""

    place: Place
    job: str | None = None
    grade: str | None = None
    starts_at: datetime | None = None
    ends_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class New:
    place: Place
    job: str | None
    grade: str | None
    starts_at: datetime
    ends_at: datetime | None


@dataclass(slots=True)
class Plan:
    """`change`: {row id: {column: value}}. `drop`: rows that would have begun later and now never do; whatever has
    begun is closed, never dropped."""

    open: list[New] = field(default_factory=list)
    change: dict[int, dict[str, Any]] = field(default_factory=dict)
    drop: list[int] = field(default_factory=list)
    closed: int = 0

    def __bool__(self) -> bool:
        return bool(self.open or self.change or self.drop)


def plan(
    known: Sequence[Known],
    wanted: Sequence[Wanted],
    at: datetime,
    *,
    undated: datetime,
    whole: bool = True,
    ended: Sequence[Place] = (),
) -> Plan:
    """`known` are all rows of one person from one source, also those that are over; `wanted` has each place once.

    undated  when somebody has begun of whom the roster does not say it
    whole    whether rows that are not wanted end; else only those at `ended` do
    """
    made = Plan()
    current = {each.place: each for each in known if each.ends_at is None or each.ends_at > at}
    told = {each.place: each for each in wanted}
    # What goes, goes first: a row that is dropped never was, and must not say when another begins.
    for place, row in current.items():
        if place not in told and (whole or place in ended):
            _close(made, row, at)
    for each in wanted:
        if each.ends_at is not None and each.ends_at <= at:
            _has_left(made, known, current.get(each.place), each, at)
    left = [each for each in known if each.id not in made.drop]
    here = [each for each in wanted if each.ends_at is None or each.ends_at > at]
    kept = [
        (current[each.place], each)
        for each in here
        if each.place in current and not _moves(current[each.place], each, at)
    ]
    for row, each in kept:
        _keep(made, _rivals(row, left, told), row, each)
    before = [each for each in left if _begun(made, each) < at]
    for row, each in kept:
        if each.ends_at and each.ends_at <= _begun(made, row):  # they were to begin later than they now leave
            made.change.setdefault(row.id, {})["starts_at"] = _begins(before, each, at, undated=at)
    for each in here:
        there = current.get(each.place)
        if there is None:
            made.open.append(_new(each, _begins(before, each, at, undated)))
        elif _moves(there, each, at):
            _close(made, there, at)
            made.open.append(_new(each, at))
    return made


def _moves(row: Known, wanted: Wanted, at: datetime) -> bool:
    """To other work or another grade. A row that has not begun is changed as it stands."""
    return (row.job, row.grade) != (wanted.job, wanted.grade) and row.starts_at < at


def _begun(made: Plan, row: Known) -> datetime:
    """When it begins once the plan is carried out."""
    begun: datetime = made.change.get(row.id, {}).get("starts_at", row.starts_at)
    return begun


def _new(wanted: Wanted, starts_at: datetime) -> New:
    return New(wanted.place, wanted.job, wanted.grade, starts_at, wanted.ends_at)


def _begins(before: Sequence[Known], wanted: Wanted, at: datetime, undated: datetime) -> datetime:
    """The day the roster says, unless they were here `before`: a second building or a return begins now."""
    before = [each for each in before if each.place[1] == wanted.place[1]]
    if not before:
        begins = wanted.starts_at or undated
    elif wanted.starts_at and all(each.ends_at and each.ends_at <= wanted.starts_at for each in before):
        begins = wanted.starts_at
    else:
        begins = at
    return begins if wanted.ends_at is None or begins < wanted.ends_at else at


def _rivals(row: Known, left: Sequence[Known], told: Mapping[Place, Wanted]) -> list[Known]:
    """Others of the audience; not those that began with it and are told the same day, which are corrected along."""

    def day(place: Place) -> datetime | None:
        return told[place].starts_at if place in told else None

    return [
        each
        for each in left
        if each.id != row.id
        and each.place[1] == row.place[1]
        and not (each.starts_at == row.starts_at and day(each.place) == day(row.place))
    ]


def _keep(made: Plan, rivals: Sequence[Known], row: Known, wanted: Wanted) -> None:
    changes: dict[str, Any] = {
        name: getattr(wanted, name)
        for name in ("job", "grade", "ends_at")
        if getattr(row, name) != getattr(wanted, name)
    }
    told = wanted.starts_at
    if told and told != row.starts_at and (wanted.ends_at is None or told < wanted.ends_at):
        # A hire date that was missing, or wrong, the last time. It is that of the first, which stays the first: else
        # the same file again would find another to correct.
        first = all(row.starts_at <= each.starts_at for each in rivals)
        if first and (told < row.starts_at or all(told < each.starts_at for each in rivals)):
            changes["starts_at"] = told
    if changes:
        made.change[row.id] = changes


def _has_left(made: Plan, known: Sequence[Known], row: Known | None, wanted: Wanted, at: datetime) -> None:
    """The file still names somebody who is gone: their row ends on the day it says."""
    assert wanted.ends_at is not None
    if row is not None:
        _close(made, row, wanted.ends_at if wanted.ends_at > row.starts_at else at)
        if row.id not in made.drop:
            return
    there = any(each.place == wanted.place and each.id not in made.drop for each in known)
    if wanted.starts_at and wanted.starts_at < wanted.ends_at and not there:
        made.open.append(_new(wanted, wanted.starts_at))


def _close(made: Plan, row: Known, ends_at: datetime) -> None:
    made.closed += 1
    if row.starts_at < ends_at:
        made.change[row.id] = {"ends_at": ends_at}
    else:
        made.drop.append(row.id)
