"""A quiz with every type in it, through HTTP and without scripts: asked, answered, kept, handed in, looked at again."""

import re

import pytest
import sqlalchemy as sa

from completion.models import Progress
from core.database import db
from lessons.items import Item
from quizzes.models import Attempt, Response
from tests.lessons.every_type import asked_in, every_type, right_answer
from tests.quizzes.conftest import Taker, publish

LESSON = every_type()


@pytest.fixture
def ann(no_curriculum, signed_in, year) -> Taker:
    publish(LESSON)
    ann = Taker(signed_in("learner"), year)
    ann.finish_lesson(LESSON.id)
    return ann


@pytest.fixture
def attempt(ann) -> Attempt:
    return ann.start(LESSON)


def question(attempt: Attempt, kind: str) -> tuple[int, Item, str]:
    """Its number, the item, and the address of its page."""
    for number, drawn in enumerate(attempt.draw, start=1):
        item = LESSON.item(drawn["item"])
        if item.type == kind:
            return number, item, f"/quizzes/attempts/{attempt.public_id}/{number}"
    raise AssertionError(f"no {kind} was drawn")


def kept(attempt: Attempt, item: Item) -> list[str] | None:
    db.remove()
    answer = db.scalars(
        sa.select(Response.answer).filter_by(attempt_id=attempt.id, item_id=item.id)
    ).one_or_none()
    db.remove()
    return answer


def values_in(page: str, name: str = "pick") -> list[str]:
    """The answer that the page's form would send as it stands."""
    body = page.split('name="shown"')[1]
    hidden = re.findall(rf'<input type="hidden" name="{name}" value="([^"]+)"', body)
    checked = re.findall(rf'name="{name}(?:-\w)?" value="([^"]+)" checked', body)
    return hidden + checked + re.findall(r'<option value="([^"]+)" selected', body)


def test_right_answers_to_every_type_are_100(ann, attempt):
    for number, drawn in enumerate(attempt.draw, start=1):
        assert ann.save(attempt, number, right_answer(LESSON.item(drawn["item"]))).status_code == 204
    ann.submit(attempt)
    done = ann.attempts(LESSON)[-1]
    assert (done.score, done.passed) == (100, True)
    page = ann.browser.get(f"/quizzes/attempts/{attempt.public_id}/review").text
    for item in LESSON.quiz_items:
        right = right_answer(item)
        told = [each.feedback for each in item.options if item.type != "branch" or each.id in right]
        if item.type in ("single", "multi", "spot"):
            told = [each.feedback for each in item.options if each.correct]
        assert all(feedback.replace("'", "&#39;") in page for feedback in told), item.type
    assert "You had it" not in page


@pytest.mark.parametrize("kind", ["single", "multi", "spot", "order", "sort", "match"])
def test_an_answer_is_there_again_after_a_reload(ann, attempt, kind):
    number, item, at = question(attempt, kind)
    answer = right_answer(item)
    ann.save(attempt, number, answer)
    shown = values_in(ann.browser.get(at).text)
    assert shown == answer if kind == "order" else sorted(shown) == sorted(answer)


def test_steps_are_moved_by_buttons_without_scripts(ann, attempt):
    number, item, at = question(attempt, "order")
    shown = values_in(ann.browser.get(at).text)
    assert shown == attempt.draw[number - 1]["options"] and kept(attempt, item) is None
    last = shown[-1]
    answer = ann.browser.post(at, data={"pick": shown, "shown": ",".join(shown), "move": f"{last}.up"})
    assert answer.status_code == 303 and answer.headers["Location"].endswith("#answer")
    moved = [*shown[:-2], last, shown[-2]]
    assert kept(attempt, item) == moved == values_in(ann.browser.get(at).text)


def test_steps_that_stand_right_at_once_are_an_answer_when_the_button_says_so(ann, attempt):
    _, item, at = question(attempt, "order")
    shown = values_in(ann.browser.get(at).text)
    ann.browser.post(at, data={"pick": shown, "shown": ",".join(shown), "go": "on"})
    assert kept(attempt, item) == shown
    # and an old page that nobody touched takes nothing back
    ann.save(attempt, question(attempt, "order")[0], right_answer(item))
    ann.browser.post(at, data={"pick": shown, "shown": ",".join(shown), "go": "on"})
    assert kept(attempt, item) == right_answer(item)


