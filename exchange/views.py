"""Files of a course for teachers and administrators: links for another LMS, questions with their answers.

Never for anybody who may have to answer them: learners stay out, and the staff course's questions are for
administrators alone, because teachers take that course themselves.
"""

from collections.abc import Callable

from flask import Blueprint, Response, g, render_template, url_for

from core.current import current_settings
from core.errors import Forbidden, NotFound
from core.messages import N_
from exchange.exporting import Exported, export_links, export_questions
from exchange.formats import FORMATS
from lessons import library
from lessons.scope import STAFF_COURSE
from lessons.variables import words_for
from people.sign_in import current_person, current_sign_in, require_role

blueprint = Blueprint("exchange", __name__, url_prefix="/exchange", template_folder="templates")
blueprint.before_request(
    require_role(
        "teacher", "administrator", words=N_("These files hold the answers, so they are for teachers.")
    )
)


class ForAdministrators(Forbidden):
    code = "for_administrators"


class NoSuchFormat(NotFound):
    code = "no_such_format"


@blueprint.get("/<course_id>")
def files(course_id: str) -> str:
    """The page that lists them. Says what a cartridge is, and which system takes which file."""
    course = _course(course_id)
    return render_template(
        "exchange/files.html", page_name="exchange", band="staff", course=course, formats=FORMATS.values()
    )


@blueprint.get("/<course_id>/links")
def links(course_id: str) -> Response:
    settings = current_settings()
    return _file(course_id, export_links([_course(course_id)], settings.public_url))


@blueprint.get("/<course_id>/questions/<format_name>")
def course_questions(course_id: str, format_name: str) -> Response:
    ids = [ref.id for ref in _course(course_id).lessons]
    return _questions(f"{course_id}-{format_name}", ids, format_name)


@blueprint.get("/<course_id>/<lesson_id>/questions/<format_name>")
def lesson_questions(course_id: str, lesson_id: str, format_name: str) -> Response:
    if lesson_id not in [ref.id for ref in _course(course_id).lessons]:
        raise library.NoSuchLesson(N_("There is no lesson %(lesson)s in this course.", lesson=lesson_id))
    return _questions(f"{lesson_id}-{format_name}", [lesson_id], format_name)


@blueprint.app_context_processor
def link_to_files() -> dict[str, Callable[[str], str | None]]:
    """`files_page(course_id)`: where this course's files are, None for who may not have them."""

    def files_page(course_id: str) -> str | None:
        role = g.sign_in.role if g.get("sign_in") else None
        return url_for("exchange.files", course_id=course_id) if _may_have(role, course_id) else None

    return {"files_page": files_page}


def _may_have(role: str | None, course_id: str) -> bool:
    return role == "administrator" or (role == "teacher" and course_id != STAFF_COURSE)


def _course(course_id: str) -> library.Course:
    if not _may_have(current_sign_in().role, course_id):
        raise ForAdministrators(
            N_("You take this course yourself, so its answers are for administrators only.")
        )
    return library.course(course_id)


def _questions(name: str, lesson_ids: list[str], format_name: str) -> Response:
    if format_name not in FORMATS:
        raise NoSuchFormat(N_("There is no such file here."))
    lessons = [library.lesson(each) for each in lesson_ids]
    words = words_for(current_person().district_id)
    return _file(name, export_questions(lessons, FORMATS[format_name], words))


def _file(name: str, exported: Exported) -> Response:
    answer = Response(exported.data, mimetype=exported.mimetype)
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}{exported.ending}"'
    return answer
