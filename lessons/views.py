"""The course page and the lesson player.

Only learners leave a trace. Teachers and administrators read the same pages as a preview, step by step, and
nothing is written about them.
"""

from typing import Any

from flask import Blueprint, current_app, g, redirect, render_template, request, url_for
from werkzeug import Response

from completion import ledger
from core.catalogs import LANGUAGES
from core.errors import NotFound
from core.framing import let_anybody_frame
from core.language import language, said_in
from core.messages import N_
from lessons import library, progress
from lessons.answers import fitting
from lessons.asking import ask
from lessons.badges import badges
from lessons.by_when import sentences
from lessons.certificate import certificate_of
from lessons.content import Lesson
from lessons.course_page import course_page
from lessons.forms import answer_in
from lessons.help_card import help_card
from lessons.languages import CHOSEN, NOTES
from lessons.models import LessonVisit
from lessons.opting_out import has_alternative, lesson_for, taught
from lessons.practice import Reaction, practice_item, react, shown_in
from lessons.staff_choices import job_of
from lessons.step_page import step_names, step_of_item, step_page
from lessons.taking_part import STAFF_BAND, takes_part
from lessons.variables import fill, words_for
from people.current import current_district
from people.models import SchoolYear
from people.school_years import current_school_year
from people.sign_in import CHOOSER, VISIT, current_person, current_sign_in, require_signed_in, signed_in


class NoSuchLanguage(NotFound):
    code = "no_such_language"
    next_step = N_("Go back to the lesson and choose one of its languages.")


blueprint = Blueprint("lessons", __name__, url_prefix="/lessons", template_folder="templates")


@blueprint.before_request
def who_may_enter() -> None:
    """Everybody signed in, and for the help card everybody."""
    if request.endpoint != "lessons.help":
        require_signed_in()


@blueprint.get("/<course>")
def course(course: str) -> str:
    shown, person, year = library.course(course), current_person(), _year()
    takes_part = _takes_part(shown.band)
    done = ledger.progress_of(person.id, year.id) if takes_part else {}
    lessons = taught(shown, person.id, year.id) if takes_part else library.lessons_of(shown)
    page = course_page(lessons, done, progress.visits_of(person.id, year.id) if takes_part else {})
    langs = {row.id: row.lang for row in page.rows}
    return _render(
        "course", shown.band, course=shown, page=page,
        lessons={each.id: each.in_language(langs[each.id], language()) for each in lessons},
        badges=badges(lessons, done) if takes_part and shown.band != STAFF_BAND else (),
        by_when=sentences(person, year, done) if takes_part and shown.band != STAFF_BAND else {},
        certified=page.all_done and certificate_of(person.id, shown, year) is not None,
    )  # fmt: skip


@blueprint.get("/<course>/<lesson_id>")
def lesson(course: str, lesson_id: str) -> str | Response:
    shown, visit = _lesson_and_visit(course, lesson_id)
    if visit and visit.away_at:
        return redirect(url_for("leaving.away"), 303)
    person, year = current_person(), _year()
    part = ledger.progress_in(person.id, shown.part, year.id) if visit else None
    dated = _takes_part(shown.band) and shown.band != STAFF_BAND
    return _render(
        "lesson", shown.band, lesson=shown, visit=visit, names=step_names(shown), scene=shown.cover,
        done=bool(part and part.done_at),
        instead=_may_take_another(shown, visit),
        by_when=sentences(person, year, {part.part: part} if part else {}).get(shown.id) if dated else None,
    )  # fmt: skip


@blueprint.post("/<course>/<lesson_id>")
def start(course: str, lesson_id: str) -> Response:
    """Begin, or go on where it was left."""
    shown, visit = _lesson_and_visit(course, lesson_id)
    if _takes_part(shown.band):
        visit = visit or progress.begin(current_person(), lesson_id, _year(), g.get("chosen_language"))
    return _to_step(shown, visit.step if visit else 1)


