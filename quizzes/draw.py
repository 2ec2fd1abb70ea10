"""Which items one attempt asks, and in what order its options stand. Pure: the seed decides, nothing else."""

import random
from collections.abc import Iterable, Mapping, Sequence
from typing import NotRequired, TypedDict, TypeVar

from lessons.answers import not_in_order
from lessons.items import Item

T = TypeVar("T")

READ_FROM_THE_TOP = frozenset({"spot"})
"""Types whose options stay as written: the regions of a text."""


CHECK_ASKS = 3


class Drawn(TypedDict):
    """One line of `Attempt.draw`. Those stored before there were other types than single and multi name none."""

    item: str
    options: list[str]
    type: NotRequired[str]


def draw_quiz(pool: Sequence[Item], count: int, seed: int, seen: Mapping[str, int]) -> list[Drawn]:
    """Choose `count` items of the pool, each objective at least once, the least often seen first.

    pool   the lesson's quiz items, in any order
    count  how many to ask; a pool with more objectives than that asks one of each
    seed   the same seed draws the same quiz
    seen   item id -> how many earlier attempts asked it
    """
    rng = random.Random(seed)  # noqa: S311  a quiz is no secret; it must only be the same again
    shuffled = _shuffled(rng, sorted(pool, key=lambda item: item.id))
    fresh_first = sorted(shuffled, key=lambda item: seen.get(item.id, 0))
    chosen = _one_per_objective(fresh_first)
    rest = [item for item in fresh_first if item not in chosen]
    chosen += rest[: max(0, count - len(chosen))]
    return [
        {"item": item.id, "options": _options(rng, item), "type": item.type}
        for item in _shuffled(rng, chosen)
    ]


def draw_check(pool: Sequence[Item], seed: int, count: int = CHECK_ASKS) -> list[Drawn]:
    """The refresher's check of a staff module: every critical item, filled up from objectives not asked yet."""
    rng = random.Random(seed)  # noqa: S311
    shuffled = _shuffled(rng, sorted(pool, key=lambda item: item.id))
    chosen = [item for item in shuffled if item.critical]
    while len(chosen) < min(count, len(shuffled)):
        asked = [item.objective for item in chosen]
        left = [item for item in shuffled if item not in chosen]
        chosen.append(min(left, key=lambda item: asked.count(item.objective)))
    return [
        {"item": item.id, "options": _options(rng, item), "type": item.type}
        for item in _shuffled(rng, chosen)
    ]


def times_seen(draws: Iterable[Sequence[Drawn]]) -> dict[str, int]:
    """Item id -> how many of these draws asked it."""
    seen: dict[str, int] = {}
    for draw in draws:
        for drawn in draw:
            seen[drawn["item"]] = seen.get(drawn["item"], 0) + 1
    return seen


def _one_per_objective(fresh_first: Sequence[Item]) -> list[Item]:
    first: dict[int, Item] = {}
    for item in fresh_first:
        first.setdefault(item.objective, item)
    return list(first.values())


def _options(rng: random.Random, item: Item) -> list[str]:
    ids = [option.id for option in item.options]
    if item.type in READ_FROM_THE_TOP:
        return ids
    shuffled = _shuffled(rng, ids)
    return not_in_order(shuffled, ids) if item.type == "order" else shuffled


def _shuffled(rng: random.Random, things: Iterable[T]) -> list[T]:
    shuffled = list(things)
    rng.shuffle(shuffled)
    return shuffled
