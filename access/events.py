"""What a change of a standing looks like to those who follow the log: one shape for webhooks and for pulling.

    {"id": "evt_evergreen_184467", "type": "standing.changed", "timestamp": "2026-11-24T07:00:00Z",
     "data": {"person": "p_9aYkW2", "requirement": "rua", "state": "complete", "access": "allow",
              "previous_access": "limited", "seq": 184467}}

No name, and not why: an exemption's and a revocation's reasons are nobody's business but the personnel office's.
Whoever needs more asks for the person, which is noted as a disclosure.
"""

from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa

from access.models import StandingChange
from core.database import db
from people.models import District, Person

CHANGED = "standing.changed"


def event_id(district: District, seq: int) -> str:
    """The same for the same change, whoever is told and however often: receivers know by it what they have had."""
    return f"evt_{district.slug}_{seq}"


def events_after(district: District, seq: int, limit: int) -> list[dict[str, Any]]:
    """The next `limit` events of the district's log after a number, in its order, in one query."""
    rows = db.execute(
        sa.select(StandingChange, Person.public_id)
        .join(Person, Person.id == StandingChange.person_id)
        .where(StandingChange.district_id == district.id, StandingChange.seq > seq)
        .order_by(StandingChange.seq)
        .limit(limit)
    )
    return [_event(district, change, public_id) for change, public_id in rows]


def stamp(at: datetime) -> str:
    """2026-11-24T07:00:00Z"""
    return f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


def _event(district: District, change: StandingChange, public_id: str) -> dict[str, Any]:
    return {
        "id": event_id(district, change.seq),
        "type": CHANGED,
        "timestamp": stamp(change.at),
        "data": {
            "person": public_id,
            "requirement": change.requirement,
            "state": change.state,
            "access": change.access,
            "previous_access": change.previous_access,
            "seq": change.seq,
        },
    }
