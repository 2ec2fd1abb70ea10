"""The quiz, page by page: what it is, one question per screen, a look over, the answers looked at again."""

from collections.abc import Sequence
from contextlib import suppress
from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug import Response

from core.errors import Forbidden
from core.language import language
from core.messages import N_
from lessons import progress
from lessons.content import Lesson, Step
from lessons.languages import CHOSEN
from lessons.opting_out import lesson_for
from lessons.practice import Reaction
from lessons.taking_part import takes_part
from lessons.variables import fill, words_for
from lti_tool import scores
from lti_tool.launches import provenance
from people.current import current_district
from people.models import Person, SchoolYear
from people.school_years import current_school_year
from people.sign_in import current_person, current_sign_in, require_signed_in
from quizzes.attempts import (
    AlreadySubmitted,
    answers_of,
    as_asked,
    attempts_of,
    best_of,
    of_what_is_taught,
    own_attempt,
    own_attempt_to_change,
    save_answer,
    start_attempt,
)
from quizzes.correcting import to_correct
from quizzes.grades import lesson_target
from quizzes.handing_in import submit_attempt
from quizzes.models import Attempt
from quizzes.questions import Question, drawn_at, first_open, numbered, questions
from quizzes.review import OFFER_LESSON_BEFORE, can_now, review
from quizzes.schemas import read_picks

blueprint = Blueprint("quizzes", __name__, url_prefix="/quizzes", template_folder="templates")
blueprint.before_request(require_signed_in)


class PreviewOnly(Forbidden):
    code = "preview_only"
    next_step = N_("Open the class page to see who has finished.")


@blueprint.get("/<lesson_id>")
def front(lesson_id: str) -> str | Response:
    person, year, lesson = _taught(lesson_id)
    attempts = of_what_is_taught(attempts_of(person.id, lesson.id, year.id), lesson)
    visit = progress.visit_of(person.id, lesson.id, year.id)
    if visit and visit.away_at:
        return see_other(url_for("leaving.away"))
    chosen = visit.lang if visit else request.args.get(CHOSEN)
    lesson = lesson.in_language(chosen, language())
    return render_template(
        "quizzes/front.html",
        page_name="quiz-front",
        band=lesson.band,
        lesson=lesson,
        attempts=attempts,
        best=best_of(attempts),
        passed=any(each.passed for each in attempts),
        lesson_done=visit is not None and visit.finished_at is not None,
        takes_part=takes_part(current_sign_in().role, lesson.band),
    )


@blueprint.post("/<lesson_id>/attempts")
def start(lesson_id: str) -> Response:
    person, year, lesson = _taught(lesson_id)
    if not takes_part(current_sign_in().role, lesson.band):
        raise PreviewOnly(N_("Quizzes are answered by learners, so none was started for you."))
    attempt = start_attempt(person, lesson, year, language())
    next_one = first_open(_asked(attempt))
    return _to_question(attempt, next_one.number) if next_one else _to("check", attempt)


@blueprint.get("/attempts/<public_id>/<int:n>")
def item(public_id: str, n: int) -> str | Response:
    attempt = own_attempt(public_id, current_person())
    if attempt.submitted_at is not None:
        return _to("review", attempt)
    asked = _asked(attempt)
    question = numbered(asked, n)
    reaction = (
        _to_correct(attempt, question.item_id, question.asked.answer) if "looked" in request.args else None
    )
    feedback = _feedback(attempt, question.item_id) if reaction else {}
    return _page("item", attempt, question=question, total=len(asked), reaction=reaction, feedback=feedback)


@blueprint.post("/attempts/<public_id>/<int:n>")
def answer(public_id: str, n: int) -> Response:
    """Save, then go where the pressed button says: on, later, back, or to the look over."""
    attempt = own_attempt_to_change(public_id, current_person())
    if attempt.submitted_at is not None:
        return _to("review", attempt)
    asked = _asked(attempt)
    question, picks = numbered(asked, n), read_picks(request.form)
    # An old page of a second tab that nobody touched must not wipe what was answered since.
    untouched = request.form.get("shown") == ",".join(picks)
    if not untouched or (picks and not question.asked.answer):  # steps may be right as they stand
        save_answer(attempt, question.item_id, picks)
    if "move" in request.form or request.form.get("go") == "here":
        return _to_question(attempt, n, _anchor="answer", odd=None if picks else "empty")
    if request.form.get("go") == "on" and _to_correct(attempt, question.item_id, picks):
        return _to_question(attempt, n, _anchor="answer", looked="yes")
    if request.form.get("go") == "back":
        return _to_question(attempt, n - 1) if n > 1 else _to_front(attempt)
    return _to_question(attempt, n + 1) if n < len(asked) else _to("check", attempt)


