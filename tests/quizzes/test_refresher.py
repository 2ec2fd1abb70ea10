"""The refresher through HTTP: what changed comes first, three questions credit a module or open it."""

import re
from html import unescape

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from completion.models import Evidence, Progress
from core.database import db
from lessons.models import LessonVisit
from people.audit import COMMAND
from people.merging import merge
from people.models import Person, SchoolYear
from quizzes.draw import draw_check
from quizzes.models import Attempt
from tests.browsers import Browser
from tests.lessons.staff_course import MODULES, NEWS, earlier_year, module, publish_course, took
from tests.quizzes.makers import item

FIRST, SECOND, THIRD = MODULES


@pytest.fixture
def modules(no_curriculum):
    made = [module(each) for each in MODULES]
    publish_course(*made)
    return made


@pytest.fixture
def dee(modules, signed_in, district) -> Browser:
    """She took the whole course last year."""
    browser = signed_in("teacher")
    took(browser.person, earlier_year(district), *modules)
    return browser


@pytest.fixture
def refreshing(dee) -> Browser:
    """Dee on the refresher, past what changed."""
    assert dee.post("/lessons/ruc/path", data={"path": "refresher"}).status_code == 303
    assert dee.post("/lessons/ruc/whats-new", data={"version": NEWS["version"]}).status_code == 303
    return dee


def words(answer) -> str:
    text = re.sub(r"<(script|style|svg|head|dialog)\b.*?</\1>", " ", answer.text, flags=re.S)
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", text)).split())


def check(browser: Browser, module_id: str, right: int) -> Attempt:
    """Take the check of a module, the first `right` answers right, and hand it in."""
    answer = browser.post(f"/quizzes/{module_id}/check")
    assert answer.status_code == 303, answer.text
    attempt = of(browser, module_id)
    items = {each.id: each for each in module(module_id).items}
    for number, drawn in enumerate(attempt.draw, start=1):
        asked = items[drawn["item"]]
        wrong = [each.id for each in asked.options if not each.correct][:1]
        picks = sorted(asked.correct_ids) if number <= right else wrong
        put = browser.put(f"/quizzes/attempts/{attempt.public_id}/{number}", json={"picks": picks})
        assert put.status_code == 204
    assert browser.post(f"/quizzes/attempts/{attempt.public_id}/submit").status_code == 303
    return of(browser, module_id)


def of(browser: Browser, module_id: str) -> Attempt:
    db.remove()
    mine = sa.select(Attempt).filter_by(person_id=browser.person.id, lesson_id=module_id)
    return db.scalars(mine.order_by(Attempt.id.desc())).first()


def this_year(browser: Browser, model: type):
    db.remove()
    newest = sa.select(SchoolYear.id).order_by(SchoolYear.starts_at.desc()).limit(1).scalar_subquery()
    mine = sa.select(model).filter_by(person_id=browser.person.id).where(model.school_year_id == newest)
    return db.scalars(mine).all()


def test_it_begins_with_what_changed(dee):
    answer = dee.post("/lessons/ruc/path", data={"path": "refresher"})
    assert answer.headers["Location"].split("?")[0].endswith("/lessons/ruc/whats-new")
    page = dee.get("/lessons/ruc/whats-new")
    assert "Ask the office <strong>first</strong>" in page.text and "The form has a new number." in page.text
    assert "Module 1" in words(page)
    assert "Read what changed this year" in words(dee.get("/lessons/ruc"))
    assert dee.post(f"/quizzes/{FIRST}/check").status_code == 409
    dee.post("/lessons/ruc/whats-new", data={"version": "an older one"})
    assert dee.post(f"/quizzes/{FIRST}/check").status_code == 409
    dee.post("/lessons/ruc/whats-new", data={"version": NEWS["version"]})
    assert "Check: Module 1" in words(dee.get("/lessons/ruc"))


def test_news_that_is_reworded_is_read_again(refreshing, modules):
    publish_course(*modules, news={**NEWS, "version": "2026-27.bb"})
    assert "Read what changed this year" in words(refreshing.get("/lessons/ruc"))


def test_all_right_credits_the_module(refreshing):
    attempt = check(refreshing, FIRST, right=3)
    assert (attempt.number, attempt.passed, attempt.score) == (0, True, 100)
    (evidence,) = this_year(refreshing, Evidence)
    assert (evidence.part, evidence.kind) == (f"lesson:{FIRST}", "course")
    assert evidence.source == f"check {attempt.public_id}"
    page = words(refreshing.get(f"/quizzes/attempts/{attempt.public_id}/review"))
    assert "This module is credited." in page and "Take the quiz again" not in page
    page = words(refreshing.get("/lessons/ruc"))
    assert "33 percent done" in page and "Credited by check" in page and "about 5 minutes to go" in page
    assert "Check: Module 2" in page


def test_one_wrong_opens_the_module_and_credits_nothing(refreshing):
    attempt = check(refreshing, FIRST, right=2)
    assert attempt.passed is False
    assert [each.lesson_id for each in this_year(refreshing, LessonVisit)] == [FIRST]
    (progress,) = this_year(refreshing, Progress)
    assert (progress.part, progress.best_score, progress.done_at) == (f"lesson:{FIRST}", None, None)
    page = words(refreshing.get(f"/quizzes/attempts/{attempt.public_id}/review"))
    assert "This module opens in full." in page and "Open the module" in page
    page = words(refreshing.get("/lessons/ruc"))
    assert "Open in full" in page and "about 12 minutes to go" in page, "7 + 2.5 + 2.5"
    assert "Check: Module 2" in page, "the next check comes first, the open module can wait"
    again = refreshing.post(f"/quizzes/{FIRST}/check")
    assert again.status_code == 409 and "open in full" in again.text


