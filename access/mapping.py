"""What a district says a state means for the network, where it differs from the defaults of access.policy."""

from collections.abc import Mapping

import sqlalchemy as sa

from access.models import AccessPolicy
from completion.reviews import mark_everybody
from core.database import db
from people.audit import Actor, record
from people.models import District
from people.roster_models import Building


def change_mapping(
    district: District,
    audience: str,
    changes: Mapping[str, str | None],
    actor: Actor,
    *,
    building: Building | None = None,
) -> dict[str, str]:
    """`changes`: {"expired": "deny", "assigned.newcomer": None}, sound ones; None takes a word back.

    Returns all that is said here now; a building's words are added to those of its district.
    """
    where = {
        "district_id": district.id,
        "audience": audience,
        "building_id": building.id if building else None,
    }
    row = db.scalars(sa.select(AccessPolicy).filter_by(**where).with_for_update()).one_or_none()
    if row is None:
        row = AccessPolicy(**where, mapping={})
        db.add(row)
    before: dict[str, str] = dict(row.mapping)
    after = {state: access for state, access in {**before, **changes}.items() if access is not None}
    if after != before:
        row.mapping = after
        db.flush()
        record(
            district.id, actor, "access_mapped", f"district:{district.slug}", audience=audience,
            building=building.key if building else None, before=before, after=after,
        )  # fmt: skip
        mark_everybody(district_id=district.id)
    return after
