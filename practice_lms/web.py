"""The Flask app: which address does what, faults before and after, and the log of service requests."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING, Any

from flask import Flask, Response, g, request

from practice_lms import ags, faults, pages, registration_pages
from practice_lms.door import MEMBERSHIPS_TYPE, Refusal, check_accept, check_caller, refusal_answer
from practice_lms.notices import PATH, handlers_view
from practice_lms.registration import NotRegistered
from practice_lms.roster import memberships_view
from practice_lms.settings import MEMBERSHIPS
from practice_lms.state import ServiceRequest
from practice_lms.tokens import TokenRefused, error_body, grant

if TYPE_CHECKING:
    from practice_lms.lms import PracticeLms

SERVICES = (
    "jwks", "token", "lineitems", "lineitem", "scores", "results", "memberships", "configuration", "registration",
    "notice_handlers",
)  # fmt: skip
JWKS_SECONDS = 600


def make_app(lms: PracticeLms) -> Flask:
    app = Flask("practice_lms")
    app.extensions["practice_lms"] = lms
    app.config["MAX_CONTENT_LENGTH"] = 1_000_000
    app.config["PROPAGATE_EXCEPTIONS"] = (
        True  # a closed connection in process, and our own mistakes, are seen
    )
    _add_services(app, lms)
    app.register_blueprint(pages.blueprint)
    app.register_blueprint(registration_pages.blueprint)
    app.before_request(partial(_fault_before, lms))
    app.after_request(partial(_after, lms))
    app.register_error_handler(Refusal, partial(refusal_answer, lms))
    app.register_error_handler(NotRegistered, partial(registration_pages.not_registered, lms))
    return app


def _add_services(app: Flask, lms: PracticeLms) -> None:
    def add(path: str, endpoint: str, view: Callable[..., Response], *methods: str) -> None:
        app.add_url_rule(path, endpoint, partial(view, lms), methods=methods)

    play = lms.personality
    add("/jwks", "jwks", _jwks, "GET")
    add("/token", "token", _token, "POST")
    add(play.lineitems_path, "lineitems", ags.lineitems_view, "GET", "POST")
    add(play.lineitem_path, "lineitem", ags.lineitem_view, "GET", "PUT", "DELETE")
    add(play.lineitem_path + "/scores", "scores", ags.scores_view, "POST")
    add(play.lineitem_path + "/results", "results", ags.results_view, "GET")
    add(play.memberships_path, "memberships", _memberships, "GET")
    if play.configuration_path:
        add(play.configuration_path, "configuration", registration_pages.configuration_view, "GET")
        add(play.registration_path, "registration", registration_pages.registration_view, "POST")
    if play.sends_notices:
        add(PATH, "notice_handlers", handlers_view, "GET", "PUT")


def _jwks(lms: PracticeLms) -> Response:
    answer = Response(lms.keys.jwks_body, content_type="application/json")
    answer.headers["Cache-Control"] = f"public, max-age={JWKS_SECONDS}"
    answer.set_etag(lms.keys.etag)
    answer.make_conditional(request)
    return answer


def _token(lms: PracticeLms) -> Response:
    try:
        body, status = json.dumps(grant(lms, request.form.to_dict())), 200
    except TokenRefused as refusal:
        body, status = error_body(lms, refusal), 400
    answer = Response(body, status, content_type=lms.personality.token_content_type)
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _memberships(lms: PracticeLms, **where: Any) -> Response:
    check_caller(lms, MEMBERSHIPS)
    check_accept(lms, MEMBERSHIPS_TYPE)
    return memberships_view(lms, **where)


def _fault_before(lms: PracticeLms) -> Response | None:
    endpoint = request.endpoint
    g.fault = lms.faults.take("launch" if endpoint == "pages.auth" else endpoint)
    return faults.before(g.fault) if g.fault else None


def _after(lms: PracticeLms, answer: Response) -> Response:
    if request.endpoint in SERVICES:
        _log(lms, answer.status_code)
    fault = g.get("fault")
    return faults.after(fault, answer) if fault else answer


def _log(lms: PracticeLms, status: int) -> None:
    seen = ServiceRequest(
        request.method, request.path, request.query_string.decode("latin-1"), dict(request.headers.items()),
        datetime.now(UTC), str(request.endpoint), status,
    )  # fmt: skip
    with lms.state.lock:
        lms.state.requests.append(seen)
