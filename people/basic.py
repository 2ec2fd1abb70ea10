"""Programs that can send nothing but HTTP Basic (RFC 7617): the challenge, and the answer to a wrong secret."""

from flask import Response, request

from core.problems import problem
from people.wrong_secrets import note_wrong_secret


def challenge(realm: str, code: str, words: str) -> Response:
    answer = problem(401, code, words)
    answer.headers["WWW-Authenticate"] = f'Basic realm="{realm}", charset="UTF-8"'
    return answer


def no_credentials(realm: str) -> Response:
    return challenge(realm, "client_missing", "Send client id and secret by HTTP Basic authentication.")


def not_known(realm: str, client_id: str) -> Response:
    """401, or 429 once there were too many of these in a minute."""
    wait = note_wrong_secret(client_id, request.remote_addr)
    if wait is None:
        return challenge(realm, "unknown_client", "This client id and secret are not known here.")
    answer = problem(
        429,
        "too_many_wrong_secrets",
        "This client id and secret are not known here, and were tried too often. Wait as long as Retry-After says.",
    )
    answer.headers["Retry-After"] = str(wait)
    return answer
