"""What the gradebook is told, and when."""

import pytest

from core.database import db
from lessons import library
from quizzes.grades import share_done

LESSON, COURSE = "/lessons/g4/g4-made-up", "/lessons/g4"


@pytest.mark.parametrize(
    ("done", "percent"),
    [
        ("", 0.0),
        ("a", 16.67),
        ("ab", 33.33),
        ("abc", 50.0),
        ("abcde", 83.33),
        ("abcdef", 100.0),
        ("axyz", 16.67),
    ],
)
def test_the_course_counts_its_own_lessons_that_are_done(done, percent):
    assert share_done("abcdef", set(done)) == percent


def test_the_first_score_is_sent_whatever_it_is(ann, made_up, gradebook):
    ann.take(made_up, right=0)
    assert gradebook.wanted(LESSON) == (0, 1)


def test_only_a_better_score_is_sent_after_it(ann, made_up, gradebook):
    for right, wanted in (
        (2, (50, 1)),
        (1, (50, 1)),
        (2, (50, 1)),
        (3, (75, 2)),
        (0, (75, 2)),
        (4, (100, 3)),
    ):
        ann.take(made_up, right=right)
        assert gradebook.wanted(LESSON) == wanted


def test_the_course_is_sent_its_share_when_a_lesson_is_newly_done(ann, made_up, gradebook):
    ann.take(made_up, right=2)
    assert gradebook.wanted(COURSE) is None  # nothing done: no 0 in anybody's gradebook
    ann.take(made_up, right=3)
    assert gradebook.wanted(COURSE) == (50, 1)
    ann.take(made_up, right=4)
    assert gradebook.wanted(COURSE) == (50, 1)
    second = library.lesson("g4-made-up-2")
    db.remove()
    ann.finish_lesson(second.id)
    ann.take(second, right=4)
    assert gradebook.wanted(COURSE) == (100, 2)


def test_somebody_else_keeps_their_own_column(ann, taker, made_up, gradebook):
    taker().take(made_up, right=4)
    assert gradebook.wanted(LESSON) is None


def test_the_review_says_where_the_grade_is(ann, made_up, gradebook):
    attempt = ann.take(made_up, right=4)
    page = ann.browser.get(f"/quizzes/attempts/{attempt.public_id}/review").text
    assert "On its way to the gradebook." in page


def test_without_a_column_the_review_says_nothing_of_a_grade(ann, made_up):
    attempt = ann.take(made_up, right=4)
    page = ann.browser.get(f"/quizzes/attempts/{attempt.public_id}/review").text
    assert "gradebook" not in page.split("<main")[1]
