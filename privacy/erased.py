"""Who was erased, for those who follow the district's log of standings."""

import sqlalchemy as sa

from core.database import db
from privacy.models import Erasure


def erased_after(district_id: int, seq: int, limit: int) -> list[tuple[int, str]]:
    """[(number in the log, public id)] after a number, in its order. Whoever had no standing is not among them."""
    wanted = (
        sa.select(Erasure.seq, Erasure.person)
        .where(Erasure.district_id == district_id, Erasure.seq > seq)
        .order_by(Erasure.seq)
        .limit(limit)
    )
    return [(number, person) for number, person in db.execute(wanted) if number is not None]
