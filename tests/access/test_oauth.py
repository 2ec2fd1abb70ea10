"""POST /oauth/token, as RFC 6749 and 6750 want it."""

import base64
from datetime import timedelta

import pytest
import sqlalchemy as sa
import time_machine

from core.clock import now
from core.database import db
from core.errors import Refused
from people import api_clients
from people.models import ApiClient, ApiToken


def test_a_client_gets_a_token_for_an_hour(district, make_program):
    program = make_program(district)
    answer = program.sign_in()
    assert answer.status_code == 200
    assert answer.json["token_type"] == "Bearer"
    assert (answer.json["expires_in"], answer.json["scope"]) == (3600, "standing.read")
    assert answer.headers["Cache-Control"] == "no-store"
    assert program.standings().status_code == 200
    with time_machine.travel(now() + timedelta(hours=1)):
        expired = program.standings()
    assert expired.status_code == 401
    assert 'error="invalid_token"' in expired.headers["WWW-Authenticate"]


def test_neither_secrets_nor_tokens_are_kept_in_the_clear(district, make_program):
    program = make_program(district)
    program.sign_in()
    rows = [*db.execute(sa.select(ApiClient.__table__)), *db.execute(sa.select(ApiToken.__table__))]
    kept = " ".join(str(row) for row in rows)
    assert program.client_id in kept
    assert program.secret not in kept and program.token not in kept


@pytest.mark.parametrize(
    ("form", "status", "error"),
    [
        ({}, 400, "invalid_request"),
        ({"grant_type": "password"}, 400, "unsupported_grant_type"),
        ({"grant_type": "client_credentials", "scope": "roster.write"}, 400, "invalid_scope"),
        ({"grant_type": "client_credentials", "client_secret": "x"}, 400, "invalid_request"),
        ({"grant_type": ["client_credentials", "client_credentials"]}, 400, "invalid_request"),
    ],
)
def test_odd_requests_are_refused_by_name(district, make_program, form, status, error):
    program = make_program(district)
    answer = program.http.post("/oauth/token", data=form, headers=program.basic())
    assert (answer.status_code, answer.json["error"]) == (status, error)
    assert answer.json["error_description"]


@pytest.mark.parametrize(
    "way", ["none", "wrong secret", "wrong id", "odd id", "bearer", "not base64", "in the form"]
)
def test_who_is_not_known_is_challenged(district, make_program, way):
    program = make_program(district)
    form, headers = {"grant_type": "client_credentials"}, {}
    if way == "wrong secret":
        program.secret += "x"
        headers = program.basic()
    elif way == "wrong id":
        program.client_id = "c_nobody"
        headers = program.basic()
    elif way == "odd id":
        program.client_id = "c_\0"
        headers = program.basic()
    elif way == "bearer":
        headers = {"Authorization": "Bearer x"}
    elif way == "not base64":
        headers = {"Authorization": "Basic ***"}
    elif way == "in the form":
        form |= {"client_id": program.client_id, "client_secret": program.secret}
    answer = program.http.post("/oauth/token", data=form, headers=headers)
    assert (answer.status_code, answer.json["error"]) == (401, "invalid_client")
    assert answer.headers["WWW-Authenticate"].startswith("Basic ")
    assert db.scalar(sa.select(sa.func.count()).select_from(ApiToken)) == 0


def test_both_halves_may_be_form_encoded(district, make_program):
    program = make_program(district)
    pair = f"{program.client_id.replace('_', '%5F')}:{program.secret}"
    headers = {"Authorization": "Basic " + base64.b64encode(pair.encode()).decode()}
    answer = program.http.post("/oauth/token", data={"grant_type": "client_credentials"}, headers=headers)
    assert answer.status_code == 200


def test_a_revoked_client_is_out_at_once(district, it):
    assert it.standings().status_code == 200
    api_clients.revoke(it.client_id)
    db.commit()
    assert it.standings().status_code == 401
    assert it.sign_in().json["error"] == "invalid_client"


def test_without_a_token_there_is_a_challenge(client):
    answer = client.get("/api/v1/standings")
    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"] == 'Bearer realm="standings"'
    assert answer.mimetype == "application/problem+json"


def test_a_token_without_the_scope_is_refused(district, it):
    db.execute(sa.update(ApiToken).values(scopes=""))
    db.commit()
    answer = it.standings()
    assert answer.status_code == 403
    assert 'error="insufficient_scope", scope="standing.read"' in answer.headers["WWW-Authenticate"]


def test_expired_tokens_are_swept_when_a_new_one_is_issued(district, it):
    with time_machine.travel(now() + timedelta(hours=2)):
        it.sign_in()
    assert db.scalar(sa.select(sa.func.count()).select_from(ApiToken)) == 1


@pytest.mark.parametrize("scopes", [["everything"], []])
def test_a_client_can_not_be_made_with_odd_scopes(district, scopes):
    with pytest.raises(Refused):
        api_clients.issue(district, "x", scopes)


def test_get_is_no_way_to_a_token(client):
    answer = client.get("/oauth/token")
    assert answer.status_code == 405 and "POST" in answer.headers["Allow"]


def test_the_command_prints_the_secret_once(app, district):
    run = app.test_cli_runner()
    made = run.invoke(
        args=[
            "client",
            "add",
            "--district",
            "evergreen",
            "--name",
            "sync",
            "--scope",
            "standing.read",
            "--json",
        ]
    )
    assert made.exit_code == 0, made.output
    assert '"client_secret": "' in made.output and made.output.count("\n") == 1
    assert (
        '"client_secret":'
        not in run.invoke(args=["client", "list", "--district", "evergreen", "--json"]).output
    )


@pytest.mark.parametrize(
    ("args", "code"),
    [
        (["--district", "evergreen", "--name", "x", "--scope", "everything"], 1),
        (["--district", "nowhere", "--name", "x", "--scope", "standing.read"], 1),
        (["--district", "evergreen", "--name", "x"], 2),
    ],
)
def test_the_command_refuses_and_says_why(app, district, args, code):
    assert app.test_cli_runner().invoke(args=["client", "add", *args]).exit_code == code
