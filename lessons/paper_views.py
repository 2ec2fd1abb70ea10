"""Pages to print that belong to a lesson or a course, for anybody signed in: the handout and the certificate."""

from flask import Blueprint, render_template

from completion import ledger
from completion.dates import local_day
from core.codes import written_code
from core.current import current_settings
from core.errors import NotFound
from core.language import written_date
from core.messages import N_
from lessons import library
from lessons.badges import badges
from lessons.certificate import certificate_of
from lessons.handout import WRITE, handout
from lessons.opting_out import lesson_for, taught
from lessons.taking_part import takes_part
from lessons.variables import fill, fill_plain
from people.current import current_district
from people.school_years import current_school_year
from people.sign_in import current_person, current_sign_in, require_signed_in

blueprint = Blueprint("papers", __name__, url_prefix="/lessons", template_folder="templates")
blueprint.before_request(require_signed_in)


class NotYet(NotFound):
    code = "no_certificate_yet"
    next_step = N_("Finish the lessons of this school year. Your certificate is here then.")


@blueprint.get("/<course>/certificate")
def certificate(course: str) -> str:
    """No name stands on it: names are not kept here. There is a line to write it by hand."""
    person, shown = current_person(), library.course(course)
    year, district = current_school_year(person.district_id), current_district()
    earned = None
    if takes_part(current_sign_in().role, shown.band):
        earned = certificate_of(person.id, shown, year)
    if earned is None:
        raise NotYet(N_("There is no certificate for this course yet."))
    lessons = taught(shown, person.id, year.id)
    return render_template(
        "lessons/certificate.html",
        page_name="lessons-certificate",
        band=shown.band,
        course=shown,
        district=district,
        year_name=year.name,
        earned=earned,
        code=written_code(earned.code) if earned.code else None,
        address=f"{current_settings().public_url}/public/evidence/",
        day=written_date(local_day(earned.earned_at, district.timezone)),
        badges=[each for each in badges(lessons, ledger.progress_of(person.id, year.id)) if each.earned],
    )


@blueprint.get("/<course>/<lesson_id>/handout")
def show_handout(course: str, lesson_id: str) -> str:
    person = current_person()
    lesson = library.lesson_in(course, lesson_id)
    if takes_part(current_sign_in().role, lesson.band):
        lesson = lesson_for(person.id, lesson_id, current_school_year(person.district_id).id)
    district = current_district()
    return render_template(
        "lessons/handout.html",
        page_name="lessons-handout",
        band=lesson.band,
        lesson=lesson,
        handout=handout(lesson),
        write=WRITE.get(lesson.band, ()),
        words=lambda text: fill_plain(text, district),
        fill=lambda html: fill(html, district),
    )
