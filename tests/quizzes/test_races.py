"""Two tabs at once, with real threads on a real database."""

from threading import Barrier, Thread

import pytest
import sqlalchemy as sa

from completion.models import Evidence
from core.database import db
from quizzes.attempts import own_attempt_to_change
from quizzes.handing_in import submit_attempt
from quizzes.models import Attempt, Response


def at_once(*calls) -> list:
    """Run these at the same moment, each in its own thread; their answers in order."""
    db.remove()  # on SQLite our own open transaction would keep all of them waiting
    barrier, answers = Barrier(len(calls)), [None] * len(calls)

    def run(place, call):
        barrier.wait(timeout=10)
        try:
            answers[place] = call()
        finally:
            db.remove()

    threads = [Thread(target=run, args=pair) for pair in enumerate(calls)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    db.remove()
    return answers


@pytest.fixture
def tabs(ann, signed_in):
    """Four tabs of Ann's browser."""
    return [ann.browser, *(signed_in(person=ann.person, browser=ann.browser) for _ in range(3))]


def test_starting_in_four_tabs_at_once_starts_one_attempt(tabs, ann, made_up):
    answers = at_once(*(lambda tab=tab: tab.post(f"/quizzes/{made_up.id}/attempts") for tab in tabs))
    assert [answer.status_code for answer in answers] == [303] * 4
    assert len({answer.headers["Location"].split("?")[0] for answer in answers}) == 1
    assert len(ann.attempts(made_up)) == 1


def test_handing_in_in_four_tabs_at_once_counts_once(tabs, ann, made_up):
    attempt = ann.start(made_up)
    for number, drawn in enumerate(attempt.draw, start=1):
        ann.save(attempt, number, sorted(made_up.item(drawn["item"]).correct_ids))
    answers = at_once(
        *(lambda tab=tab: tab.post(f"/quizzes/attempts/{attempt.public_id}/submit") for tab in tabs)
    )
    assert [answer.status_code for answer in answers] == [303] * 4
    assert len(db.scalars(sa.select(Evidence)).all()) == 1
    assert [each.score for each in ann.attempts(made_up)] == [100]


def test_an_answer_saved_while_handing_in_is_either_marked_or_refused(tabs, ann, made_up):
    for _ in range(4):
        attempt = ann.start(made_up)
        right = sorted(made_up.item(attempt.draw[0]["item"]).correct_ids)
        at = f"/quizzes/attempts/{attempt.public_id}"
        saved, handed_in = at_once(
            lambda at=at, right=right: tabs[0].put(f"{at}/1", json={"picks": right}),
            lambda at=at: tabs[1].post(f"{at}/submit"),
        )
        assert handed_in.status_code == 303 and saved.status_code in (204, 409)
        done = ann.attempts(made_up)[-1]
        kept = db.scalars(sa.select(Response).filter_by(attempt_id=attempt.id)).all()
        assert done.score == (25 if saved.status_code == 204 else 0)
        assert len(kept) == (1 if saved.status_code == 204 else 0)


def test_an_answer_waits_while_the_quiz_is_being_marked(tabs, ann, made_up):
    """The quiz is marked in this thread and not yet written when the other tab's answer comes in."""
    attempt = ann.start(made_up)
    right = sorted(made_up.item(attempt.draw[0]["item"]).correct_ids)
    answers = []
    saving = Thread(target=lambda: answers.append(ann.save(attempt, 1, right)))
    db.remove()
    submit_attempt(own_attempt_to_change(attempt.public_id, ann.person))
    saving.start()
    saving.join(timeout=0.5)
    assert saving.is_alive()
    db.commit()
    saving.join(timeout=10)
    assert [answer.status_code for answer in answers] == [409]
    assert ann.attempts(made_up)[-1].score == 0
    assert db.scalars(sa.select(Response)).all() == []


def test_two_lessons_handed_in_at_once_both_count_for_the_course(tabs, ann, made_up, gradebook):
    from lessons import library

    second = library.lesson("g4-made-up-2")
    ann.finish_lesson(second.id)
    attempts = []
    for made in (made_up, second):
        attempt = ann.start(made)
        for number, drawn in enumerate(attempt.draw, start=1):
            ann.save(attempt, number, sorted(made.item(drawn["item"]).correct_ids))
        attempts.append(attempt)
    at_once(
        *(
            lambda tab=tab, attempt=attempt: tab.post(f"/quizzes/attempts/{attempt.public_id}/submit")
            for tab, attempt in zip(tabs, attempts, strict=False)
        )
    )
    assert {each.passed for each in db.scalars(sa.select(Attempt))} == {True}
    assert gradebook.wanted("/lessons/g4") == (100, 2)
