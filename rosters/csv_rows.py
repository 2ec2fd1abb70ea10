"""Rows of a CSV file as a stream: UTF-8, a head that names the columns, every row as long as its head."""

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import IO

from rosters.bounds import LONGEST_FIELD, LONGEST_LINE, MOST_ROWS, Errors, RosterRefused, echo

OTHER_MARKS = {b"\xff\xfe": "UTF-16", b"\xfe\xff": "UTF-16", b"\x00\x00\xfe\xff": "UTF-32"}
BYTE_ORDER_MARK = b"\xef\xbb\xbf"

NEVER_TEXT = dict.fromkeys([*range(32), 127])
"""Control characters: no name of anything has them, and PostgreSQL refuses some."""


@dataclass(frozen=True, slots=True)
class Row:
    line: int
    """1-based, of the line the row ends on, as an editor shows it."""
    cells: dict[str, str]


def read_rows(stream: IO[bytes], name: str, needed: Sequence[str], errors: Errors) -> Iterator[Row]:
    """Each row by its column names; cells trimmed. A row that does not fit goes to `errors` and is left out.

    Raises RosterRefused where going on makes no sense: an encoding that is not UTF-8, a head without a column that
    is needed, a line or a field that is too long, more rows than anybody has, or no CSV at all.
    """
    sheet = csv.reader(_lines(stream, name), strict=True)
    head: list[str] = []
    rows = 0
    try:
        head = [cell.strip() for cell in next(sheet, [])]
        _check_head(head, name, needed)
        for cells in sheet:
            if not any(cell.strip() for cell in cells):
                continue
            rows += 1
            if rows > MOST_ROWS:
                raise RosterRefused(f"{name} has more than {MOST_ROWS:,} rows")
            if len(cells) != len(head):
                words = f"has {len(cells)} fields where the head names {len(head)}"
                errors.add(name, sheet.line_num, words)
                continue
            if any(len(cell) > LONGEST_FIELD for cell in cells):
                raise RosterRefused(
                    f"{name}:{sheet.line_num}: a field has more than {LONGEST_FIELD:,} characters"
                )
            trimmed = (cell.translate(NEVER_TEXT).strip() for cell in cells)
            yield Row(sheet.line_num, dict(zip(head, trimmed, strict=True)))
    except csv.Error as error:
        raise RosterRefused(f"{name}:{sheet.line_num}: this is not CSV: {error}") from error


def _check_head(head: list[str], name: str, needed: Sequence[str]) -> None:
    missing = [column for column in needed if column not in head]
    if missing:
        raise RosterRefused(f"{name}: the first line must name the columns; missing: {', '.join(missing)}")
    twice = sorted({column for column in head if column and head.count(column) > 1})
    if twice:
        raise RosterRefused(f"{name}: the first line names {', '.join(map(echo, twice))} twice")


def _lines(stream: IO[bytes], name: str) -> Iterator[str]:
    """Decoded lines, none longer than memory may take."""
    number = 0
    while raw := stream.readline(LONGEST_LINE + 1):
        number += 1
        if number == 1:
            raw = _without_mark(raw, name)
        if len(raw) > LONGEST_LINE:
            raise RosterRefused(f"{name}:{number}: the line has more than {LONGEST_LINE:,} bytes")
        if b"\x00" in raw:
            raise RosterRefused(f"{name}:{number}: there is a NUL; save the file as UTF-8 and try again")
        try:
            yield raw.decode()
        except UnicodeDecodeError:
            raise RosterRefused(
                f"{name}:{number}: this is not UTF-8 (perhaps Latin-1 or Windows-1252); "
                "save the file as UTF-8 and try again"
            ) from None


def _without_mark(raw: bytes, name: str) -> bytes:
    for mark, encoding in OTHER_MARKS.items():
        if raw.startswith(mark):
            raise RosterRefused(f"{name} is {encoding}; save it as UTF-8 and try again")
    return raw.removeprefix(BYTE_ORDER_MARK)
