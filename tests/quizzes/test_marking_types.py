"""What an answer of each type is worth: tables, and what holds for any answer at all."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lessons.answers import fitting, is_whole, moved, walked
from quizzes.marking import mark
from tests.lessons.every_type import every_type, item_of_type, right_answer

ITEMS = [*every_type().quiz_items, *every_type("K-2", lesson_id="k-every-type").quiz_items]
TYPES = ("single", "multi", "spot", "order", "sort", "match", "branch")


def worth(kind: str, answer: list[str]) -> Fraction:
    return mark(item_of_type(kind), answer)


@pytest.mark.parametrize(
    ("places", "share"),
    [
        ("1234", 1),
        ("2134", 5 / 6),
        ("2143", 4 / 6),
        ("4321", 0),
        ("4123", 3 / 6),
        ("12", 1 / 6),
        ("", 0),
    ],
)
def test_an_order_is_worth_the_share_of_its_pairs(places, share):
    """`places`: the steps given, by their right place."""
    steps = item_of_type("order").options
    assert float(worth("order", [steps[int(each) - 1].id for each in places])) == pytest.approx(share)


@pytest.mark.parametrize(
    ("answer", "share"),
    [
        (["a.share", "b.private", "c.private", "d.share"], 1),
        (["a.share", "b.private", "c.private"], 3 / 4),
        (["a.private", "b.share", "c.share", "d.private"], 0),
        (["a.share", "a.private"], 1 / 4),  # the first that was said
        (["a.nowhere", "z.share", "a", ""], 0),
        ([], 0),
    ],
)
def test_sorting_is_worth_the_share_of_cards_in_their_bin(answer, share):
    assert worth("sort", answer) == Fraction(share)


def test_matching_is_worth_the_share_of_cards_with_their_partner():
    key = right_answer(item_of_type("match"))
    first = key[0].partition(".")[2]
    assert [
        worth("match", key),
        worth("match", key[:2]),
        worth("match", [f"{c}.{first}" for c in "abc"]),
    ] == [
        1,
        Fraction(2, 3),
        Fraction(1, 3),
    ]


@pytest.mark.parametrize(
    ("path", "share"),
    [
        ("ae", 1),  # safe all along
        ("bce", 0.5),  # repaired
        ("adf", 0.5),
        ("bcdf", 0.5),
        ("a", 0),  # not at the end yet
        ("bc", 0),
        ("", 0),
        ("e", 0),  # not offered there
        ("aeb", 1),  # nothing comes after the end
    ],
)
def test_a_story_is_worth_one_for_a_safe_path_and_half_for_a_repaired_one(path, share):
    assert float(worth("branch", list(path))) == share


@pytest.mark.parametrize(
    ("picks", "share"), [("bc", 1), ("b", 0.5), ("bca", 0.5), ("bcad", 0), ("ad", 0), ("", 0)]
)
def test_spotting_is_worth_what_was_found_less_false_picks(picks, share):
    assert float(worth("spot", list(picks))) == share


@pytest.mark.parametrize("item", ITEMS, ids=lambda item: f"{item.id} {item.type}")
def test_the_whole_key_is_1_and_nothing_is_0(item):
    assert mark(item, right_answer(item)) == 1 and mark(item, []) == 0
    assert is_whole(item, right_answer(item)) and not is_whole(item, [])


words = st.one_of(
    st.text(max_size=8), st.sampled_from([*"abcdefgh", "a.share", "b.private", "a.a", "b.c", "."])
)


@given(st.sampled_from(ITEMS), st.lists(words, max_size=12))
def test_whatever_is_sent_lies_between_0_and_1_and_only_what_fits_is_kept(item, said):
    kept = fitting(item, said)
    assert 0 <= mark(item, kept) <= 1
    assert fitting(item, kept) == kept and set(kept) <= set(said)
    assert is_whole(item, kept) in (True, False)


@given(st.sampled_from([item for item in ITEMS if item.type == "order"]), st.data())
def test_putting_two_neighbors_right_never_lowers_an_order(item, data):
    right = [option.id for option in item.options]
    given_order = data.draw(st.permutations(right))
    step = data.draw(st.sampled_from(given_order[1:]))
    at = given_order.index(step)
    swapped = moved(given_order, f"{step}.up")
    better = right.index(step) < right.index(given_order[at - 1])
    assert (mark(item, swapped) > mark(item, given_order)) is better


@given(st.sampled_from([item for item in ITEMS if item.type in ("sort", "match")]), st.data())
def test_placing_a_card_rightly_raises_and_wrongly_never_does(item, data):
    answer = data.draw(st.lists(st.sampled_from(right_answer(item)), unique=True))
    left = [card for card in item.options if f"{card.id}.{card.bin}" not in answer]
    if left:
        card, bin_id = left[0], data.draw(st.sampled_from(item.bins)).id
        gained = mark(item, [*answer, f"{card.id}.{bin_id}"]) - mark(item, answer)
        assert gained == (Fraction(1, len(item.options)) if bin_id == card.bin else 0)


@given(st.data())
def test_any_way_through_a_story_comes_to_its_end(data):
    item = item_of_type("branch")
    path: list[str] = []
    while (at := walked(item, path).at) is not None:
        path.append(data.draw(st.sampled_from(item.choices_in(at.id))).id)
        assert len(path) <= len(item.scenes)
    assert mark(item, path) in (Fraction(1, 2), 1)


@pytest.mark.parametrize(
    ("move", "order"),
    [
        ("c.up", "acb"),
        ("c.down", "abc"),
        ("a.up", "abc"),
        ("a.down", "bac"),
        ("z.up", "abc"),
        ("a", "abc"),
        ("a.left", "abc"),
        ("", "abc"),
    ],
)
def test_moves(move, order):
    assert "".join(moved("abc", move)) == order
