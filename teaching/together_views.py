"""Teaching a lesson together: one idea a screen for the projector, then who was here, and taking that back."""

from typing import Any

from flask import Blueprint, g, redirect, render_template, request, url_for
from werkzeug import Response

from core.language import language
from core.sealed import new_secret
from lessons.answers import fitting
from lessons.asking import ask
from lessons.content import Lesson
from lessons.forms import answer_in
from lessons.languages import CHOSEN
from lessons.opting_out import has_alternative
from lessons.practice import react, shown_in
from lessons.step_page import step_page
from lessons.variables import fill, words_for
from lti_tool.launches import provenance
from people.current import current_district
from people.sign_in import current_person, current_sign_in, require_role
from teaching import words
from teaching.arranging import Choice, arranged
from teaching.models import GroupSession
from teaching.open_class import OpenClass, classroom_at, open_class
from teaching.together import hold_session, lesson_of_class, session_here, undo, who_was_there

blueprint = Blueprint("together", __name__, url_prefix="/completion/together", template_folder="templates")
blueprint.before_request(require_role("teacher", "administrator"))


@blueprint.url_defaults
def keep_the_chosen_language(_endpoint: str, values: dict[str, Any]) -> None:
    """The class reads on in the language it began in; the other pages of a lesson take it from the address as well."""
    if "lesson_id" in values and g.get("chosen_language"):
        values.setdefault(CHOSEN, g.chosen_language)


@blueprint.get("/<lesson_id>/<int:n>")
def screen(lesson_id: str, n: int) -> str:
    """What the class answers stands in the address, as does the language it reads in: nothing is kept."""
    lesson = lesson_of_class(current_sign_in(), lesson_id)
    if request.args.get(CHOSEN) in lesson.languages:
        g.chosen_language = request.args[CHOSEN]
    lesson = lesson.in_language(g.get("chosen_language"), language())
    page = step_page(lesson, n)
    item, said = page.item, words_for(current_sign_in().district_id)
    chosen = fitting(item, answer_in(request.args)) if item else []
    reaction = react(item, chosen) if item and chosen and "move" not in request.args else None
    return _render(
        "screen", lesson, page=page, band="projector",
        html=fill(page.html, current_district()),
        asked=ask(item, shown_in(item), chosen, lesson.band, said) if item else None,
        reaction=reaction if reaction and reaction.marks else None,
        feedback={option.id: said(option.feedback) for option in item.options} if item else {},
    )  # fmt: skip


@blueprint.get("/<lesson_id>/here")
def who_is_here(lesson_id: str) -> str:
    lesson = lesson_of_class(current_sign_in(), lesson_id)
    opened = _class(lesson)
    return _render(
        "here", lesson, band="staff", opened=opened, pupils=arranged(opened.view.pupils, Choice()),
        session=new_secret(16), everyone="everyone" in request.args, nobody="nobody" in request.args,
        missing="missing" in request.args, words=words,
    )  # fmt: skip


@blueprint.post("/<lesson_id>/here")
def save(lesson_id: str) -> Response:
    lesson = lesson_of_class(current_sign_in(), lesson_id)
    # What is no number is nobody's seat, and is refused as such.
    seats = {int(each) if each.isdecimal() and len(each) < 19 else 0 for each in request.form.getlist("here")}
    if not seats:
        return _see("who_is_here", lesson_id=lesson.id, nobody="yes")
    public_id = request.form.get("session", "")
    here = current_sign_in()
    session = hold_session(here, current_person(), lesson, public_id, seats, launch=provenance(here))
    return _to_session(session, "saved")


@blueprint.get("/sessions/<public_id>")
def session(public_id: str) -> str:
    held = session_here(current_sign_in(), public_id)
    lesson = lesson_of_class(current_sign_in(), held.lesson_id)
    opened, there = _class(lesson), who_was_there(held)
    everybody = {pupil.seat: pupil for pupil in (*opened.view.pupils, *opened.view.left)}
    return _render(
        "session", lesson, band="staff", opened=opened, held=held, told=request.args.get("told"), there=there,
        pupils=arranged([everybody[seat] for seat in there if seat in everybody], Choice()),
        some_may_be_excused=has_alternative(lesson.id),
    )  # fmt: skip


@blueprint.post("/sessions/<public_id>/undo")
def undo_all(public_id: str) -> Response:
    held = session_here(current_sign_in(), public_id)
    undo(held, current_person())
    return _to_session(held, "undone")


@blueprint.post("/sessions/<public_id>/undo/<evidence_id>")
def undo_one(public_id: str, evidence_id: str) -> Response:
    held = session_here(current_sign_in(), public_id)
    undo(held, current_person(), evidence_id)
    return _to_session(held, "one")


def _class(lesson: Lesson) -> OpenClass:
    sign_in = current_sign_in()
    return open_class(sign_in.district_id, classroom_at(sign_in), Choice(lesson=lesson.id))


def _to_session(held: GroupSession, told: str) -> Response:
    return _see("session", public_id=held.public_id, told=told)


def _see(page: str, **more: Any) -> Response:
    return redirect(url_for(f"together.{page}", **more), 303)


def _render(name: str, lesson: Lesson, **values: Any) -> str:
    return render_template(
        f"teaching/together/{name}.html", page_name=f"together-{name}", lesson=lesson, **values
    )
