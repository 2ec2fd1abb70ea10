"""Who was erased, for those who follow the district's log of standings."""

from datetime import datetime

import sqlalchemy as sa

from core.database import db
from privacy.models import Erasure


def erased_after(district_id: int, seq: int, limit: int) -> list[tuple[int, str, datetime]]:
    """[(number in the log, public id, when)] after a number, in its order, without whoever had no standing."""
    wanted = (
        sa.select(Erasure.seq, Erasure.person, Erasure.at)
        .where(Erasure.district_id == district_id, Erasure.seq > seq)
        .order_by(Erasure.seq)
        .limit(limit)
    )
    return [(number, person, at) for number, person, at in db.execute(wanted) if number is not None]
