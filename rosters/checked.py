"""Rows through their schema: what fits comes out, what does not goes to the errors with its file and line."""

from collections.abc import Iterable, Iterator
from typing import Any

from marshmallow import Schema, ValidationError

from rosters.bounds import Errors
from rosters.csv_rows import Row


def checked(
    rows: Iterable[Row], schema: Schema, name: str, errors: Errors
) -> Iterator[tuple[int, dict[str, Any]]]:
    """(line, values)"""
    for row in rows:
        try:
            read: dict[str, Any] = schema.load(row.cells)
        except ValidationError as error:
            for column, words in sorted(error.messages_dict.items(), key=str):
                errors.add(name, row.line, f"{column} {'; '.join(map(str, words))}")
        else:
            yield row.line, read


class Once:
    """Keys of one file, each of which may stand there once. Kept as 16 bytes, however long they are."""

    def __init__(self, name: str, column: str, errors: Errors) -> None:
        self.name, self.column, self.errors = name, column, errors
        self.seen: set[str] = set()

    def new(self, key: str, line: int) -> bool:
        if key in self.seen:
            self.errors.add(self.name, line, f"{self.column} stands in the file already")
            return False
        self.seen.add(key)
        return True
