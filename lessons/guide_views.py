"""The teacher's guide to a lesson, with the whole answer key. Teachers and administrators only, never pupils."""

from flask import Blueprint, render_template

from core.errors import Forbidden
from core.messages import N_
from lessons import library
from lessons.answer_key import TASKS, answer_key
from lessons.content import PUPIL_BANDS
from lessons.guide import guide_of, if_told
from lessons.variables import fill, words_for
from people.current import current_district
from people.sign_in import require_role

blueprint = Blueprint("guides", __name__, url_prefix="/lessons", template_folder="templates")
blueprint.before_request(require_role("teacher", "administrator"))


class NoGuideToOwnCourse(Forbidden):
    """Staff take the staff course themselves, so its key is shown to none of them."""

    code = "no_guide_to_own_course"
    next_step = N_("Go back to the course and take the module.")


@blueprint.get("/<course>/<lesson_id>/guide")
def guide(course: str, lesson_id: str) -> str:
    lesson = library.lesson_in(course, lesson_id)
    if lesson.band not in PUPIL_BANDS:
        raise NoGuideToOwnCourse(N_("This module is for staff, and its answers are shown to nobody."))
    district = current_district()
    alternative = library.alternative(lesson_id)
    words = words_for(district.id)
    return render_template(
        "lessons/guide.html",
        page_name="lessons-guide",
        band="staff",
        lesson=lesson,
        alternative=alternative,
        parts={kind: fill(html, district) for kind, html in guide_of(lesson).items()},
        told=fill(if_told(), district),
        words=words,
        keys=[(each, answer_key(each, words)) for each in (lesson, alternative) if each],
        tasks=TASKS,
        fill=lambda html: fill(html, district),
    )
