"""Test now, and the test score: what really calls the LMS, within the request and within its time."""

from flask import Blueprint, Response, redirect, request, url_for

from admin.detail import chosen_course
from admin.guard import NotHere, own_platform, require_administrator
from core.database import db
from core.errors import ToolError
from lti_tool.claim_values import IDENTIFIER
from lti_tool.connection import last_place, take_slot, try_all, write_findings
from lti_tool.connection_models import ConnectionTest
from lti_tool.registrations import registered
from lti_tool.trial_score import (
    NotATestColumn,
    is_real_column,
    remove_column,
    send_trial,
    trial_of,
    write_trial,
)

blueprint = Blueprint("admin_trying", __name__, url_prefix="/admin/platforms", template_folder="templates")
blueprint.before_request(require_administrator)


class NobodyChosen(ToolError):
    code = "nobody_chosen"
    next_step = "Go back and choose the test student, or type the user id that the LMS has for one."


class NotRemoved(ToolError):
    status, code = 502, "not_removed"
    next_step = (
        "Try again in a minute, or delete the column “Connection test” in the LMS’s gradebook by hand."
    )


@blueprint.post("/<int:number>/test")
def test_now(number: int) -> Response:
    platform = own_platform(number)
    place = last_place(platform.id)
    take_slot(platform)  # commits, and lets go of the database while the LMS is asked
    checks, test_users = try_all(registered(platform.id), place)
    write_findings(platform.id, checks, place, test_users)
    return _back(number, "tested", "test")


@blueprint.post("/<int:number>/score")
def send_score(number: int) -> Response:
    platform = own_platform(number)
    user_id = (request.form.get("typed", "").strip() or request.form.get("user_id", "")).strip()
    if not IDENTIFIER.fullmatch(user_id):
        raise NobodyChosen("You chose nobody to send the test score to.", field="user_id")
    chosen = chosen_course(platform, request.form.get("course", type=int))
    if chosen is None or not chosen[0].lineitems_url:
        raise NotHere("There is no such course with a gradebook in this LMS.")
    context, _ = chosen
    take_slot(platform)
    trial = send_trial(
        registered(platform.id), context.id, context.lineitems_url or "", user_id, platform.family
    )
    write_trial(platform.id, trial)
    return _back(number, "sent", "score")


@blueprint.post("/<int:number>/score/remove")
def remove_score(number: int) -> Response:
    platform = own_platform(number)
    row = db.query(ConnectionTest).filter_by(platform_id=platform.id).one_or_none()
    trial = trial_of(row)
    if trial is None or trial.column is None:
        return _back(number, "removed", "score")
    if is_real_column(platform.id, trial.column):
        raise NotATestColumn("The column at the address we kept belongs to a lesson; it is left alone.")
    db.remove()  # nothing is held while the LMS is asked
    failed = remove_column(registered(platform.id), trial.column)
    if failed is not None:
        raise NotRemoved(f"The LMS did not take the test column away ({failed.status or failed.reason}).")
    write_trial(platform.id, trial.without_column())
    return _back(number, "removed", "score")


def _back(number: int, told: str, place: str) -> Response:
    address = url_for("admin.platform_page", number=number, told=told, _anchor=place)
    return redirect(address, 303)  # type: ignore[return-value]
