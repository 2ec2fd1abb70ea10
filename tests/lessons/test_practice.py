"""What we say to a practice answer, and which items may be asked about."""

import pytest

from lessons.practice import NoSuchPractice, practice_item, react
from tests.lessons.player_lesson import item, made_up_lesson


@pytest.mark.parametrize(
    ("chosen", "marks", "right", "missing"),
    [
        ("ad", {"a": "good", "d": "good"}, True, 0),
        ("a", {"a": "good"}, False, 1),
        ("ab", {"a": "good", "b": "look"}, False, 1),
        ("abcd", {"a": "good", "b": "look", "c": "look", "d": "good"}, False, 0),
        ("bc", {"b": "look", "c": "look"}, False, 2),
    ],
)
def test_each_chosen_option_is_talked_about(chosen, marks, right, missing):
    reaction = react(item("x.p1", "ad"), chosen)
    assert (reaction.marks, reaction.right, reaction.missing) == (marks, right, missing)


def test_an_option_that_was_not_chosen_is_never_given_away():
    assert set(react(item("x.p1", "b"), "a").marks) == {"a"}


def test_made_up_option_ids_are_passed_over():
    assert react(item("x.p1", "b"), ["zz", ""]).marks == {}


def test_a_quiz_item_is_no_practice_item():
    with pytest.raises(NoSuchPractice):
        practice_item(made_up_lesson(), "q01")


def test_an_item_that_is_not_there_is_refused():
    with pytest.raises(NoSuchPractice):
        practice_item(made_up_lesson(), "p9")
