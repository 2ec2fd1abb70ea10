"""The rules as the pages show them: line by line, what holds in the district and what a building says otherwise."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from completion.rules import Said, may_say
from rulebook.words import ORDER, YearDays, label, told


@dataclass(frozen=True)
class Line:
    name: str
    label: str
    words: str
    own: bool = True
    """Whether it is said here; else it is as the district says."""


@dataclass(frozen=True)
class Difference:
    name: str
    label: str
    before: str
    after: str


def lines_of(
    said: Said, audience: str, building: int | None = None, year: YearDays | None = None
) -> list[Line]:
    """All rules of the district, or those that the building may narrow, as they hold there."""
    rules = said.at([building] if building else [])
    own = said.buildings.get(building, {}) if building else {}
    return [
        Line(
            name,
            label(name, audience),
            told(name, getattr(rules, name), audience, year),
            building is None or name in own,
        )
        for name in _in_order(may_say(audience, building is not None))
    ]


def differences(
    before: Said, after: Said, audience: str, building: int | None = None, year: YearDays | None = None
) -> list[Difference]:
    """What is said otherwise. A building that says itself what its district says too has said something."""
    lines = (lines_of(each, audience, building, year) for each in (before, after))
    pairs = zip(*lines, strict=True)
    return [
        Difference(was.name, was.label, sentence(was, building), sentence(will, building))
        for was, will in pairs
        if (was.words, was.own) != (will.words, will.own)
    ]


def noted_differences(
    audience: str,
    *,
    building: bool,
    before: Mapping[str, Any],
    after: Mapping[str, Any],
    open_before: Collection[str],
    open_after: Collection[str],
) -> list[Difference]:
    """The same of what the audit log has noted."""

    def line(name: str, values: Mapping[str, Any], left_open: Collection[str]) -> Line:
        return Line(name, label(name, audience), told(name, values[name], audience), name not in left_open)

    return [
        Difference(
            name,
            label(name, audience),
            sentence(line(name, before, open_before), building),
            sentence(line(name, after, open_after), building),
        )
        for name in _in_order(before.keys() & after.keys())
    ]


def sentence(line: Line, building: object) -> str:
    """As it stands on a page: `As the district: ...` where a building leaves it open."""
    return f"As the district: {line.words}" if building and not line.own else line.words


def _in_order(names: Collection[str]) -> list[str]:
    return [name for name in ORDER if name in names]
