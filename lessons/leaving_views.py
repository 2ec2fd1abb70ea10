"""The exit of a sensitive lesson, the quiet page it leads to, and the other lesson a pupil may take."""

from flask import Blueprint, redirect, render_template, url_for
from werkzeug import Response

from core.errors import Forbidden
from core.messages import N_
from lessons import library, progress
from lessons.leaving import away_from, go_on, leave
from lessons.models import LessonVisit
from lessons.opting_out import OWN, opt_out
from lessons.taking_part import takes_part
from people.models import SchoolYear
from people.school_years import current_school_year
from people.sign_in import current_person, current_sign_in, require_signed_in

blueprint = Blueprint("leaving", __name__, url_prefix="/lessons", template_folder="templates")
blueprint.before_request(require_signed_in)


class NothingToSwap(Forbidden):
    """Who only looks at a lesson takes none in its place, and who is through with it needs none."""

    code = "nothing_to_swap"
    next_step = N_("Go back to the lessons.")


@blueprint.get("/away")
def away() -> str:
    """Says nothing of the lesson that was left: anybody may look over a shoulder."""
    left = away_from(current_person().id, _year().id)
    return render_template("lessons/away.html", page_name="lessons-away", band="6-8", can_go_on=bool(left))


@blueprint.post("/away")
def come_back() -> Response:
    visit = go_on(current_person().id, _year().id)
    if visit is None:
        return redirect(url_for("leaving.away"), 303)
    course = library.lesson(visit.lesson_id).course
    return redirect(url_for("lessons.lesson", course=course, lesson_id=visit.lesson_id), 303)


@blueprint.post("/<course>/<lesson_id>/leave")
def leave_lesson(course: str, lesson_id: str) -> Response:
    visit = _visit(course, lesson_id)
    if visit is not None:
        leave(visit)
    return redirect(url_for("leaving.away"), 303)


@blueprint.post("/<course>/<lesson_id>/instead")
def take_instead(course: str, lesson_id: str) -> Response:
    """The pupil's own choice at the content note. Nobody asks why."""
    visit = _visit(course, lesson_id)
    lesson = library.lesson(lesson_id)
    if not takes_part(current_sign_in().role, lesson.band) or (visit and visit.finished_at):
        raise NothingToSwap(N_("This lesson is not exchanged for another here."))
    person = current_person()
    opt_out(person, lesson_id, _year(), reason=OWN, by=person)
    return redirect(url_for("lessons.lesson", course=course, lesson_id=lesson_id), 303)


def _visit(course: str, lesson_id: str) -> LessonVisit | None:
    """Raises library.NoSuchLesson."""
    lesson = library.lesson_in(course, lesson_id)
    if not takes_part(current_sign_in().role, lesson.band):
        return None
    return progress.visit_of(current_person().id, lesson_id, _year().id)


def _year() -> SchoolYear:
    return current_school_year(current_person().district_id)
