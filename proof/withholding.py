"""Which cells of a table are withheld, so that no count under ten is in it and none can be computed from it.

The table has schools for rows, grades for columns, and totals in an extra row and column. A cell holds several
counts (enrolled, and taught of each topic); it is told whole or withheld whole, so that all tables made of the
cells have their gaps in the same places and can not be laid over one another.

Each line adds up to its total. Take rows and columns as points and withheld cells as ways between them: a cell could
have another value, with everything that is told unchanged, exactly when its way lies on a circle of withheld ones
along which counts move up and down by turns and none falls below zero (D. Gusfield, A graph theoretic approach to
statistical data security, SIAM J. Computing 17, 1988). Further cells are withheld until each
small one is on such a circle.
"""

import heapq
from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from proof.plan import INSTRUCTION

ALL = "\n"
"""The row, or column, of totals. No school has such a key, and no grade is called so."""
LEAST = 10
"""A count under this, and over none, is not told: it would be about few enough to be recognised."""
ENROLLED = "enrolled"

Spot = tuple[str, str]
"""(school, grade)"""
Counts = Mapping[str, int]
"""{name: how many}; ENROLLED is one of the names, and every other counts some of the enrolled."""
Node = tuple[int, str]
"""(0, school) or (1, grade)."""
Ways = dict[Node, list[tuple[Node, Spot]]]
"""{from: [(to, by which cell)]}"""


class Question(NamedTuple):
    """One count of every cell: who was taught `name`, or with `rest` who of the enrolled was not."""

    name: str
    rest: bool

    def of(self, counts: Counts) -> int:
        return counts[ENROLLED] - counts[self.name] if self.rest else counts[self.name]


def withheld(cells: Mapping[Spot, Counts], least: int = LEAST) -> set[Spot]:
    """The spots, of `cells` with totals (`with_totals`), that are not told."""
    asked = _questions(cells)
    hidden = {
        spot
        for spot, counts in cells.items()
        if any(_is_small(each.of(counts), least) for each in asked if each.name in counts)
    }
    before = -1
    while len(hidden) != before:
        before = len(hidden)
        for question in asked:
            _protect(question, cells, hidden, least)
    return hidden


def with_totals(cells: Mapping[Spot, Counts]) -> dict[Spot, dict[str, int]]:
    """The cells, and those of the row and column of totals. What not every grade is counted in has none over grades."""
    found: dict[Spot, dict[str, int]] = {spot: dict(counts) for spot, counts in cells.items()}
    for (school, grade), counts in cells.items():
        for spot in ((school, ALL), (ALL, grade), (ALL, ALL)):
            total = found.setdefault(spot, {})
            for name, count in counts.items():
                if spot[1] != ALL or _spans_grades(name):
                    total[name] = total.get(name, 0) + count
    return found


def _spans_grades(name: str) -> bool:
    return name == ENROLLED or name in INSTRUCTION


def _questions(cells: Mapping[Spot, Counts]) -> list[Question]:
    names = {name for counts in cells.values() for name in counts}
    return [
        Question(name, rest)
        for name in sorted(names)
        for rest in (False, True)
        if not rest or name != ENROLLED
    ]


def _is_small(count: int, least: int) -> bool:
    return 0 < count < least


def _protect(question: Question, cells: Mapping[Spot, Counts], hidden: set[Spot], least: int) -> None:
    """Adds to `hidden` what keeps each small count of this question from being computed."""
    having = {spot: counts for spot, counts in cells.items() if question.name in counts}
    for spot in sorted(hidden & having.keys()):
        if _is_small(question.of(having[spot]), least) and not _could_differ(spot, question, having, hidden):
            hidden |= _way_round(spot, question, having, hidden)
    for line in _lines(having):
        _thicken(line, question, having, hidden, least)


def _could_differ(spot: Spot, question: Question, cells: Mapping[Spot, Counts], hidden: set[Spot]) -> bool:
    ways = _ways({each: cells[each] for each in hidden if each in cells and each != spot}, question)
    start, goal = _up(spot, question)
    return _leads(ways, goal, start) or _leads(ways, start, goal)


def _leads(ways: Ways, start: Node, goal: Node) -> bool:
    seen, waiting = {start}, [start]
    while waiting:
        node = waiting.pop()
        if node == goal:
            return True
        for following, _ in ways[node]:
            if following not in seen:
                seen.add(following)
                waiting.append(following)
    return False


def _way_round(spot: Spot, question: Question, cells: Mapping[Spot, Counts], hidden: set[Spot]) -> set[Spot]:
    """What to withhold so that this count could be larger, with as few pupils in it as can be."""
    ways = _ways({each: counts for each, counts in cells.items() if each != spot}, question)
    goal, start = _up(spot, question)
    best: dict[Node, int] = {start: 0}
    came: dict[Node, tuple[Node, Spot]] = {}
    waiting: list[tuple[int, Node]] = [(0, start)]
    while waiting:
        cost, node = heapq.heappop(waiting)
        for following, by in ways[node] if cost == best[node] else ():
            price = cost + (0 if by in hidden else 1 + cells[by][ENROLLED])
            if price < best.get(following, price + 1):
                best[following], came[following] = price, (node, by)
                heapq.heappush(waiting, (price, following))
    # There always is one, over the totals of the row, of everything and of the column: all of them may grow.
    way, node = set(), goal
    while node != start:
        node, by = came[node]
        way.add(by)
    return way


def _ways(cells: Mapping[Spot, Counts], question: Question) -> Ways:
    """Along a way up a count grows by one, along its way back it falls: what is none already can not."""
    ways: Ways = defaultdict(list)
    for spot, counts in sorted(cells.items()):
        start, goal = _up(spot, question)
        ways[start].append((goal, spot))
        if question.of(counts) > 0:
            ways[goal].append((start, spot))
    return ways


def _up(spot: Spot, question: Question) -> tuple[Node, Node]:
    school, grade = spot
    # What is not added up over grades has no line to keep in a school's row: all rows are one point.
    row, column = (0, school if _spans_grades(question.name) else ""), (1, grade)
    return (row, column) if (school == ALL) == (grade == ALL) else (column, row)


def _lines(cells: Mapping[Spot, Counts]) -> Iterator[tuple[list[Spot], Spot]]:
    """(the cells, their total) of each row and column, the row and column of totals among them."""
    lines: dict[Node, list[Spot]] = defaultdict(list)
    for spot in sorted(cells):
        for axis in (0, 1):
            if spot[1 - axis] != ALL:
                lines[axis, spot[axis]].append(spot)
    for (axis, key), spots in lines.items():
        total = (key, ALL) if axis == 0 else (ALL, key)
        if total in cells:
            yield spots, total


def _thicken(
    line: tuple[list[Spot], Spot],
    question: Question,
    cells: Mapping[Spot, Counts],
    hidden: set[Spot],
    least: int,
) -> None:
    """Where a told total leaves fewer than `least` for the gaps together, another gap is made."""
    spots, total = line
    told = sorted((each for each in spots if each not in hidden), key=lambda each: cells[each][ENROLLED])
    gaps = [each for each in spots if each in hidden]
    while gaps and total not in hidden and _is_small(sum(question.of(cells[each]) for each in gaps), least):
        gaps.append(told.pop(0) if told else total)
        hidden.add(gaps[-1])
