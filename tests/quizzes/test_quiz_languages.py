"""A quiz in the language its lesson is read in: asked, handed in and looked at again in one language."""

import pytest

from lessons.content import Lesson
from tests.lessons.spanish import translated
from tests.quizzes.conftest import publish
from tests.quizzes.makers import lesson

NOTE = "Traducción automática, en revisión."


@pytest.fixture
def made_up(no_curriculum: None) -> Lesson:
    """The made-up lesson with a translation, in which q01 and q02 stay in English."""
    made = translated(lesson(), leave=("g4-made-up.q01", "g4-made-up.q02"))
    publish(made, lesson("g4-made-up-2"))
    return made


@pytest.fixture
def choose(made_up):
    def choosing(taker, lang: str) -> None:
        answer = taker.browser.post(
            f"/lessons/g4/{made_up.id}/language", data={"language": lang, "quiz": "yes"}
        )
        assert answer.status_code == 303 and f"/quizzes/{made_up.id}" in answer.location

    return choosing


def test_the_attempt_keeps_the_language_it_was_begun_in(ann, made_up, choose):
    assert "Lesson in" in ann.browser.get(f"/quizzes/{made_up.id}").text
    choose(ann, "es")
    assert "ES: A Made-up Lesson" in ann.browser.get(f"/quizzes/{made_up.id}").text
    attempt = ann.start(made_up)
    assert attempt.lang == "es"
    choose(ann, "en")
    page = ann.browser.get(f"/quizzes/attempts/{attempt.public_id}/1").text
    assert NOTE in page
    assert NOTE in ann.browser.get(f"/quizzes/attempts/{attempt.public_id}/check").text
    front = ann.browser.get(f"/quizzes/{made_up.id}").text
    assert "Lesson in" not in front  # what is open is finished as it is
    assert ann.start(made_up).lang == "es"


def test_each_language_asks_and_answers_in_its_own_words(ann, made_up, choose):
    choose(ann, "es")
    spanish = ann.take(made_up, right=4)
    assert spanish.score == 100 and spanish.lang == "es"
    review = ann.browser.get(f"/quizzes/attempts/{spanish.public_id}/review").text
    assert "Ahora puedes eS: " in review and "ES: secret feedback" in review and NOTE in review
    choose(ann, "en")
    english = ann.take(made_up, right=0)
    assert english.lang == "en"
    page = ann.browser.get(f"/quizzes/attempts/{english.public_id}/review").text
    assert "ES:" not in page and NOTE not in page
    again = ann.browser.get(f"/quizzes/attempts/{spanish.public_id}/review").text
    assert "ES: secret feedback" in again  # the first is looked at as it was taken


def test_a_question_left_in_english_says_so(ann, made_up, choose):
    choose(ann, "es")
    attempt = ann.start(made_up)
    seen = set()
    for number, drawn in enumerate(attempt.draw, start=1):
        page = ann.browser.get(f"/quizzes/attempts/{attempt.public_id}/{number}").text
        left = drawn["item"] in ("g4-made-up.q01", "g4-made-up.q02")
        assert (f'id="answer" lang="{"en" if left else "es"}"') in page
        assert ("Esta parte todavía está en inglés." in page) == left
        assert (f">ES: What about {drawn['item']}?" in page) != left
        seen.add(left)
    assert False in seen


def test_nobody_who_said_nothing_is_asked_in_another_language(ann, made_up):
    assert ann.start(made_up).lang == "en"


def test_a_quiz_without_that_language_is_asked_in_its_own(taker, made_up, choose):
    ben = taker(of=lesson("g4-made-up-2"))
    assert ben.start(lesson("g4-made-up-2")).lang == "en"


def test_the_same_card_is_offered_again_in_both_languages(curriculum):
    """Where a lesson practices an objective, the card is found by place; elsewhere by words of that language."""
    from lessons import library
    from quizzes.review import card_for

    for ref in library.course("g4").lessons:
        source = library.lesson(ref.id)
        spanish = source.in_language("es")
        for item in source.quiz_items:
            assert spanish.steps[card_for(spanish, spanish.item(item.id)) - 1].kind == "card"
