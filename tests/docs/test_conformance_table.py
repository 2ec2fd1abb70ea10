"""docs/lti-conformance.md: all 145 rows, and no row that names a test which is not there."""

import pytest

from tests.docs.conformance import ROWS, TABLE, exists, numbered_tests, rows


def test_every_row_is_there_once_and_in_order():
    assert [number for number, *_ in rows()] == list(range(1, ROWS + 1))


@pytest.mark.parametrize("row", rows(), ids=lambda row: str(row[0]))
def test_a_row_names_tests_that_exist(row):
    _number, rule, named, state = row
    assert rule and state in ("tested", "later")
    assert bool(named) == (state == "tested"), "a tested row names its tests, another names none"
    assert [test for test in named if not exists(test)] == []


def test_a_row_names_every_test_of_its_number():
    """Write them in with `python -m tests.docs.conformance`."""
    named = {number: set(tests) for number, _rule, tests, _state in rows()}
    assert {
        number: tests for number, tests in numbered_tests().items() if not set(tests) <= named[number]
    } == {}


def test_the_sum_at_the_top_is_right():
    tested = sum(state == "tested" for *_, state in rows())
    assert f"**{tested} of {ROWS}**" in TABLE.read_text()
