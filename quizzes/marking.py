"""What an answer is worth. Pure: the item and the answer in, points out. What an answer is: lessons/items.py.

Points are exact fractions from 0 to 1, so that a third stays a third until the whole quiz is added up.
"""

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations

from lessons.answers import fitting, placed, walked
from lessons.items import Item
from quizzes.draw import Drawn

NOTHING, REPAIRED, ALL = Fraction(0), Fraction(1, 2), Fraction(1)


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
    """Points for one item, 0 to 1; what does not fit the item is worth nothing. Raises NoMarkerForType."""
    try:
        marker = MARKERS[item.type]
    except KeyError:
        raise NoMarkerForType(f"{item.id}: no marker for items of type {item.type}") from None
    return marker(item, list(answer))


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


def _mark_single(item: Item, answer: Sequence[str]) -> Fraction:
    return ALL if frozenset(answer) == item.correct_ids else NOTHING


def _mark_found(item: Item, answer: Sequence[str]) -> Fraction:
    """Found less falsely picked, of all there is to find."""
    picks = frozenset(answer)
    return max(
        NOTHING,
        Fraction(len(picks & item.correct_ids) - len(picks - item.correct_ids), len(item.correct_ids)),
    )


def _mark_order(item: Item, answer: Sequence[str]) -> Fraction:
    """The share of pairs of steps of which the earlier stands before the later."""
    right = [option.id for option in item.options]
    at = {step: place for place, step in enumerate(fitting(item, answer))}
    pairs = list(combinations(right, 2))
    kept = sum(first in at and then in at and at[first] < at[then] for first, then in pairs)
    return Fraction(kept, len(pairs))


def _mark_placed(item: Item, answer: Sequence[str]) -> Fraction:
    lying = placed(item, answer)
    return Fraction(sum(lying.get(card.id) == card.bin for card in item.options), len(item.options))


def _mark_story(item: Item, answer: Sequence[str]) -> Fraction:
    walk = walked(item, answer)
    if walk.at is not None:
        return NOTHING
    return ALL if walk.all_safe else REPAIRED


MARKERS: dict[str, Callable[[Item, Sequence[str]], Fraction]] = {
    "single": _mark_single,
    "multi": _mark_found,
    "spot": _mark_found,
    "order": _mark_order,
    "sort": _mark_placed,
    "match": _mark_placed,
    "branch": _mark_story,
}
