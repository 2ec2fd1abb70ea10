"""A measured figure, its yardstick, and whether the ratio is what we promise."""

import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True)
class Figure:
    """`ours` and `yardstick` in `unit`; `ratio` is ours / yardstick; promised as "at least" or "at most"."""

    name: str
    unit: str
    ours: float
    yardstick: float
    yardstick_is: str
    promise: str
    kept: bool

    @property
    def ratio(self) -> float:
        return self.ours / self.yardstick if self.yardstick else float("inf")

    def row(self) -> dict[str, Any]:
        return asdict(self) | {"ratio": round(self.ratio, 3)}


def at_least(name: str, unit: str, ours: float, yardstick: float, yardstick_is: str, ratio: float) -> Figure:
    return Figure(name, unit, ours, yardstick, yardstick_is, f">= {ratio:g} x", ours >= ratio * yardstick)


def at_most(name: str, unit: str, ours: float, yardstick: float, yardstick_is: str, ratio: float) -> Figure:
    return Figure(name, unit, ours, yardstick, yardstick_is, f"<= {ratio:g} x", ours <= ratio * yardstick)


def seconds_of(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def percentile(values: list[float], share: float) -> float:
    ordered = sorted(values)
    return ordered[min(int(len(ordered) * share), len(ordered) - 1)]
