"""What somebody answered, for each type of item: a list of short texts (see the table in items.py).

All of it is pure and forgiving: whatever is sent, only what this item can be answered with is kept.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from lessons.items import END, Item, Option, Scene

PLACES = frozenset({"sort", "match"})
"""Types in which a card is put somewhere: an answer is a list of "card.bin"."""


@dataclass(frozen=True, slots=True)
class Walk:
    """How far a story was gone: the choices made, in order, and the scene it stands at; None once it has ended."""

    made: tuple[Option, ...]
    at: Scene | None

    @property
    def all_safe(self) -> bool:
        return all(choice.correct for choice in self.made)


def fitting(item: Item, said: Iterable[str]) -> list[str]:
    """Of what was said, what fits the item, in the order said. Nothing is left of pure nonsense."""
    once = list(dict.fromkeys(said))
    ids = {option.id for option in item.options}
    if item.type in PLACES:
        return [f"{card}.{bin_id}" for card, bin_id in placed(item, once).items()]
    if item.type == "branch":
        return [choice.id for choice in walked(item, once).made]
    kept = [each for each in once if each in ids]
    return kept[:1] if item.type == "single" else kept


def is_whole(item: Item, answer: Sequence[str]) -> bool:
    """Nothing is left to do: something is picked, every step or card is there, the story has ended."""
    if item.type in PLACES or item.type == "order":
        return len(fitting(item, answer)) == len(item.options)
    if item.type == "branch":
        return walked(item, answer).at is None
    return bool(answer)


def placed(item: Item, answer: Iterable[str]) -> dict[str, str]:
    """{card id: bin id} of a `sort` or `match` item; a card lies in one bin, the first that was said."""
    cards, bins = {option.id for option in item.options}, {each.id for each in item.bins}
    lying: dict[str, str] = {}
    for each in answer:
        card, _, bin_id = each.partition(".")
        if card in cards and bin_id in bins:
            lying.setdefault(card, bin_id)
    return lying


def walked(item: Item, answer: Iterable[str]) -> Walk:
    """A `branch` item's story as far as these choices lead; the first that is not offered there ends the walk."""
    scenes = {scene.id: scene for scene in item.scenes}
    at: Scene | None = item.scenes[0]
    made: list[Option] = []
    for each in answer:
        offered = {choice.id: choice for choice in item.choices_in(at.id)} if at else {}
        if each not in offered:
            break
        made.append(offered[each])
        at = None if offered[each].to == END else scenes[offered[each].to]
    return Walk(tuple(made), at)


def moved(order: Sequence[str], move: str) -> list[str]:
    """The order after a move such as "c.up" or "c.down"; a move that can not be made leaves it as it is."""
    step, _, where = move.partition(".")
    turned = list(order)
    if step not in turned or where not in ("up", "down"):
        return turned
    at = turned.index(step)
    to = at + (1 if where == "down" else -1)
    if 0 <= to < len(turned):
        turned[at], turned[to] = turned[to], turned[at]
    return turned


def not_in_order(shown: Sequence[str], right: Sequence[str]) -> list[str]:
    """The steps as they are shown first: never in the right order by chance, so there is something to do."""
    return [*shown[1:], shown[0]] if list(shown) == list(right) else list(shown)