@blueprint.put("/attempts/<public_id>/<int:n>")
def autosave(public_id: str, n: int) -> Response:
    """{"picks": ["a"]} -> 204. The script calls it at each tap; saving the same again changes nothing."""
    attempt = own_attempt_to_change(public_id, current_person())
    picks = read_picks(request.get_json())
    save_answer(attempt, drawn_at(attempt.draw, n)["item"], picks)
    return Response(status=204)


@blueprint.get("/attempts/<public_id>/check")
def check(public_id: str) -> str | Response:
    attempt = own_attempt(public_id, current_person())
    if attempt.submitted_at is not None:
        return _to("review", attempt)
    asked = _asked(attempt)
    return _page("check", attempt, asked=asked, unanswered=[each for each in asked if each.state != "done"])


@blueprint.post("/attempts/<public_id>/submit")
def submit(public_id: str) -> Response:
    """Handing in twice is handing in once: the second lands on the answers as well."""
    attempt = own_attempt_to_change(public_id, current_person())
    with suppress(AlreadySubmitted):
        submit_attempt(attempt, provenance(current_sign_in()))
    return _to("review", attempt)


@blueprint.get("/attempts/<public_id>/review", endpoint="review")
def look_again(public_id: str) -> str | Response:
    person = current_person()
    attempt = own_attempt(public_id, person)
    if attempt.submitted_at is None:
        return _to("check", attempt)
    lesson = as_asked(attempt)
    attempts = of_what_is_taught(attempts_of(person.id, lesson.id, attempt.school_year_id), lesson)
    if lesson_for(person.id, lesson.id, attempt.school_year_id).alternative != lesson.alternative:
        return _to_front(attempt)
    tell = next((step for step in lesson.steps if step.kind == "tell"), None)
    return _page(
        "review",
        attempt,
        mood="happy",
        reviewed=review(attempt.draw, lesson, answers_of(attempt), words_for(person.district_id)),
        best=attempt.score if attempt.is_check else best_of(attempts),
        can_now=can_now(lesson),
        tell=_tell_line(tell) if tell else "",
        tell_lang=(tell and tell.lang) or lesson.lang,
        deliveries=scores.delivery_states(person.id, lesson_target(lesson)),
        attempts=attempts,
        lesson_first=len(attempts) + 1 >= OFFER_LESSON_BEFORE,
    )


def _taught(lesson_id: str) -> tuple[Person, SchoolYear, Lesson]:
    """Who asks, in which school year, and what they are taught under this id. Raises library.NoSuchLesson."""
    person = current_person()
    year = current_school_year(person.district_id)
    return person, year, lesson_for(person.id, lesson_id, year.id)


def _asked(attempt: Attempt) -> list[Question]:
    lesson, words = as_asked(attempt), words_for(attempt.district_id)
    return questions(attempt.draw, lesson, answers_of(attempt), words)


def _to_correct(attempt: Attempt, item_id: str, answer: Sequence[str]) -> Reaction | None:
    return to_correct(as_asked(attempt), item_id, answer)


def _feedback(attempt: Attempt, item_id: str) -> dict[str, str]:
    item, words = as_asked(attempt).item(item_id), words_for(attempt.district_id)
    return {option.id: words(option.feedback) for option in item.options}


def _page(name: str, attempt: Attempt, **more: Any) -> str | Response:
    lesson = as_asked(attempt)
    if lesson.sensitivity != "none":
        visit = progress.visit_of(attempt.person_id, lesson.id, attempt.school_year_id)
        if visit and visit.away_at:
            return see_other(url_for("leaving.away"))
    return render_template(
        f"quizzes/{name}.html",
        page_name=f"quiz-{name}",
        band=lesson.band,
        lesson=lesson,
        attempt=attempt,
        **more,
    )


def _tell_line(tell: Step) -> str:
    """The lesson's line to say at home, as safe HTML: cleaned when it was compiled, the district's words escaped."""
    return fill(tell.html, current_district())


def _to(page: str, attempt: Attempt) -> Response:
    return see_other(url_for(f"quizzes.{page}", public_id=attempt.public_id))


def _to_question(attempt: Attempt, n: int, **more: Any) -> Response:
    return see_other(url_for("quizzes.item", public_id=attempt.public_id, n=n, **more))


def _to_front(attempt: Attempt) -> Response:
    if attempt.is_check:
        return see_other(url_for("staff_course.page"))
    return see_other(url_for("quizzes.front", lesson_id=attempt.lesson_id))


def see_other(address: str) -> Response:
    return redirect(address, 303)
