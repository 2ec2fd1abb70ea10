"""A staff module's questions in the working day of a job: in practice, in the quiz, and in the review of that quiz."""

from dataclasses import replace
from datetime import timedelta

import pytest

from core.clock import now
from core.database import db
from lessons.content import Lesson
from lessons.item_variants import Reworded, Variant
from lessons.staff_choices import choose_job
from people.roster_models import RosterInterval
from tests.quizzes.conftest import Taker, publish
from tests.quizzes.makers import lesson

MODULE = "ruc-1-made-up"


def in_jobs(item):
    words = tuple(
        Variant(job, f"On the {where}: what about {item.short}?", (Reworded("a", f"{job} a", f"{job} why"),))
        for job, where in (("driver", "bus"), ("coach", "field"))
    )
    return replace(item, variants=words)


@pytest.fixture
def module(no_curriculum) -> Lesson:
    plain = lesson(MODULE, band="staff", course="ruc", pass_mark=80)
    made = Lesson.from_body(replace(plain, items=tuple(in_jobs(each) for each in plain.items)).to_body())
    publish(made)
    return made


@pytest.fixture
def dee(module, signed_in, year) -> Taker:
    made = Taker(signed_in("teacher"), year)
    made.finish_lesson(MODULE)
    return made


def roster(
    person, job: str | None, since: int = 10, until: int | None = None, audience: str = "staff"
) -> None:
    ends = now() - timedelta(days=until) if until is not None else None
    db.add(
        RosterInterval(
            district_id=person.district_id, person_id=person.id, audience=audience, job=job,
            starts_at=now() - timedelta(days=since), ends_at=ends, source="command",
        )
    )  # fmt: skip
    db.commit()


def question(dee, attempt, n: int = 1) -> str:
    return dee.browser.get(f"/quizzes/attempts/{attempt.public_id}/{n}", follow_redirects=True).text


def test_the_roster_says_whose_working_day_it_is(dee, module):
    roster(dee.person, "driver")
    attempt = dee.start(module)
    assert attempt.job == "driver"
    assert "On the bus" in question(dee, attempt)


def test_the_newest_interval_that_holds_now_speaks(dee, module):
    roster(dee.person, "driver", since=300, until=20)
    roster(dee.person, "teacher", since=90)
    roster(dee.person, "coach", since=30)
    roster(dee.person, "volunteer", since=5)
    roster(dee.person, "driver", since=1, audience="guest")
    assert dee.start(module).job == "coach"


def test_without_the_roster_ones_own_word_counts_and_before_that_all_is_as_written(dee, module, year):
    first = dee.take(module, right=4)
    assert first.job is None and "On the" not in question(dee, first)
    choose_job(dee.person, year, "coach")
    db.commit()
    attempt = dee.start(module)
    assert attempt.job == "coach" and "On the field" in question(dee, attempt)
    roster(dee.person, "driver")
    assert "On the field" in question(dee, attempt), "an attempt that was begun stays as it is"


def test_practice_is_asked_and_talked_about_in_the_job_too(module, signed_in, year):
    lee = signed_in("teacher")
    choose_job(lee.person, year, "driver")
    db.commit()
    lee.post(f"/lessons/ruc/{MODULE}")
    for step in (1, 2):
        lee.post(f"/lessons/ruc/{MODULE}/steps/{step}")
    assert "On the bus: what about p1?" in lee.get(f"/lessons/ruc/{MODULE}/steps/3").text
    assert "driver why" in lee.get(f"/lessons/ruc/{MODULE}/steps/3?chose=a").text


def test_the_review_shows_the_words_that_were_asked(dee, module, year):
    choose_job(dee.person, year, "driver")
    db.commit()
    attempt = dee.take(module, right=4)
    choose_job(dee.person, year, "coach")
    db.commit()
    review = dee.browser.get(f"/quizzes/attempts/{attempt.public_id}/review").text
    assert review.count("On the bus") == 4 and "On the field" not in review
    again = dee.start(module)
    assert again.job == "coach"


def test_marks_do_not_hang_on_the_job(dee, module, year):
    choose_job(dee.person, year, "driver")
    db.commit()
    assert dee.take(module, right=4).score == 100
