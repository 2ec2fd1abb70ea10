"""A signed token (RFC 7515, compact) taken apart once: header, claims, and what the signature is of.

jwt.decode() looks at each character of a token in Python, and would read it a second time. That was a tenth of a
launch. The cryptography is PyJWT's all the same; which key and algorithm may be used is for lti_tool.platform_keys.
"""

import json
import re
from dataclasses import dataclass
from typing import Any

import jwt
from jwt.utils import base64url_decode

from core.clock import now
from core.messages import N_
from lti_tool.refusals import LinkExpired, TokenRefused

LEEWAY = 60
"""Seconds two clocks may differ (row 76, 77)."""

OLDEST = 3600
"""Seconds after which an id_token is stale, whatever its exp says (row 77)."""

A_YEAR = 366 * 86_400

_COMPACT = re.compile(r"([\w-]+)={0,2}\.([\w-]+)={0,2}\.([\w-]*)={0,2}", re.ASCII)
"""Some issuers pad."""


@dataclass(frozen=True, slots=True)
class SignedToken:
    """Nothing of it is believed before `check_signature` has passed."""

    header: dict[str, Any]
    body: dict[str, Any]
    signed: bytes
    signature: bytes


def take_apart(token: str) -> SignedToken:
    """Raises TokenRefused for anything that is not two JSON objects and a signature."""
    parts = _COMPACT.fullmatch(token)
    if parts is None:
        raise TokenRefused(N_("What the LMS sent is no id_token."))
    try:
        header, body = (json.loads(base64url_decode(parts[n])) for n in (1, 2))
        signature = base64url_decode(parts[3])
    except (ValueError, RecursionError) as error:
        raise TokenRefused(N_("What the LMS sent is no id_token.")) from error
    if not isinstance(header, dict) or not isinstance(body, dict):
        raise TokenRefused(N_("What the LMS sent is no id_token."))
    return SignedToken(header, body, token.rpartition(".")[0].encode(), signature)


def check_signature(token: SignedToken, key: Any, algorithm: str) -> None:
    """Raises TokenRefused unless `key` made it, or when the header asks for an extension (RFC 7515 4.1.11, RFC 7797):
    we know none, so none may be passed over."""
    if "crit" in token.header or token.header.get("b64", True) is not True:
        raise TokenRefused(N_("What the LMS sent does not hold."))
    try:
        held = jwt.get_algorithm_by_name(algorithm)
        holds = held.verify(token.signed, held.prepare_key(key), token.signature)
    except (jwt.PyJWTError, NotImplementedError, TypeError, ValueError) as error:
        raise TokenRefused(N_("What the LMS sent does not hold.")) from error
    if not holds:
        raise TokenRefused(N_("What the LMS sent does not hold."))


def check_times(body: dict[str, Any]) -> None:
    """Issued and good now, within LEEWAY. Raises LinkExpired for early, late, stale and in milliseconds, TokenRefused
    for times that are none."""
    clock = now().timestamp()
    issued, expires = _time(body, "iat"), _time(body, "exp")
    begins = _time(body, "nbf") if "nbf" in body else issued
    early = max(issued, begins) > clock + LEEWAY
    late = expires <= clock - LEEWAY or issued < clock - OLDEST
    if early or late or expires > clock + A_YEAR:
        raise LinkExpired(N_("This link has expired, or the clock of the LMS is wrong."))


def _time(body: dict[str, Any], name: str) -> int:
    """In seconds since 1970."""
    value = body.get(name)
    try:
        if isinstance(value, int | float) and not isinstance(value, bool):
            return int(value)
    except (ValueError, OverflowError):  # NaN and the infinities, which JSON as Python reads it may hold
        pass
    raise TokenRefused(N_("The LMS sent times we can not read."))