def test_an_opened_module_is_finished_with_its_quiz_from_try_one(refreshing):
    check(refreshing, FIRST, right=0)
    for step in range(1, 8):
        refreshing.post(f"/lessons/ruc/{FIRST}/steps/{step}")
    front = words(refreshing.get(f"/quizzes/{FIRST}"))
    assert "Start the quiz" in front and "Your tries" not in front
    refreshing.post(f"/quizzes/{FIRST}/attempts")
    assert of(refreshing, FIRST).number == 1


def test_a_check_left_open_does_not_stand_in_the_way_of_the_quiz(refreshing):
    refreshing.post(f"/quizzes/{FIRST}/check")
    refreshing.post(f"/lessons/ruc/{FIRST}")
    for step in range(1, 8):
        refreshing.post(f"/lessons/ruc/{FIRST}/steps/{step}")
    assert refreshing.post(f"/quizzes/{FIRST}/attempts").status_code == 303
    assert of(refreshing, FIRST).number == 1


def test_a_check_is_gone_on_with_and_handed_in_once(refreshing):
    refreshing.post(f"/quizzes/{FIRST}/check")
    first = of(refreshing, FIRST)
    assert refreshing.post(f"/quizzes/{FIRST}/check").status_code == 303
    assert of(refreshing, FIRST).id == first.id
    done = check(refreshing, FIRST, right=3)
    assert done.id == first.id
    assert refreshing.post(f"/quizzes/attempts/{done.public_id}/submit").status_code == 303
    assert refreshing.post(f"/quizzes/{FIRST}/check").status_code == 409


def test_a_module_that_was_begun_has_no_check(refreshing):
    refreshing.post(f"/lessons/ruc/{FIRST}")
    assert refreshing.post(f"/quizzes/{FIRST}/check").status_code == 409
    for step in (1, 2):
        refreshing.post(f"/lessons/ruc/{FIRST}/steps/{step}")
    page = refreshing.get("/lessons/ruc")
    assert "Continue: Module 1" in words(page) and f"/lessons/ruc/{FIRST}/steps/3" in page.text


def test_the_refresher_is_for_those_with_the_whole_course_on_record(modules, signed_in, district):
    lee = signed_in("teacher")
    assert "The refresher" not in words(lee.get("/lessons/ruc"))
    assert lee.post("/lessons/ruc/path", data={"path": "refresher"}).status_code == 409
    took(lee.person, earlier_year(district), *modules[:2])
    assert lee.post("/lessons/ruc/path", data={"path": "refresher"}).status_code == 409
    assert lee.post(f"/quizzes/{FIRST}/check").status_code == 409
    took(lee.person, earlier_year(district, 2), *modules)
    assert "The refresher" in words(lee.get("/lessons/ruc"))


def test_what_was_done_this_year_is_no_earlier_year(modules, signed_in, year):
    lee = signed_in("teacher")
    took(lee.person, year, *modules)
    assert lee.post("/lessons/ruc/path", data={"path": "refresher"}).status_code == 409


def test_a_module_written_since_does_not_undo_last_years_course(refreshing, modules):
    new = module("ruc-4-fourth")
    publish_course(*modules, new)
    assert "The refresher" in words(refreshing.get("/lessons/ruc"))
    assert check(refreshing, new.id, right=3).passed


def test_the_check_is_asked_in_the_persons_job_and_its_key_stays_hidden(refreshing):
    refreshing.post(f"/quizzes/{FIRST}/check")
    page = refreshing.get(f"/quizzes/attempts/{of(refreshing, FIRST).public_id}/1").text
    assert "secret feedback" not in page and 'type="radio"' in page


def test_outsiders_start_no_check(refreshing, signed_in, client):
    assert client.post(f"/quizzes/{FIRST}/check").status_code == 401
    assert signed_in("mentor").post(f"/quizzes/{FIRST}/check").status_code == 403
    attempt_of_dee = (refreshing.post(f"/quizzes/{FIRST}/check"), of(refreshing, FIRST))[1]
    other = signed_in("teacher")
    assert other.get(f"/quizzes/attempts/{attempt_of_dee.public_id}/1").status_code == 404
    assert other.post(f"/quizzes/{FIRST}/check").status_code == 409


@given(
    criticals=st.integers(0, 3),
    objectives=st.lists(st.integers(1, 4), min_size=10, max_size=14),
    seed=st.integers(0, 2**62),
)
def test_a_check_asks_three_different_items_and_every_critical_one(criticals, objectives, seed):
    pool = [
        item(f"ruc-1-x.q{n:02}", objective=objective, critical=n < criticals)
        for n, objective in enumerate(objectives)
    ]
    asked = [each["item"] for each in draw_check(pool, seed)]
    assert len(asked) == len(set(asked)) == 3
    assert {each.id for each in pool if each.critical} <= set(asked)
    assert asked == [each["item"] for each in draw_check(pool, seed)]
    named = {each.id: each.objective for each in pool}
    if criticals == 0 and len(set(objectives)) >= 3:
        assert len({named[each] for each in asked}) == 3


def test_a_check_stays_a_check_when_two_records_of_one_person_are_put_together(refreshing, make_person):
    check(refreshing, FIRST, right=0)
    other = make_person("staff")
    merge(db.get_one(Person, other.id), db.get_one(Person, refreshing.person.id), COMMAND)
    db.commit()
    (moved,) = db.scalars(sa.select(Attempt).filter_by(person_id=other.id)).all()
    assert moved.is_check
