"""What an answer is worth. Pure: the item and the picked option ids in, points out.

Points are exact fractions from 0 to 1, so that a third stays a third until the whole quiz is added up.
"""

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from lessons.items import Item
from quizzes.draw import Drawn

NOTHING, ALL = Fraction(0), Fraction(1)


class NoMarkerForType(LookupError):
    """The item has a type that nobody has taught us to mark; the curriculum lint refuses it first."""


@dataclass(frozen=True)
class Marks:
    """What a quiz came to.

    score   0 to 100, rounded half up to 2 decimals
    points  0 to 1 by item id
    critical_missed  ids of critical items that were not wholly right
    """

    score: float
    points: dict[str, float]
    critical_missed: tuple[str, ...]


def mark(item: Item, answer: Iterable[str]) -> Fraction:
    """Points for one item, 0 to 1. Raises NoMarkerForType."""
    try:
        marker = MARKERS[item.type]
    except KeyError:
        raise NoMarkerForType(f"{item.id}: no marker for items of type {item.type}") from None
    return marker(item, frozenset(answer))


def mark_attempt(
    draw: Sequence[Drawn], items: Mapping[str, Item], answers: Mapping[str, Iterable[str]]
) -> Marks:
    """Mark a whole quiz. An item without an answer is worth nothing. The draw has at least one item."""
    points = {drawn["item"]: mark(items[drawn["item"]], answers.get(drawn["item"], ())) for drawn in draw}
    return Marks(
        score=_percent(sum(points.values(), NOTHING) / len(points)),
        points={item_id: float(worth) for item_id, worth in points.items()},
        critical_missed=tuple(name for name, worth in points.items() if items[name].critical and worth < ALL),
    )


def passes(marks: Marks, pass_mark: float) -> bool:
    """The band's share is reached (75 % in grades 3-5, else 80 %) and nothing critical was missed."""
    return marks.score >= pass_mark and not marks.critical_missed


def _percent(share: Fraction) -> float:
    return math.floor(share * 10_000 + Fraction(1, 2)) / 100


def _mark_single(item: Item, picks: frozenset[str]) -> Fraction:
    return ALL if picks == item.correct_ids else NOTHING


def _mark_multi(item: Item, picks: frozenset[str]) -> Fraction:
    right = len(picks & item.correct_ids)
    wrong = len(picks - item.correct_ids)
    return max(NOTHING, Fraction(right - wrong, len(item.correct_ids)))


MARKERS: dict[str, Callable[[Item, frozenset[str]], Fraction]] = {
    "single": _mark_single,
    "multi": _mark_multi,
    # order, match, branch and spot are marked here too once the curriculum writes them (curriculum 4.2). The
    # first two need the order of the picks, so they will take the answer as it came.
}
