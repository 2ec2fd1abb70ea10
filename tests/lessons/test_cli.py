"""flask curriculum check and load, as an operator sees them."""

import json
import shutil
from pathlib import Path

import pytest
from flask import Flask

from tests.lessons.sample import CURRICULUM


@pytest.fixture
def broken(tmp_path: Path) -> Path:
    folder = Path(shutil.copytree(CURRICULUM, tmp_path / "curriculum"))
    lesson = folder / "lessons" / "g4" / "g4-same-me" / "lesson.md"
    lesson.write_text(lesson.read_text(encoding="utf-8").replace("lang: en", "lang: xx"), encoding="utf-8")
    return folder


def test_check_of_the_real_curriculum_finds_nothing(app: Flask) -> None:
    result = app.test_cli_runner().invoke(args=["curriculum", "check"])
    assert result.exit_code == 0, result.output
    assert result.output.endswith(" items, no findings\n") and result.output.count("\n") == 1


def test_check_names_file_line_and_rule_and_exits_1(app: Flask, broken: Path) -> None:
    result = app.test_cli_runner().invoke(args=["curriculum", "check", "--folder", str(broken)])
    first, summary = result.output.splitlines()
    assert result.exit_code == 1
    assert first == "curriculum/lessons/g4/g4-same-me/lesson.md:4: F3 lang: Must be one of: en."
    assert summary.endswith("1 finding")


def test_check_answers_programs_with_one_line_of_json(app: Flask, broken: Path) -> None:
    result = app.test_cli_runner().invoke(args=["curriculum", "check", "--json", "--folder", str(broken)])
    (finding,) = json.loads(result.output)["findings"]
    assert result.exit_code == 1 and result.output.count("\n") == 1
    assert (finding["line"], finding["rule"]) == (4, "F3")


def test_a_folder_that_is_not_there_is_a_wrong_argument(app: Flask) -> None:
    assert app.test_cli_runner().invoke(args=["curriculum", "check", "--folder", "nowhere"]).exit_code == 2


def test_load_publishes_once_and_then_says_that_nothing_changed(app: Flask, no_curriculum: None) -> None:
    run = app.test_cli_runner().invoke
    first = run(args=["curriculum", "load", "--json"])
    assert first.exit_code == 0, first.output
    facts = json.loads(first.output)
    assert facts["new_release"] is True and "g4-same-me" in facts["new_lessons"]
    second = run(args=["curriculum", "load"])
    assert (second.exit_code, second.output) == (
        0,
        "nothing to publish: this curriculum is in force already\n",
    )


def test_load_refuses_a_faulty_curriculum_and_exits_1(app: Flask, no_curriculum: None, broken: Path) -> None:
    result = app.test_cli_runner().invoke(args=["curriculum", "load", "--folder", str(broken)])
    assert result.exit_code == 1
    assert "refused: nothing was published, the linter found faults: 1" in result.output
