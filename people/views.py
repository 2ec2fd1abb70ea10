"""What somebody says about themselves: the language they read in."""

import re

from flask import Blueprint, redirect, request
from werkzeug import Response

from core.errors import NotFound
from core.language import N_, choose_in_this_browser, spoken
from people.sign_in import anyone, current_person, signed_in

blueprint = Blueprint("people", __name__, url_prefix="/people")
blueprint.before_request(anyone)  # error pages and public pages offer the choice too

OUR_PAGE = re.compile(r"/(?!/)[!-\[\]-~]{0,4000}")
"""A path with its query on this very host: browsers read `//` and `/\\` as another one."""


@blueprint.post("/language")
def choose_language() -> Response:
    """Kept with the person, on any device; with the browser only while nobody is signed in."""
    wanted, back = spoken(request.form.get("language")), request.form.get("back", "")
    if wanted is None or not OUR_PAGE.fullmatch(back):
        raise NotFound(N_("There is no page at this address."))
    answer = redirect(back, 303)
    if signed_in():
        current_person().language = wanted
    else:
        choose_in_this_browser(answer, wanted)
    return answer
