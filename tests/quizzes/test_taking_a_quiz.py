"""Taking a quiz through HTTP, on both databases."""

import pytest
import sqlalchemy as sa

from completion.models import Evidence, Progress
from core.database import db
from quizzes.models import Attempt, Response
from tests.lessons.every_type import asked_in
from tests.quizzes.makers import FEEDBACK, lesson


def location(answer) -> str:
    return answer.headers["Location"].split("?")[0]


def picks_of(attempt: Attempt) -> dict[str, list[str]]:
    db.remove()
    return {
        row.item_id: row.answer for row in db.scalars(sa.select(Response).filter_by(attempt_id=attempt.id))
    }


def test_the_quiz_opens_when_the_lesson_is_finished(taker, made_up):
    early = taker(finished=False)
    page = early.browser.get(f"/quizzes/{made_up.id}")
    assert "opens when you have seen the whole lesson" in page.text
    refused = early.browser.post(f"/quizzes/{made_up.id}/attempts")
    assert refused.status_code == 409
    assert early.attempts(made_up) == []
    early.finish_lesson(made_up.id)
    assert "Start the quiz" in early.browser.get(f"/quizzes/{made_up.id}").text


def test_a_quiz_from_front_to_grade_without_scripts(ann, made_up):
    start = ann.browser.post(f"/quizzes/{made_up.id}/attempts")
    attempt = ann.attempts(made_up)[-1]
    at = location(start)
    assert at == f"/quizzes/attempts/{attempt.public_id}/1"
    for number, drawn in enumerate(attempt.draw, start=1):
        page = ann.browser.get(at)
        item = made_up.item(drawn["item"])
        assert asked_in(item, page.text) and f"Question {number} of 4" in page.text
        at = location(ann.browser.post(at, data={"pick": sorted(item.correct_ids), "shown": "", "go": "on"}))
    assert at.endswith("/check")
    assert "You answered 4 of 4" in ann.browser.get(at).text
    at = location(ann.submit(attempt))
    page = ann.browser.get(at)
    assert "You did it" in page.text and "You can now spot a trick in a message." in page.text
    assert "Show someone at home one trick." in page.text
    done = ann.attempts(made_up)[-1]
    assert (done.score, done.passed) == (100, True)


def test_start_goes_on_with_the_open_attempt_at_its_first_unanswered_question(ann, made_up):
    attempt = ann.start(made_up)
    ann.save(attempt, 1, attempt.draw[0]["options"][:1])
    again = ann.browser.post(f"/quizzes/{made_up.id}/attempts")
    assert location(again) == f"/quizzes/attempts/{attempt.public_id}/2"
    assert len(ann.attempts(made_up)) == 1


def test_a_picked_choice_is_there_again_after_a_reload(ann, made_up):
    attempt = ann.start(made_up)
    picked = attempt.draw[0]["options"][1]
    ann.save(attempt, 1, [picked])
    page = ann.browser.get(f"/quizzes/attempts/{attempt.public_id}/1").text
    assert f'value="{picked}" checked' in page
    assert page.count(" checked") == 1 + page.split("<dialog")[1].count(" checked")


def test_saving_the_same_answer_twice_is_saving_it_once(ann, made_up):
    attempt = ann.start(made_up)
    for _ in range(2):
        assert ann.save(attempt, 1, attempt.draw[0]["options"][:1]).status_code == 204
    assert picks_of(attempt) == {attempt.draw[0]["item"]: attempt.draw[0]["options"][:1]}


def test_a_later_answer_replaces_the_earlier_and_none_clears_it(ann, made_up):
    attempt = ann.start(made_up)
    name, options = attempt.draw[0]["item"], attempt.draw[0]["options"]
    ann.save(attempt, 1, [options[0]])
    ann.save(attempt, 1, [options[1]])
    assert picks_of(attempt) == {name: [options[1]]}
    ann.save(attempt, 1, [])
    assert "You answered 0 of 4" in ann.browser.get(f"/quizzes/attempts/{attempt.public_id}/check").text


@pytest.mark.parametrize(
    "sent",
    [
        {"picks": ["z"]},
        {"picks": ["a", "a"]},
        {"picks": "a"},
        {"picks": [1]},
        {"picks": ["x" * 50]},
        {},
        [],
        "a",
    ],
)
def test_an_answer_that_was_not_offered_is_refused(ann, made_up, sent):
    attempt = ann.start(made_up)
    answer = ann.browser.put(f"/quizzes/attempts/{attempt.public_id}/1", json=sent)
    assert answer.status_code == 422
    assert picks_of(attempt) == {}


def test_two_picks_for_a_question_that_takes_one_are_refused(ann, made_up):
    attempt = ann.start(made_up)
    number = next(n for n, d in enumerate(attempt.draw, start=1) if made_up.item(d["item"]).type == "single")
    assert ann.save(attempt, number, ["a", "b"]).status_code == 422


