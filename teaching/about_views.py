"""Two pages about whom a launch names: a mentor's own children, and a learner's work opened from the gradebook."""

from flask import Blueprint, render_template

from core.language import N_
from people.sign_in import NotForYou, current_person, current_sign_in, require_signed_in
from teaching.children import children_of
from teaching.submission import opened_submission

children_pages = Blueprint("children", __name__, url_prefix="/completion", template_folder="templates")
submission_pages = Blueprint("submission", __name__, url_prefix="/completion", template_folder="templates")
submission_pages.before_request(require_signed_in)  # whose work it may be is decided in teaching.submission


@children_pages.before_request
def mentors_only() -> None:
    if current_sign_in().role != "mentor":
        raise NotForYou(N_("This page is for parents and mentors."))


@children_pages.get("/children")
def children() -> str:
    children = children_of(current_sign_in())
    return render_template("teaching/children.html", page_name="children", band="staff", children=children)


@submission_pages.get("/submission")
def submission() -> str:
    opened = opened_submission(current_sign_in(), current_person())
    band = opened.lesson.band if opened.own else "staff"
    return render_template(
        "teaching/submission.html", page_name="submission", band=band, opened=opened, lesson=opened.lesson
    )
