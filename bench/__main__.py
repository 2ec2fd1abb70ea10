"""`python -m bench [NAME ...]`: measure, print a table, write bench/latest.json; exit 1 when a promise is broken."""

import json
import platform
import sqlite3
import sys
from datetime import UTC, datetime
from pathlib import Path

from bench import answers, class_page, delivery, launches, memory, standings
from bench.figures import Figure

MEASURES = {
    "launches": launches, "answers": answers, "class_page": class_page, "standings": standings,
    "delivery": delivery, "memory": memory,
}  # fmt: skip


def main(names: list[str]) -> int:
    unknown = [name for name in names if name not in MEASURES]
    if unknown:
        print(f"no benchmark {unknown[0]}; there are: {', '.join(MEASURES)}", file=sys.stderr)
        return 2
    figures: list[Figure] = []
    print(f"{'what':44} {'ours':>10} {'yardstick':>10} {'ratio':>7}  promise")
    for name in names or list(MEASURES):
        for figure in MEASURES[name].measure():
            figures.append(figure)
            print(line(figure), flush=True)
    written = {
        "at": datetime.now(UTC).isoformat(timespec="seconds"), "python": platform.python_version(),
        "sqlite": sqlite3.sqlite_version, "figures": [figure.row() for figure in figures],
    }  # fmt: skip
    Path("bench/latest.json").write_text(json.dumps(written, indent=1) + "\n")
    return 0 if all(figure.kept for figure in figures) else 1


def line(figure: Figure) -> str:
    kept = "kept" if figure.kept else "BROKEN"
    return (
        f"{figure.name + ' [' + figure.unit + ']':44} {figure.ours:10.1f} {figure.yardstick:10.1f} "
        f"{figure.ratio:7.2f}  {figure.promise} of {figure.yardstick_is}: {kept}"
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
