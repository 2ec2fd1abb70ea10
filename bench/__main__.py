"""`python -m bench [NAME ...]`: measure and print a table. Exits 1 when a promise is broken.

A whole run (`make bench`) also writes bench/latest.json. It takes some ten minutes on two idle cores, speaks to
nobody but this machine, and ends by itself.
"""

import json
import os
import platform
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterable
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path
from typing import Any

from bench.figures import Figure
from tests.postgres import _programs

MEASURES = (
    "launches",
    "rush",
    "answers",
    "class_page",
    "district_pages",
    "standings",
    "radius",
    "agent",
    "delivery",
    "rosters",
    "rosters_import",
    "memory",
    "evidence_pack",
    "roll_over",
    "curriculum",
)
LATEST = Path(__file__).parent / "latest.json"
LONGEST = 1800
"""Seconds after which a run gives up, on however busy a machine."""


class TookTooLong(Exception):
    """The machine is too busy to measure anything, or something hangs."""


def main(names: list[str]) -> int:
    for name in names:
        if name not in MEASURES:
            print(f"no benchmark {name}; there are: {', '.join(MEASURES)}", file=sys.stderr)
            return 2
    signal.signal(signal.SIGALRM, give_up)
    signal.alarm(LONGEST)
    where = machine()
    print(
        f"Python {where['python']}, SQLite {where['sqlite']}, PostgreSQL {where['postgresql']}, "
        f"{where['cores']} cores, load {where['load']}"
    )
    figures = run(names or MEASURES)
    if not names:
        LATEST.write_text(json.dumps(where | {"figures": [each.row() for each in figures]}, indent=1) + "\n")
    broken = [figure.name for figure in figures if not figure.kept]
    print(f"{len(broken)} of {len(figures)} promises broken; load {load()}")
    return 1 if broken else 0


def give_up(*_: object) -> None:
    raise TookTooLong(TookTooLong.__doc__)


def run(names: Iterable[str]) -> list[Figure]:
    """Every figure, printed as it comes."""
    print(f"{'what':58} {'ours':>9} {'yardstick':>10} {'ratio':>6}  promise")
    figures = []
    for name in names:
        for figure in import_module(f"bench.{name}").measure():
            figures.append(figure)
            print(line(figure), flush=True)
    return figures


def line(figure: Figure) -> str:
    kept = "kept" if figure.kept else "BROKEN"
    return (
        f"{figure.name + ' [' + figure.unit + ']':58} {figure.ours:9.1f} {figure.yardstick:10.1f} "
        f"{figure.ratio:6.2f}  {figure.promise} ({figure.yardstick_is}): {kept}"
    )


def machine() -> dict[str, Any]:
    """What the figures depend on besides our code."""
    postgres = subprocess.run(
        [_programs() / "postgres", "--version"], check=True, capture_output=True, text=True
    )
    return {
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "python": platform.python_version(),
        "sqlite": sqlite3.sqlite_version,
        "postgresql": postgres.stdout.split()[2],
        "cores": len(os.sched_getaffinity(0)),
        "load": load(),
    }


def load() -> float:
    """Over the last minute; well above the number of cores, nothing here means much."""
    return round(os.getloadavg()[0], 1)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
