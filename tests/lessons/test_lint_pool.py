"""The pool as a whole: size, objectives, levels, and no habit in where or how long the right answer is."""

from pathlib import Path

import pytest

from lessons.items import Item, Option
from lessons.linting.pool import lint_pool
from tests.lessons.sample import FILES, ID, ITEMS, PLANNED, check_sample, real_scope


def rules_found(at: Path, items: str) -> list[str]:
    return [finding.rule for finding in check_sample(at, {**FILES, "items.yaml": items})[1]]


def test_a_pool_below_twice_the_draw_is_named(tmp_path: Path) -> None:
    without_the_last = ITEMS[: ITEMS.index(f"  - id: {ID}.q08")]
    assert rules_found(tmp_path, without_the_last) == ["I15"]


def test_an_objective_asked_once_is_named(tmp_path: Path) -> None:
    first, second, rest = ITEMS.partition("    pool: quiz")
    assert "I15" in rules_found(tmp_path, first + second + rest.replace("objective: 1", "objective: 2"))


def test_a_pool_that_mostly_recalls_is_named(tmp_path: Path) -> None:
    assert rules_found(tmp_path, ITEMS.replace("level: apply", "level: recall")) == ["I15"]


def item(number: int, key: str, letters: str = "abc", longest: str = "") -> Item:
    options = tuple(
        Option(
            letter,
            f"Answer {letter}" + (" of more words" if letter == longest else ""),
            letter == key,
            "Why.",
        )
        for letter in letters
    )
    return Item(
        f"{ID}.q{number:02}",
        "quiz",
        "single",
        1 + number % 2,
        ("NS-3",),
        "apply",
        False,
        "Which?",
        "",
        options,
    )


class Pool:
    """As much of a WrittenLesson as the pool's rules look at."""

    items_file = "items.yaml"

    def __init__(self, items: list[Item]) -> None:
        self.items, self.item_lines = tuple(items), self

    def line(self, *_path: str | int) -> int:
        return 1


def habits(items: list[Item]) -> set[str]:
    found = lint_pool(Pool(items), PLANNED, real_scope().bands["3-5"])  # type: ignore[arg-type]
    return {finding.message.partition(";")[0] for finding in found if finding.rule == "I9"}


@pytest.mark.parametrize(
    ("keys", "named"),
    [
        ("abcabcabca", set()),
        ("aaaaabbbcc", set()),  # half, and a fifth
        ("aaaaaabbcc", {"the right answer is a in 60% of the pool"}),
        ("aaaaabbbbc", {"the right answer is c in 10% of the pool"}),
        ("ababababab", {"the right answer is c in 0% of the pool"}),
        ("aaaabbc", set()),  # of 7, a fifth to a half is 1 to 4
    ],
)
def test_a_habitual_position_is_named(keys: str, named: set[str]) -> None:
    assert habits([item(number, key) for number, key in enumerate(keys)]) == named


def test_a_fourth_option_that_few_items_have_may_be_right_rarely() -> None:
    mixed = [item(0, "d", "abcd"), *(item(number, key) for number, key in enumerate("abcabcabc", start=1))]
    assert habits(mixed) == set()


@pytest.mark.parametrize(
    ("longest", "named"), [(4, set()), (5, {"the right answer is the longest in 5 of 10 items"})]
)
def test_a_right_answer_that_is_habitually_longest_is_named(longest: int, named: set[str]) -> None:
    keys = "abcabcabca"
    pool = [item(n, key, longest=key if n < longest else "") for n, key in enumerate(keys)]
    assert habits(pool) == named
