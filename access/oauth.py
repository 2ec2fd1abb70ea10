"""POST /oauth/token: client credentials for IT's programs (RFC 6749 section 4.4).

Written by hand: one grant and two ways to authenticate are fewer lines than a framework's glue for them.
"""

from urllib.parse import unquote_plus

from flask import Blueprint, Response, jsonify, request

from access.client_assertions import TYPE, AssertionRefused, client_by_assertion
from core.current import current_settings
from people.api_clients import recognize
from people.api_tokens import LASTS, issue_token
from people.models import ApiClient
from people.sign_in import anyone
from people.wrong_secrets import note_wrong_secret

blueprint = Blueprint("oauth", __name__, url_prefix="/oauth")
blueprint.before_request(anyone)


class OAuthError(Exception):
    """What RFC 6749 section 5.2 calls an error response."""

    def __init__(self, error: str, words: str, status: int = 400, retry_after: int | None = None) -> None:
        super().__init__(words)
        self.error, self.words, self.status = error, words, status
        self.retry_after = retry_after


@blueprint.errorhandler(OAuthError)
def refuse(refused: OAuthError) -> Response:
    answer = jsonify(error=refused.error, error_description=refused.words)
    answer.status_code = refused.status
    if refused.status == 401:
        answer.headers["WWW-Authenticate"] = 'Basic realm="token", charset="UTF-8"'
    if refused.retry_after is not None:
        answer.headers["Retry-After"] = str(refused.retry_after)
    return _not_stored(answer)


@blueprint.post("/token")
def token() -> Response:
    _refuse_repeated_parameters()
    client = _client()
    if "grant_type" not in request.form:
        raise OAuthError("invalid_request", "grant_type is missing; send grant_type=client_credentials")
    if request.form["grant_type"] != "client_credentials":
        raise OAuthError("unsupported_grant_type", "only client_credentials is offered")
    scopes = _scopes(client)
    return _not_stored(
        jsonify(
            access_token=issue_token(client, scopes),
            token_type="Bearer",  # noqa: S106
            expires_in=int(LASTS.total_seconds()),
            scope=" ".join(sorted(scopes)),
        )
    )


def _refuse_repeated_parameters() -> None:
    for name, values in request.form.lists():
        if len(values) > 1:
            raise OAuthError("invalid_request", f"{name} is given more than once")


def _client() -> ApiClient:
    """By a signed assertion, or by client_secret_basic, where both halves are form-encoded before they are joined
    (RFC 6749 section 2.3.1)."""
    given = request.authorization
    if "client_assertion" in request.form or "client_assertion_type" in request.form:
        return _client_that_signed(given is not None)
    if given is None or given.type != "basic" or given.username is None or given.password is None:
        raise OAuthError(
            "invalid_client",
            "send client id and secret by HTTP Basic authentication, or sign (private_key_jwt)",
            401,
        )
    if "client_secret" in request.form:
        raise OAuthError("invalid_request", "authenticate one way only: leave client_secret out of the form")
    client_id = unquote_plus(given.username)
    client = recognize(client_id, unquote_plus(given.password))
    if client is None:
        raise _not_known(client_id, "this client id and secret are not known here")
    return client


def _client_that_signed(another_way_too: bool) -> ApiClient:
    """private_key_jwt (RFC 7523 section 2.2)."""
    if another_way_too or "client_secret" in request.form:
        raise OAuthError("invalid_request", "authenticate one way only")
    if request.form.get("client_assertion_type") != TYPE:
        raise OAuthError("invalid_request", f"client_assertion_type must be {TYPE}")
    ours = current_settings().public_url
    try:
        client = client_by_assertion(request.form.get("client_assertion", ""), (f"{ours}/oauth/token", ours))
    except AssertionRefused as refused:
        raise _not_known(request.form.get("client_id", ""), str(refused)) from refused
    if request.form.get("client_id", client.client_id) != client.client_id:
        raise OAuthError("invalid_client", "client_id is not the client that signed", 401)
    return client


def _not_known(client_id: str, words: str) -> OAuthError:
    """RFC 6749 has no error for "too often"; invalid_client stays true, and the status says the rest (RFC 6585)."""
    wait = note_wrong_secret(client_id, request.remote_addr)
    if wait is None:
        return OAuthError("invalid_client", words, 401)
    words = f"{words}; too many wrong tries in a minute, wait as long as Retry-After says"
    return OAuthError("invalid_client", words, 429, wait)


def _scopes(client: ApiClient) -> set[str]:
    allowed = set(client.scopes.split())
    wanted = set(request.form.get("scope", "").split()) or allowed
    if not wanted <= allowed:
        raise OAuthError("invalid_scope", f"this client may ask for: {' '.join(sorted(allowed))}")
    return wanted


def _not_stored(answer: Response) -> Response:
    answer.headers["Cache-Control"] = "no-store"
    answer.headers["Pragma"] = "no-cache"
    return answer
