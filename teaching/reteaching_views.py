"""What to do next with a class: the make-up list, and the idea of a lesson that the class missed."""

from flask import Blueprint, render_template, request

from lessons.variables import words_for
from people.school_years import current_school_year
from people.sign_in import current_sign_in, require_role
from teaching import words
from teaching.arranging import Choice
from teaching.ideas import FEWEST, ideas_of_class
from teaching.making_up import make_up_list
from teaching.open_class import classroom_at, open_class
from teaching.schemas import read_choice
from teaching.together import lesson_of_class

blueprint = Blueprint("reteaching", __name__, url_prefix="/completion/class", template_folder="templates")
blueprint.before_request(require_role("teacher", "administrator"))


@blueprint.get("/make-up")
def make_up() -> str:
    sign_in, asked = current_sign_in(), read_choice(request.args)
    opened = open_class(sign_in.district_id, classroom_at(sign_in), Choice(asked.course, asked.lesson))
    return render_template(
        "teaching/make_up.html",
        page_name="make-up",
        band="staff",
        opened=opened,
        missed=make_up_list(opened.view),
        words=words,
    )


@blueprint.get("/ideas/<lesson_id>")
def ideas(lesson_id: str) -> str:
    sign_in = current_sign_in()
    lesson = lesson_of_class(sign_in, lesson_id)
    year = current_school_year(sign_in.district_id)
    return render_template(
        "teaching/ideas.html",
        page_name="ideas",
        band="staff",
        lesson=lesson,
        ideas=ideas_of_class(classroom_at(sign_in), lesson, year),
        fewest=FEWEST,
        said=words_for(sign_in.district_id),
    )
