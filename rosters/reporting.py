"""What an import did, or would do."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from rosters.matching import Match

COUNTED = ("rows", "added", "renamed", "opened", "closed", "corrected", "outdated", "buildings")


@dataclass
class Report:
    """Counts are of people unless they say otherwise."""

    rows: int = 0
    """People the file names."""
    added: int = 0
    renamed: int = 0
    """Known people, or new ones, whose numbers, addresses or user names are new."""
    opened: int = 0
    """Intervals."""
    closed: int = 0
    """Intervals."""
    corrected: int = 0
    """Intervals."""
    left: Counter[str] = field(default_factory=Counter)
    """{audience: people who have no place of this source any more}"""
    before: Counter[str] = field(default_factory=Counter)
    """{audience: people who had one}"""
    outdated: int = 0
    """Rows of a delta that an earlier one has overtaken."""
    buildings: int = 0
    quarantined: list[Match] = field(default_factory=list)

    @property
    def changed(self) -> bool:
        return any(getattr(self, name) for name in COUNTED if name not in ("rows", "outdated"))

    def counts(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in COUNTED} | {
            "left": dict(self.left),
            "before": dict(self.before),
            "quarantined": len(self.quarantined),
        }


QUARANTINED = {
    "two_people": "its number, address and user name lead to two people; nothing was guessed",
    "two_rows": "another row leads to the same person; nothing was guessed",
}
PEOPLE = {"pupil": "pupils", "staff": "staff"}


def in_words(counts: dict[str, Any]) -> str:
    """One line for people: what changed, most important first."""
    left = (
        ", ".join(f"{count:,} {PEOPLE[audience]}" for audience, count in sorted(counts["left"].items()))
        or "nobody"
    )
    words = (
        f"{counts['rows']:,} people read: {counts['added']:,} added, {counts['opened']:,} places opened, "
        f"{counts['closed']:,} closed, {counts['corrected']:,} corrected; {left} left"
    )
    if counts["outdated"]:
        words += f"; {counts['outdated']:,} rows were older than what is known, and changed nothing"
    if counts["quarantined"]:
        words += f"; {counts['quarantined']:,} rows are in quarantine"
    return words
