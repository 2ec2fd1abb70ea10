"""The staff folded into the rows of a table. Plain values."""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from oversight.reading import StaffRow
from oversight.words import shape_of


@dataclass(frozen=True)
class StaffLine:
    """`shapes` counts people by how far they are (words.SHAPES), `access` by allow | limited | deny | ""."""

    key: Any
    people: int
    shapes: Counter[str]
    access: Counter[str]


def staff_table(rows: Iterable[StaffRow], by: Callable[[StaffRow], Any]) -> list[StaffLine]:
    """A line for each key, in the order in which they come."""
    shapes: dict[Any, Counter[str]] = {}
    access: dict[Any, Counter[str]] = {}
    for row in rows:
        shapes.setdefault(by(row), Counter())[shape_of(row.state)] += row.people
        access.setdefault(by(row), Counter())[row.access] += row.people
    return [StaffLine(key, found.total(), found, access[key]) for key, found in shapes.items()]