def test_cards_are_placed_one_by_one_and_what_is_left_is_said(ann, attempt):
    number, item, at = question(attempt, "sort")
    cards = [option.id for option in item.options]
    ann.browser.post(at, data={f"pick-{cards[0]}": f"{cards[0]}.share", "shown": "", "go": "on"})
    assert kept(attempt, item) == [f"{cards[0]}.share"]
    check = ann.browser.get(f"/quizzes/attempts/{attempt.public_id}/check").text
    assert check.count("Not finished") == 1 and "You answered 0 of 7" in check
    whole = {f"pick-{card}": f"{card}.private" for card in cards}
    ann.browser.post(at, data={**whole, "shown": "", "go": "on"})
    assert sorted(kept(attempt, item) or []) == sorted(whole.values())
    assert "You answered 1 of 7" in ann.browser.get(f"/quizzes/attempts/{attempt.public_id}/check").text
    assert number


def test_a_story_shows_what_happens_and_its_way_back_and_keeps_the_path(ann, attempt):
    _, item, at = question(attempt, "branch")
    first = ann.browser.get(at).text
    assert item.scenes[0].text.replace("'", "&#39;") in first
    assert not any(scene.text.replace("'", "&#39;") in first for scene in item.scenes[1:])
    ann.browser.post(at, data={"pick": ["b"], "shown": "", "go": "here"})
    page = ann.browser.get(at).text
    assert "Now the player wants more photos." in page and "Mia feels uneasy." in page
    assert kept(attempt, item) == ["b"] == values_in(page)
    ann.browser.post(at, data={"pick": ["b", "c"], "shown": "b", "go": "here"})
    ann.browser.post(at, data={"pick": ["b", "c", "e"], "shown": "b,c", "go": "here"})
    end = ann.browser.get(at).text
    assert item.ending in end and 'type="radio" name="pick"' not in end


def test_a_page_of_a_story_from_before_takes_nothing_back(ann, attempt):
    number, item, at = question(attempt, "branch")
    ann.save(attempt, number, ["b", "c"])
    for older in (["a"], ["b"], ["a", "e"], []):
        ann.browser.post(at, data={"pick": older, "shown": "?", "go": "here"})
        assert ann.save(attempt, number, older).status_code == 204
        assert kept(attempt, item) == ["b", "c"]


def test_choosing_nothing_in_a_story_says_so(ann, attempt):
    _, item, at = question(attempt, "branch")
    answer = ann.browser.post(at, data={"shown": "", "go": "here"})
    assert "Pick an answer first." in ann.browser.get(answer.headers["Location"].partition("#")[0]).text
    assert kept(attempt, item) is None


@pytest.mark.parametrize(
    ("kind", "odd"),
    [
        ("order", ["z"]),
        ("order", ["a", "a"]),
        ("sort", ["a.nowhere"]),
        ("sort", ["a"]),
        ("sort", ["a.share", "a.private"]),
        ("match", ["a.z"]),
        ("branch", ["e"]),
        ("branch", ["a", "c"]),
        ("spot", ["a", "z"]),
        ("multi", ["a", "a"]),
    ],
)
def test_an_answer_the_question_can_not_have_is_refused_and_nothing_is_lost(ann, attempt, kind, odd):
    number, item, at = question(attempt, kind)
    before = right_answer(item)[:1] if kind == "branch" else right_answer(item)
    ann.save(attempt, number, before)
    assert ann.save(attempt, number, odd).status_code == 422
    assert ann.browser.post(at, data={"pick": odd, "shown": "?", "go": "on"}).status_code == 422
    assert kept(attempt, item) == before


