"""The guard of pages for programs: a bearer token with the right scope (RFC 6750), and calls left this minute."""

from collections.abc import Callable

from flask import Flask, Response, g, request
from structlog.contextvars import bind_contextvars

from core.database import begin_reading, db
from core.problems import problem
from people.allowances import Allowance, take
from people.api_tokens import Holder, holder_of


def require_scope(scope: str, *, writes: bool = False) -> Callable[[], Response | None]:
    """A blueprint's guard. Who got past it stands in current_holder().

    `writes` says that a request may change something; else a POST only asks, and waits for no writer on SQLite.
    """

    def guard() -> Response | None:
        begin_reading(True)
        given = request.authorization
        if given is None or given.type != "bearer" or not given.token:
            return _challenge(401, "token_missing", "Send an access token: Authorization: Bearer ...")
        holder = holder_of(given.token)
        if holder is None:
            return _challenge(
                401,
                "invalid_token",
                "This token is unknown or has expired; get a new one.",
                error="invalid_token",
            )
        g.allowance = take(holder.client_id, holder.name, holder.per_minute)
        if not g.allowance.granted:
            return _too_many(g.allowance)
        if scope not in holder.scopes:
            return _challenge(
                403,
                "insufficient_scope",
                f"This token lacks the scope {scope}.",
                error="insufficient_scope",
                scope=scope,
            )
        g.holder = holder
        bind_contextvars(client=holder.name)
        if writes and request.method != "GET":
            db.remove()
            begin_reading(False)
        return None

    return guard


def current_holder() -> Holder:
    holder: Holder = g.holder
    return holder


def say_allowances(app: Flask) -> None:
    """Each answer to a token says what its client has left (draft-ietf-httpapi-ratelimit-headers)."""

    @app.after_request
    def say(answer: Response) -> Response:
        allowance: Allowance | None = g.get("allowance")
        if allowance is not None:
            answer.headers["RateLimit-Policy"] = f'"client";q={allowance.limit};w=60'
            answer.headers["RateLimit"] = f'"client";r={allowance.left};t={allowance.resets_in}'
        return answer


def _too_many(allowance: Allowance) -> Response:
    answer = problem(
        429,
        "too_many_requests",
        f"This client may call {allowance.limit} times a minute. Wait as long as Retry-After says.",
    )
    answer.headers["Retry-After"] = str(allowance.resets_in)
    return answer


def _challenge(status: int, code: str, words: str, **parameters: str) -> Response:
    answer = problem(status, code, words)
    listed = "".join(f', {name}="{value}"' for name, value in parameters.items())
    answer.headers["WWW-Authenticate"] = f'Bearer realm="standings"{listed}'
    return answer
