"""The class page: who has finished, what became of their grades, and what a teacher can set going."""

from typing import Any

from flask import Blueprint, Response, redirect, render_template, request, url_for

from core.clock import now
from lti_tool import memberships
from people.current import current_actor
from people.disclosures import disclose
from people.school_years import current_school_year
from people.sign_in import current_sign_in, require_role
from teaching import words
from teaching.arranging import Choice, arranged
from teaching.class_csv import class_csv as written_csv
from teaching.open_class import OpenClass, classroom_at, open_class
from teaching.resending import resend_all as send_all_again
from teaching.resending import resend_one
from teaching.schemas import read_choice
from teaching.sessions import sessions_of

blueprint = Blueprint("teaching", __name__, url_prefix="/completion", template_folder="templates")
blueprint.before_request(require_role("teacher", "administrator"))


@blueprint.get("/class")
def class_page() -> str:
    choice = read_choice(request.args)
    opened = _open(choice)

    def address(endpoint: str = "teaching.class_page", **changes: Any) -> str:
        """This page, or what belongs to it, with the choice kept but for these changes."""
        return url_for(endpoint, **{**choice.address(), **changes})

    return render_template(
        "teaching/class.html",
        page_name="class",
        band="staff",
        opened=opened,
        view=opened.view,
        pupils=arranged(opened.view.pupils, choice),
        choice=choice,
        address=address,
        told=request.args.get("told"),
        sessions=sessions_of(opened.classroom.id, current_school_year(opened.classroom.district_id)),
        words=words,
        wording=opened.wording,
        at=now(),
    )


@blueprint.get("/class.csv")
def class_csv() -> Response:
    choice = read_choice(request.args)
    opened = _open(choice)
    pupils = [*arranged(opened.view.pupils, choice), *(opened.view.left if choice.show == "all" else ())]
    reader = current_actor()
    disclose(opened.classroom.district_id, reader, "class_csv", f"class:{opened.classroom.id}", len(pupils))
    file = Response(written_csv(opened.view.columns, pupils, opened.wording), mimetype="text/csv")
    day = opened.wording.local_date(now()).isoformat()
    file.headers["Content-Disposition"] = f'attachment; filename="class-{day}.csv"'
    return file


@blueprint.post("/class/deliveries/<int:delivery_id>/resend")
def resend(delivery_id: int) -> Response:
    resend_one(classroom_at(current_sign_in()), delivery_id)
    return _back("resent")


@blueprint.post("/class/deliveries/resend")
def resend_all() -> Response:
    send_all_again(classroom_at(current_sign_in()))
    return _back("resent")


@blueprint.post("/class/roster")
def refresh_roster() -> Response:
    memberships.ask_now(classroom_at(current_sign_in()))
    return _back("roster")


def _open(choice: Choice) -> OpenClass:
    sign_in = current_sign_in()
    return open_class(sign_in.district_id, classroom_at(sign_in), choice)


def _back(told: str) -> Response:
    """To the class page as it was, with a word on what happened."""
    place: dict[str, Any] = {**read_choice(request.args).address(), "told": told}
    return redirect(url_for("teaching.class_page", **place), 303)  # type: ignore[return-value]
