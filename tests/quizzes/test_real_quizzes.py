"""The quizzes of the real curriculum: each can be drawn, answered, passed and looked at again."""

import pytest

from core.database import db
from lessons import library
from quizzes.draw import draw_quiz, times_seen
from quizzes.marking import mark_attempt, passes
from quizzes.questions import questions
from quizzes.review import can_now, card_for, review
from tests.lessons.every_type import right_answer


@pytest.fixture
def real_lessons(curriculum):
    courses = library.current_release().courses.values()
    lessons = [library.lesson(ref.id) for course in courses for ref in course.lessons]
    db.remove()
    assert lessons
    return lessons


def test_the_keys_pass_and_no_answers_do_not(real_lessons):
    for lesson in real_lessons:
        items = {item.id: item for item in lesson.items}
        for seed in range(20):
            draw = draw_quiz(lesson.quiz_items, lesson.draw, seed, {})
            keys = {drawn["item"]: right_answer(items[drawn["item"]]) for drawn in draw}
            assert mark_attempt(draw, items, keys).score == 100
            assert passes(mark_attempt(draw, items, keys), lesson.pass_mark)
            # K-2 has no pass mark: going through the lesson is all that is asked.
            assert lesson.band == "K-2" or not passes(mark_attempt(draw, items, {}), lesson.pass_mark)


def test_a_second_quiz_is_nearly_new(real_lessons):
    """At most as many items come again as there are objectives: one of each must be asked."""
    for lesson in real_lessons:
        for seed in range(20):
            first = draw_quiz(lesson.quiz_items, lesson.draw, seed, {})
            second = draw_quiz(lesson.quiz_items, lesson.draw, seed + 1, times_seen([first]))
            again = {drawn["item"] for drawn in first} & {drawn["item"] for drawn in second}
            assert len(again) < len(lesson.objectives), (lesson.id, again)


def test_what_the_browser_gets_holds_no_feedback(real_lessons):
    for lesson in real_lessons:
        draw = draw_quiz(lesson.quiz_items, lesson.draw, 1, {})
        shown = repr(questions(draw, lesson, {}))
        for item in lesson.quiz_items:
            assert not any(option.feedback in shown for option in item.options)


def test_every_miss_leads_to_a_card(real_lessons):
    for lesson in real_lessons:
        for item in lesson.quiz_items:
            assert lesson.steps[card_for(lesson, item) - 1].kind == "card"
        draw = draw_quiz(lesson.quiz_items, lesson.draw, 1, {})
        assert {each.verdict for each in review(draw, lesson, {})} == {"missed"}
        assert can_now(lesson).startswith("You can now ")
