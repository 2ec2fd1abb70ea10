"""Where somebody stands under a requirement: one pure function of facts and an instant, and nothing else decides.

Rows are tried from the top; intervals are half-open (from <= t < until).

    not_applicable  the roster has spoken of them, and does not have them (now)
    revoked         their access was withdrawn
    not_applicable  the person is not of the requirement's audience
    exempt          nothing is asked of them for a while
    complete        a pass holds, under the version of the agreement that is required
    expiring        the same, and it ends soon; it may be renewed for the next year now
    reattest_due    a pass holds under an earlier version of an agreement that was changed materially; they have until
                    a day to sign it again, and after that day the clocks of `overdue` and `expired` run
    not_due         nothing is asked yet, or the year in which it was asked is over and it was done
    assigned        asked, nothing begun, before the due date
    in_progress     asked and begun, before the due date
    overdue         due date passed, grace still runs
    expired         grace is over
    not_applicable  it was never asked of them

Of whom the roster has never spoken the first row says nothing: a district that has imported no roster yet, or a
substitute who is only in the LMS, is judged by what the LMS tells us. To have left one must have been there.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from completion.known import Asked, Facts
from completion.passes import Pass, passes_of

STATES = (
    "complete", "expiring", "reattest_due", "exempt", "not_due", "assigned", "in_progress", "overdue", "expired",
    "revoked", "not_applicable",
)  # fmt: skip
"""Best first, so far as they can be compared."""


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


def state_at(facts: Facts, at: datetime) -> State:
    passes = passes_of(facts)
    state = _decide(facts, passes, at)
    # Nothing changes between two neighbouring instants of this list, so the first that differs is the next change.
    for instant in sorted(each for each in set(_instants(facts, passes)) if each > at):
        if _decide(facts, passes, instant) != state:
            return replace(state, next_change_at=instant)
    return state


def present_state(facts: Facts, at: datetime) -> str:
    """The word alone, without looking ahead: where many people are counted."""
    return _decide(facts, passes_of(facts), at).state


def _decide(facts: Facts, passes: list[Pass], at: datetime) -> State:
    return _whatever_was_shown(facts, at) or _by_what_was_shown(facts, passes, at)


def _whatever_was_shown(facts: Facts, at: datetime) -> State | None:
    """The rows that no evidence changes."""
    period = _newest_period(facts, at)
    if facts.roster is not None and not any(each.holds(at) for each in facts.roster):
        was_there = any(each.starts_at <= at for each in facts.roster)
        return State("not_applicable", "separated" if was_there else "not_on_roster", period)
    if is_revoked(facts, at):
        return State("revoked", "revoked", period)
    if not facts.belongs:
        return State("not_applicable", "other_audience", period)
    if any(each.holds(at) for each in facts.exempt):
        return State("exempt", "exempt", period)
    return None


def is_revoked(facts: Facts, at: datetime) -> bool:
    """Whether a revocation is in force, also of somebody who has left."""
    return any(each.holds(at) for each in facts.revoked)


def _by_what_was_shown(facts: Facts, passes: list[Pass], at: datetime) -> State:
    holding = [each for each in passes if each.completed_at <= at < each.valid_until]
    current = [each for each in holding if not each.outdated_by(facts.revisions, at)]
    if current:
        return _while_held(facts, min(current, key=_longest_first), at)
    by_clock = _while_asked(facts, passes, at)
    if holding:
        by_revision = _while_outdated(facts, holding, at)
        # What was signed once must not stand lower than nothing signed at all.
        return min(by_revision, by_clock, key=_rank) if by_clock else by_revision
    return by_clock or _while_not_asked(facts, at)


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


def _while_outdated(facts: Facts, holding: list[Pass], at: datetime) -> State:
    """Of several passes, the one that lets in longest; of several revisions of its text, the first that is due."""
    due = {
        each: min(each.outdated_by(facts.revisions, at), key=lambda revision: revision.reattest_by)
        for each in holding
    }
    held = min(holding, key=lambda each: (-due[each].reattest_by.timestamp(), *_longest_first(each)))
    due_at, grace_until = _extended(facts, at, due[held].reattest_by, due[held].grace_until)
    if at >= due_at:
        state = "overdue" if at < grace_until else "expired"
        return State(state, "revised", held.period, due_at=due_at, grace_until=grace_until)
    return State(
        "reattest_due",
        "revised",
        held.period,
        completed_at=held.completed_at,
        valid_until=min(held.valid_until, due_at),
        due_at=due_at,
        grace_until=grace_until,
        evidence=held.last.public_id,
        policy_version=held.last.version,
    )


def _while_asked(facts: Facts, passes: list[Pass], at: datetime) -> State | None:
    """None where nothing was asked yet."""
    asked = _asked_last(facts, at)
    if asked is None:
        return None
    done = [each for each in passes if each.period == asked.period and each.valid_until <= at]
    if not facts.renews and any(not each.cut for each in done):
        return State("not_due", "year_over", asked.period)
    due_at, grace_until = _dates(facts, asked, at)
    if at >= grace_until:
        earlier = any(each.completed_at <= at for each in passes)
        state, reason = "expired", "ran_out" if earlier else "never_completed"
    else:
        reason = _history(facts, passes, asked)
        if at >= due_at:
            state = "overdue"
        else:
            begun = any(period == asked.period and begun_at <= at for period, begun_at in facts.begun)
            state = "in_progress" if begun else "assigned"
    return State(state, reason, asked.period, due_at=due_at, grace_until=grace_until)


def _while_not_asked(facts: Facts, at: datetime) -> State:
    coming = _coming(facts, at)
    if coming:
        return State(
            "not_due", "not_open_yet", coming.period, due_at=coming.due_at, grace_until=coming.grace_until
        )
    return State("not_applicable", "not_assigned", _newest_period(facts, at))


def _dates(facts: Facts, asked: Asked, at: datetime) -> tuple[datetime, datetime]:
    known = [each for each in facts.restarts if each.known_from <= at]
    due_at = max([asked.due_at, *(each.due_at for each in known)])
    return _extended(facts, at, due_at, max([asked.grace_until, *(each.grace_until for each in known)]))


def _extended(
    facts: Facts, at: datetime, due_at: datetime, grace_until: datetime
) -> tuple[datetime, datetime]:
    """The same, or later where more time was given and not taken back. A date that is earlier than what all others
    have changes nothing."""
    given = [each for each in facts.extended if each.given.holds(at)]
    return (
        max([due_at, *(each.due_at for each in given)]),
        max([grace_until, *(each.grace_until for each in given)]),
    )


def _history(facts: Facts, passes: list[Pass], asked: Asked) -> str:
    """How somebody came to owe it: district policy may treat a newcomer otherwise than who did it last year.

    Who did it unasked long ago has let nothing lapse: it must not count against them.
    """
    if any(each.completed_at < asked.opens_at <= each.valid_until for each in passes):
        return "returning"
    if any(each.opens_at < asked.opens_at for each in facts.asked):
        return "lapsed"
    return "newcomer" if asked.basis == "joined_late" else "first_year"


def _longest_first(held: Pass) -> tuple[float, datetime, str]:
    """The pass that holds longest; of two that end together, the one earned first."""
    return -held.valid_until.timestamp(), held.completed_at, held.last.public_id


def _rank(state: State) -> int:
    return STATES.index(state.state)


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


def _instants(facts: Facts, passes: list[Pass]) -> Iterable[datetime]:
    """Every instant at which something could change."""
    for each in passes:
        yield from (each.completed_at, each.valid_until, each.renewal_opens_at)
    for asked in facts.asked:
        yield from (asked.opens_at, asked.due_at, asked.grace_until)
    given = (each.given for each in facts.extended)
    for span in (*(facts.roster or ()), *facts.revoked, *facts.exempt, *given):
        yield span.starts_at
        if span.ends_at is not None:
            yield span.ends_at
    for restart in facts.restarts:
        yield from (restart.known_from, restart.due_at, restart.grace_until)
    for extended in facts.extended:
        yield from (extended.due_at, extended.grace_until)
    for revision in facts.revisions:
        yield from (revision.effective_at, revision.reattest_by, revision.grace_until)
    yield from (begun_at for _period, begun_at in facts.begun)
    yield from (period.starts_at for period in facts.periods)
