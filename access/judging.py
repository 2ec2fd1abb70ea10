"""The verdict on a case: its state, the stage its building is at, and when the clock alone changes either."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime

import sqlalchemy as sa

from access.enforcement import Enforcement, Step, Verdict, judge
from access.models import AccessPolicy, EnforcementStep
from completion.facts import Case, buildings_at
from completion.states import State, is_revoked
from core.database import db

Enforcements = dict[tuple[int, str], Enforcement]
"""{(district id, audience): what it says}; who is missing has said nothing."""
UNSAID = Enforcement()


def enforcements(district_ids: Iterable[int]) -> Enforcements:
    """Of these districts, in two queries."""
    ids = list(district_ids)
    mappings: dict[tuple[int, str], dict[int | None, dict[str, str]]] = defaultdict(dict)
    for policy in db.scalars(sa.select(AccessPolicy).where(AccessPolicy.district_id.in_(ids))):
        mappings[policy.district_id, policy.audience][policy.building_id] = policy.mapping
    steps: dict[tuple[int, str], dict[int | None, list[Step]]] = defaultdict(lambda: defaultdict(list))
    for step in db.scalars(
        sa.select(EnforcementStep)
        .where(EnforcementStep.district_id.in_(ids))
        .order_by(EnforcementStep.enforce_from, EnforcementStep.id)
    ):
        steps[step.district_id, step.audience][step.building_id].append((step.enforce_from, step.stage))
    return {
        key: Enforcement(
            mapping=mappings[key].get(None, {}),
            steps=steps[key].get(None, ()),
            building_mappings={each: found for each, found in mappings[key].items() if each is not None},
            building_steps={each: found for each, found in steps[key].items() if each is not None},
        )
        for key in mappings.keys() | steps.keys()
    }


def verdict(case: Case, state: State, at: datetime, found: Enforcements) -> Verdict:
    return judge(
        found.get((case.district_id, case.audience), UNSAID),
        at,
        state=state.state,
        reason=state.reason,
        audience=case.audience,
        buildings=buildings_at(case.buildings, at),
        revoked=is_revoked(case.facts, at),
    )


def next_change_at(case: Case, state: State, at: datetime, found: Enforcements) -> datetime | None:
    """The first instant after `at` at which the state or the verdict changes by itself, or may, since the rules of
    another building begin to hold."""
    present = verdict(case, state, at, found)
    moves = case.rules_change_at if case.rules_change_at is not None and case.rules_change_at > at else None
    until = min((each for each in (state.next_change_at, moves) if each is not None), default=None)
    for instant in sorted(each for each in set(_instants(case, found)) if each > at):
        if until is not None and instant >= until:
            break
        if verdict(case, state, instant, found) != present:
            return instant
    return until


def _instants(case: Case, found: Enforcements) -> Iterable[datetime]:
    yield from found.get((case.district_id, case.audience), UNSAID).instants()
    for span in (*(span for span, _building_id in case.buildings), *case.facts.revoked):
        yield span.starts_at
        if span.ends_at is not None:
            yield span.ends_at
