"""The door for whoever has a link from the command line. Opening it shows a button; pressing that spends it."""

from typing import Any

from flask import Blueprint, Response, redirect, render_template, request, url_for

from admin.links import district_behind, spend
from core.sealed import new_secret
from people.operators import operator_of
from people.sign_in import OPERATOR, VISIT, anyone, browser_secret, open_sign_in, set_browser_cookie

blueprint = Blueprint("admin_entrance", __name__, url_prefix="/admin/enter", template_folder="templates")
blueprint.before_request(anyone)  # the link is what lets somebody in


@blueprint.get("")
def door() -> str:
    """Mail programs and chats open links to look at them, so looking spends nothing."""
    link = request.args.get("link", "")
    return render_template("admin/enter.html", district=district_behind(link), link=link)


@blueprint.post("")
def enter() -> Response:
    browser = browser_secret() or new_secret()
    operator = operator_of(spend(request.form.get("link", "")))
    _, visit = open_sign_in(operator, browser, role=OPERATOR, classroom_id=None)
    place: dict[str, Any] = {VISIT: visit}
    answer = redirect(url_for("admin.overview", **place), 303)
    set_browser_cookie(answer, browser)  # type: ignore[arg-type]
    return answer  # type: ignore[return-value]
