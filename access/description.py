"""What flask-smorest can not know of our interface: how to get in, how it refuses, what is always there."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask import Flask

from access.client_assertions import TYPE as ASSERTION_TYPE
from access.events_schemas import EventDataSchema
from access.examples import EXAMPLES
from core.interface import Part
from people.api_clients import SCOPES
from people.idempotency import HEADER, PATTERN

DESCRIPTION = """\
For the programs of a district's IT: where each person stands under the annual requirement, and what the
network should do about it. `access` is the word to act on; `state` and `reason` say why. Fields may be added
to answers; nothing that is there will change its meaning within v1.
"""

TOKEN = {
    "post": {
        "tags": ["token"],
        "summary": "Get an access token",
        "description": (
            "OAuth 2 client credentials; authenticate with HTTP Basic, or with a signed `client_assertion` "
            "(private_key_jwt, RFC 7523) in the place of it. A token lasts one hour."
        ),
        "security": [{"client": []}],
        "requestBody": {
            "required": True,
            "content": {
                "application/x-www-form-urlencoded": {
                    "schema": {
                        "type": "object",
                        "required": ["grant_type"],
                        "properties": {
                            "grant_type": {"type": "string", "enum": ["client_credentials"]},
                            "scope": {
                                "type": "string",
                                "description": "Parted by spaces; without it, all the client has.",
                            },
                            "client_assertion_type": {"type": "string", "enum": [ASSERTION_TYPE]},
                            "client_assertion": {
                                "type": "string",
                                "description": (
                                    "A JWT signed with the client's key: iss and sub are the client id, aud is this "
                                    "address, exp at most 10 minutes away, jti new each time."
                                ),
                            },
                        },
                    }
                }
            },
        },
        "responses": {
            "200": {
                "description": "A token.",
                "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Token"}}},
            },
            "400": {"$ref": "#/components/responses/OAuthError"},
            "401": {"$ref": "#/components/responses/OAuthError"},
            "429": {"$ref": "#/components/responses/OAuthError"},
            "default": {"$ref": "#/components/responses/DEFAULT_ERROR"},
        },
    }
}

TOKEN_SCHEMAS = {
    "Token": {
        "type": "object",
        "required": ["access_token", "token_type", "expires_in", "scope"],
        "properties": {
            "access_token": {"type": "string"},
            "token_type": {"type": "string", "enum": ["Bearer"]},
            "expires_in": {"type": "integer", "description": "Seconds."},
            "scope": {"type": "string"},
        },
    },
    "OAuthError": {
        "type": "object",
        "required": ["error", "error_description"],
        "properties": {"error": {"type": "string"}, "error_description": {"type": "string"}},
    },
}

OAUTH_ERROR = {
    "description": "Refused (RFC 6749 section 5.2).",
    "content": {"application/json": {"schema": {"$ref": "#/components/schemas/OAuthError"}}},
}

PROBLEM = {"content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}}
NAMED_PROBLEMS = {
    "DeltaExpired": "The delta is too old or not of this district; list all standings again.",
    "AheadOfTheLog": "The log of this district ends before that number; list all standings again.",
    "NotFound": "Nobody and nothing of this district is known by that value.",
    "KeyMissing": "The Idempotency-Key is missing or is none; or what was sent could not be read.",
    "Refused": "What is there does not allow it, or a request with the same Idempotency-Key is being worked on.",
}
WAIT = {
    "Retry-After": {
        "description": "With `still_running` and `taken_over`: after how many seconds to send the same again.",
        "schema": {"type": "integer", "minimum": 1},
    }
}

WHAT_IS_SENT = ("Asked",)
NOT_ALWAYS_THERE = {
    "Ids": frozenset({"sis", "email", "username"}),
    "Problem": frozenset({"field", "error_count", "errors"}),
    "EventData": frozenset(EventDataSchema().fields) - {"seq"},
}
SCOPE_OF = {
    "/api/v1/standings": "standing.read",
    "/api/v1/events": "standing.read",
    "/api/v1/completions": "audit.read",
    "/api/v1/evidence": "audit.read",
}
"""{what an address begins with: the scope its guard asks for}"""
ONLY_ASKS = ("/api/v1/standings/query",)
"""Posts that change nothing, and need no Idempotency-Key."""


def completed(spec: dict[str, Any], parts: Sequence[Part] = ()) -> dict[str, Any]:
    """The whole description, from what flask-smorest found and the parts of other floors say."""
    components = spec["components"]
    sent = {*WHAT_IS_SENT, *(name for part in parts for name in part.sent)}
    not_always = NOT_ALWAYS_THERE | {name: left for part in parts for name, left in part.not_always.items()}
    components["schemas"].pop("PaginationMetadata", None)  # its own paging, which we do not use
    for name, schema in components["schemas"].items():
        if name in sent:
            continue
        schema.pop("additionalProperties", None)  # fields may be added to answers
        always = [each for each in schema["properties"] if each not in not_always.get(name, ())]
        if always:
            schema["required"] = always
    for response in components["responses"].values():
        content = response.get("content", {})
        if "application/json" in content:
            content["application/problem+json"] = content.pop("application/json")
    components["schemas"] |= TOKEN_SCHEMAS
    components["responses"] |= {"OAuthError": OAUTH_ERROR} | {
        name: PROBLEM | {"description": description} for name, description in NAMED_PROBLEMS.items()
    }
    components["responses"]["Refused"] |= {"headers": WAIT}
    components["securitySchemes"] = {
        "client": {
            "type": "http",
            "scheme": "basic",
            "description": "Client id and secret, for a token only.",
        },
        "token": {
            "type": "oauth2",
            "flows": {"clientCredentials": {"tokenUrl": "/oauth/token", "scopes": SCOPES}},
        },
    }
    changes = components["schemas"]["Changes"]["properties"]["items"]
    changes["items"] = {
        "anyOf": [{"$ref": f"#/components/schemas/{name}"} for name in ("Standing", "Removed")]
    }
    listed = spec["paths"]["/api/v1/standings"]["get"]["responses"]["200"]["content"]
    listed["application/x-ndjson"] = {"schema": {"type": "string"}}
    _guard(spec["paths"], SCOPE_OF | {part.blueprint.url_prefix: part.scope for part in parts})
    for examples in (EXAMPLES, *(part.examples for part in parts)):
        for (path, method), example in examples.items():
            answers = spec["paths"][path][method]["responses"]
            answers[min(answers)]["content"]["application/json"]["example"] = example
    spec["paths"] = {"/oauth/token": TOKEN, **spec["paths"]}
    spec["tags"] = [{"name": "token", "description": "How to get in."}, *spec["tags"]]
    return spec


def openapi(app: Flask) -> dict[str, Any]:
    """The description of the running application."""
    described: dict[str, Any] = app.extensions["openapi"]
    return described


def _guard(paths: dict[str, Any], scopes: Mapping[str, str]) -> None:
    for path, operations in paths.items():
        scope = next(scope for begins, scope in scopes.items() if path.startswith(begins))
        for method, operation in operations.items():
            if method in ("post", "patch", "delete") and path not in ONLY_ASKS:
                _with_key(operation, method)
            if method != "parameters":
                operation["security"] = [{"token": [scope]}]
                operation["responses"] |= {
                    status: {"$ref": "#/components/responses/DEFAULT_ERROR"}
                    for status in ("401", "403", "429")
                }
                operation["responses"] = dict(sorted(operation["responses"].items()))


def _with_key(operation: dict[str, Any], method: str) -> None:
    """Every write takes an Idempotency-Key, and says what may become of it."""
    operation.setdefault("parameters", []).append(
        {
            "in": "header",
            "name": HEADER,
            "required": method == "post",
            "description": (
                "A new one for each thing you want done (a UUID), and the same again when you did not hear the "
                "answer: within 24 hours it is given again, with `Idempotent-Replayed: true`."
            ),
            "schema": {"type": "string", "pattern": PATTERN},
            "example": "8e03978e-40d5-43e8-bc93-6894a57f9324",
        }
    )
    operation["responses"] |= {
        status: {"$ref": f"#/components/responses/{name}"}
        for status, name in (("400", "KeyMissing"), ("409", "Refused"), ("422", "UNPROCESSABLE_ENTITY"))
    }
