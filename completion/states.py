"""Where somebody stands under a requirement: one pure function of facts and an instant, and nothing else decides.

Rows are tried from the top; intervals are half-open (from <= t < until).

    not_applicable  the person is not of the requirement's audience, or it was never asked of them
    complete        a pass holds: all parts of one alternative were shown
    expiring        a pass holds and ends soon; it may be renewed for the next year now
    not_due         nothing is asked yet, or the year in which it was asked is over and it was done
    assigned        asked, nothing begun, before the due date
    in_progress     asked and begun, before the due date
    overdue         due date passed, grace still runs
    expired         grace is over

Still to come, with the annual-requirement work; their places are marked below:
`revoked` and `exempt` before every pass, `reattest_due` for a pass under a text that was materially changed.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime


@dataclass(frozen=True)
class Period:
    """A school year as a requirement sees it. All instants are the district's local midnights, in UTC."""

    name: str
    starts_at: datetime
    ends_at: datetime
    renewal_opens_at: datetime
    """From here a pass that ends with this year may be renewed."""
    late_from: datetime
    """A pass earned in this year from here on holds through the following year as well."""


@dataclass(frozen=True)
class Asked:
    """An assignment. `opens_at` is when it was made, or when its year starts if that is later or it renews."""

    period: str
    opens_at: datetime
    due_at: datetime
    grace_until: datetime
    basis: str


@dataclass(frozen=True)
class Shown:
    """A piece of evidence."""

    part: str
    period: str
    shown_at: datetime
    kind: str
    version: str
    public_id: str


@dataclass(frozen=True)
class Facts:
    """All that is known of one person under one requirement.

    belongs       the person is of the requirement's audience
    renews        the requirement comes back every school year (staff), instead of belonging to one grade
    alternatives  lists of parts; one list shown whole within a school year is enough
    periods       consecutive school years, oldest first, the one after the last evidence included
    asked         oldest first
    begun         (period, instant) of each part begun
    """

    belongs: bool
    renews: bool
    alternatives: tuple[tuple[str, ...], ...]
    periods: tuple[Period, ...]
    asked: tuple[Asked, ...] = ()
    shown: tuple[Shown, ...] = ()
    begun: tuple[tuple[str, datetime], ...] = ()


@dataclass(frozen=True)
class State:
    """The answer. `next_change_at` is the first later instant at which the clock alone changes any of it."""

    state: str
    reason: str
    period: str
    completed_at: datetime | None = None
    valid_until: datetime | None = None
    due_at: datetime | None = None
    grace_until: datetime | None = None
    next_change_at: datetime | None = None
    evidence: str | None = None
    policy_version: str | None = None


@dataclass(frozen=True)
class Pass:
    """A stretch of time for which the requirement is met."""

    period: str
    completed_at: datetime
    valid_until: datetime
    renewal_opens_at: datetime
    last: Shown
    """The evidence that completed it."""


def state_at(facts: Facts, at: datetime) -> State:
    passes = _passes(facts)
    state = _decide(facts, passes, at)
    # Nothing changes between two neighbouring instants of this list, so the first that differs is the next change.
    for instant in sorted(each for each in set(_instants(facts, passes)) if each > at):
        if _decide(facts, passes, instant) != state:
            return replace(state, next_change_at=instant)
    return state


def _decide(facts: Facts, passes: list[Pass], at: datetime) -> State:
    if not facts.belongs:
        return State("not_applicable", "other_audience", _newest_period(facts, at))
    # Place for `revoked`, then `exempt`: both stand above every pass.
    held = _held(passes, at)
    if held:
        # Place for `reattest_due`.
        return _while_held(facts, held, at)
    asked = _asked_last(facts, at)
    if asked:
        return _while_asked(facts, passes, asked, at)
    coming = _coming(facts, at)
    if coming:
        return State(
            "not_due", "not_open_yet", coming.period, due_at=coming.due_at, grace_until=coming.grace_until
        )
    return State("not_applicable", "not_assigned", _newest_period(facts, at))


