"""Who is gone from a district's standings, and why: what readers of changes are told instead of a standing.

left-roster  the roster does not have them (now); their names stand beside it, so that accounts can be found
merged       it was the same person as another record, which has the standing that counts: `into`
erased       everything about them was destroyed; only the id is left, for whoever still holds it
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from access.models import Standing

LEFT, MERGED, ERASED = "left-roster", "merged", "erased"
REASONS = (LEFT, MERGED, ERASED)
OFF_THE_ROSTER = ("separated", "not_on_roster")

Reader = Callable[[int, int, int], list[tuple[int, str, datetime]]]
"""(district id, after this number, at most so many) -> [(number, public id, when)]"""

_readers: list[Reader] = []


@dataclass(frozen=True)
class Erased:
    """A number in the log behind which nobody stands any more."""

    seq: int
    public_id: str
    at: datetime


def learn_of_erasures(reader: Reader) -> None:
    """app.py introduces it: who erases people stands on a floor above."""
    _readers[:] = [reader]


def erased_after(district_id: int, seq: int, limit: int) -> list[Erased]:
    return [Erased(*each) for reader in _readers for each in reader(district_id, seq, limit)]


def has_left(standing: Standing) -> bool:
    return standing.state == "not_applicable" and standing.reason in OFF_THE_ROSTER
