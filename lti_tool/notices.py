"""Notices a platform sends without anybody at a browser (Platform Notification Service 1.0).

A notice is a token like a launch's and is checked like one. It comes once, late or never (Canvas does not try
again), so whatever it tells is a hint that a launch may tell as well.
"""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import jwt
from marshmallow import EXCLUDE, Schema, ValidationError, fields, validate

from core.clock import now
from core.database import db, insert_for
from core.errors import ToolError
from core.language import N_
from core.logs import log
from core.sealed import hash_secret
from lti_tool.claim_values import CLAIM, IDENTIFIER, identifiers_in, object_in, text_in
from lti_tool.id_tokens import LEEWAY, OLDEST, signed_by
from lti_tool.models import SpentNonce
from lti_tool.origins import MOST, note_origins
from lti_tool.refusals import ClaimRefused, TokenRefused, UnknownDeployment
from lti_tool.registrations import Registered, find_registered

HELLO = "LtiHelloWorldNotice"
CONTEXT_COPY = "LtiContextCopyNotice"

MOST_AT_ONCE = 50
LONGEST_TOKEN = 20_000
REMEMBERED = timedelta(seconds=OLDEST + 2 * LEEWAY)
"""An older token is refused for its age, so nobody can send one again after this."""


class OddNotices(ToolError):
    code = "odd_notices"


class _Notice(Schema):
    class Meta:
        unknown = EXCLUDE

    jwt = fields.Str(required=True, validate=validate.Length(1, LONGEST_TOKEN))


class _Notices(Schema):
    class Meta:
        unknown = EXCLUDE

    notices = fields.List(fields.Nested(_Notice), required=True, validate=validate.Length(1, MOST_AT_ONCE))


def take_notices(body: object) -> list[str]:
    """Handle what a platform posted: {"notices": [{"jwt": "..."}]}. Says of each `handled`, `repeated` or `ignored`.

    Raises OddNotices for another body, and a LaunchRefused for a token that does not hold or that comes from an
    installation nobody approved; then none of them is handled.
    """
    try:
        given = _Notices().load(body if isinstance(body, dict) else {})
    except ValidationError as error:
        raise OddNotices(N_("The body is not a list of notices."), field="notices") from error
    return [_take(each["jwt"]) for each in given["notices"]]


def _take(token: str) -> str:
    platform = _sender(token)
    claims = signed_by(platform, token)
    deployment_id = claims.get(CLAIM + "deployment_id")
    if not isinstance(deployment_id, str) or not IDENTIFIER.fullmatch(deployment_id):
        raise ClaimRefused(
            N_("The LMS sent no usable “%(claim)s”.", claim="deployment_id"), field=CLAIM + "deployment_id"
        )
    if deployment_id not in platform.deployments:
        raise UnknownDeployment(platform.id, deployment_id)
    kind = text_in(object_in(claims, CLAIM + "notice"), "type") or ""
    handle = HANDLERS.get(kind)
    if handle is None:
        log.info("notice_ignored", platform=platform.id, kind=kind)
        return "ignored"
    if not _first_time(platform, claims):
        return "repeated"
    handle(platform, platform.deployments[deployment_id], claims)
    log.info("notice_handled", platform=platform.id, kind=kind)
    return "handled"


def _sender(token: str) -> Registered:
    """Whose it claims to be; signed_by finds out whether that is true."""
    try:
        said = jwt.decode(token, options={"verify_signature": False})
    except (jwt.PyJWTError, ValueError, RecursionError) as error:
        raise TokenRefused(N_("What the LMS sent does not hold.")) from error
    audience = said.get("aud")
    client_id = audience[0] if isinstance(audience, list) and audience else audience
    if not isinstance(said.get("iss"), str) or not isinstance(client_id, str):
        raise TokenRefused(N_("What the LMS sent does not hold."))
    return find_registered(said["iss"], client_id)


def _first_time(platform: Registered, claims: dict[str, Any]) -> bool:
    """One row per token decides, over any number of processes."""
    name = claims.get("jti") or claims["nonce"]
    made = db.execute(
        insert_for(SpentNonce)
        .values(nonce_hash=hash_secret(f"notice {platform.id} {name}"), expires_at=now() + REMEMBERED)
        .on_conflict_do_nothing()
        .returning(SpentNonce.id)
    )
    return made.scalar_one_or_none() is not None


def _hello(_platform: Registered, _deployment_pk: int, _claims: dict[str, Any]) -> None:
    """The platform tries whether we answer; the log line says so to IT."""


def _context_copied(platform: Registered, deployment_pk: int, claims: dict[str, Any]) -> None:
    context_id = object_in(claims, CLAIM + "context").get("id")
    if isinstance(context_id, str) and IDENTIFIER.fullmatch(context_id):
        origins = identifiers_in(claims, CLAIM + "origin_contexts")[:MOST]
        note_origins(platform.district_id, deployment_pk, context_id, origins)


HANDLERS: dict[str, Callable[[Registered, int, dict[str, Any]], None]] = {
    HELLO: _hello,
    CONTEXT_COPY: _context_copied,
}
"""{type: what it makes us do}; these are the types we ask platforms for."""
