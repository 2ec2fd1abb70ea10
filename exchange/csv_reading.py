"""CSV in the columns of our own export; `stem`, `text` and `correct` must be there, the others may be missing."""

import csv
import io
from collections.abc import Iterator, Mapping

from core.spreadsheets import as_meant
from exchange.bounds import FileRefused
from exchange.csv_writing import COLUMNS
from exchange.incoming import Answer, Incoming, short
from exchange.tags import read_tags

NEEDED = ("stem", "text", "correct")
TYPES = ("single", "multi", "spot", "order", "sort", "match")
YES = ("yes", "y", "x", "1", "true")
NO = ("", "no", "n", "0", "false")

Row = Mapping[str, str]


def csv_questions(text: str) -> list[Incoming]:
    """Raises FileRefused."""
    return [_question(rows) for rows in _grouped(_rows(text))]


def _rows(text: str) -> Iterator[Row]:
    sheet, head = csv.reader(io.StringIO(text, newline=""), strict=True), [""]
    try:
        head = [name.strip().lower() for name in next(sheet, [])]
        missing = [name for name in NEEDED if name not in head]
        if missing or len(set(head)) < len(head):
            raise FileRefused(
                f"the first line must name the columns, each once: {', '.join(COLUMNS)}; "
                f"missing: {', '.join(missing) or 'none'}"
            )
        for cells in sheet:
            if any(cells):
                yield {name: as_meant(cell) for name, cell in zip(head, cells, strict=True)}
    except (csv.Error, ValueError) as error:
        raise FileRefused(f"line {sheet.line_num} is not CSV with {len(head)} columns: {error}") from error


def _grouped(rows: Iterator[Row]) -> Iterator[list[Row]]:
    """Rows that follow each other with the same item, or where no item is named with the same stem."""
    group: list[Row] = []
    for row in rows:
        if group and _key(row) != _key(group[0]):
            yield group
            group = []
        group.append(row)
    if group:
        yield group


def _key(row: Row) -> str:
    return row.get("item") or row["stem"]


def _question(rows: list[Row]) -> Incoming:
    name = short(_key(rows[0]))
    kind = rows[0].get("type", "").strip() or _likely(rows)
    if kind not in TYPES:
        raise FileRefused(
            f"{name}: there is no place here for {short(kind)!r}; there is for {', '.join(TYPES)}"
        )
    rows = sorted(rows, key=lambda row: _place(row, name)) if kind == "order" else rows
    picked = kind in ("single", "multi", "spot")
    answers = tuple(
        Answer(
            row["text"], row.get("feedback", ""), picked and _is_right(row, name), row.get("goes_with", "")
        )
        for row in rows
    )
    if picked and not any(answer.correct for answer in answers):
        raise FileRefused(f"{name}: the file does not say which answer is right")
    tags = read_tags(rows[0].get("tags", "").split())
    return Incoming(name, kind, rows[0]["stem"], answers, tags)


def _likely(rows: list[Row]) -> str:
    if all(row.get("goes_with") for row in rows):
        return "pairs"
    return "multi" if sum(row["correct"].strip().lower() in YES for row in rows) > 1 else "single"


def _is_right(row: Row, name: str) -> bool:
    word = row["correct"].strip().lower()
    if word not in (*YES, *NO):
        raise FileRefused(f"{name}: correct is yes or empty, not {short(word)!r}")
    return word in YES


def _place(row: Row, name: str) -> int:
    word = row["correct"].strip()
    if not (word.isascii() and word.isdigit() and len(word) < 4):
        raise FileRefused(f"{name}: correct is the place of a step, from 1, not {short(word)!r}")
    return int(word)