@pytest.mark.parametrize("number", [0, 5, 99])
def test_a_question_the_quiz_does_not_have_is_not_found(ann, made_up, number):
    attempt = ann.start(made_up)
    at = f"/quizzes/attempts/{attempt.public_id}/{number}"
    assert ann.browser.get(at).status_code == 404
    assert ann.browser.post(at, data={"pick": "a"}).status_code == 404
    assert ann.browser.put(at, json={"picks": ["a"]}).status_code == 404


def test_an_untouched_old_page_does_not_wipe_a_newer_answer(ann, made_up):
    """A second tab shows the question as it was, unanswered; there somebody only presses the button."""
    attempt = ann.start(made_up)
    picked = attempt.draw[0]["options"][:1]
    ann.save(attempt, 1, picked)
    on = ann.browser.post(f"/quizzes/attempts/{attempt.public_id}/1", data={"shown": "", "go": "on"})
    assert location(on).endswith("/2")
    assert picks_of(attempt)[attempt.draw[0]["item"]] == picked


def test_back_keeps_the_answer_too(ann, made_up):
    attempt = ann.start(made_up)
    picked = attempt.draw[1]["options"][0]
    at = f"/quizzes/attempts/{attempt.public_id}"
    back = ann.browser.post(f"{at}/2", data={"pick": picked, "shown": "", "go": "back"})
    assert location(back) == f"{at}/1"
    assert picks_of(attempt) == {attempt.draw[1]["item"]: [picked]}
    assert location(ann.browser.post(f"{at}/1", data={"shown": "", "go": "back"})) == f"/quizzes/{made_up.id}"


def test_handing_in_twice_counts_once_and_shows_the_answers(ann, made_up):
    attempt = ann.take(made_up, right=4)
    again = ann.submit(attempt)
    assert again.status_code == 303
    assert location(again).endswith(f"{attempt.public_id}/review")
    db.remove()
    assert len(db.scalars(sa.select(Evidence)).all()) == 1
    assert ann.attempts(made_up)[-1].submitted_at == attempt.submitted_at


def test_nothing_changes_after_handing_in(ann, made_up):
    attempt = ann.take(made_up, right=0)
    before = picks_of(attempt)
    at = f"/quizzes/attempts/{attempt.public_id}"
    assert ann.save(attempt, 1, sorted(made_up.item(attempt.draw[0]["item"]).correct_ids)).status_code == 409
    for page in (
        ann.browser.get(f"{at}/1"),
        ann.browser.get(f"{at}/check"),
        ann.browser.post(f"{at}/1", data={}),
    ):
        assert location(page) == f"{at}/review"
    assert picks_of(attempt) == before
    assert ann.attempts(made_up)[-1].score == 0


def test_the_answers_are_not_shown_before_handing_in(ann, made_up):
    attempt = ann.start(made_up)
    early = ann.browser.get(f"/quizzes/attempts/{attempt.public_id}/review")
    assert location(early).endswith("/check")


def test_neither_key_nor_feedback_reaches_the_browser_before_handing_in(ann, made_up):
    """Every byte of every page and answer up to the hand-in, headers included."""
    seen = []

    def note(answer):
        seen.append(answer.data.decode() + str(answer.headers))
        return answer

    note(ann.browser.get(f"/quizzes/{made_up.id}"))
    note(ann.browser.post(f"/quizzes/{made_up.id}/attempts"))
    attempt = ann.attempts(made_up)[-1]
    at = f"/quizzes/attempts/{attempt.public_id}"
    for number, drawn in enumerate(attempt.draw, start=1):
        note(ann.browser.get(f"{at}/{number}"))
        for option in drawn["options"]:
            note(ann.save(attempt, number, [option]))
        note(ann.browser.get(f"{at}/{number}"))
        note(ann.browser.post(f"{at}/{number}", data={"pick": drawn["options"][:1], "go": "on"}))
    note(ann.save(attempt, 1, ["nonsense"]))
    note(ann.browser.get(f"{at}/check"))
    note(ann.browser.get(f"{at}/review"))
    note(ann.browser.get(f"/quizzes/{made_up.id}"))
    everything = "\n".join(seen).lower()
    assert made_up.item(attempt.draw[0]["item"]).stem.lower() in everything  # we did look at the real pages
    for word in (FEEDBACK, "feedback", "correct", "critical", "points"):
        assert word not in everything
    # and choices of the same question differ in nothing but id, words and being picked
    page = ann.browser.get(f"{at}/1").text
    for option in attempt.draw[0]["options"]:
        text = next(o.text for o in made_up.item(attempt.draw[0]["item"]).options if o.id == option)
        page = (
            page.replace(f'value="{option}"', "VALUE")
            .replace(text, "TEXT")
            .replace("VALUE checked>", "VALUE>")
        )
    labels = {label.split("</label>")[0] for label in page.split('<label class="choice')[1:]}
    assert len(labels) == 1


