"""Give everything that is sealed another key: DATA_KEY was changed, and the old one stands in DATA_KEYS_OLD.

Columns are found by their type, so a new one is in it. A portion is a transaction; a value is replaced only where it
still is what was read, so the service goes on meanwhile. What is under the present key is passed over, so a second
run goes on where a killed one was.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import sqlalchemy as sa

from core.database import Base, db, only_reading, transaction
from core.sealed import CanNotUnseal, Sealed, is_sealed_now, seal, unseal

AT_ONCE = 200


@dataclass
class Found:
    """Of one column: how many values it has, how many were under an old key, how many are under none that we have."""

    column: str
    values: int = 0
    old: int = 0
    unreadable: int = 0


def reseal(*, look: bool = False) -> list[Found]:
    """Every sealed column. `look` changes nothing, and `old` is then what is left."""
    return [_reseal(column, look=look) for column in sealed_columns()]


def sealed_columns() -> list[sa.Column[str]]:
    tables = Base.metadata.sorted_tables
    return [column for table in tables for column in table.columns if isinstance(column.type, Sealed)]


def _reseal(column: sa.Column[str], *, look: bool) -> Found:
    found = Found(f"{column.table.name}.{column.name}")
    for rows in _portions(column):
        anew = []
        for number, stored in rows:
            found.values += 1
            if is_sealed_now(stored):
                continue
            try:
                anew.append({"number": number, "stored": stored, "anew": seal(unseal(stored))})
            except CanNotUnseal:
                found.unreadable += 1
        found.old += len(anew)
        if anew and not look:
            _replace(column, anew)
    return found


def _portions(column: sa.Column[str]) -> Iterator[list[tuple[int, str]]]:
    """Values as they are stored, by number."""
    key, last = column.table.c.id, 0
    stored = sa.type_coerce(column, sa.Text)
    while True:
        with only_reading():
            wanted = (
                sa.select(key, stored).where(key > last, stored.is_not(None)).order_by(key).limit(AT_ONCE)
            )
            rows = [(number, value) for number, value in db.execute(wanted)]
        if not rows:
            return
        yield rows
        last = rows[-1][0]


def _replace(column: sa.Column[str], anew: list[dict[str, object]]) -> None:
    table = column.table
    unchanged = sa.and_(
        table.c.id == sa.bindparam("number"),
        sa.type_coerce(column, sa.Text) == sa.bindparam("stored", type_=sa.Text),
    )
    statement = sa.update(table).where(unchanged).values({column: sa.bindparam("anew", type_=sa.Text)})
    with transaction():
        db.connection().execute(statement, anew)
