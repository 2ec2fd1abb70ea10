"""The page of one pupil in the class: their dates, and which sensitive lessons they are excused from."""

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug import Response

from core.clock import now
from core.errors import ToolError
from core.messages import N_
from lessons.opting_out import REASONS
from people.current import current_district
from people.sign_in import current_person, current_sign_in, require_role
from teaching.excusing import end_excuse, excuse, one_pupil
from teaching.giving_time import dates_of_pupil
from teaching.words import REASON_WORDS, Wording

blueprint = Blueprint("pupil", __name__, url_prefix="/completion", template_folder="templates")
blueprint.before_request(require_role("teacher", "administrator"))


class OddReason(ToolError):
    status, code = 400, "odd_reason"
    next_step = N_("Open the page of the pupil again and choose one of the reasons there.")


@blueprint.get("/class/pupils/<int:seat>")
def pupil(seat: int) -> str:
    sign_in = current_sign_in()
    district, one = current_district(), one_pupil(sign_in, seat)
    return render_template(
        "teaching/pupil.html",
        page_name="class-pupil",
        band="staff",
        one=one,
        dated=dates_of_pupil(sign_in, one.seat),
        at=now(),
        me=current_person(),
        reasons=REASONS,
        reason_words=REASON_WORDS,
        wording=Wording(district.timezone),
    )


@blueprint.post("/class/pupils/<int:seat>/lessons/<lesson_id>/excuse")
def excuse_pupil(seat: int, lesson_id: str) -> Response:
    reason = request.form.get("reason", "")
    if reason not in REASONS:
        raise OddReason(N_("A reason is one of those to choose from, and never words of your own."))
    excuse(current_sign_in(), seat, lesson_id, reason, current_person())
    return _back(seat)


@blueprint.post("/class/pupils/<int:seat>/lessons/<lesson_id>/undo")
def undo(seat: int, lesson_id: str) -> Response:
    end_excuse(current_sign_in(), seat, lesson_id, current_person())
    return _back(seat)


def _back(seat: int) -> Response:
    return redirect(url_for("pupil.pupil", seat=seat), 303)
