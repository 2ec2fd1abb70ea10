"""The types of items: which bands use them, how large they are, and what must be so for them to be answerable.

A new type is an entry here, its shape in item_schemas, its marking in quizzes/marking and its form in templates.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from lessons.items import YOUNGEST, Item
from lessons.marked_yaml import Path
from lessons.scope import Band
from lessons.story_faults import faults_of_story

NUMBERS = {2: "two", 3: "three", 4: "four"}

Fault = tuple[str, Path, str]
"""Rule, where inside the item, and what is wrong."""


@dataclass(frozen=True)
class ItemType:
    """`parts` is what the file calls its options; `youngest` whether K-2 may be asked it; `faults` its own rules.

    `alike`: the length of an option could give the answer away (I4).
    """

    name: str
    parts: str
    youngest: bool
    alike: bool
    faults: Callable[[Item, Band], Iterator[Fault]]

    def faults_of(self, item: Item, band: Band) -> Iterator[Fault]:
        if band.name == YOUNGEST and not self.youngest:
            yield "I23", ("type",), f"{self.name} items begin in grade 3"
        yield from self.faults(item, band)


def _how_many(item: Item, what: str, limits: tuple[int, int], band: Band) -> Iterator[Fault]:
    fewest, most = limits
    count = len(item.bins if what == "bins" else item.options)
    if not fewest <= count <= most:
        wanted = str(most) if fewest == most else f"{fewest} to {most}"
        yield "I21", (what,), f"{count} {what}; {wanted} in {band.name}"


def _keys(item: Item, what: str, fewest: int, most: int) -> Iterator[Fault]:
    keys = len(item.correct_ids)
    if not fewest <= keys <= most:
        wanted = str(most) if fewest == most else f"{fewest} to {most}"
        yield "I5", (what,), f"{item.type}: {wanted} {what} must be correct, here {keys} are"


def _single(item: Item, band: Band) -> Iterator[Fault]:
    yield from _keys(item, "options", 1, 1)
    yield from _how_many(item, "options", band.options, band)


def _multi(item: Item, band: Band) -> Iterator[Fault]:
    """Where one of three is right, two of three would be too easy: a pupil's `multi` has four."""
    keys = len(item.correct_ids)
    wrong = list(_keys(item, "options", 2, len(item.options) - 1))
    yield from wrong
    word = NUMBERS.get(keys, str(keys))
    if not wrong and word not in item.stem.lower().replace(".", " ").split():
        yield "I5", ("options",), f'say how many to pick: "Pick {word}."'
    yield from _how_many(item, "options", (4, 4) if band.options[1] <= 3 else band.options, band)


def _spot(item: Item, band: Band) -> Iterator[Fault]:
    """At least one region more is no clue, or all of them could be picked blindly."""
    young = band.name == YOUNGEST
    fewest, most = (1, 3) if young else (2, 5)
    yield from _keys(item, "regions", fewest, min(most, len(item.options) - 1))
    yield from _how_many(item, "regions", (3, 6) if young else (4, 10), band)


def _order(item: Item, band: Band) -> Iterator[Fault]:
    yield from _how_many(item, "steps", (3, 3) if band.name == YOUNGEST else (4, 5), band)


def _sort(item: Item, band: Band) -> Iterator[Fault]:
    young = band.name == YOUNGEST
    yield from _how_many(item, "bins", (2, 2 if young else 4), band)
    yield from _how_many(item, "cards", (3, 6) if young else (4, 8), band)
    names = [each.id for each in item.bins]
    if len(set(names)) < len(names) or len({each.text.lower() for each in item.bins}) < len(names):
        yield "I21", ("bins",), "two bins are the same"
    for at, card in enumerate(item.options):
        if card.bin not in names:
            yield "I5", ("cards", at), f"card {card.id} belongs in {card.bin}, which is no bin here"
    filled = Counter(card.bin for card in item.options)
    for at, name in enumerate(names):
        if not filled[name]:
            yield "I5", ("bins", at), f"no card belongs in {name}"


def _match(item: Item, band: Band) -> Iterator[Fault]:
    yield from _how_many(item, "pairs", (2, 3) if band.name == YOUNGEST else (3, 4), band)
    if len({each.text.lower() for each in item.bins}) < len(item.bins):
        yield "I21", ("pairs",), "two cards have the same partner"


ITEM_TYPES = {
    kind.name: kind
    for kind in (
        ItemType("single", "options", youngest=True, alike=True, faults=_single),
        ItemType("multi", "options", youngest=False, alike=True, faults=_multi),
        ItemType("spot", "regions", youngest=True, alike=False, faults=_spot),
        ItemType("order", "steps", youngest=True, alike=False, faults=_order),
        ItemType("sort", "cards", youngest=True, alike=False, faults=_sort),
        ItemType("match", "pairs", youngest=True, alike=False, faults=_match),
        ItemType("branch", "scenes", youngest=False, alike=True, faults=faults_of_story),
    )
}
