"""Keep each person's standing true, and number every change of one in the district's log.

The worker alone writes here.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from access.judging import Enforcements, enforcements, next_change_at, verdict
from access.log_numbers import draw_numbers
from access.models import Standing, StandingChange
from completion import reviews
from completion.facts import Case, gather
from completion.states import State, state_at
from core.clock import now
from core.database import db, insert_for

BATCH = 200

OF_STATE = (
    "period", "state", "reason", "completed_at", "valid_until", "due_at", "grace_until", "policy_version", "evidence",
)  # fmt: skip
SEEN_BY_READERS = (*OF_STATE, "audience", "access", "would_be", "next_change_at")

Key = tuple[int, str]
"""(person id, requirement key)"""
CaseKey = tuple[int, int]
"""(person id, requirement id)"""


@dataclass(frozen=True)
class Changed:
    """A standing that readers will see differently."""

    district_id: int
    key: Key
    before: Standing | None
    after: dict[str, Any]


def follow_reviews(limit: int = BATCH) -> int:
    """Worker step, one transaction: look at up to `limit` due reviews. Returns how many; 0 means all caught up.

    Any number of workers may run it at once: each takes reviews that no other has in hand.
    """
    at = now()
    claims = reviews.claim(limit, at)
    if not claims:
        return 0
    cases = gather([(each.person_id, each.requirement_id) for each in claims], at)
    states = {key: state_at(case.facts, at) for key, case in cases.items()}
    # Who was never asked has no standing: a teacher who tried a lesson is not overdue. Of whom it is not asked any
    # more, since another record took it over, readers are told.
    present = _present({person_id for person_id, _ in cases})
    owed = {
        key: case for key, case in cases.items() if case.owed or (case.person_id, case.requirement) in present
    }
    found = enforcements({case.district_id for case in owed.values()})
    seen = {key: _seen(case, states[key], at, found) for key, case in owed.items()}
    _write(_changed(owed, seen, present), at)
    next_at = {
        key: seen[key]["next_change_at"] if key in seen else states[key].next_change_at for key in cases
    }
    reviews.settle(claims, {each.id: next_at[each.person_id, each.requirement_id] for each in claims})
    return len(claims)


def _changed(
    owed: Mapping[CaseKey, Case], seen: Mapping[CaseKey, dict[str, Any]], present: Mapping[Key, Standing]
) -> list[Changed]:
    found = []
    for key, case in owed.items():
        after = seen[key]
        before = present.get((case.person_id, case.requirement))
        if before is not None and case.audience == "unknown":
            after["audience"] = before.audience  # a record that was merged into another was of some audience
        if before is None or any(getattr(before, name) != after[name] for name in SEEN_BY_READERS):
            found.append(Changed(case.district_id, (case.person_id, case.requirement), before, after))
    return found


def _seen(case: Case, state: State, at: datetime, found: Enforcements) -> dict[str, Any]:
    judged = verdict(case, state, at, found)
    return {
        **{name: getattr(state, name) for name in OF_STATE},
        "audience": case.audience,
        "access": judged.access,
        "would_be": judged.would_be,
        "next_change_at": next_change_at(case, state, at, found),
    }


def _write(changed: list[Changed], at: datetime) -> None:
    by_district: dict[int, list[Changed]] = defaultdict(list)
    for each in changed:
        by_district[each.district_id].append(each)
    standings, log = [], []
    for district_id in sorted(by_district):  # always in this order, so that two workers never wait in a ring
        first = draw_numbers(district_id, len(by_district[district_id]))
        for seq, each in enumerate(by_district[district_id], start=first):
            person_id, requirement = each.key
            row = {"district_id": district_id, "person_id": person_id, "requirement": requirement, "seq": seq}
            standings.append({**row, **each.after, "changed_at": at})
            log.append(
                {
                    **row,
                    **{name: each.after[name] for name in ("state", "access", "reason")},
                    "previous_state": each.before.state if each.before else None,
                    "previous_access": each.before.access if each.before else None,
                    "at": at,
                }
            )
    if standings:
        _upsert(standings)
        db.connection().execute(sa.insert(StandingChange), log)


def _upsert(rows: list[dict[str, Any]]) -> None:
    statement = insert_for(Standing)
    # The rows go beside the statement, not into it: written out with 200 rows it is compiled anew each time.
    db.connection().execute(
        statement.on_conflict_do_update(
            index_elements=["person_id", "requirement"],
            set_={name: statement.excluded[name] for name in (*SEEN_BY_READERS, "seq", "changed_at")},
        ),
        rows,
    )


def _present(person_ids: Iterable[int]) -> dict[Key, Standing]:
    rows = db.scalars(sa.select(Standing).where(Standing.person_id.in_(person_ids)))
    return {(row.person_id, row.requirement): row for row in rows}
