"""The guard of pages for programs: a bearer token with the right scope (RFC 6750)."""

from collections.abc import Callable

from flask import Response, g, request

from core.problems import problem
from people.api_tokens import Holder, holder_of


def require_scope(scope: str) -> Callable[[], Response | None]:
    """A blueprint's guard. Who got past it stands in current_holder()."""

    def guard() -> Response | None:
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
        if scope not in holder.scopes:
            return _challenge(
                403,
                "insufficient_scope",
                f"This token lacks the scope {scope}.",
                error="insufficient_scope",
                scope=scope,
            )
        g.holder = holder
        return None

    return guard


def current_holder() -> Holder:
    holder: Holder = g.holder
    return holder


def _challenge(status: int, code: str, words: str, **parameters: str) -> Response:
    answer = problem(status, code, words)
    listed = "".join(f', {name}="{value}"' for name, value in parameters.items())
    answer.headers["WWW-Authenticate"] = f'Bearer realm="standings"{listed}'
    return answer
