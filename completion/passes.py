"""When the requirement was met: the stretches of time that evidence earns. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import product

from completion.known import Facts, Revision, Shown


@dataclass(frozen=True)
class Pass:
    """A stretch of time for which the requirement is met: completed_at <= t < valid_until."""

    period: str
    completed_at: datetime
    valid_until: datetime
    renewal_opens_at: datetime
    by: tuple[Shown, ...]
    """The evidence of each part."""
    cut: bool
    """It ended because the person must show everything anew, and not with its time."""

    @property
    def last(self) -> Shown:
        """The evidence that completed it."""
        return max(self.by, key=_order)

    def outdated_by(self, revisions: Iterable[Revision], at: datetime) -> list[Revision]:
        """The revisions in effect at `at` of an agreement that was signed for this pass in an earlier version."""
        signed = {each.part: each.version for each in self.by}
        return [
            each
            for each in revisions
            if each.effective_at <= at and each.part in signed and signed[each.part] not in each.versions
        ]


def passes_of(facts: Facts) -> list[Pass]:
    """Every pass there is. Several may hold at once: by course and by agreement, or under two versions of a text."""
    found: list[Pass] = []
    cuts = [None, *sorted(facts.anew_from)]
    for since, until in zip(cuts, [*cuts[1:], None], strict=True):
        for index, period in enumerate(facts.periods):
            shown = [
                each
                for each in facts.shown
                if each.period == period.name and (since is None or each.shown_at >= since)
            ]
            for parts in facts.alternatives if shown else ():
                found += _passes_by(facts, index, parts, shown, until)
    return found


def _passes_by(
    facts: Facts, index: int, parts: tuple[str, ...], shown: list[Shown], until: datetime | None
) -> list[Pass]:
    """One for the evidence that first showed each part; and where an agreement among them was revised and signed
    again, one for each signature that satisfies more revisions than those before it."""
    choices = [_firsts(part, facts.revisions, shown) for part in parts]
    if not parts or not all(choices):
        return []
    found = (_pass(facts, index, by, until) for by in product(*choices))
    return [each for each in found if each is not None]


def _firsts(part: str, revisions: tuple[Revision, ...], shown: list[Shown]) -> list[Shown]:
    """The evidence that first showed this part, for each number of revisions that it satisfies."""
    first: dict[int, Shown] = {}
    for each in sorted((each for each in shown if each.part == part), key=_order):
        satisfied = sum(
            1 for revision in revisions if revision.part == part and each.version in revision.versions
        )
        first.setdefault(satisfied, each)
    return list(first.values())


def _pass(facts: Facts, index: int, by: tuple[Shown, ...], until: datetime | None) -> Pass | None:
    earned_in = facts.periods[index]
    completed_at = max(each.shown_at for each in by)
    late = facts.renews and completed_at >= earned_in.late_from and index + 1 < len(facts.periods)
    holds_through = facts.periods[index + 1] if late else earned_in
    cut = until is not None and until < holds_through.ends_at
    valid_until = until if cut and until is not None else holds_through.ends_at
    if completed_at >= valid_until:
        return None
    return Pass(earned_in.name, completed_at, valid_until, holds_through.renewal_opens_at, by, cut)


def _order(shown: Shown) -> tuple[datetime, str]:
    return shown.shown_at, shown.public_id