def test_no_byte_before_the_hand_in_tells_a_key(ann, attempt):
    """Feedback, later scenes and endings are not sent; steps come in another order under ids that tell nothing."""
    pages = []
    for number, _ in enumerate(attempt.draw, start=1):
        answer = ann.browser.get(f"/quizzes/attempts/{attempt.public_id}/{number}")
        pages.append(answer.text + str(answer.headers))
    pages.append(ann.browser.get(f"/quizzes/attempts/{attempt.public_id}/check").text)
    everything = "\n".join(pages)
    for item in LESSON.quiz_items:
        assert asked_in(item, everything)
        for option in item.options:
            assert option.feedback not in everything
            assert not option.then or option.then not in everything
        assert not item.ending or item.ending not in everything
        for scene in item.scenes[1:]:
            assert scene.text.replace("'", "&#39;") not in everything
    for word in ("feedback", "correct", "critical", "points", "safe:", "repair", "clue&", "data-key"):
        assert word not in everything.lower(), word
    _, order, at = question(attempt, "order")
    right = [option.id for option in order.options]
    assert values_in(ann.browser.get(at).text) != right != sorted(right)
    # the shapes of cards, bins and regions do not tell which belongs where
    for kind in ("sort", "spot", "match"):
        _, item, at = question(attempt, kind)
        page = ann.browser.get(at).text.split('name="shown"')[1]
        for option in item.options:
            page = page.replace(option.text.replace("'", "&#39;"), "TEXT")
        page = re.sub(
            r'(value|name|id|for|aria-labelledby)="(?:pick-|card-)?[a-z](\.\w+)?"', r'\1="\2"', page
        )
        parts = re.split(r'<div class="(?:part|to-place)"', page)[1:]
        assert len(parts) == len(item.options)
        assert (
            len(
                {
                    part.split(
                        "</label>" if kind == "spot" else "</select>" if kind == "match" else 'class="bins"'
                    )[0]
                    for part in parts
                }
            )
            == 1
        )


def test_what_a_district_calls_things_stands_in_questions_and_review(ann, attempt):
    _, _, at = question(attempt, "single")
    assert "A message at our school asks Omar" in ann.browser.get(at).text
    ann.submit(attempt)
    assert "{{" not in ann.browser.get(f"/quizzes/attempts/{attempt.public_id}/review").text


def test_the_review_says_of_every_type_what_was_right_and_why(ann, attempt):
    answers = {
        "order": right_answer(question(attempt, "order")[1])[::-1],
        "sort": ["a.private", "b.private"],
        "branch": ["b", "c", "e"],
        "spot": ["b", "d"],
    }
    for kind, answer in answers.items():
        assert ann.save(attempt, question(attempt, kind)[0], answer).status_code == 204
    ann.submit(attempt)
    page = ann.browser.get(f"/quizzes/attempts/{attempt.public_id}/review").text
    assert page.index("1. &ldquo;Stop and leave") < page.index("4. &ldquo;Delete it")
    assert "You had it in place 4." in page
    assert "“Stays private”" in page and "&ldquo;Her favorite color&rdquo;: May be shared" in page
    assert "You found a way back to safe." in page
    assert "It is never too late" not in page  # a scene this pupil never came to
    assert 'You picked <span lang="en">&ldquo;Have a nice day.&rdquo;' in page
    db.remove()
    rows = db.execute(sa.select(Response.item_id, Response.points).filter_by(attempt_id=attempt.id))
    points = {row.item_id: row.points for row in rows}
    assert {LESSON.item(name).type: value for name, value in points.items()} == {
        "order": 0, "sort": 0.25, "branch": 0.5, "spot": 0,
    }  # fmt: skip


def test_the_youngest_are_done_when_they_hand_in_and_no_page_counts_against_them(
    no_curriculum, signed_in, year
):
    young = every_type("K-2", lesson_id="k-every-type")
    publish(young)
    bo = Taker(signed_in("learner"), year)
    bo.finish_lesson(young.id)
    attempt = bo.start(young)
    order = next(n for n, each in enumerate(attempt.draw, start=1) if each["type"] == "order")
    bo.save(attempt, order, attempt.draw[order - 1]["options"])
    bo.submit(attempt)
    assert bo.attempts(young)[-1].passed
    db.remove()
    assert db.scalars(sa.select(Progress.best_score).filter_by(part=young.part)).one() == 100
    db.remove()
    for path in (f"/quizzes/attempts/{attempt.public_id}/review", f"/quizzes/{young.id}"):
        assert "of 100" not in bo.browser.get(path).text, path
