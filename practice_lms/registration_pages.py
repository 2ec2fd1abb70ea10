"""The administrator's page "Register a tool", and the two addresses a tool calls meanwhile."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from flask import Blueprint, Response, abort, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from practice_lms.pages import only_our_own, practice_lms
from practice_lms.registration import (
    NotRegistered,
    activate,
    begin,
    check_token,
    openid_configuration,
    register,
)

if TYPE_CHECKING:
    from practice_lms.lms import PracticeLms

blueprint = Blueprint("registering", __name__)
blueprint.after_request(only_our_own)


@blueprint.get("/register")
def register_page() -> str:
    tools = list(practice_lms().state.registered_tools.values())
    return render_template("register.html", tools=tools, offered=practice_lms().personality.registration_path)


@blueprint.post("/register")
def open_tool() -> Response:
    """The tool's own page in a frame, until it says that it is done."""
    address = request.form.get("tool", "").strip()
    parts = urlsplit(address)
    if parts.scheme not in ("http", "https") or not parts.netloc:
        abort(400)
    origin = f"{parts.scheme}://{parts.netloc}"
    source = begin(practice_lms(), address)
    answer = make_response(render_template("registering.html", source=source, origin=origin))
    answer.headers["Content-Security-Policy"] = (
        f"default-src 'self'; frame-src {origin}; object-src 'none'; base-uri 'none'"
    )
    return answer


@blueprint.post("/register/<client_id>/activate")
def activate_tool(client_id: str) -> AnyResponse:
    try:
        activate(practice_lms(), client_id)
    except KeyError:
        abort(404)
    return redirect(url_for("registering.register_page"), 303)


def configuration_view(lms: PracticeLms) -> Response:
    if lms.personality.configuration_needs_token:
        check_token(lms, request.headers.get("Authorization", ""), use_up=False)
    return Response(json.dumps(openid_configuration(lms)), content_type="application/json")


def registration_view(lms: PracticeLms) -> Response:
    check_token(lms, request.headers.get("Authorization", ""), use_up=False)
    answered = register(lms, request.get_json(silent=True))
    check_token(lms, request.headers.get("Authorization", ""), use_up=True)
    status = lms.personality.registration_status
    return Response(json.dumps(answered), status, content_type="application/json")


def not_registered(lms: PracticeLms, refusal: NotRegistered) -> Response:
    """Moodle's errors are plain text, or a whole page; Canvas' are JSON."""
    if refusal.html or lms.personality.name == "moodle":
        return Response(str(refusal), refusal.status, mimetype="text/html" if refusal.html else "text/plain")
    return Response(json.dumps({"errors": str(refusal)}), refusal.status, content_type="application/json")