def test_a_missed_question_is_explained_with_its_card(ann, made_up):
    attempt = ann.take(made_up, right=3)
    page = ann.browser.get(f"/quizzes/attempts/{attempt.public_id}/review").text
    missed = made_up.item(attempt.draw[3]["item"])
    wrong = next(option for option in missed.options if not option.correct)
    assert wrong.feedback in page
    assert all(option.feedback in page for option in missed.options if option.correct)
    card = 2 if missed.objective == 1 else 4
    assert f"/lessons/g4/{made_up.id}/steps/{card}?" in page
    unasked = [item for item in made_up.quiz_items if item.id not in {d["item"] for d in attempt.draw}]
    assert not any(f"{FEEDBACK} {item.id}" in page for item in unasked)


def test_not_yet_passing_is_almost_and_never_failing(ann, made_up):
    attempt = ann.take(made_up, right=2)
    review = ann.browser.get(f"/quizzes/attempts/{attempt.public_id}/review").text
    front = ann.browser.get(f"/quizzes/{made_up.id}").text
    assert "Almost. Let’s look again." in review
    assert "fail" not in (review + front).lower()
    assert "attempts" not in front.split("<main")[1].split("Your tries")[0].replace("/quizzes/attempts/", "")
    assert ">Try again</button>" in review and "Start the quiz" not in front


def test_the_button_to_start_again_stands_after_the_answers(ann, made_up):
    attempt = ann.take(made_up, right=1)
    page = ann.browser.get(f"/quizzes/attempts/{attempt.public_id}/review").text
    assert page.index("Try again</button>") > page.rindex(FEEDBACK)


def test_the_third_attempt_offers_the_lesson_first(ann, made_up):
    first = ann.take(made_up, right=0)
    page = ann.browser.get(f"/quizzes/attempts/{first.public_id}/review").text
    assert "Go through the lesson again" not in page
    second = ann.take(made_up, right=0)
    page = ann.browser.get(f"/quizzes/attempts/{second.public_id}/review").text
    assert page.index("Go through the lesson again") < page.index("Try again now")


def test_a_second_attempt_asks_what_was_not_asked_before(ann, made_up):
    first, second = ann.take(made_up, right=0), ann.take(made_up, right=4)
    asked = [{drawn["item"] for drawn in attempt.draw} for attempt in (first, second)]
    assert not asked[0] & asked[1]
    assert [first.number, second.number] == [1, 2]


def test_the_best_score_is_kept(ann, made_up):
    scores = [ann.take(made_up, right=right).score for right in (4, 1)]
    assert scores == [100, 25]
    db.remove()
    progress = db.scalars(sa.select(Progress).filter_by(part=made_up.part)).one()
    assert progress.best_score == 100 and progress.done_at is not None
    front = ann.browser.get(f"/quizzes/{made_up.id}").text
    assert "<b>100</b> of 100" in front and "Try 2: 25 of 100" in front


def test_passing_is_evidence_under_the_exact_content(ann, made_up, year):
    attempt = ann.take(made_up, right=3)
    assert (attempt.score, attempt.passed) == (75, True)
    evidence = db.scalars(sa.select(Evidence)).one()
    assert evidence.part == "lesson:g4-made-up" and evidence.kind == "course"
    assert evidence.version == made_up.content_hash
    assert evidence.source == f"attempt {attempt.public_id}"
    assert (evidence.school_year_id, evidence.score) == (year.id, 75)


def test_below_the_pass_mark_is_a_score_without_evidence(ann, made_up):
    attempt = ann.take(made_up, right=2)
    assert attempt.passed is False
    assert db.scalars(sa.select(Evidence)).all() == []
    assert db.scalars(sa.select(Progress.best_score)).one() == 50


def test_points_are_kept_with_each_answer(ann, made_up):
    attempt = ann.take(made_up, right=2)
    rows = {
        row.item_id: row.points for row in db.scalars(sa.select(Response).filter_by(attempt_id=attempt.id))
    }
    assert [rows[drawn["item"]] for drawn in attempt.draw] == [1, 1, 0, 0]


def test_an_unanswered_quiz_may_be_handed_in_and_is_worth_nothing(ann, made_up):
    attempt = ann.start(made_up)
    page = ann.browser.get(f"/quizzes/attempts/{attempt.public_id}/check").text
    assert "Answer question 1" in page and "Hand in as it is" in page
    ann.submit(attempt)
    assert ann.attempts(made_up)[-1].score == 0
    assert (
        "You did not answer this one."
        in ann.browser.get(f"/quizzes/attempts/{attempt.public_id}/review").text
    )


