"""A tool registers itself: what this LMS says, its tokens that work once, and how Canvas and Moodle say no."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from werkzeug.test import TestResponse

from practice_lms import PracticeLms
from practice_lms.registration import TOOL_CONFIGURATION, activate, begin

TOOL = "http://localhost:8000"


def a_request(**changes: Any) -> dict[str, Any]:
    """What an honest tool asks; a change of the tool's configuration goes in as `tool`."""
    tool = {
        "domain": "localhost:8000", "target_link_uri": f"{TOOL}/lessons", "claims": ["sub"],
        "messages": [{"type": "LtiResourceLinkRequest"}],
    } | changes.pop("tool", {})  # fmt: skip
    asked = {
        "application_type": "web", "grant_types": ["client_credentials", "implicit"], "response_types": ["id_token"],
        "initiate_login_uri": f"{TOOL}/login", "redirect_uris": [f"{TOOL}/launch"], "client_name": "A tool",
        "jwks_uri": f"{TOOL}/jwks", "token_endpoint_auth_method": "private_key_jwt", "scope": "",
        TOOL_CONFIGURATION: tool,
    }  # fmt: skip
    return {name: value for name, value in (asked | changes).items() if value is not None}


def token_of(lms: PracticeLms) -> str:
    return parse_qs(urlsplit(begin(lms, f"{TOOL}/register?invite=1")).query)["registration_token"][0]


def post(lms: PracticeLms, asked: Any, token: str) -> TestResponse:
    bearer = {"Authorization": f"Bearer {token}"}
    return lms.app.test_client().post(lms.personality.registration_path, json=asked, headers=bearer)


def test_the_tools_page_is_opened_with_its_own_query_kept(canvas: PracticeLms) -> None:
    query = parse_qs(urlsplit(begin(canvas, f"{TOOL}/register?invite=1")).query)
    assert query["invite"] == ["1"] and query["openid_configuration"] == [canvas.openid_configuration_url]


def test_canvas_wants_the_token_for_its_configuration_and_moodle_does_not(
    canvas: PracticeLms, moodle: PracticeLms
) -> None:
    assert canvas.app.test_client().get(canvas.personality.configuration_path).status_code == 401
    assert moodle.app.test_client().get(moodle.personality.configuration_path).status_code == 200


@pytest.mark.parametrize(("name", "status"), [("canvas", 201), ("moodle", 200)])
def test_a_token_registers_once(make_lms: Any, name: str, status: int) -> None:
    lms = make_lms(name)
    token = token_of(lms)
    assert post(lms, {}, token).status_code == 400, "a refusal leaves the token good"
    assert post(lms, a_request(), token).status_code == status
    again = post(lms, a_request(), token)
    assert again.status_code == 401 and "token_already_used" in again.text
    assert len(lms.state.registered_tools) == 1


def test_moodle_answers_a_made_up_token_with_a_page_and_errors_in_plain_text(moodle: PracticeLms) -> None:
    made_up = post(moodle, a_request(), "made-up")
    assert made_up.status_code == 404 and made_up.mimetype == "text/html"
    token = token_of(moodle)
    for asked, word in (
        (a_request(tool={"domain": "localhost"}), "domain_targetlinkuri_mismatch"),
        (a_request(tool={"domain": ""}), "missing_domain"),
        (a_request(jwks_uri=None), "missing_jwks_uri"),
    ):
        answer = post(moodle, asked, token)
        assert (answer.status_code, answer.mimetype, answer.text) == (400, "text/plain", word)


def test_canvas_refuses_what_its_schema_does_not_know(canvas: PracticeLms) -> None:
    token = token_of(canvas)
    for asked in (
        a_request(grant_types=["implicit"]),
        a_request(tool={"messages": [{"type": "LtiResourceLinkRequest", "placements": ["ContentArea"]}]}),
        a_request(tool={"custom_parameters": {"number": 1}}),
    ):
        answer = post(canvas, asked, token)
        assert answer.status_code == 422 and "errors" in (answer.json or {})


def test_a_tool_waits_until_it_is_activated(moodle: PracticeLms) -> None:
    before = moodle.client_id
    made = post(moodle, a_request(), token_of(moodle)).json
    assert made is not None
    assert moodle.client_id == before and not moodle.state.registered_tools[made["client_id"]].active
    activate(moodle, made["client_id"])
    assert moodle.client_id == made["client_id"]
    assert moodle.deployment_id == made[TOOL_CONFIGURATION]["deployment_id"]


def test_the_pages(canvas: PracticeLms, make_lms: Any) -> None:
    client = canvas.app.test_client()
    assert "None yet." in client.get("/register").text
    assert client.post("/register", data={"tool": "javascript:alert(1)"}).status_code == 400
    opened = client.post("/register", data={"tool": f"{TOOL}/register"})
    assert f"frame-src {TOOL};" in opened.headers["Content-Security-Policy"]
    assert client.post("/register/nobody/activate").status_code == 404
    assert "no dynamic registration" in make_lms("schoology").app.test_client().get("/register").text
