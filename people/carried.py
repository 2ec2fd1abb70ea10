"""Pages carried by script, where a browser keeps our cookie back (docs/decisions/0011, core/static/core/carry.js)."""

import sqlalchemy as sa
from flask import Flask, Response, g, render_template, request

from core.current import current_settings
from core.database import db
from core.framing import anywhere, let_anybody_frame, let_frame
from core.language import speak, translated
from core.web import let_forms_go_to
from people.models import SignIn
from people.sign_in import DOCUMENTS, NOT_ANY_MORE, VISIT, NotSignedIn, signed_in


def have_pages_carried(app: Flask) -> None:
    """A page asked for by its address alone, as at a reload, by a browser that keeps our cookie back.

    The small page it gets asks again by script, with the secret that this frame keeps; where there is none, it says
    what NotSignedIn says. A browser with our cookie never sees it.
    """

    @app.before_request
    def ask_again_by_script() -> Response | None:
        a_page = request.method == "GET" and request.headers.get("Sec-Fetch-Dest") in DOCUMENTS
        if not a_page or VISIT not in request.args or signed_in():
            return None
        _as_the_launch_had_it(request.args[VISIT])
        refused = NotSignedIn(NOT_ANY_MORE)
        page = render_template(
            "core/carried.html",
            message=translated(refused.message),
            next_step=translated(refused.next_step),
            reference=g.reference,
        )
        return carrying(Response(page, refused.status))


def carrying(response: Response) -> Response:
    """A document in which others will be shown. Its policy outlives it, so it lets their forms lead out: a page that
    answers the LMS (deep linking) posts to an address that is not known here yet."""
    settings = current_settings()
    let_forms_go_to(*anywhere(settings.is_production))
    return response


def _as_the_launch_had_it(key: str) -> None:
    """The language and the sites of the sign-in that this address belongs to; nothing else of it is looked at."""
    row = db.execute(sa.select(SignIn.locale, SignIn.framed_by).where(SignIn.key == key)).one_or_none()
    if row is None:
        return let_anybody_frame()
    speak(row.locale)
    return let_frame(row.framed_by.split())
