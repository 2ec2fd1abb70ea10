"""The chooser an LMS opens for a teacher (deep linking): pick lessons, set dates, hand them over.

Its tab looks at lessons and takes part in none. What was ticked is kept with the request, so that a look at a
lesson, another grade or the back button loses nothing, with JavaScript or without.
"""

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug import Response

from completion.dates import last_day_before, local_day
from core.clock import now
from core.current import current_settings
from core.database import db
from core.language import _, ngettext
from core.web import let_forms_go_to
from lessons import choosing
from lessons.choosing_dates import OddDates, usual_days, windows
from lessons.library import Course
from lti_tool.content_items import takes_links
from lti_tool.deep_linking import Answer, answer_that_nothing_fits, answer_with, family_of, request_of
from lti_tool.frame_origins import origin_of
from lti_tool.models import DeepLinkingRequest
from people.current import current_district
from people.models import Classroom
from people.school_years import current_school_year
from people.sign_in import current_sign_in, require_signed_in

NO_WISHES: Mapping[str, str] = {}
"""No dates, and a column for each lesson: what is added without a look at the details."""

blueprint = Blueprint("choosing", __name__, url_prefix="/lessons/choose", template_folder="templates")
blueprint.before_request(require_signed_in)


@blueprint.get("")
def choose() -> str:
    asked = _asked()
    shown = choosing.course_to_show(request.args.get("course"), asked.picked, _class_title())
    if not takes_links(asked) or shown is None:
        return _page("choose_nothing", asked, published=shown is not None)
    return _page(
        "choose", asked, course=shown, courses=choosing.courses(), lessons=choosing.picks_in(shown),
        whole=choosing.whole_course(shown), picked=choosing.picks_of(asked.picked), grade_of=choosing.grade_of,
        class_title=_class_title(), scenes=_scenes(shown),
    )  # fmt: skip


@blueprint.post("")
def keep() -> str | Response:
    """Keep the ticks, then go where the button leads: another grade, a lesson, the dates, or at once to the LMS."""
    asked, form = _asked(), request.form
    shown = choosing.course_to_show(form.get("shown"), asked.picked, "")
    if shown is not None and takes_links(asked):
        ticked = [ref.id for ref in shown.lessons] if form.get("go") == "pack" else form.getlist("pick")
        asked.picked = choosing.picked_after(asked.picked, shown, ticked, asked.accept_multiple)
    where, _colon, which = form.get("go", "").partition(":")
    if where == "course":
        return redirect(url_for("choosing.choose", course=which), 303)
    for pick in choosing.picks_of([which]) if where == "look" else ():
        return redirect(_page_of(pick), 303)
    if where == "add" and asked.picked:
        return _add(asked, NO_WISHES)
    if where in ("pack", "details") and asked.picked:
        return redirect(url_for("choosing.details"), 303)
    return redirect(url_for("choosing.choose", course=form.get("shown"), none=1), 303)


@blueprint.get("/details")
def details() -> str:
    return _details(_asked())


@blueprint.post("/details")
def hand_over() -> str | tuple[str, int]:
    """Sign the answer and let the browser carry it to the LMS."""
    asked = _asked()
    if not choosing.picks_of(asked.picked):
        return _details(asked)
    try:
        return _add(asked, request.form)
    except OddDates as odd:
        return _details(asked, odd), odd.status


@blueprint.post("/cancel")
def cancel() -> str:
    asked = _asked()
    if not takes_links(asked):
        log = f"accept_types has no ltiResourceLink: {', '.join(asked.accept_types)}"
        return _send(asked, answer_that_nothing_fits(asked, _("No lesson can be linked here."), log), 0)
    return _send(asked, answer_with(asked, [], _("Nothing was chosen."), current_settings().public_url), 0)


def _add(asked: DeepLinkingRequest, wishes: Mapping[str, str]) -> str:
    """Raises OddDates."""
    picks, year = choosing.picks_of(asked.picked), current_school_year(asked.district_id)
    when = windows(wishes, [pick.id for pick in picks], current_district().timezone)
    with_column = wishes.get("column") != "without"
    choices = [choosing.choice(*each, year.name, with_column) for each in zip(picks, when, strict=True)]
    message = ngettext("%(num)s lesson chosen", "%(num)s lessons chosen", len(picks))
    return _send(asked, answer_with(asked, choices, message, current_settings().public_url), len(picks))


def _details(asked: DeepLinkingRequest, odd: OddDates | None = None) -> str:
    district, year = current_district(), current_school_year(asked.district_id)
    usual = usual_days(local_day(now(), district.timezone), last_day_before(year.ends_at, district.timezone))
    return _page(
        "choose_details", asked, picked=choosing.picks_of(asked.picked), usual=usual, year=year.name, odd=odd,
        said=request.form,
    )  # fmt: skip


def _send(asked: DeepLinkingRequest, answer: Answer, count: int) -> str:
    origin = origin_of(answer.return_url)
    assert origin is not None, "a request whose answer could go nowhere was refused at the launch"
    let_forms_go_to(origin)
    return _page("choose_send", asked, answer=answer, count=count)


def _page(name: str, asked: DeepLinkingRequest, **values: Any) -> str:
    return render_template(
        f"lessons/{name}.html", band="staff", page_name=f"lessons-{name}", asked=asked,
        family=family_of(asked), **values,
    )  # fmt: skip


def _scenes(course: Course) -> dict[str, str]:
    """{lesson id: its first picture}, for those that have one."""
    lessons = (pick.lesson for pick in choosing.picks_in(course) if pick.lesson)
    return {lesson.id: lesson.cover for lesson in lessons if lesson.cover}


def _page_of(pick: choosing.Pick) -> str:
    if pick.lesson is None:
        return url_for("lessons.course", course=pick.course.id)
    return url_for("lessons.lesson", course=pick.course.id, lesson_id=pick.id)


def _asked() -> DeepLinkingRequest:
    return request_of(current_sign_in())


def _class_title() -> str:
    classroom_id = current_sign_in().classroom_id
    classroom = db.get(Classroom, classroom_id) if classroom_id else None
    return (classroom and classroom.title) or ""
