"""What families may read without an account: every lesson as a whole, and the letter of each grade.

No answer key and nobody's name; facts that each district fills in have a neutral word in their place.
"""

import re
from collections.abc import Callable
from html import escape

from flask import Blueprint, render_template

from core.framing import let_anybody_frame
from core.language import language
from core.messages import N_
from core.variables import fill
from lessons import library
from lessons.content import PUPIL_BANDS, Lesson
from lessons.letter import letter, letter_courses
from lessons.looked_over import looked_over
from people.current import current_district
from people.district_facts import facts_of
from people.sign_in import anyone, signed_in

blueprint = Blueprint("public", __name__, url_prefix="/public", template_folder="templates")
blueprint.before_request(anyone)
blueprint.before_request(let_anybody_frame)

ANY_DISTRICT = {
    "district.name": "Your School District",
    "district.short": "your school",
    "district.it_office": "the technology office",
    "district.it_approver": "the technology office",
    "district.teaching_office": "the teaching office",
}
"""Read in place of a district's own facts, for the page belongs to none."""
BEGINS = re.compile(r"(^|<p>|<li>|[.!?] )(your school|the technology office)")


@blueprint.get("/")
def index() -> str:
    courses = [each for each in library.current_release().courses.values() if each.band in PUPIL_BANDS]
    return render_template(
        "lessons/public.html",
        page_name="public",
        band="6-8",
        courses=[(each, library.lessons_of(each)) for each in courses],
        letters=letter_courses(),
    )


@blueprint.get("/letters/<course>")
def show_letter(course: str) -> str:
    """In the reader's language where it is written in it; a teacher who prints it has the district's own facts."""
    written = letter(course, language())
    lessons = {each.id: each for each in library.lessons_of(library.course(course))}
    return render_template(
        "lessons/letter.html",
        page_name="public-letter",
        band="6-8",
        letter=written,
        lessons=lessons,
        fill=_words_of_the_reader(),
    )


@blueprint.get("/lessons/<course>/<lesson_id>")
def lesson(course: str, lesson_id: str) -> str:
    return _lesson(library.lesson_in(course, lesson_id))


@blueprint.get("/lessons/<course>/<lesson_id>/alternative")
def alternative(course: str, lesson_id: str) -> str:
    instead = library.alternative(library.lesson_in(course, lesson_id).id)
    if instead is None:
        raise library.NoSuchLesson(N_("There is no such lesson here."))
    return _lesson(instead)


def _words_of_the_reader() -> Callable[[str], str]:
    if not signed_in():
        return neutral
    district = current_district()
    return lambda html: fill(html, facts_of(district), escape=escape)


def neutral(text: str) -> str:
    """Every place filled with words that fit any district."""
    filled = fill(text, ANY_DISTRICT)
    return BEGINS.sub(lambda found: f"{found[1]}{found[2][0].upper()}{found[2][1:]}", filled)


def _lesson(shown: Lesson) -> str:
    if shown.band not in PUPIL_BANDS:
        raise library.NoSuchLesson(N_("There is no such lesson here."))
    return render_template(
        "lessons/public_lesson.html",
        page_name="public-lesson",
        band="6-8",
        lesson=shown,
        looked=looked_over(shown, neutral),
        has_alternative=not shown.alternative and library.alternative(shown.id) is not None,
        fill=neutral,
    )
