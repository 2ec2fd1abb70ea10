"""What somebody still has to do, as the page says it: rules only, plain values in, plain values out."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from completion.asked import AskedOf
from completion.rules import SIGNATURE

OPEN = ("assigned", "in_progress", "overdue", "expired", "reattest_due")
"""States in which there is something to do."""
GUEST_MINUTES = 4
"""To read and sign the guest agreement; those of the staff's stand with the course."""


@dataclass(frozen=True)
class Line:
    """One thing of a way: `course` with so many of so many parts done, or `agreement`; minutes are those left."""

    kind: str
    done: int
    of: int
    minutes: int


@dataclass(frozen=True)
class Item:
    """One requirement: `ways`, of which one, done whole, is enough."""

    audience: str
    ways: tuple[tuple[Line, ...], ...]

    @property
    def begun(self) -> bool:
        return any(line.done for way in self.ways for line in way)


def open_items(
    asked: Iterable[AskedOf], done: Collection[str], minutes: Mapping[str, int], signing: Mapping[str, int]
) -> list[Item]:
    """What is open of what is asked of one person.

    done     parts done in the present school year
    minutes  {part: minutes} of lessons
    signing  {audience: minutes} of reading and signing
    """
    found = []
    for each in asked:
        if each.state.state in OPEN:
            shown = {*done, *(shown.part for shown in each.recorded)}
            if each.state.reason == "revised" or each.state.state == "reattest_due":
                # What they signed was another text; the new one is to be signed.
                shown = {part for part in shown if not part.startswith(SIGNATURE)}
            found.append(
                Item(each.audience, ways_of(each.ways, shown, minutes, signing.get(each.audience, 0)))
            )
    return found


def ways_of(
    ways: Iterable[Sequence[str]], done: Collection[str], minutes: Mapping[str, int], signing: int
) -> tuple[tuple[Line, ...], ...]:
    return tuple(_lines(parts, done, minutes, signing) for parts in ways)


def _lines(
    parts: Sequence[str], done: Collection[str], minutes: Mapping[str, int], signing: int
) -> tuple[Line, ...]:
    lessons = [part for part in parts if not part.startswith(SIGNATURE)]
    signatures = [part for part in parts if part.startswith(SIGNATURE)]
    lines = []
    for kind, each in (("course", lessons), ("agreement", signatures)):
        if each:
            left = [part for part in each if part not in done]
            lines.append(
                Line(kind, len(each) - len(left), len(each), sum(minutes.get(part, signing) for part in left))
            )
    return tuple(lines)
