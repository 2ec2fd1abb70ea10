"""The interface against its own description, by chance (schemathesis, all checks): what is described is what happens.

Bounded, and shorter on PostgreSQL: it is mostly about shapes and refusals, which a database changes little.
"""

import pytest
import schemathesis
import sqlalchemy as sa
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import GenerationMode

from core.database import db
from people.models import ApiClient
from tests.access.test_api import sign

EXAMPLES = {"sqlite": 20, "postgresql": 5}
PATHS = (
    "/oauth/token", "/api/v1/standings", "/api/v1/standings/changes", "/api/v1/standings/query",
    "/api/v1/standings/{scheme}:{value}", "/api/v1/events", "/api/v1/completions", "/api/v1/evidence/{evidence_id}",
    "/api/v1/evidence/{evidence_id}/verify",
)  # fmt: skip


@pytest.fixture
def program(district, hire, work, year, make_program):
    ann, _bob = hire(2)
    sign(ann, year)
    work()
    made = make_program(district, ("standing.read", "audit.read"))
    made.sign_in()
    db.execute(sa.update(ApiClient).values(per_minute=60_000))
    db.commit()
    return made


def test_no_address_is_left_out(client):
    assert set(client.get("/api/v1/openapi.json").json["paths"]) == set(PATHS)


NOTHING_TO_GET_WRONG = tuple(path for path in PATHS if "evidence_id" in path)


@pytest.mark.parametrize(
    ("path", "mode"),
    [
        (path, mode)
        for path in PATHS
        for mode in GenerationMode
        if mode == GenerationMode.POSITIVE or path not in NOTHING_TO_GET_WRONG
    ],
)
def test_it_does_what_its_description_says(app, program, path, mode):
    described = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", app)
    (operation,) = (each.ok() for each in described.include(path=path).get_all_operations())
    headers = program.basic() if path == "/oauth/token" else {"Authorization": f"Bearer {program.token}"}
    delta = program.standings().json["delta"]

    @settings(
        max_examples=EXAMPLES[db.get_bind().dialect.name], deadline=None, derandomize=True, database=None,
        phases=[Phase.explicit, Phase.generate], suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(case=operation.as_strategy(generation_mode=mode))
    def holds(case):
        if mode == GenerationMode.POSITIVE:
            _give_what_nobody_can_guess(case, delta)
        case.call_and_validate(headers=headers)

    holds()


def _give_what_nobody_can_guess(case, delta: str) -> None:
    """Bookmarks are signed, a place in the log is where the log is, and a scope is one the client has."""
    if case.query:
        case.query.pop("cursor", None)
        case.query |= {"delta": delta} if "delta" in case.query else {}
        case.query |= {"after": 1} if "after" in case.query else {}
    if case.path == "/oauth/token" and isinstance(case.body, dict):
        for name in ("scope", "client_assertion", "client_assertion_type"):
            case.body.pop(name, None)
