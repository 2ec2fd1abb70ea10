"""Statements over the tables of the inventory: whose a row is, and when its term begins to run."""

import sqlalchemy as sa

from held.inventory import table_called
from held.shape import Held
from held.tables import INVENTORY


def reach(held: Held) -> tuple[sa.FromClause, sa.ColumnElement[int]]:
    """(the table, joined to what it hangs from; the column that says whom a row is about)."""
    table = table_called(held.table)
    if held.table == "person":
        return table, table.c.id
    if held.parent == "person":
        return table, table.c[held.about]
    source, person_id = reach(INVENTORY[held.parent])
    return table.join(source, table.c[held.about] == table_called(held.parent).c.id), person_id


def about(held: Held, person_id: int) -> sa.ColumnElement[bool]:
    """Whether a row of this table is about the person; for SELECT and DELETE on the table alone."""
    table = table_called(held.table)
    if held.table == "person":
        return table.c.id == person_id
    if held.parent == "person":
        return table.c[held.about] == person_id
    parent = table_called(held.parent)
    return table.c[held.about].in_(sa.select(parent.c.id).where(about(INVENTORY[held.parent], person_id)))


def period_of(held: Held) -> sa.ColumnElement[object] | None:
    """The school year's number or the instant its term is counted from, in the row itself or in what it hangs from."""
    columns = [_column(held, name) for name in held.period]
    if not columns:
        return None
    return columns[0] if len(columns) == 1 else sa.func.coalesce(*columns)


def counted_by_year(held: Held) -> bool:
    return held.period == ("school_year_id",)


def children_first() -> list[Held]:
    """The inventory in an order in which rows can be removed. Evidence goes first of all: while it is counted
    (privacy.deliveries), the roster still says at which school and in which grade it was."""
    order = [table.name for table in reversed(table_called("person").metadata.sorted_tables)]
    return sorted(INVENTORY.values(), key=lambda held: (held.table != "evidence", order.index(held.table)))


def hanging_from(held: Held) -> list[Held]:
    """Tables whose rows go with a row of this one, as answers go with their attempt."""
    if held.table == "person":
        return []
    return [each for each in INVENTORY.values() if each.parent == held.table]


def _column(held: Held, name: str) -> sa.ColumnElement[object]:
    table = table_called(held.table)
    return table.c[name] if name in table.c else _column(INVENTORY[held.parent], name)
