"""Which charts a page shows, drawn from its lines and rows."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from datetime import date

from markupsafe import Markup

from oversight import charts
from oversight.charts import Bar, Point, Stack
from oversight.coverage import Line, Share
from oversight.reading import Day, StaffRow
from oversight.words import ACCESS, SHAPES, of, shape_of

MOST_ROWS = 40
"""A chart of more is read by nobody; the table has them all."""


def coverage_chart(name: str, title: str, rows: Iterable[Line], label: Callable[[Line], str]) -> Markup:
    """How much of their lessons the pupils of each line were taught."""
    there = [(label(row), row.lessons) for row in rows][:MOST_ROWS]
    return charts.bars(
        name,
        title,
        charts.said_in_full([(words, f"{share.percent} %") for words, share in there]),
        [Bar(words, share.taught, share.enrolled, f"{share.percent} %") for words, share in there],
    )


def staff_chart(
    name: str, title: str, rows: Iterable[StaffRow], label: Callable[[StaffRow], str], *, by_access: bool
) -> Markup:
    """The staff of each line by how far they are, or by their access."""
    series = list(dict.fromkeys(shape for shape, _ in ACCESS.values())) if by_access else list(SHAPES)
    numbers: dict[str, Counter[str]] = {}
    for row in rows:
        shape = ACCESS[row.access][0] if by_access else shape_of(row.state)
        numbers.setdefault(label(row), Counter())[shape] += row.people
    said = {words: of(found["done"], found.total()) for words, found in numbers.items()}
    stacked = [
        Stack(words, tuple(found[shape] for shape in series), said[words]) for words, found in numbers.items()
    ]
    return charts.stacks(
        name,
        title,
        charts.said_in_full(list(said.items())[:MOST_ROWS]),
        series,
        stacked[:MOST_ROWS],
    )


def trend_chart(
    name: str, title: str, days: Sequence[Day], first: date, last: date, *, pupils: bool
) -> Markup:
    """The year so far: the staff that is done and, for who may see pupils, the share of lessons taught."""
    span = max((last - first).days, 1)
    series = ["part", "late"] if pupils else ["part"]
    points = [
        Point((each.day - first).days / span, (staff_share(each), lesson_share(each))[: len(series)])
        for each in days
    ]
    newest = [("Staff done", f"{points[-1].values[0]} %")] if points else []
    if pupils and points:
        newest.append(("Lessons taught", f"{points[-1].values[1]} %"))
    return charts.lines(name, title, charts.said_in_full(newest), series, points)


def staff_share(day: Day) -> int:
    return Share(day.staff, day.staff_done).percent


def lesson_share(day: Day) -> int:
    return Share(day.owed, day.taught).percent
