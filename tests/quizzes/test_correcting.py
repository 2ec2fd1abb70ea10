"""Kindergarten to grade 2: a wrong answer is talked about at once and tried until it is right, by forms alone."""

import pytest

from tests.lessons.every_type import every_type
from tests.quizzes.conftest import Taker, publish

LOOKED = "looked=yes"


@pytest.fixture
def young(no_curriculum):
    made = every_type("K-2", lesson_id="k-every-type")
    publish(made)
    return made


@pytest.fixture
def bo(young, signed_in, year) -> Taker:
    made = Taker(signed_in("learner"), year)
    made.finish_lesson(young.id)
    return made


def at_single(bo, young):
    """The attempt, the number of its first question with one right answer, and that question."""
    attempt = bo.start(young)
    number, drawn = next((n, each) for n, each in enumerate(attempt.draw, 1) if each["type"] == "single")
    return attempt, number, young.item(drawn["item"])


def press(bo, attempt, number, pick, go="on"):
    form = {"pick": pick, "go": go, "shown": ""}
    answer = bo.browser.post(f"/quizzes/attempts/{attempt.public_id}/{number}", data=form)
    assert answer.status_code == 303
    return answer.headers["Location"]


def ids(item) -> tuple[str, str]:
    right = next(iter(item.correct_ids))
    return right, next(option.id for option in item.options if option.id != right)


def test_a_wrong_answer_is_answered_kindly_on_the_spot_and_a_right_one_goes_on(bo, young):
    attempt, number, item = at_single(bo, young)
    right, wrong = ids(item)
    place = press(bo, attempt, number, wrong)
    assert LOOKED in place and f"/{number}?" in place
    page = bo.browser.get(place.split("#")[0]).text
    assert "Look again." in page and item.option(wrong).feedback in page
    assert item.option(right).feedback not in page, "the right answer is not given away"
    assert "Check again" in page and "Later" in page
    assert LOOKED in press(bo, attempt, number, wrong), "as often as it takes"
    assert LOOKED not in press(bo, attempt, number, right)


def test_who_is_stuck_may_go_on_and_is_done_all_the_same(bo, young):
    attempt, number, item = at_single(bo, young)
    _, wrong = ids(item)
    press(bo, attempt, number, wrong)
    assert LOOKED not in press(bo, attempt, number, wrong, go="later")
    bo.submit(attempt)
    assert bo.attempts(young)[-1].passed
    page = bo.browser.get(f"/quizzes/attempts/{attempt.public_id}/review").text
    assert "Almost" not in page and "</b> right" not in page


def test_a_page_that_was_not_answered_wrong_shows_no_feedback_even_when_its_address_asks(bo, young):
    attempt, number, item = at_single(bo, young)
    page = bo.browser.get(f"/quizzes/attempts/{attempt.public_id}/{number}?{LOOKED}").text
    assert not any(option.feedback in page for option in item.options)


def test_older_pupils_see_no_feedback_before_they_hand_in(no_curriculum, signed_in, year):
    older = every_type("3-5", lesson_id="g4-every-type")
    publish(older)
    cai = Taker(signed_in("learner"), year)
    cai.finish_lesson(older.id)
    attempt, number, item = at_single(cai, older)
    _, wrong = ids(item)
    assert LOOKED not in press(cai, attempt, number, wrong)
    page = cai.browser.get(f"/quizzes/attempts/{attempt.public_id}/{number}?{LOOKED}").text
    assert not any(option.feedback in page for option in item.options)


def test_the_first_button_of_the_form_goes_on_so_that_enter_does(bo, young):
    attempt, number, _ = at_single(bo, young)
    page = bo.browser.get(f"/quizzes/attempts/{attempt.public_id}/{number}").text
    form = page.split("data-autosave")[1]
    assert form.index('name="go" value="on"') < form.index('name="go" value="back"')
