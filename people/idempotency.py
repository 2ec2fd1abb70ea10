"""Idempotency-Key on writes of IT's programs (draft-ietf-httpapi-idempotency-key-header).

A POST must carry one; a PATCH or DELETE may. The same key with the same request is answered as the first was, with
`Idempotent-Replayed: true`; what was refused changed nothing and is kept by no key.
"""

import re
from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from hashlib import sha256
from http import HTTPStatus
from typing import Any

from flask import Response, g, request

from core.database import db
from core.errors import ToolError
from core.problems import problem
from people.bearer import current_holder
from people.kept_answers import ASK_AGAIN, RUNS_FOR, Answered, Claim, claim, keep, let_go

HEADER = "Idempotency-Key"
PATTERN = r'^([A-Za-z0-9._:-]{8,128}|"[A-Za-z0-9._:-]{8,128}")$'
"""With quotes, as the draft writes a string of RFC 8941, or without, as most programs do."""
TOLD_AGAIN = ("Location", "Content-Type")


class OddKey(ToolError):
    status, code = HTTPStatus.BAD_REQUEST, "idempotency_key"


def once(view: Callable[..., Any]) -> Callable[..., Any]:
    """A view that writes: innermost, so that parameters are judged before the key is taken."""

    @wraps(view)
    def keyed(*args: Any, **kwargs: Any) -> Any:
        if HEADER not in request.headers and request.method != "POST":
            return view(*args, **kwargs)
        return told_before(sha256(request.get_data()).hexdigest()) or view(*args, **kwargs)

    return keyed


def told_before(body_sha256: str, lasts: timedelta = RUNS_FOR) -> Response | None:
    """The answer that was given to this very request; None when it is to be done now, and it is ours to do.

    With no transaction under way. Raises OddKey, KeyUsedOtherwise, StillRunning.
    """
    address = (request.method, request.path, request.query_string.decode("latin-1"))
    found = claim(current_holder().client_id, given_key(), (*address, body_sha256), lasts)
    if isinstance(found, Answered):
        again = Response(found.body, status=found.status, headers=found.headers)
        again.headers["Idempotent-Replayed"] = "true"
        return again
    g.claim = found
    return None


def given_key() -> str:
    """Raises OddKey."""
    given = request.headers.get(HEADER)
    if given is None:
        raise OddKey(
            f"Send {HEADER} with this request: a new one for each thing you want done, and the same again when "
            "you did not hear the answer.",
            field=HEADER,
        )
    if not re.fullmatch(PATTERN, given):
        raise OddKey("Expected 8 to 128 letters, digits and . _ : - (a UUID, for instance).", field=HEADER)
    return given.strip('"')


def keep_answers(blueprint: Any) -> None:
    """Of a blueprint whose views are `once`: before the edge commits, the answer goes where the write goes."""
    blueprint.after_request(_settle)


def _settle(response: Response) -> Response:
    held: Claim | None = g.pop("claim", None)
    if held is None:
        return response
    if response.status_code < 400:
        headers = {name: response.headers[name] for name in TOLD_AGAIN if name in response.headers}
        if keep(held, response.status_code, response.get_data(as_text=True), headers):
            return response
        response = problem(
            409,
            "taken_over",
            "This took so long that the same request was begun anew; ask with the same key.",
        )
        response.headers["Retry-After"] = str(ASK_AGAIN)
    db.remove()
    let_go(held)
    return response
