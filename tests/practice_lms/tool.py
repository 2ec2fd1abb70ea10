"""The smallest honest tool: one key, its key set, assertions, and a caller of the platform's services."""

from __future__ import annotations

import json
import time
import uuid
from datetime import UTC, datetime
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa
from jwt.algorithms import RSAAlgorithm
from werkzeug.test import TestResponse

from practice_lms import PracticeLms

SCORE_TYPE = "application/vnd.ims.lis.v1.score+json"
LINEITEM_TYPE = "application/vnd.ims.lis.v2.lineitem+json"
LINEITEMS_TYPE = "application/vnd.ims.lis.v2.lineitemcontainer+json"
RESULTS_TYPE = "application/vnd.ims.lis.v2.resultcontainer+json"
MEMBERS_TYPE = "application/vnd.ims.lti-nrps.v2.membershipcontainer+json"

KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)


def key_set(kid: str = "tool-1", key: rsa.RSAPrivateKey = KEY) -> dict[str, Any]:
    jwk = json.loads(RSAAlgorithm.to_jwk(key.public_key()))
    return {"keys": [{"kty": "RSA", "kid": kid, "alg": "RS256", "use": "sig", "n": jwk["n"], "e": jwk["e"]}]}


def assertion(
    lms: PracticeLms, key: rsa.RSAPrivateKey = KEY, kid: str | None = "tool-1", **changes: Any
) -> str:
    now = int(time.time())
    claims = {
        "iss": lms.client_id, "sub": lms.client_id, "aud": lms.token_url,
        "iat": now, "exp": now + 60, "jti": str(uuid.uuid4()),
    }  # fmt: skip
    kept = {name: value for name, value in (claims | changes).items() if value is not None}
    return jwt.encode(kept, key, "RS256", headers={"kid": kid} if kid else None)


def token_form(signed: str, *scopes: str) -> dict[str, str]:
    return {
        "grant_type": "client_credentials",
        "client_assertion_type": "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
        "client_assertion": signed,
        "scope": " ".join(scopes),
    }


def authorization_request(lms: PracticeLms, login: dict[str, str], **changes: str | None) -> dict[str, str]:
    """What an honest tool answers a login with, changed or (None) shortened."""
    asked = {
        "scope": "openid", "response_type": "id_token", "response_mode": "form_post", "prompt": "none",
        "client_id": login["client_id"], "redirect_uri": lms.registration.redirect_uris[0],
        "login_hint": login["login_hint"], "lti_message_hint": login["lti_message_hint"],
        "nonce": "nonce-1", "state": "state-1",
    }  # fmt: skip
    return {name: value for name, value in (asked | changes).items() if value is not None}


def below(lineitem_url: str, word: str) -> str:
    """`/scores` goes before the query string."""
    path, mark, query = lineitem_url.partition("?")
    return f"{path}/{word}{mark}{query}"


class Caller:
    """Calls the services in process with a token for everything."""

    def __init__(self, lms: PracticeLms) -> None:
        self.lms = lms
        self.client = lms.app.test_client()
        self.token = lms.issue_token()

    def call(self, method: str, url: str, accept: str = "*/*", **more: Any) -> TestResponse:
        headers = {"Authorization": f"Bearer {self.token}", "Accept": accept} | more.pop("headers", {})
        return self.client.open(url.removeprefix(self.lms.base_url), method=method, headers=headers, **more)

    def score(self, person: str, link: str = "g4-same-me", **changes: Any) -> TestResponse:
        column = self.lms.gradebook.column(link)
        assert column is not None
        body = {
            "userId": self.lms.user_id(person), "timestamp": datetime.now(UTC).isoformat(),
            "activityProgress": "Completed", "gradingProgress": "FullyGraded",
            "scoreGiven": 80, "scoreMaximum": 100,
        }  # fmt: skip
        kept = {name: value for name, value in (body | changes).items() if value is not None}
        url = below(self.lms.lineitem_url(column), "scores")
        return self.call("POST", url, data=json.dumps(kept), content_type=SCORE_TYPE)