@blueprint.get("/<course>/<lesson_id>/steps/<int(signed=True):n>")
def step(course: str, lesson_id: str, n: int) -> str | Response:
    shown, visit = _lesson_and_visit(course, lesson_id)
    if visit and visit.away_at:
        return redirect(url_for("leaving.away"), 303)
    page = step_page(shown, n)
    if not _may_see(shown, visit, n):
        return _to_front(shown) if visit is None else _to_step(shown, visit.step)
    chosen = request.args.getlist("chose")
    item, words = page.item, words_for(current_person().district_id)
    reaction = react(item, chosen) if item and any(chosen) and "moved" not in request.args else None
    return _render(
        "step", shown.band, lesson=shown, page=page, html=fill(page.html, current_district()), chosen=chosen,
        asked=ask(item, shown_in(item), fitting(item, chosen), shown.band, words) if item else None,
        reaction=reaction,
        mood=_mood(reaction),
        feedback={option.id: words(option.feedback) for option in item.options} if item else {},
    )  # fmt: skip


@blueprint.post("/<course>/<lesson_id>/steps/<int(signed=True):n>")
def go_on(course: str, lesson_id: str, n: int) -> Response:
    shown, visit = _lesson_and_visit(course, lesson_id)
    at = step_page(shown, n)
    if not _takes_part(shown.band):
        return _to_quiz(shown) if at.is_last else _to_step(shown, n + 1)
    if visit is None:
        return _to_front(shown)
    if progress.leave_step(visit, n, len(shown.steps)):
        return _to_quiz(shown)
    return _to_step(shown, visit.step)


@blueprint.post("/<course>/<lesson_id>/practice/<short>")
def practice(course: str, lesson_id: str, short: str) -> Response:
    """The answer goes into the address of the page that talks about it: nothing is kept, and a reload is safe."""
    shown, _visit = _lesson_and_visit(course, lesson_id)
    item = practice_item(shown, short)
    chosen = fitting(item, answer_in(request.form)) or [""]
    moved = "yes" if "move" in request.form else None  # steps that were moved are not judged yet
    return _to_step(shown, step_of_item(shown, item.id), chose=chosen, moved=moved, _anchor="answer")


@blueprint.post("/<course>/<lesson_id>/language")
def choose_language(course: str, lesson_id: str) -> Response:
    """The same place in another language of this lesson. Kept with the visit; before there is one, in the address."""
    shown, visit = _lesson_and_visit(course, lesson_id)
    wanted = request.form.get("language", "")
    if wanted not in shown.languages:
        raise NoSuchLanguage(N_("This lesson is not written in that language."))
    if visit:
        progress.choose_language(visit, wanted)
    else:
        g.chosen_language = wanted
    if "quiz" in request.form:
        return _to_quiz(shown)
    n = request.form.get("step", type=int)
    return _to_step(shown, n, chose=request.form.getlist("chose")) if n else _to_front(shown)


@blueprint.get("/help")
def help() -> str:
    district = current_district() if signed_in() else None
    let_anybody_frame()
    for_staff = signed_in() and current_person().audience == "staff"
    card = help_card("staff" if for_staff else "pupil", district)
    return _render(
        "help", "staff" if for_staff else "3-5", card=card, back=_way_back(request.args.get("back", ""))
    )


@blueprint.app_url_defaults
def keep_the_chosen_language(endpoint: str, values: dict[str, Any]) -> None:
    """Previews leave no trace, so what somebody chose goes on from address to address."""
    if endpoint.startswith(("lessons.", "quizzes.")) and "lesson_id" in values and g.get("chosen_language"):
        values.setdefault(CHOSEN, g.chosen_language)


