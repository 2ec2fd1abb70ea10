"""What happened in a district, as those who follow its log are told: one shape for webhooks and for pulling.

    {"id": "evt_evergreen_184467", "type": "standing.changed", "timestamp": "2026-11-24T07:00:00Z",
     "data": {"person": "p_9aYkW2", "requirement": "rua", "state": "complete", "access": "allow",
              "previous_state": "assigned", "previous_access": "limited", "seq": 184467}}

No name, and not why: an exemption's and a revocation's reasons are nobody's business but the personnel office's.
Whoever needs more asks for the person, which is noted as a disclosure. Access that was withdrawn or given back is a
change to or from the state `revoked`, and no event beside it that could say another thing.
"""

from collections.abc import Collection
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa

from access.event_models import DistrictEvent
from access.models import StandingChange
from access.removals import erased_after
from core.database import db
from people.models import District, Person

CHANGED, ERASED = "standing.changed", "person.erased"
OF_DISTRICTS = ("roster.imported", "sync.guard_tripped", "policy.published", "period.opened")
"""About no person: access.district_events writes them down."""
TYPES = (CHANGED, ERASED, *OF_DISTRICTS)


def event_id(district: District, seq: int) -> str:
    """The same for the same event, whoever is told and however often: receivers know by it what they have had."""
    return f"evt_{district.slug}_{seq}"


def events_after(
    district: District, seq: int, limit: int, types: Collection[str] = TYPES
) -> list[dict[str, Any]]:
    """The next `limit` events of these types in the district's log after a number, in its order: one query for what
    happened to standings, one for erasures, one for the rest."""
    found: list[tuple[int, str, datetime, dict[str, Any]]] = []
    if CHANGED in types:
        found += _changes(district, seq, limit)
    if ERASED in types:
        found += [
            (each.seq, ERASED, each.at, {"person": each.public_id})
            for each in erased_after(district.id, seq, limit)
        ]
    if wanted := [each for each in OF_DISTRICTS if each in types]:
        found += _of_district(district, seq, limit, wanted)
    in_order = sorted(found, key=lambda each: each[0])[:limit]
    return [_event(district, *each) for each in in_order]


def stamp(at: datetime) -> str:
    """2026-11-24T07:00:00Z"""
    return f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


def _changes(district: District, seq: int, limit: int) -> list[tuple[int, str, datetime, dict[str, Any]]]:
    rows = db.execute(
        sa.select(StandingChange, Person.public_id)
        .join(Person, Person.id == StandingChange.person_id)
        .where(StandingChange.district_id == district.id, StandingChange.seq > seq)
        .order_by(StandingChange.seq)
        .limit(limit)
    )
    return [
        (
            change.seq,
            CHANGED,
            change.at,
            {
                "person": public_id,
                "requirement": change.requirement,
                "state": change.state,
                "access": change.access,
                "previous_state": change.previous_state,
                "previous_access": change.previous_access,
            },
        )
        for change, public_id in rows
    ]


def _of_district(
    district: District, seq: int, limit: int, types: Collection[str]
) -> list[tuple[int, str, datetime, dict[str, Any]]]:
    rows = db.scalars(
        sa.select(DistrictEvent)
        .where(
            DistrictEvent.district_id == district.id,
            DistrictEvent.seq > seq,
            DistrictEvent.type.in_(types),
        )
        .order_by(DistrictEvent.seq)
        .limit(limit)
    )
    return [(row.seq, row.type, row.at, row.data) for row in rows]


def _event(district: District, seq: int, type_: str, at: datetime, data: dict[str, Any]) -> dict[str, Any]:
    return {
        "id": event_id(district, seq),
        "type": type_,
        "timestamp": stamp(at),
        "data": {**data, "seq": seq},
    }
