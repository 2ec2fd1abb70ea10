"""The page of dates: by when the class is to be done with each lesson, and who has more time."""

from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug import Response

from completion.dates import last_day_before, local_day
from completion.rules import rules_of
from completion.setting_dates import OddClassDate
from core.clock import now
from core.errors import ToolError
from core.messages import N_
from people.school_years import current_school_year
from people.sign_in import current_person, current_sign_in, require_role
from teaching import words
from teaching.arranging import Choice, arranged
from teaching.dates_schemas import read_days, read_time
from teaching.giving_time import WHOLE, course_is_due, course_with_dates, give_time, set_dates, take_back
from teaching.open_class import classroom_at, open_class
from teaching.schemas import read_choice

blueprint = Blueprint("dates", __name__, url_prefix="/completion/class/dates", template_folder="templates")
blueprint.before_request(require_role("teacher", "administrator"))


class NobodyTicked(ToolError):
    status, code = 422, "nobody_ticked"
    next_step = N_("Go back and tick whom you mean. Nothing was changed.")


@blueprint.get("")
def page() -> str:
    sign_in = current_sign_in()
    course = course_with_dates(sign_in, read_choice(request.args).course)
    opened = open_class(sign_in.district_id, classroom_at(sign_in), Choice(course.id if course else None))
    year, timezone = current_school_year(sign_in.district_id), opened.wording.timezone
    return render_template(
        "teaching/dates.html",
        page_name="class-dates",
        band="staff",
        opened=opened,
        pupils=arranged(opened.view.pupils, Choice()),
        lessons=[each for each in opened.view.columns if each.is_lesson],
        whole=WHOLE,
        course_due=course_is_due(sign_in, course) if course else None,
        ticked=request.args.getlist("pupil"),
        told=request.args.get("told"),
        more_days=rules_of(sign_in.district_id, "pupil").extension_days,
        today=local_day(now(), timezone),
        last=last_day_before(year.ends_at, timezone),
        last_day=lambda at: last_day_before(at, timezone),
        words=words,
    )


@blueprint.post("")
def save() -> Response:
    sign_in = current_sign_in()
    course = course_with_dates(sign_in, read_choice(request.args).course)
    if course is None:
        raise OddClassDate(N_("No lesson is linked in this class yet."))
    changed = set_dates(sign_in, course, read_days(request.form), current_person())
    return _back("dates" if changed else "same")


@blueprint.post("/more-time")
def more_time() -> Response:
    form = read_time(request.form)
    if not form["everybody"] and not form["pupils"]:
        raise NobodyTicked(N_("Nobody was ticked."))
    seats = None if form["everybody"] else form["pupils"]
    course = read_choice(request.args).course
    give_time(current_sign_in(), form["lesson"], seats, form["until"], current_person(), course_id=course)
    return _back("given")


@blueprint.post("/take-back")
def undo() -> Response:
    ticked = request.form.getlist("extension")
    if not ticked:
        raise NobodyTicked(N_("Nobody was ticked."))
    take_back(current_sign_in(), ticked, current_person())
    return _back("taken_back")


def _back(told: str) -> Response:
    place: dict[str, Any] = {**Choice(read_choice(request.args).course).address(), "told": told}
    return redirect(url_for("dates.page", **place), 303)
