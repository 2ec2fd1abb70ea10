"""The same question in another job's working day: other words for an item's stem and some of its options.

A variant changes the scenario. What is asked for, which clause it teaches and which option is right are the item's.
"""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Reworded:
    """Other words for the option of this id."""

    id: str
    text: str
    feedback: str


@dataclass(frozen=True, slots=True)
class Variant:
    """`job` is one of people.roster_models.JOBS; `options` are those whose words change, the others stay."""

    job: str
    stem: str
    options: tuple[Reworded, ...] = ()


def variant_from_plain(body: dict[str, Any]) -> Variant:
    """What lessons.items.to_plain wrote."""
    return Variant(body["job"], body["stem"], tuple(Reworded(**each) for each in body["options"]))
