"""Have the standing of everybody a roster has changed looked at again."""

from collections.abc import Sequence

import sqlalchemy as sa

from completion import reviews
from completion.models import Assignment
from core.database import db
from rosters.batches import batched

AT_ONCE = 500


def mark_changed(district_id: int, person_ids: Sequence[int]) -> None:
    """Under whatever was ever asked of them; who owes nothing yet is looked at when it is."""
    for ids in batched(person_ids, AT_ONCE):
        owing: dict[int, set[int]] = {}
        for person_id, requirement_id in db.execute(
            sa.select(Assignment.person_id, Assignment.requirement_id)
            .where(Assignment.district_id == district_id, Assignment.person_id.in_(ids))
            .distinct()
        ):
            owing.setdefault(requirement_id, set()).add(person_id)
        for requirement_id, people in sorted(owing.items()):
            reviews.mark_all(district_id, people, [requirement_id])
