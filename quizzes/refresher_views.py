"""Where a check of the refresher begins. From the first question on it is a quiz like any other (quizzes.views)."""

from flask import Blueprint, redirect, url_for
from werkzeug import Response

from core.messages import N_
from lessons import library
from lessons.taking_part import takes_part
from people.school_years import current_school_year
from people.sign_in import current_person, current_sign_in, require_signed_in
from quizzes.refresher import start_check
from quizzes.views import PreviewOnly

blueprint = Blueprint("refresher", __name__, url_prefix="/quizzes")
blueprint.before_request(require_signed_in)


@blueprint.post("/<lesson_id>/check")
def start(lesson_id: str) -> Response:
    person, lesson = current_person(), library.lesson(lesson_id)
    if not takes_part(current_sign_in().role, lesson.band):
        raise PreviewOnly(N_("Quizzes are answered by learners, so none was started for you."))
    attempt = start_check(person, lesson, current_school_year(person.district_id))
    return redirect(url_for("quizzes.item", public_id=attempt.public_id, n=1), 303)
