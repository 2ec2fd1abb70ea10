from __future__ import annotations

import time
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa

from practice_lms import PracticeLms
from practice_lms.settings import MEMBERSHIPS, SCORE
from tests.practice_lms.conftest import LmsMaker
from tests.practice_lms.tool import assertion, token_form


def ask(lms: PracticeLms, signed: str, *scopes: str, **changes: str) -> Any:
    return lms.app.test_client().post("/token", data=token_form(signed, *(scopes or (SCORE,))) | changes)


def test_an_honest_assertion_gets_a_token_for_an_hour(lms: PracticeLms) -> None:
    answer = ask(lms, assertion(lms), SCORE, MEMBERSHIPS, "made-up")
    body = answer.get_json(force=True)
    assert answer.status_code == 200
    assert body["token_type"] == "Bearer"
    assert body["expires_in"] == 3600
    assert body["scope"] == f"{SCORE} {MEMBERSHIPS}"


def test_moodle_calls_its_json_html(moodle: PracticeLms, canvas: PracticeLms) -> None:
    assert ask(moodle, assertion(moodle)).mimetype == "text/html"
    assert ask(canvas, assertion(canvas)).mimetype == "application/json"


def test_a_token_must_ask_for_something_that_is_granted(make_lms: LmsMaker) -> None:
    lms = make_lms("canvas", granted_scopes=(SCORE,))
    answer = ask(lms, assertion(lms), MEMBERSHIPS)
    assert (answer.status_code, answer.get_json()["error"]) == (400, "invalid_scope")


@pytest.mark.parametrize(
    "changes",
    [
        {"iss": "other"},
        {"sub": "other"},
        {"aud": "https://elsewhere.example/token"},
        {"exp": -120},
        {"iat": 600},
        {"jti": None},
        {"exp": None},
        {"iat": None},
        {"kid": None},
        {"kid": "unknown"},
    ],
    ids="-".join,
)
def test_an_assertion_with_a_fault_is_refused(lms: PracticeLms, changes: dict[str, Any]) -> None:
    """Times are seconds from now: the suite may have gone on for long since it was collected."""
    now = int(time.time())
    changes = {name: now + value if isinstance(value, int) else value for name, value in changes.items()}
    assert ask(lms, assertion(lms, **changes)).status_code == 400


def test_a_foreign_key_under_our_kid_is_refused(lms: PracticeLms) -> None:
    stranger = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    assert ask(lms, assertion(lms, key=stranger)).status_code == 400


def test_an_assertion_works_once(lms: PracticeLms) -> None:
    signed = assertion(lms)
    assert ask(lms, signed).status_code == 200
    assert ask(lms, signed).status_code == 400


def test_moodle_allows_no_clock_difference_and_the_others_a_little(make_lms: LmsMaker) -> None:
    ahead = int(time.time()) + 20
    answers = {name: make_lms(name) for name in ("canvas", "schoology", "moodle")}
    assert {name: ask(lms, assertion(lms, iat=ahead)).status_code for name, lms in answers.items()} == {
        "canvas": 200,
        "schoology": 200,
        "moodle": 400,
    }


def test_the_grant_and_assertion_types_are_checked(lms: PracticeLms) -> None:
    assert ask(lms, assertion(lms), grant_type="password").status_code == 400
    assert ask(lms, assertion(lms), client_assertion_type="x").status_code == 400
    assert ask(lms, "not.a.jwt").status_code == 400
