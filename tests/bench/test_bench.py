"""Every measure runs, in a tiny size and without a stopwatch, so that benchmarks can not rot."""

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from bench import __main__ as command
from bench.figures import at_least, at_most, percentile

ROOT = Path(__file__).parents[2]
MEASURED = """
import importlib, json, os, sys
measure = importlib.import_module("bench." + sys.argv[1]).measure
cores = os.sched_getaffinity(0)
figures = [figure.row() for figure in measure(**json.loads(sys.argv[2]))]
assert os.sched_getaffinity(0) == cores, "the core of its own is not given back"
print(json.dumps(figures))
"""


def figures_of(name: str, **size: Any) -> list[dict[str, Any]]:
    """In a process of its own, since a stage opens databases of its own."""
    done = subprocess.run(
        [sys.executable, "-c", MEASURED, name, json.dumps(size)],
        cwd=ROOT,
        timeout=300,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    figures = json.loads(done.stdout.splitlines()[-1])
    assert all(figure["ours"] >= 0 and figure["yardstick"] > 0 and figure["promise"] for figure in figures)
    return figures


def named(figures: list[dict[str, Any]], words: str) -> list[dict[str, Any]]:
    return [figure for figure in figures if words in figure["name"]]


def test_launches():
    figures = figures_of("launches", launches=5)
    assert len(named(figures, "sqlite")) == len(named(figures, "postgresql")) == 1


def test_rush():
    figures = figures_of("rush", launches=32)
    assert [each["kept"] for each in figures if each["unit"] == "fetches"] == [True, True]


def test_answers():
    figures = figures_of("answers", answers=5)
    assert len(named(figures, "sqlite")) == len(named(figures, "postgresql")) == 1


def test_radius():
    figures = figures_of("radius", people=20, questions=80)
    assert len(named(figures, "sqlite")) == len(named(figures, "postgresql")) == 3


def test_class_page():
    figures = figures_of("class_page", sizes=(5, 12))
    assert [figure["kept"] for figure in figures if figure["unit"] == "statements"] == [True, True]
    assert [figure["unit"] for figure in figures] == ["statements", "ms"] * 2


def test_standings():
    figures = figures_of("standings", few=20, many=30, everybody=60, changes=5, crowd=90)
    assert len(named(figures, "IT list of 60")) == len(named(figures, "ISE list of 60")) == 2
    assert len(named(figures, "5 changes among 60")) == 2


@pytest.mark.skipif(
    shutil.which("slapd", path="/usr/sbin:/usr/bin") is None, reason="there is no slapd; install it"
)
def test_agent():
    figures = figures_of("agent", people=30)
    assert [figure["kept"] for figure in figures if figure["unit"] == "writes"] == [True]
    assert len(named(figures, "30 people")) == 3


def test_delivery():
    figures = figures_of("delivery", scores=40, rounds=1, limit=5)
    pauses = named(figures, "sent into an LMS's pause")
    assert [figure["kept"] for figure in pauses] == [True, True]
    assert all(figure["ours"] == 0 and figure["yardstick"] >= 1 for figure in pauses)


def test_rosters():
    figures = figures_of("rosters", sizes=(20, 40))
    assert [figure["unit"] for figure in figures] == ["statements", "ms"] * 2
    assert all(figure["kept"] for figure in figures if figure["unit"] == "statements")


def test_rosters_import():
    figures = figures_of("rosters_import", people=60, changes=10)
    assert [figure["unit"] for figure in figures] == ["ms", "ms"] * 2


def test_memory():
    figures = figures_of("memory", rounds=1)
    assert len(figures) == 2 and all(figure["ours"] > 10 for figure in figures)


def test_a_promise_is_kept_at_its_very_ratio_and_broken_past_it():
    assert at_least("n", "u", 5, 10, "y", 0.5).kept and not at_least("n", "u", 4.9, 10, "y", 0.5).kept
    assert at_most("n", "u", 40, 10, "y", 4).kept and not at_most("n", "u", 40.1, 10, "y", 4).kept
    assert percentile([float(n) for n in range(100)], 0.95) == 95


class Stand:
    """A measure with one figure."""

    def __init__(self, ours: float) -> None:
        self.ours = ours

    def measure(self):
        yield at_most("stand", "ms", self.ours, 10, "ten", 1)


@pytest.mark.parametrize(("ours", "code", "word"), [(9, 0, "kept"), (11, 1, "BROKEN")])
def test_a_broken_promise_is_said_and_ends_with_1(ours, code, word, monkeypatch, capsys, tmp_path):
    monkeypatch.setattr(command, "import_module", lambda name: Stand(ours))
    monkeypatch.setattr(command, "MEASURES", ("stand",))
    monkeypatch.setattr(command, "LATEST", tmp_path / "latest.json")
    monkeypatch.setattr(command, "LONGEST", 0)
    assert command.main([]) == code
    assert f"<= 1 x (ten): {word}" in capsys.readouterr().out
    written = json.loads((tmp_path / "latest.json").read_text())
    assert written["figures"][0]["ratio"] == ours / 10
    assert written["at"] and written["python"] and written["sqlite"] and written["postgresql"]


def test_an_unknown_name_is_told_the_names_there_are(capsys):
    assert command.main(["lunches"]) == 2
    assert "launches, rush, answers, class_page" in capsys.readouterr().err


def test_a_part_is_only_printed(monkeypatch, tmp_path):
    monkeypatch.setattr(command, "import_module", lambda name: Stand(1))
    monkeypatch.setattr(command, "LATEST", tmp_path / "latest.json")
    monkeypatch.setattr(command, "LONGEST", 0)
    assert command.main(["answers"]) == 0
    assert not (tmp_path / "latest.json").exists()


def test_curriculum():
    figures = figures_of("curriculum", lessons=2)
    assert [each["unit"] for each in figures] == ["s", "ms", "s"]


def test_district_pages():
    figures = figures_of("district_pages", pupils=60, staff=12, districts=3, there=(40, 8), looks=2)
    for page in ("class page", "school page", "district page", "count"):
        assert len(named(figures, page)) == 3


def test_roll_over():
    figures = figures_of("roll_over", few=(1, 30, 6), many=(2, 30, 6))
    assert len(named(figures, "a year's turn of 72")) == 8
    assert all(each["kept"] for each in named(figures, "memory"))


def test_evidence_pack():
    figures = figures_of("evidence_pack", few=20, many=40)
    assert len(named(figures, "pack of 40 people")) == 2 and all(figure["kept"] for figure in figures)
