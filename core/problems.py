"""Errors as people and programs read them: a plain page with a reference id, or RFC 9457 problem+json."""

import json
from collections.abc import Mapping
from http import HTTPStatus
from types import MappingProxyType
from typing import Any

from flask import Flask, Response, g, render_template, request
from werkzeug.exceptions import HTTPException

from core.database import db
from core.errors import ToolError
from core.framing import let_anybody_frame
from core.language import translated
from core.logs import log
from core.messages import N_

FOR_PROGRAMS = ("/api/", "/oauth/", "/radius/", "/export/", "/captive/", "/lti/notices")

PLAIN_WORDS = {
    400: N_("We could not read what your browser sent."),
    404: N_("There is no page at this address."),
    405: N_("This page can not be used that way."),
    413: N_("What your browser sent is too large."),
    415: N_("We can not read this kind of content."),
    429: N_("Too many requests at once."),
}


def set_up_problems(app: Flask) -> None:
    app.register_error_handler(ToolError, answer_tool_error)
    app.register_error_handler(HTTPException, answer_http_error)
    app.register_error_handler(Exception, answer_surprise)


def answer_tool_error(error: ToolError) -> Response:
    log.info("refused", code=error.code, status=int(error.status), kind=type(error).__name__)
    answer = _answer(
        int(error.status),
        error.code,
        error.message,
        error.next_step,
        field=error.field,
        template=error.page,
        shown=error.shown,
    )
    if error.retry_after is not None:
        answer.headers["Retry-After"] = str(error.retry_after)
    return answer


def answer_http_error(error: HTTPException) -> Response:
    status = error.code or 500
    if status < 400:
        return error.get_response()  # type: ignore[return-value]
    words = PLAIN_WORDS.get(status, HTTPStatus(status).phrase)
    answer = _answer(status, HTTPStatus(status).phrase.lower().replace(" ", "_"), words, ToolError.next_step)
    for name, value in error.get_headers():
        if name.lower() in ("allow", "retry-after", "www-authenticate"):
            answer.headers[name] = value
    return answer


def answer_surprise(error: Exception) -> Response:
    """Our own mistake. Nothing of it is shown; the log has it under the same reference."""
    log.error("surprise", error=error)
    return _answer(
        500, "our_mistake", N_("Something broke on our side. Nothing you did was lost."), ToolError.next_step
    )


def _answer(
    status: int,
    code: str,
    message: str,
    next_step: str,
    *,
    field: str | None = None,
    template: str = "core/error.html",
    shown: Mapping[str, Any] = MappingProxyType({}),
) -> Response:
    db.rollback()
    reference = g.get("reference", "")
    if request.path.startswith(FOR_PROGRAMS):
        return problem(status, code, message, field=field)
    let_anybody_frame()
    page = render_template(
        template,
        status=status,
        message=translated(message),
        next_step=translated(next_step),
        reference=reference,
        **shown,
    )
    return Response(page, status=status, mimetype="text/html")


def problem(status: int, code: str, message: str, *, field: str | None = None, **more: Any) -> Response:
    """An RFC 9457 answer; `field` names the parameter at fault, `reference` finds the log line."""
    body = {
        "type": f"/problems/{code}",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": message,
        "reference": g.get("reference", ""),
        **({"field": field} if field else {}),
        **more,
    }
    return Response(json.dumps(body), status=status, mimetype="application/problem+json")