@blueprint.app_context_processor
def links_up_and_out() -> dict[str, Any]:
    """Every page of every room has the help card one tap away, and it leads back; teachers find their class, and who
    is choosing lessons finds back to their choice."""
    back = request.path if request.method == "GET" and request.endpoint != "lessons.help" else None
    class_page = None
    if "teaching.class_page" in current_app.view_functions and g.get("sign_in") and _teaches():
        class_page = url_for("teaching.class_page")
    setup_page = None
    if "admin.overview" in current_app.view_functions and g.get("sign_in"):
        setup_page = url_for("admin.overview") if g.sign_in.role == "administrator" else None
    choosing = g.get("sign_in") and g.sign_in.role == CHOOSER and request.blueprint != "choosing"
    children_page = None
    if "children.children" in current_app.view_functions and g.get("sign_in") and g.sign_in.role == "mentor":
        children_page = url_for("children.children")
    return {
        "help_url": url_for("lessons.help", back=back),
        "class_page": class_page,
        "children_page": children_page,
        "setup_page": setup_page,
        "language_names": LANGUAGES,
        "said_in": said_in,
        "notes": NOTES,
        "chooser_url": url_for("choosing.choose") if choosing else None,
    }


def _lesson_and_visit(course: str, lesson_id: str) -> tuple[Lesson, LessonVisit | None]:
    """The lesson in the version this learner began, else the newest, or what they take in its place; in their
    language. Raises NoSuchLesson.
    """
    person, year = current_person(), _year()
    visit = progress.visit_and_release(person.id, lesson_id, year.id)
    shown = library.lesson(lesson_id)
    if _takes_part(shown.band):
        shown = lesson_for(person.id, lesson_id, year.id)
    else:
        visit = None
    if visit:
        shown = library.lesson_by_version(visit.version_id)
    if shown.course != course:
        raise library.NoSuchLesson(N_("There is no lesson %(lesson)s in this course.", lesson=lesson_id))
    if visit is None and request.args.get(CHOSEN) in shown.languages:
        g.chosen_language = request.args[CHOSEN]
    said = shown.in_language(visit.lang if visit else g.get("chosen_language"), language())
    return _in_their_job(said), visit


def _in_their_job(shown: Lesson) -> Lesson:
    """A staff module with its questions in this person's working day; looked up only where it makes a difference."""
    if not shown.has_variants or not _takes_part(shown.band):
        return shown
    return shown.for_job(job_of(current_person(), _year()))


def _may_take_another(shown: Lesson, visit: LessonVisit | None) -> bool:
    """Whether the content note offers the other lesson: to learners, until they are through with this one."""
    open_still = visit is None or visit.finished_at is None
    return _takes_part(shown.band) and open_still and not shown.alternative and has_alternative(shown.id)


def _mood(reaction: Reaction | None) -> str:
    """How Marlo looks at an answer; he is never sad."""
    if reaction is None or not reaction.marks:
        return "hello"
    return "happy" if reaction.right else "think"


def _takes_part(band: str) -> bool:
    return takes_part(current_sign_in().role, band)


def _teaches() -> bool:
    return current_sign_in().role in ("teacher", "administrator")


def _may_see(shown: Lesson, visit: LessonVisit | None, n: int) -> bool:
    return not _takes_part(shown.band) or (visit is not None and n <= visit.furthest)


def _year() -> SchoolYear:
    return current_school_year(current_person().district_id)


def _way_back(path: str) -> str | None:
    """A path of ours that the help card may lead back to; anything that could leave the service is dropped."""
    if (
        not path.startswith("/")
        or path.startswith(("//", "/\\"))
        or any(sign in path for sign in "\\?#:\r\n\t")
    ):
        return None
    visit = request.args.get(VISIT)
    return f"{path}?{VISIT}={visit}" if visit and signed_in() else path


def _to_front(shown: Lesson) -> Response:
    return redirect(url_for("lessons.lesson", course=shown.course, lesson_id=shown.id), 303)


def _to_step(shown: Lesson, n: int, **more: Any) -> Response:
    return redirect(url_for("lessons.step", course=shown.course, lesson_id=shown.id, n=n, **more), 303)


def _to_quiz(shown: Lesson) -> Response:
    return redirect(url_for("quizzes.front", lesson_id=shown.id), 303)


def _render(name: str, band: str, **values: Any) -> str:
    return render_template(
        f"lessons/{name}.html",
        band=band,
        page_name=f"lessons-{name}",
        preview=signed_in() and not _takes_part(band),
        **values,
    )
