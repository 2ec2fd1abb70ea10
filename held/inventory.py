"""What the tables themselves say about people, for comparing with what the inventory says."""

import sqlalchemy as sa

from core.database import Base
from held.shape import ALWAYS
from held.tables import INVENTORY


def pointing_at_people() -> set[tuple[str, str]]:
    """(table, column) of every foreign key to a person, and of every one to a row that is about one."""
    tables = Base.metadata.sorted_tables
    about_people = {"person"}
    while True:
        found = {
            (table.name, key.parent.name)
            for table in tables
            for key in table.foreign_keys
            if key.column.table.name in about_people
        }
        grown = about_people | {name for name, _ in found}
        if grown == about_people:
            return found
        about_people = grown


def unnamed() -> list[str]:
    """What points at people or stands beside that and is not in the inventory, as `table.column`; empty when whole."""
    missing = {f"{table}.{column}" for table, column in pointing_at_people() if table not in INVENTORY}
    for name, held in INVENTORY.items():
        columns = set(table_called(name).columns.keys()) - ALWAYS
        missing |= {f"{name}.{column}" for column in columns - held.every_column}
    return sorted(missing)


def unknown() -> list[str]:
    """What the inventory names and no table has: left over from before."""
    found = []
    for name, held in INVENTORY.items():
        table = Base.metadata.tables.get(name)
        has = set(table.columns.keys()) if table is not None else set()
        found += [f"{name}.{column}" for column in held.every_column - has]
    return sorted(found)


def table_called(name: str) -> sa.Table:
    return Base.metadata.tables[name]
