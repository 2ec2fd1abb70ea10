"""A delta that comes late changes nobody back: of each person the newest word of a source stands."""

from collections.abc import Sequence

import sqlalchemy as sa

from core.database import db
from rosters.matching import Match
from rosters.models import KeyChange


def not_overtaken(source: str, found: Sequence[Match]) -> list[Match]:
    """Rows as new as, or newer than, what the source said last of the same person."""
    ids = [each.person_id for each in found if each.person_id is not None]
    rows = db.execute(
        sa.select(KeyChange.person_id, KeyChange.modified_at).where(
            KeyChange.source == source, KeyChange.person_id.in_(ids)
        )
    )
    known = dict(rows.all())
    return [
        each
        for each in found
        if each.entry.modified is None
        or each.person_id not in known
        or each.entry.modified >= known[each.person_id]
    ]


def note_changes(district_id: int, source: str, found: Sequence[Match]) -> None:
    """This is the newest word now."""
    said = {each.person_id: each.entry.modified for each in found if each.entry.modified is not None}
    rows = db.scalars(
        sa.select(KeyChange).where(KeyChange.source == source, KeyChange.person_id.in_(list(said)))
    )
    for row in rows:
        row.modified_at = said.pop(row.person_id) or row.modified_at
    db.add_all(
        KeyChange(district_id=district_id, person_id=person_id, source=source, modified_at=modified)
        for person_id, modified in said.items()
    )
    db.flush()
