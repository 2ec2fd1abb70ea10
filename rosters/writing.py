"""Carry plans out, with a constant number of statements for each batch of people."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime

import sqlalchemy as sa

from core.database import db, table_of
from people.roster_models import RosterInterval
from rosters.batches import batched
from rosters.entries import RosterFile
from rosters.intervals import Known, Plan

_table = table_of(RosterInterval)
AT_ONCE = 500


def read_intervals(person_ids: Iterable[int], source: str) -> dict[int, list[Known]]:
    """{person id: every row of this source, also those that are over}"""
    found: dict[int, list[Known]] = {}
    wanted = sa.select(
        _table.c.id, _table.c.person_id, _table.c.building_id, _table.c.audience, _table.c.job, _table.c.grade,
        _table.c.starts_at, _table.c.ends_at,
    ).where(_table.c.person_id.in_(list(person_ids)), _table.c.source == source)  # fmt: skip
    for row in db.execute(wanted.order_by(_table.c.id)):
        place = (row.building_id, row.audience)
        found.setdefault(row.person_id, []).append(
            Known(row.id, place, row.job, row.grade, row.starts_at, row.ends_at)
        )
    return found


def write_plans(district_id: int, source: str, plans: Mapping[int, Plan]) -> None:
    """{person id: plan}"""
    new = [
        {
            "district_id": district_id,
            "person_id": person_id,
            "building_id": each.place[0],
            "audience": each.place[1],
            "job": each.job,
            "grade": each.grade,
            "starts_at": each.starts_at,
            "ends_at": each.ends_at,
            "source": source,
        }
        for person_id, plan in plans.items()
        for each in plan.open
    ]
    changes = {row_id: change for plan in plans.values() for row_id, change in plan.change.items()}
    dropped = [row_id for plan in plans.values() for row_id in plan.drop]
    for columns in {tuple(sorted(change)) for change in changes.values()}:
        db.connection().execute(
            sa.update(_table)
            .where(_table.c.id == sa.bindparam("row_id"))
            .values({name: sa.bindparam(f"new_{name}", type_=_table.c[name].type) for name in columns}),
            [
                {"row_id": row_id} | {f"new_{name}": value for name, value in change.items()}
                for row_id, change in changes.items()
                if tuple(sorted(change)) == columns
            ],
        )
    if dropped:
        db.execute(sa.delete(_table).where(_table.c.id.in_(dropped)))
    if new:
        db.connection().execute(sa.insert(_table), new)


def close_missing(
    district_id: int, file: RosterFile, seen: Collection[int], at: datetime
) -> tuple[Counter[str], int, list[int]]:
    """End every interval of this source of people the file does not name.

    Returns how many people of each audience have left, how many intervals ended, and the people's ids.
    """
    rows = db.execute(
        sa.select(_table.c.id, _table.c.person_id, _table.c.audience, _table.c.starts_at)
        .where(
            _table.c.district_id == district_id,
            _table.c.source == file.kind,
            _table.c.audience.in_(sorted(file.audiences)),
            sa.or_(_table.c.ends_at.is_(None), _table.c.ends_at > at),
        )
        .execution_options(yield_per=2000)
    )
    missing = [row for row in rows if row.person_id not in seen]
    begun = [row.id for row in missing if row.starts_at < at]
    dropped = [row.id for row in missing if row.starts_at >= at]
    for ids in batched(begun, AT_ONCE):
        db.execute(sa.update(_table).where(_table.c.id.in_(ids)).values(ends_at=at))
    for ids in batched(dropped, AT_ONCE):
        db.execute(sa.delete(_table).where(_table.c.id.in_(ids)))
    left = Counter(audience for _, audience in {(row.person_id, row.audience) for row in missing})
    return left, len(missing), sorted({row.person_id for row in missing})
