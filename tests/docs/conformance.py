"""The conformance table and the tests whose names carry its row numbers (test_07_..., test_72_73_...).

`python -m tests.docs.conformance` writes the tests and states of docs/lti-conformance.md anew. Tests that were put
there by hand stay while they exist.
"""

import ast
import re
from collections import defaultdict

from tests.docs.pages import ROOT

TABLE = ROOT / "docs" / "lti-conformance.md"
ROWS = 145
LINE = re.compile(r"^\| (\d+) \| (.+?) \| (.*?) ?\| (\w+) \|$", re.MULTILINE)


def rows() -> list[tuple[int, str, list[str], str]]:
    """(number, rule, named tests, state) of each line."""
    return [
        (int(number), rule, re.findall(r"`([^`]+)`", tests), state)
        for number, rule, tests, state in LINE.findall(TABLE.read_text())
    ]


def names_in(file: str) -> set[str]:
    """Names of the test functions that stand in tests/`file`; none when there is no such file."""
    path = ROOT / "tests" / file
    if not path.exists():
        return set()
    functions = [node for node in ast.parse(path.read_text()).body if isinstance(node, ast.FunctionDef)]
    return {function.name for function in functions if function.name.startswith("test_")}


def exists(test: str) -> bool:
    """Whether `lti_tool/certification/test_bad_payloads.py::test_01_no_kid` and the like is there."""
    file, _, name = test.partition("::")
    return name in names_in(file)


def numbered_tests() -> dict[int, list[str]]:
    """{row: tests of tests/lti_tool that carry its number}"""
    found: dict[int, list[str]] = defaultdict(list)
    for file in sorted((ROOT / "tests" / "lti_tool").rglob("test_*.py")):
        name = file.relative_to(ROOT / "tests").as_posix()
        for test in sorted(names_in(name)):
            numbers = re.match(r"test_((?:\d{2,3}_)+)", test)
            for number in numbers.group(1).strip("_").split("_") if numbers else ():
                found[int(number)].append(f"{name}::{test}")
    return found


def fill() -> int:
    """Write the table anew. Returns how many rows are tested."""
    numbered, tested = numbered_tests(), 0

    def line(found: re.Match[str]) -> str:
        nonlocal tested
        number, rule, cell, _state = found.groups()
        kept = [test for test in re.findall(r"`([^`]+)`", cell) if exists(test)]
        tests = list(dict.fromkeys([*numbered[int(number)], *kept]))
        tested += bool(tests)
        named = "<br>".join(f"`{test}`" for test in tests)
        return f"| {number} | {rule} | {named} | {'tested' if tests else 'later'} |"

    text = LINE.sub(line, TABLE.read_text())
    TABLE.write_text(re.sub(r"\*\*\d+ of \d+\*\*", f"**{tested} of {ROWS}**", text))
    return tested


if __name__ == "__main__":
    print(f"{fill()} of {ROWS} rows are tested")  # noqa: T201
