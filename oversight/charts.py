"""Our own charts as SVG, made on the server. Each stands beside a table that says the same.

They grow with the width of the page and the reader's size of text, since places are given in percent and em: nothing
is scaled, so words stay readable at 320 px. A row says its number in words, and series differ by pattern and shape,
so that nothing depends on color. Colors are those of oversight.css, by class.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from markupsafe import Markup

ROW = 2.9
"""Height of a row in em: a line of words, the bar under it."""
LONGEST_LABEL = 30
PLOT = 11
"""Height of a line chart in em."""


@dataclass(frozen=True)
class Bar:
    """`value` of `whole`; `said` is what the row says of it."""

    label: str
    value: int
    whole: int
    said: str


@dataclass(frozen=True)
class Stack:
    """One number for each series, in their order."""

    label: str
    values: tuple[int, ...]
    said: str


@dataclass(frozen=True)
class Point:
    """`at` from 0 to 1 along the line, one percentage a series."""

    at: float
    values: tuple[int, ...]


def bars(name: str, title: str, desc: str, rows: Sequence[Bar]) -> Markup:
    """Horizontal bars, each on a track of its own. `name` is unique on the page."""
    drawn = Markup().join(
        _row(number, row.label, row.said)
        + _rect("track", number, 0, 100)
        + (_rect("done", number, 0, _percent(row.value, row.whole)) if row.value else "")
        for number, row in enumerate(rows)
    )
    return _chart(name, title, desc, len(rows) * ROW, drawn)


def stacks(name: str, title: str, desc: str, series: Sequence[str], rows: Sequence[Stack]) -> Markup:
    """Horizontal bars cut into parts. `series` are the shapes of style.css: done, part, none, late, off."""
    drawn = Markup()
    for number, row in enumerate(rows):
        drawn += _row(number, row.label, row.said) + _rect("track", number, 0, 100)
        whole, begin = sum(row.values), 0.0
        for kind, value in zip(series, row.values, strict=True):
            width = _percent(value, whole)
            if value:
                drawn += _rect(kind, number, begin, width, fill=f"{name}-{kind}")
            begin += width
    patterns = Markup().join(_pattern(f"{name}-{kind}", kind) for kind in series)
    return _chart(name, title, desc, len(rows) * ROW, Markup("<defs>{}</defs>{}").format(patterns, drawn))


def swatch(name: str, kind: str) -> Markup:
    """The key of one series: decoration beside its word."""
    return Markup(
        '<svg class="chart swatch" aria-hidden="true" focusable="false" width="1em" height="1em"><defs>{}</defs>'
        '<rect class="{}" width="100%" height="100%" fill="url(#{})"/></svg>'
    ).format(_pattern(f"{name}-{kind}-key", kind), kind, f"{name}-{kind}-key")


def line_swatch(place: int, kind: str) -> Markup:
    """The same for a line."""
    return Markup(
        '<svg class="chart swatch" aria-hidden="true" focusable="false" width="2.4em" height="1em">'
        '<line class="run {}" x1="0" x2="100%" y1=".5em" y2=".5em"/>{}</svg>'
    ).format(kind, _mark(place, kind, 50, 0.5))


def lines(name: str, title: str, desc: str, series: Sequence[str], points: Sequence[Point]) -> Markup:
    """Percentages over time. Series differ by dash and mark: the first has circles, the second squares."""
    drawn = Markup().join(
        Markup(
            '<line class="grid" x1="0" x2="100%" y1="{y}em" y2="{y}em"/>'
            '<text class="soft" x="0" y="{words}em">{p} %</text>'
        ).format(y=_height(percent), words=round(_height(percent) - 0.25, 2), p=percent)
        for percent in (0, 50, 100)
    )
    for place, kind in enumerate(series):
        for before, after in pairwise(points):
            drawn += Markup('<line class="run {}" x1="{}%" y1="{}em" x2="{}%" y2="{}em"/>').format(
                kind,
                _along(before),
                _height(before.values[place]),
                _along(after),
                _height(after.values[place]),
            )
        for point in points if len(points) <= 15 else points[-1:]:
            drawn += _mark(place, kind, _along(point), _height(point.values[place]))
    return _chart(name, title, desc, PLOT + 1.5, drawn)


def _chart(name: str, title: str, desc: str, height: float, drawn: Markup) -> Markup:
    return Markup(
        '<svg class="chart" role="img" aria-labelledby="{name}-title {name}-desc" focusable="false" width="100%" '
        'height="{height}em"><title id="{name}-title">{title}</title><desc id="{name}-desc">{desc}</desc>{drawn}</svg>'
    ).format(name=name, title=title, desc=desc, height=round(height, 2), drawn=drawn)


def _row(number: int, label: str, said: str) -> Markup:
    short = label if len(label) <= LONGEST_LABEL else label[: LONGEST_LABEL - 1].rstrip() + "…"
    y = round(number * ROW + 1, 2)
    return Markup(
        '<text x="0" y="{y}em">{label}</text><text class="said" x="100%" y="{y}em" text-anchor="end">{said}</text>'
    ).format(y=y, label=short, said=said)


def _rect(kind: str, number: int, begin: float, width: float, fill: str = "") -> Markup:
    y = round(number * ROW + 1.4, 2)
    filled = f"url(#{fill})" if fill else "currentColor"
    return Markup('<rect class="{}" x="{}%" y="{}em" width="{}%" height=".95em" fill="{}"/>').format(
        kind, round(begin, 3), y, round(width, 3), filled
    )


def _pattern(name: str, kind: str) -> Markup:
    """Full, half, empty, striped and dashed, as the shapes of .status are."""
    marks = {
        "done": '<rect class="ink" width="8" height="8"/>',
        "part": '<rect class="paper" width="8" height="8"/><rect class="ink" width="4" height="8"/>',
        "none": '<rect class="paper" width="8" height="8"/>',
        "late": '<rect class="paper" width="8" height="8"/><path class="pen" d="M-2 2 2-2M0 8 8 0M6 10 10 6"/>',
        "off": '<rect class="paper" width="8" height="8"/><path class="pen" d="M0 4H8"/>',
    }
    return Markup(
        '<pattern id="{}" class="{}" width="8" height="8" patternUnits="userSpaceOnUse">{}</pattern>'
    ).format(name, kind, Markup(marks[kind]))  # noqa: S704  # our own drawings


def _mark(place: int, kind: str, x: float, y: float) -> Markup:
    if place == 0:
        return Markup('<circle class="mark {}" cx="{}%" cy="{}em" r=".3em"/>').format(kind, x, y)
    return Markup(
        '<svg x="{}%" y="{}em" overflow="visible">'
        '<rect class="mark {}" x="-.3em" y="-.3em" width=".6em" height=".6em"/></svg>'
    ).format(x, y, kind)


def _along(point: Point) -> float:
    return round(1.5 + 97 * point.at, 2)


def _height(percent: int) -> float:
    """From the top, in em."""
    return round(1 + PLOT * (1 - percent / 100), 2)


def _percent(value: int, whole: int) -> float:
    return 100 * value / whole if whole else 0.0


def said_in_full(parts: Sequence[tuple[str, str]]) -> str:
    """What a screen reader hears of a chart: "Elm: 21 of 26; Oak: 3 of 8." """
    return "; ".join(f"{label}: {said}" for label, said in parts) + "." if parts else ""
