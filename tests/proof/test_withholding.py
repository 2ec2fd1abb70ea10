"""No small count is told, and none can be computed from what is told: tried against tables of every kind."""

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from proof.withholding import ALL, ENROLLED, LEAST, with_totals, withheld

TOPICS = ("CIPA-OB", "CIPA-CB", "lesson:x")


@st.composite
def tables(draw):
    """Up to four schools and four grades, some of which a school has not; counts around the limit and far from it."""
    schools = draw(st.integers(1, 4))
    grades = draw(st.integers(1, 4))
    size = st.one_of(st.integers(1, 25), st.sampled_from([9, 10, 11, 40, 200]))
    cells = {}
    for school in range(schools):
        for grade in range(grades):
            if draw(st.booleans()) or (school, grade) == (0, 0):
                enrolled = draw(size)
                taught = st.one_of(st.integers(0, enrolled), st.sampled_from([0, enrolled]))
                cells[str(school), f"g{grade}"] = {
                    ENROLLED: enrolled,
                    **{topic: draw(taught) for topic in TOPICS if topic != "lesson:x" or grade == 0},
                }
    return cells


def questions(table):
    """{name: {spot: how many}}, of each topic also how many were not taught."""
    found = {}
    for spot, counts in table.items():
        for name, count in counts.items():
            found.setdefault(name, {})[spot] = count
            if name != ENROLLED:
                found.setdefault(f"not {name}", {})[spot] = counts[ENROLLED] - count
    return found


def lines(numbers):
    """Each line as [(spot, sign)], which add up to nothing. What has no total over grades has no row."""
    for school in sorted({school for school, _ in numbers}):
        if (school, ALL) in numbers:
            yield [(spot, -1 if spot[1] == ALL else 1) for spot in numbers if spot[0] == school]
    for grade in sorted({grade for _, grade in numbers}):
        if (ALL, grade) in numbers:
            yield [(spot, -1 if spot[0] == ALL else 1) for spot in numbers if spot[1] == grade]


def free_moves(numbers, hidden):
    """A basis of the changes of the withheld numbers that leave every line as it is (exact elimination)."""
    unknown = sorted(spot for spot in numbers if spot in hidden)
    rows = [[Fraction(dict(line).get(spot, 0)) for spot in unknown] for line in lines(numbers)]
    pivots, at = [], 0
    for column in range(len(unknown)):
        pivot = next((row for row in range(at, len(rows)) if rows[row][column]), None)
        if pivot is None:
            continue
        rows[at], rows[pivot] = rows[pivot], rows[at]
        rows[at] = [value / rows[at][column] for value in rows[at]]
        for other in range(len(rows)):
            if other != at and rows[other][column]:
                times = rows[other][column]
                rows[other] = [a - times * b for a, b in zip(rows[other], rows[at], strict=True)]
        pivots.append(column)
        at += 1
    for column in set(range(len(unknown))) - set(pivots):
        move = {unknown[column]: Fraction(1)}
        for row, pivot in enumerate(pivots):
            if rows[row][column]:
                move[unknown[pivot]] = -rows[row][column]
        yield move


@settings(max_examples=300, deadline=None)
@given(tables())
def test_no_small_count_is_told_or_can_be_computed(cells):
    table = with_totals(cells)
    hidden = withheld(table)
    for name, numbers in questions(table).items():
        moves = list(free_moves(numbers, hidden))
        for spot, count in numbers.items():
            if 0 < count < LEAST:
                assert spot in hidden, (name, spot)
                assert any(spot in move for move in moves), (name, spot, "is determined by what is told")


@settings(max_examples=150, deadline=None)
@given(tables())
def test_the_gaps_of_a_line_do_not_add_up_to_a_small_count(cells):
    table = with_totals(cells)
    hidden = withheld(table)
    for name, numbers in questions(table).items():
        for line in lines(numbers):
            parts = [spot for spot, sign in line if sign > 0]
            total = next((spot for spot, sign in line if sign < 0), None)
            gaps = [spot for spot in parts if spot in hidden]
            if gaps and total is not None and total not in hidden:
                assert not 0 < sum(numbers[spot] for spot in gaps) < LEAST, (name, line)


@settings(max_examples=100, deadline=None)
@given(tables())
def test_totals_are_sums_and_large_tables_of_full_schools_are_told(cells):
    table = with_totals(cells)
    assert table[ALL, ALL][ENROLLED] == sum(counts[ENROLLED] for counts in cells.values())
    full = with_totals({spot: dict.fromkeys(counts, 20) for spot, counts in cells.items()})
    assert withheld(full) == set()


def table_of(*rows):
    """Schools in rows, grades in columns; everybody enrolled is taught."""
    return with_totals(
        {
            (str(school), f"g{grade}"): {ENROLLED: count}
            for school, row in enumerate(rows)
            for grade, count in enumerate(row)
            if count
        }
    )


@pytest.mark.parametrize("limit", [9, 10])
def test_ten_is_told_and_nine_is_not(limit):
    hidden = withheld(table_of([limit, 50], [50, 50]))
    assert (("0", "g0") in hidden) is (limit < LEAST)


def test_one_small_cell_takes_three_others_with_it():
    """A gap alone in its row would be the total less the rest; so there are two in each row and column that has any."""
    assert withheld(table_of([4, 50, 60], [50, 50, 60], [80, 80, 80])) == {
        ("0", "g0"), ("0", "g1"), ("1", "g0"), ("1", "g1"),
    }  # fmt: skip


def test_where_nothing_else_is_there_the_totals_go_too():
    assert withheld(table_of([4])) == {("0", "g0"), ("0", ALL), (ALL, "g0"), (ALL, ALL)}


def test_a_gap_of_nothing_protects_nobody():
    """Beside a cell of 4 a cell in which nobody was counted would leave the total as the answer."""
    cells = {
        ("0", "g0"): {ENROLLED: 40, "CIPA-OB": 4}, ("0", "g1"): {ENROLLED: 20, "CIPA-OB": 0},
        ("1", "g0"): {ENROLLED: 20, "CIPA-OB": 0}, ("1", "g1"): {ENROLLED: 300, "CIPA-OB": 100},
    }  # fmt: skip
    hidden = withheld(with_totals(cells))
    assert ("0", "g0") in hidden and (("0", ALL) in hidden or (ALL, "g0") in hidden)


def test_nobody_and_everybody_are_told():
    """That of sixty none, or all, were taught is a word on the school and not on a pupil."""
    for taught in (0, 60):
        assert withheld(with_totals({("0", "g0"): {ENROLLED: 60, "CIPA-OB": taught}})) == set()