def _while_held(facts: Facts, held: Pass, at: datetime) -> State:
    expiring = facts.renews and at >= held.renewal_opens_at
    renewal = _coming(facts, at) if expiring else None
    return State(
        "expiring" if expiring else "complete",
        held.last.kind,
        held.period,
        completed_at=held.completed_at,
        valid_until=held.valid_until,
        due_at=renewal.due_at if renewal else None,
        grace_until=renewal.grace_until if renewal else None,
        evidence=held.last.public_id,
        policy_version=held.last.version,
    )


def _while_asked(facts: Facts, passes: list[Pass], asked: Asked, at: datetime) -> State:
    if not facts.renews and any(each.period == asked.period and each.completed_at <= at for each in passes):
        return State("not_due", "year_over", asked.period)
    if at >= asked.grace_until:
        earlier = any(each.completed_at <= at for each in passes)
        state, reason = "expired", "ran_out" if earlier else "never_completed"
    else:
        reason = _history(facts, passes, asked)
        if at >= asked.due_at:
            state = "overdue"
        else:
            begun = any(period == asked.period and begun_at <= at for period, begun_at in facts.begun)
            state = "in_progress" if begun else "assigned"
    return State(state, reason, asked.period, due_at=asked.due_at, grace_until=asked.grace_until)


def _history(facts: Facts, passes: list[Pass], asked: Asked) -> str:
    """How somebody came to owe it: district policy may treat a newcomer otherwise than who did it last year."""
    earlier = [each for each in passes if each.completed_at < asked.opens_at]
    if any(each.valid_until >= asked.opens_at for each in earlier):
        return "returning"
    if earlier or any(each.opens_at < asked.opens_at for each in facts.asked):
        return "lapsed"
    return "newcomer" if asked.basis == "joined_late" else "first_year"


def _held(passes: list[Pass], at: datetime) -> Pass | None:
    """The pass that holds longest; of two that end together, the one earned first."""
    holding = [each for each in passes if each.completed_at <= at < each.valid_until]
    return min(holding, key=lambda each: (-each.valid_until.timestamp(), each.completed_at), default=None)


def _asked_last(facts: Facts, at: datetime) -> Asked | None:
    return max(
        (each for each in facts.asked if each.opens_at <= at), key=lambda each: each.opens_at, default=None
    )


def _coming(facts: Facts, at: datetime) -> Asked | None:
    return min(
        (each for each in facts.asked if each.opens_at > at), key=lambda each: each.opens_at, default=None
    )


def _newest_period(facts: Facts, at: datetime) -> str:
    begun = [each.name for each in facts.periods if each.starts_at <= at]
    return begun[-1] if begun else facts.periods[0].name


def _passes(facts: Facts) -> list[Pass]:
    found = []
    for index, period in enumerate(facts.periods):
        shown = [each for each in facts.shown if each.period == period.name]
        for parts in facts.alternatives if shown else ():
            last = _completing(parts, shown)
            if last:
                found.append(_pass(facts, index, last))
    return found


def _completing(parts: tuple[str, ...], shown: list[Shown]) -> Shown | None:
    """The evidence with which the last of the parts was first shown."""
    first: dict[str, Shown] = {}
    for each in sorted(shown, key=lambda each: (each.shown_at, each.public_id)):
        first.setdefault(each.part, each)
    if not parts or not all(part in first for part in parts):
        return None
    return max((first[part] for part in parts), key=lambda each: (each.shown_at, each.public_id))


def _pass(facts: Facts, index: int, last: Shown) -> Pass:
    earned_in = facts.periods[index]
    late = facts.renews and last.shown_at >= earned_in.late_from and index + 1 < len(facts.periods)
    holds_through = facts.periods[index + 1] if late else earned_in
    return Pass(earned_in.name, last.shown_at, holds_through.ends_at, holds_through.renewal_opens_at, last)


def _instants(facts: Facts, passes: list[Pass]) -> Iterable[datetime]:
    """Every instant at which something could change."""
    for each in passes:
        yield from (each.completed_at, each.valid_until, each.renewal_opens_at)
    for asked in facts.asked:
        yield from (asked.opens_at, asked.due_at, asked.grace_until)
    yield from (begun_at for _period, begun_at in facts.begun)
    yield from (period.starts_at for period in facts.periods)
