"""The interface against its own description, by chance (schemathesis, all checks): what is described is what happens.

Bounded, and shorter on PostgreSQL: it is mostly about shapes and refusals, which a database changes little.
"""

import uuid
from datetime import timedelta

import pytest
import schemathesis
import sqlalchemy as sa
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import GenerationMode

from core.database import db
from feeds.models import Feed
from feeds.setting_up import add_webhook
from people.api_clients import SCOPES
from people.audit import COMMAND
from people.idempotency import HEADER
from people.models import ApiClient
from tests.access.test_api import sign

EXAMPLES = {"sqlite": 12, "postgresql": 3}
STAFF = b"sis_id,building,job\nE1,fir,teacher\n"
WEBHOOK = "/api/v1/webhooks/{number}"
OPERATIONS = (
    "POST /oauth/token", "GET /api/v1/standings", "GET /api/v1/standings/changes", "POST /api/v1/standings/query",
    "GET /api/v1/standings/{scheme}:{value}", "GET /api/v1/events", "GET /api/v1/completions",
    "GET /api/v1/evidence/{evidence_id}", "GET /api/v1/evidence/{evidence_id}/verify",
    "GET /api/v1/webhooks", "POST /api/v1/webhooks", f"GET {WEBHOOK}", f"PATCH {WEBHOOK}", f"DELETE {WEBHOOK}",
    f"POST {WEBHOOK}/secret", f"POST {WEBHOOK}/test", f"GET {WEBHOOK}/undelivered", f"POST {WEBHOOK}/replay",
    f"POST {WEBHOOK}/replay/{{seq}}", "POST /api/v1/rosters", "GET /api/v1/rosters/{number}",
)  # fmt: skip


@pytest.fixture
def program(district, hire, work, year, make_program):
    ann, _bob = hire(2)
    sign(ann, year)
    work()
    made = make_program(district, tuple(SCOPES))
    made.sign_in()
    add_webhook(district, "hook", "http://127.0.0.1:9/hook", COMMAND, plain_allowed=True)
    db.execute(sa.update(ApiClient).values(per_minute=60_000))
    db.commit()
    return made


def test_no_address_is_left_out(client):
    paths = client.get("/api/v1/openapi.json").json["paths"]
    found = {f"{method.upper()} {path}" for path in paths for method in paths[path].keys() - {"parameters"}}
    assert found == set(OPERATIONS)


NOTHING_TO_GET_WRONG = (
    "GET /api/v1/webhooks", *(each for each in OPERATIONS if "evidence_id" in each),
)  # fmt: skip


@pytest.mark.parametrize(
    ("operation", "mode"),
    [
        (each, mode)
        for each in OPERATIONS
        for mode in GenerationMode
        if mode == GenerationMode.POSITIVE or each not in NOTHING_TO_GET_WRONG
    ],
)
def test_it_does_what_its_description_says(app, program, operation, mode, monkeypatch):
    monkeypatch.setattr("feeds.trying.AT_MOST_EVERY", timedelta())
    described = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", app)
    method, path = operation.split()
    (found,) = (each.ok() for each in described.include(path=path, method=method).get_all_operations())
    headers = program.basic() if path == "/oauth/token" else {"Authorization": f"Bearer {program.token}"}
    delta = program.standings().json["delta"]
    hook = db.scalar(sa.select(Feed.id))
    db.remove()

    @settings(
        max_examples=EXAMPLES[db.get_bind().dialect.name], deadline=None, derandomize=True, database=None,
        phases=[Phase.explicit, Phase.generate], suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(case=found.as_strategy(generation_mode=mode))
    def holds(case):
        if mode == GenerationMode.POSITIVE:
            _give_what_nobody_can_guess(case, delta, hook)
        case.call_and_validate(headers=headers)

    holds()


def _give_what_nobody_can_guess(case, delta: str, hook: int) -> None:
    """Bookmarks are signed, a place in the log is where the log is, a scope is one the client has, a key is new, and
    an address is one that may be posted to."""
    if case.query:
        case.query.pop("cursor", None)
        case.query |= {"delta": delta} if "delta" in case.query else {}
        case.query |= {"after": 1} if "after" in case.query else {}
    if case.path == "/oauth/token" and isinstance(case.body, dict):
        for name in ("scope", "client_assertion", "client_assertion_type"):
            case.body.pop(name, None)
    if "number" in (case.path_parameters or {}):
        case.path_parameters["number"] = hook
    if HEADER in (case.headers or {}):
        case.headers[HEADER] = str(uuid.uuid4())
    if case.path == "/api/v1/rosters":
        case.body = STAFF.decode() if case.media_type == "text/csv" else STAFF
    if isinstance(case.body, dict) and "url" in case.body:
        case.body["url"] = "http://127.0.0.1:9/hook"