def test_somebody_elses_attempt_is_not_found(ann, taker, made_up):
    attempt, bob = ann.start(made_up), taker()
    at = f"/quizzes/attempts/{attempt.public_id}"
    for page in ("1", "check", "review"):
        assert bob.browser.get(f"{at}/{page}").status_code == 404
    assert bob.save(attempt, 1, ["a"]).status_code == 404
    assert bob.browser.post(f"{at}/1", data={"pick": "a"}).status_code == 404
    assert bob.submit(attempt).status_code == 404
    assert picks_of(attempt) == {} and ann.attempts(made_up)[0].submitted_at is None


def test_nobody_gets_in_without_a_sign_in(client, ann, made_up):
    attempt = ann.start(made_up)
    at = f"/quizzes/attempts/{attempt.public_id}"
    for path in (f"/quizzes/{made_up.id}", f"{at}/1", f"{at}/check", f"{at}/review"):
        assert client.get(path).status_code == 401
    for path in (f"/quizzes/{made_up.id}/attempts", f"{at}/1", f"{at}/submit"):
        assert client.post(path).status_code == 401
    assert client.put(f"{at}/1", json={"picks": ["a"]}).status_code == 401


@pytest.mark.parametrize("role", ["teacher", "administrator", "mentor"])
def test_only_learners_take_quizzes(taker, made_up, role):
    other = taker(role=role)
    page = other.browser.get(f"/quizzes/{made_up.id}")
    assert "Learners take this quiz" in page.text and '<form method="post"' not in page.text
    assert other.browser.post(f"/quizzes/{made_up.id}/attempts").status_code == 403
    assert other.attempts(made_up) == []


def test_a_lesson_nobody_published_has_no_quiz(ann):
    assert ann.browser.get("/quizzes/g4-nowhere").status_code == 404
    assert ann.browser.post("/quizzes/g4-nowhere/attempts").status_code == 404


def test_saving_an_answer_takes_three_statements(ann, made_up, count_queries):
    """Who is it (1), the attempt held (1), the answer written (1)."""
    attempt = ann.start(made_up)
    ann.save(attempt, 1, attempt.draw[0]["options"][:1])
    with count_queries() as statements:
        assert ann.save(attempt, 1, attempt.draw[0]["options"][1:2]).status_code == 204
    assert len(statements) == 3, statements


def test_an_attempt_finishes_on_the_version_it_began(ann, made_up, year):
    from dataclasses import replace

    from lessons.content import Lesson
    from tests.quizzes.conftest import publish

    attempt = ann.start(made_up)
    newer = Lesson.from_body(replace(made_up, items=made_up.items[::-1][:4], version="2.0.0").to_body())
    publish(newer)
    assert ann.browser.get(f"/quizzes/attempts/{attempt.public_id}/1").status_code == 200
    assert ann.submit(attempt).status_code == 303
    assert ann.start(newer).version_id != attempt.version_id


class TestStaff:
    """80 %, and every critical item right."""

    @pytest.fixture
    def module(self, made_up):
        from tests.quizzes.conftest import publish

        module = lesson("ruc-made-up", critical="q01", band="staff", course="ruc", pass_mark=80)
        publish(module)
        return module

    def answer(self, taker, module, *, miss_critical: bool) -> Attempt:
        """Right but for one question, which is the critical one or another; four rounds see every item."""
        for _ in range(4):
            attempt = taker.start(module)
            asked = [drawn["item"] for drawn in attempt.draw]
            critical = "ruc-made-up.q01" in asked
            for number, name in enumerate(asked, start=1):
                item = module.item(name)
                right = not (miss_critical and item.critical)
                wrong = [o.id for o in item.options if not o.correct][:1]
                taker.save(attempt, number, sorted(item.correct_ids) if right else wrong)
            taker.submit(attempt)
            if critical:
                return next(each for each in taker.attempts(module) if each.id == attempt.id)
        raise AssertionError("the critical item was never drawn")

    def test_a_missed_critical_question_is_named_and_must_be_taken_again(self, taker, module):
        staff = taker(of=module)
        attempt = self.answer(staff, module, miss_critical=True)
        assert attempt.score == 75 and attempt.passed is False
        page = staff.browser.get(f"/quizzes/attempts/{attempt.public_id}/review").text
        assert "must be right" in page

    def test_all_right_passes_without_exclamation(self, taker, module):
        staff = taker(of=module)
        attempt = self.answer(staff, module, miss_critical=False)
        assert attempt.score == 100 and attempt.passed is True
        page = staff.browser.get(f"/quizzes/attempts/{attempt.public_id}/review").text
        assert "You passed." in page and "!</h1>" not in page
