"""Shares of pupils taught, folded from figures. Plain values, no database."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

COURSE = "course"
ORDER = ("k", *(f"g{number}" for number in range(1, 13)))
"""Grades from the youngest up; what the roster calls otherwise comes after them."""


class Figure(NamedTuple):
    """One row as read: `key` is a grade or a building."""

    key: str | int | None
    topic: str
    enrolled: int
    taught: int


@dataclass(frozen=True, slots=True)
class Share:
    enrolled: int = 0
    taught: int = 0

    @property
    def percent(self) -> int:
        """Never 100 before the last one, and never 0 after the first."""
        if not self.enrolled or not self.taught:
            return 0
        return min(max(100 * self.taught // self.enrolled, 1), 100)

    @property
    def make_ups(self) -> int:
        """Who is enrolled and was not taught, as in the evidence pack."""
        return self.enrolled - self.taught

    def __add__(self, other: "Share") -> "Share":
        return Share(self.enrolled + other.enrolled, self.taught + other.taught)


@dataclass(frozen=True, slots=True)
class Line:
    """One grade, or one building, with its share of each topic."""

    key: str | int | None
    shares: Mapping[str, Share] = field(default_factory=dict)

    def of(self, topic: str) -> Share:
        return self.shares.get(topic, Share())

    @property
    def pupils(self) -> int:
        return self.of(COURSE).enrolled

    @property
    def lessons(self) -> Share:
        """Pupils times lessons of their grade, and how many of these were taught."""
        return total(share for topic, share in self.shares.items() if topic.startswith("lesson:"))


def total(shares: Iterable[Share]) -> Share:
    return sum(shares, Share())


def lines(figures: Iterable[Figure]) -> list[Line]:
    """A line for each key; figures of one key and topic are added up."""
    found: dict[str | int | None, dict[str, Share]] = {}
    for key, topic, enrolled, taught in figures:
        shares = found.setdefault(key, {})
        shares[topic] = shares.get(topic, Share()) + Share(enrolled, taught)
    return [Line(key, shares) for key, shares in found.items()]


def in_order(grades: Iterable[Line]) -> list[Line]:
    """From Kindergarten up."""
    return sorted(grades, key=lambda line: (place_of(str(line.key)), str(line.key)))


def place_of(grade: str) -> int:
    return ORDER.index(grade) if grade in ORDER else len(ORDER)
