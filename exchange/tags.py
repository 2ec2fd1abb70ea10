"""What our items know and other formats have no place for, as a few words that travel as tags or labels.

`objective-1 apply NS-3` says objective, level and clauses; `spot` and `critical` stand there where they are so.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from lessons.items import Item

LEVELS = ("recall", "apply", "judge")
TYPES = ("spot",)
"""Types that other formats know under another name."""


@dataclass(frozen=True, slots=True)
class Tags:
    """`objective` and `level` are None where nothing was said."""

    objective: int | None = None
    level: str | None = None
    clauses: tuple[str, ...] = ()
    critical: bool = False
    type: str | None = None


def tags_of(item: Item) -> list[str]:
    own = [item.type] if item.type in TYPES else []
    return [
        f"objective-{item.objective}",
        item.level,
        *item.clauses,
        *own,
        *(["critical"] if item.critical else []),
    ]


def read_tags(words: Iterable[str]) -> Tags:
    """What `tags_of` wrote; words of others are left alone."""
    objective, level, kind, critical = None, None, None, False
    clauses: list[str] = []
    for word in words:
        number = re.fullmatch(r"objective-([1-9])", word)
        if number:
            objective = int(number.group(1))
        elif word in LEVELS:
            level = word
        elif word in TYPES:
            kind = word
        elif word == "critical":
            critical = True
        elif re.fullmatch(r"[A-Z]{2,5}(?:-[A-Z0-9]+)+", word):
            clauses.append(word)
    return Tags(objective, level, tuple(clauses), critical, kind)
