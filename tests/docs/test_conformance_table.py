"""docs/lti-conformance.md: all 145 rows, and no row that names a test which is not there."""

import ast
import re
from collections import defaultdict

import pytest

from tests.docs.pages import ROOT, table_rows

ROWS = 145
STATES = {"tested", "later"}


def rows() -> list[tuple[int, str, list[str], str]]:
    """(number, rule, named tests, state) of each line."""
    lines = [row for row in table_rows("lti-conformance.md") if row[0].isdigit()]
    return [
        (int(number), rule, re.findall(r"`([^`]+)`", tests), state) for number, rule, tests, state in lines
    ]


def names_in(file: str) -> set[str]:
    """Names of the test functions that stand in tests/`file`."""
    tree = ast.parse((ROOT / "tests" / file).read_text())
    return {
        node.name for node in tree.body if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")
    }


def numbered_tests() -> dict[int, set[str]]:
    """{row: tests of tests/lti_tool that carry its number, as in test_07_... and test_72_73_...}"""
    found: dict[int, set[str]] = defaultdict(set)
    for file in sorted((ROOT / "tests" / "lti_tool").rglob("test_*.py")):
        name = file.relative_to(ROOT / "tests").as_posix()
        for test in names_in(name):
            numbers = re.match(r"test_((?:\d{2,3}_)+)", test)
            for number in numbers.group(1).strip("_").split("_") if numbers else ():
                found[int(number)].add(f"{name}::{test}")
    return found


def test_every_row_is_there_once_and_in_order():
    assert [number for number, *_ in rows()] == list(range(1, ROWS + 1))


@pytest.mark.parametrize("row", rows(), ids=lambda row: str(row[0]))
def test_a_row_names_tests_that_exist(row):
    _number, rule, named, state = row
    assert rule and state in STATES
    assert bool(named) == (state == "tested"), "a tested row names its tests, another names none"
    for name in named:
        file, _, test = name.partition("::")
        assert test in names_in(file), f"{name} does not exist"


def test_a_row_with_tests_of_its_number_does_not_say_later():
    said = {number: state for number, _rule, _named, state in rows()}
    assert [number for number in sorted(numbered_tests()) if said[number] == "later"] == []


def test_the_sum_at_the_top_is_right():
    tested = sum(state == "tested" for *_, state in rows())
    assert f"**{tested} of {ROWS}**" in (ROOT / "docs" / "lti-conformance.md").read_text()
