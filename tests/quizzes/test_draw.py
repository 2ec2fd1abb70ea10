from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from quizzes.draw import draw_quiz, times_seen
from tests.quizzes.makers import item

seeds = st.integers(0, 2**62)


@st.composite
def pools(draw_from):
    """Items over one to five objectives, some seen before, and how many to ask."""
    objectives = draw_from(st.lists(st.integers(1, 5), min_size=1, max_size=14))
    pool = [item(f"x.q{n:02d}", objective=objective) for n, objective in enumerate(objectives)]
    seen = {made.id: draw_from(st.integers(0, 3)) for made in pool}
    return pool, seen, draw_from(st.integers(1, 6))


def names(draw):
    return [drawn["item"] for drawn in draw]


@given(pools(), seeds)
def test_every_objective_is_asked_and_none_twice_over(made, seed):
    pool, seen, count = made
    by_id = {each.id: each for each in pool}
    asked = names(draw_quiz(pool, count, seed, seen))
    assert {by_id[name].objective for name in asked} == {each.objective for each in pool}
    assert len(set(asked)) == len(asked)
    assert len(asked) == min(len(pool), max(count, len({each.objective for each in pool})))


@given(pools(), seeds)
def test_the_same_seed_draws_the_same_quiz_however_the_pool_stands(made, seed):
    pool, seen, count = made
    assert draw_quiz(pool, count, seed, seen) == draw_quiz(pool[::-1], count, seed, seen)


@given(pools(), seeds)
def test_an_item_seen_more_often_is_asked_only_where_its_objective_has_nothing_fresher(made, seed):
    pool, seen, count = made
    asked = set(names(draw_quiz(pool, count, seed, seen)))
    for old in (each for each in pool if each.id in asked):
        for fresh in (each for each in pool if each.id not in asked and seen[each.id] < seen[old.id]):
            same_objective = [each for each in pool if each.id in asked and each.objective == old.objective]
            assert fresh.objective != old.objective
            assert same_objective == [old]


@given(st.lists(seeds, min_size=2, max_size=2))
def test_a_second_attempt_asks_nothing_of_the_first_when_the_pool_holds_two_quizzes(two_seeds):
    pool = [item(f"x.q{n:02d}", objective=1) for n in range(8)]
    first = draw_quiz(pool, 4, two_seeds[0], {})
    second = draw_quiz(pool, 4, two_seeds[1], times_seen([first]))
    assert not set(names(first)) & set(names(second))


def test_a_third_attempt_goes_round_again_evenly():
    pool = [item(f"x.q{n:02d}", objective=1) for n in range(8)]
    draws = []
    for seed in range(6):
        draws.append(draw_quiz(pool, 4, seed, times_seen(draws)))
    assert set(times_seen(draws).values()) == {3}


@given(pools(), seeds)
def test_options_are_all_there_in_some_order(made, seed):
    pool, seen, count = made
    by_id = {each.id: each for each in pool}
    for drawn in draw_quiz(pool, count, seed, seen):
        assert sorted(drawn["options"]) == sorted(option.id for option in by_id[drawn["item"]].options)


def test_the_right_answer_comes_first_about_as_often_as_chance_has_it():
    pool = [item("x.q01", key="b")]
    firsts = [draw_quiz(pool, 1, seed, {})[0]["options"][0] for seed in range(600)]
    assert all(150 < firsts.count(name) < 250 for name in "abc")


def test_a_text_is_read_from_the_top():
    pool = [replace(item("x.q01"), type="spot")]
    assert all(draw_quiz(pool, 1, seed, {})[0]["options"] == ["a", "b", "c"] for seed in range(20))


def test_steps_are_never_drawn_in_their_right_order():
    pool = [replace(item("x.q01"), type="order")]
    drawn = ["".join(draw_quiz(pool, 1, seed, {})[0]["options"]) for seed in range(60)]
    assert set(drawn) == {"acb", "bac", "bca", "cab", "cba"}
