"""Whose record was merged into another's, read from the other side: where somebody is to be found now."""

from collections.abc import Collection

import sqlalchemy as sa

from core.database import db
from people.merge_models import Merge
from people.models import Person


def found_at(district_id: int, person_ids: Collection[int]) -> dict[int, tuple[int, str]]:
    """{person id: (person id, public id) of whoever holds their records now}, of those that were merged.

    One query, however often they were merged on. There is no ring: whose record is gone, into that none is merged.
    """
    if not person_ids:
        return {}
    holds = sa.and_(Merge.district_id == district_id, Merge.undone_at.is_(None))
    first = sa.select(
        Merge.gone_id.label("gone_id"), Merge.kept_id.label("kept_id"), sa.literal(1).label("steps")
    ).where(holds, Merge.gone_id.in_(person_ids))
    chain = first.cte("chain", recursive=True)
    chain = chain.union_all(
        sa.select(chain.c.gone_id, Merge.kept_id, chain.c.steps + 1).join(
            Merge, sa.and_(Merge.gone_id == chain.c.kept_id, holds)
        )
    )
    rows = db.execute(
        sa.select(chain.c.gone_id, Person.id, Person.public_id)
        .join(Person, Person.id == chain.c.kept_id)
        .order_by(chain.c.steps)
    )
    return {gone_id: (kept_id, public_id) for gone_id, kept_id, public_id in rows}


def not_merged(
    person_id: sa.ColumnElement[int] | sa.orm.InstrumentedAttribute[int],
) -> sa.ColumnElement[bool]:
    """A condition on a column that names a person."""
    return ~sa.exists().where(Merge.gone_id == person_id, Merge.undone_at.is_(None))


def was_taken_back(kept: Person, gone: Person) -> bool:
    """Whether somebody has undone a merge of these two."""
    undone = sa.select(Merge.id).where(
        Merge.kept_id == kept.id, Merge.gone_id == gone.id, Merge.undone_at.is_not(None)
    )
    return db.scalar(undone.limit(1)) is not None
