from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizzes.draw import draw_quiz
from quizzes.marking import Marks, NoMarkerForType, mark, mark_attempt, passes
from tests.quizzes.makers import item, lesson

LESSON = lesson()
ITEMS = {each.id: each for each in LESSON.quiz_items}


@pytest.mark.parametrize(
    ("key", "picks", "points"),
    [
        ("a", "a", 1),
        ("a", "b", 0),
        ("a", "", 0),
        ("a", "ab", 0),
        ("b", "b", 1),
        ("ac", "ac", 1),
        ("ac", "a", 0.5),
        ("ac", "ab", 0),
        ("ac", "abc", 0.5),
        ("ac", "abcd", 0),
        ("ac", "bd", 0),
        ("ac", "", 0),
        ("abc", "abcd", 2 / 3),
    ],
)
def test_points(key, picks, points):
    assert float(mark(item("x.q01", key=key, options="abcd"), list(picks))) == pytest.approx(points)


def test_a_pick_counted_twice_is_one_pick():
    assert mark(item("x.q01", key="ac", options="abcd"), ["a", "a"]) == mark(
        item("x.q01", key="ac", options="abcd"), ["a"]
    )


def test_a_type_nobody_can_mark_says_so():
    with pytest.raises(NoMarkerForType, match="no marker for items of type essay"):
        mark(replace(item("x.q01"), type="essay"), ["a"])


@pytest.mark.parametrize(
    ("right", "of", "score"),
    [(0, 4, 0.0), (1, 4, 25.0), (3, 4, 75.0), (4, 4, 100.0), (1, 3, 33.33), (2, 3, 66.67), (1, 7, 14.29)],
)
def test_a_score_is_a_percentage_rounded_half_up(right, of, score):
    items = {f"x.q{n:02d}": item(f"x.q{n:02d}") for n in range(of)}
    draw = [{"item": name, "options": ["a", "b", "c"]} for name in items]
    answers = {name: ["a"] for name in list(items)[:right]}
    assert mark_attempt(draw, items, answers).score == score


def test_a_half_hundredth_rounds_up():
    """One right of 800 is 0.125 %, which banker's rounding would make 0.12."""
    items = {f"x.q{n:03d}": item(f"x.q{n:03d}") for n in range(800)}
    draw = [{"item": name, "options": ["a", "b", "c"]} for name in items]
    assert mark_attempt(draw, items, {"x.q000": ["a"]}).score == 0.13


@pytest.mark.parametrize(
    ("score", "missed", "pass_mark", "passed"),
    [
        (75.0, (), 75, True),
        (74.99, (), 75, False),
        (80.0, (), 80, True),
        (79.99, (), 80, False),
        (80.0, ("x.q01",), 80, False),
        (100.0, (), 80, True),
    ],
)
def test_passing_takes_the_share_and_every_critical_item(score, missed, pass_mark, passed):
    assert passes(Marks(score, {}, missed), pass_mark) is passed


def test_a_critical_item_half_right_is_missed():
    items = {"x.q01": item("x.q01", key="ac", options="abcd", critical=True)}
    draw = [{"item": "x.q01", "options": list("abcd")}]
    assert mark_attempt(draw, items, {"x.q01": ["a"]}).critical_missed == ("x.q01",)
    assert mark_attempt(draw, items, {"x.q01": ["a", "c"]}).critical_missed == ()


@st.composite
def handed_in(draw_from):
    quiz = draw_quiz(LESSON.quiz_items, LESSON.draw, draw_from(st.integers(0, 10**6)), {})
    return quiz, {
        drawn["item"]: draw_from(st.lists(st.sampled_from(drawn["options"]), unique=True)) for drawn in quiz
    }


@given(handed_in())
def test_every_score_lies_between_0_and_100(quiz_and_answers):
    quiz, answers = quiz_and_answers
    marks = mark_attempt(quiz, ITEMS, answers)
    assert 0 <= marks.score <= 100
    assert all(0 <= points <= 1 for points in marks.points.values())
    assert set(marks.points) == {drawn["item"] for drawn in quiz}


@given(handed_in(), st.randoms())
def test_the_order_of_questions_options_and_picks_changes_nothing(quiz_and_answers, chance):
    quiz, answers = quiz_and_answers
    other = [{"item": d["item"], "options": chance.sample(d["options"], len(d["options"]))} for d in quiz]
    chance.shuffle(other)
    turned = {name: picks[::-1] for name, picks in answers.items()}
    assert mark_attempt(other, ITEMS, turned).score == mark_attempt(quiz, ITEMS, answers).score


@given(handed_in(), st.data())
def test_one_more_wrong_pick_never_raises_the_score(quiz_and_answers, data):
    quiz, answers = quiz_and_answers
    before = mark_attempt(quiz, ITEMS, answers)
    name = data.draw(st.sampled_from(sorted(answers)))
    wrong = [o.id for o in ITEMS[name].options if not o.correct]
    worse = {**answers, name: [*answers[name], data.draw(st.sampled_from(wrong))]}
    assert mark_attempt(quiz, ITEMS, worse).score <= before.score


@given(st.integers(0, 10**6))
def test_every_key_together_is_100_and_no_answer_is_0(seed):
    quiz = draw_quiz(LESSON.quiz_items, LESSON.draw, seed, {})
    keys = {drawn["item"]: ITEMS[drawn["item"]].correct_ids for drawn in quiz}
    assert mark_attempt(quiz, ITEMS, keys).score == 100
    assert mark_attempt(quiz, ITEMS, {}).score == 0
