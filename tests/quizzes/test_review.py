from dataclasses import replace

import pytest

from quizzes.review import can_now, card_for, review
from tests.quizzes.makers import FEEDBACK, item, lesson, step

LESSON = lesson()


def reviewed(key: str, picks: str, options: str = "abcd"):
    asked = item("x.q01", key=key, options=options)
    made = replace(LESSON, items=(*LESSON.items, asked))
    return review(
        [{"item": "x.q01", "options": list(options)}], made, {"x.q01": list(picks)} if picks else {}
    )[0]


@pytest.mark.parametrize(
    ("key", "picks", "verdict"),
    [("a", "a", "right"), ("a", "b", "missed"), ("a", "", "missed"), ("ac", "ac", "right"), ("ac", "a", "partly"),
     ("ac", "ab", "missed"), ("ac", "abc", "partly"), ("ac", "bd", "missed")],
)  # fmt: skip
def test_verdicts(key, picks, verdict):
    assert reviewed(key, picks).verdict == verdict


def test_feedback_is_given_for_what_was_picked_and_what_was_right_only():
    said = {choice.text[-15:]: choice.feedback for choice in reviewed("ac", "b").choices}
    assert [bool(feedback) for feedback in said.values()] == [True, True, True, False]
    assert all(not feedback or feedback.startswith(FEEDBACK) for feedback in said.values())


def test_choices_stand_as_they_were_drawn():
    asked = LESSON.quiz_items[0]
    one = review([{"item": asked.id, "options": ["c", "a", "b"]}], LESSON, {})[0]
    assert [choice.text[7] for choice in one.choices] == ["c", "a", "b"]


@pytest.mark.parametrize(("objective", "card"), [(1, 2), (2, 4)])
def test_the_card_before_the_first_practice_of_the_objective_is_the_one_to_read(objective, card):
    assert card_for(LESSON, item("x.q01", objective=objective)) == card


def test_an_objective_nobody_practices_leads_to_the_card_that_speaks_of_it():
    law = step("card", "law", text="A law asks parents for permission.")
    steps = (step("hook", "hook"), step("card", "a"), law, step("card", "b"), step("tell", "tell"))
    made = replace(LESSON, steps=steps, objectives=("Explain what the law asks of parents", "Choose"))
    assert card_for(made, item("x.q01", objective=1)) == 3


def test_what_one_can_do_now_is_a_sentence():
    assert can_now(replace(LESSON, objectives=("Spot a scam.",))) == "You can now spot a scam."
