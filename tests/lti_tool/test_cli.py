"""flask platform and flask keys: what IT types, and what it reads."""

import json
from dataclasses import replace

import pytest

from core.database import db
from lti_tool.keys import published_keys
from lti_tool.models import Deployment, Platform, SigningKey
from people.audit_models import AuditEntry
from tests.lms import TOOL

ADD = {
    "--district": "evergreen",
    "--name": "Canvas",
    "--issuer": "https://canvas.instructure.com",
    "--client-id": "10000000000042",
    "--auth-login-url": "https://sso.canvaslms.com/api/lti/authorize_redirect",
    "--auth-token-url": "https://sso.canvaslms.com/login/oauth2/token",
    "--jwks-url": "https://sso.canvaslms.com/api/lti/security/jwks",
}


@pytest.fixture
def flask(app, district):
    """flask("platform", "list") -> its outcome, with what it printed in .output and .stderr."""

    def run(*words: str):
        db.remove()
        return app.test_cli_runner().invoke(args=list(words))

    return run


@pytest.fixture
def add(flask):
    def run(*more: str, **changes: str):
        options = ADD | {f"--{name.replace('_', '-')}": value for name, value in changes.items()}
        return flask("platform", "add", *(word for pair in options.items() for word in pair), *more)

    return run


def told(outcome) -> dict:
    """The one line of JSON of a command that succeeded."""
    assert outcome.exit_code == 0, outcome.output
    assert outcome.output.count("\n") == 1
    return json.loads(outcome.output)


def test_a_platform_is_added_and_says_what_to_paste_into_the_lms(add):
    outcome = add()
    assert outcome.exit_code == 0
    for address in ("/lti/login", "/lti/launch", "/lti/jwks", "/lessons/g4"):
        assert f"{TOOL}{address}" in outcome.output
    row = db.query(Platform).one()
    assert (row.issuer, row.client_id, row.custom_ids_trusted) == (ADD["--issuer"], ADD["--client-id"], False)
    assert (row.auth_login_url, row.auth_token_url, row.jwks_url) == (
        ADD["--auth-login-url"],
        ADD["--auth-token-url"],
        ADD["--jwks-url"],
    )


def test_a_platform_with_everything(add):
    said = told(
        add("--deployment-id", "1:a", "--deployment-id", "2:b", "--deployment-id", "1:a", "--trust-custom-ids",
            "--json", token_audience="https://audience.example")
    )  # fmt: skip
    row = db.query(Platform).one()
    assert said["id"] == row.id and said["redirect_uri"] == f"{TOOL}/lti/launch"
    assert row.custom_ids_trusted and row.token_audience == "https://audience.example"
    assert [(each.deployment_id, each.state) for each in db.query(Deployment).order_by(Deployment.id)] == [
        ("1:a", "approved"),
        ("2:b", "approved"),
    ]


def test_the_first_platform_brings_the_first_key(add, client):
    """A platform fetches our keys when it is set up, so they must be there by then."""
    add()
    db.remove()
    assert len(client.get("/lti/jwks").json["keys"]) == 1
    add(client_id="another")
    db.remove()
    assert len(client.get("/lti/jwks").json["keys"]) == 1


def test_a_registered_pair_is_refused(add):
    add()
    outcome = add("--name", "Again")
    assert outcome.exit_code == 1
    assert "registered already" in outcome.stderr and outcome.stderr.count("\n") == 1
    assert db.query(Platform).count() == 1


def test_another_client_of_the_same_issuer_is_welcome(add):
    """All hosted Canvas accounts share one issuer."""
    assert add().exit_code == add(client_id="another").exit_code == 0
    assert db.query(Platform).count() == 2


def test_an_unknown_district_is_refused(add):
    outcome = add(district="nowhere")
    assert outcome.exit_code == 1 and "nowhere" in outcome.stderr


ADDRESSES = ("issuer", "auth_login_url", "auth_token_url", "jwks_url")


@pytest.mark.parametrize("option", ADDRESSES)
def test_an_address_no_platform_can_have_is_a_wrong_argument(add, option):
    for address in ("", "canvas.example", "ftp://canvas.example", "javascript:alert(1)", "http://canvas.example",
                    "http://10.0.0.1", "https://", "https://[", "https://[::1", "https://canvas.example:port/",
                    "https://canvas.example/#top", "https://me:secret@canvas.example", "https://canvas.example/a b",
                    "https://canvas.example/\x00"):  # fmt: skip
        outcome = add(**{option: address})
        assert outcome.exit_code == 2, address
        assert f"--{option.replace('_', '-')}" in outcome.output
    assert db.query(Platform).count() == 0


def test_plain_http_reaches_this_machine_only_where_the_private_network_is_allowed(app, add, monkeypatch):
    careful = replace(app.config["SETTINGS"], allow_private_network=False)
    for address in ("http://localhost:8080/x", "http://127.0.0.1:8080/x", "http://[::1]:8080/x"):
        addresses = dict.fromkeys(ADDRESSES, address)
        with monkeypatch.context() as patch:
            patch.setitem(app.config, "SETTINGS", careful)
            assert add(**addresses).exit_code == 2
        assert add(**addresses).exit_code == 0


def test_what_no_column_holds_is_a_wrong_argument(add):
    for changes in ({"name": ""}, {"name": "x" * 101}, {"client_id": ""}, {"client_id": "x" * 256},
                    {"client_id": "a\x00"}, {"issuer": "https://lms.example/" + "x" * 255}, {"deployment_id": ""},
                    {"deployment_id": "x" * 256}, {"deployment_id": "é"}):  # fmt: skip
        outcome = add(**changes)
        assert outcome.exit_code == 2 and "expected" in outcome.output, changes
    assert db.query(Platform).count() == 0


def test_a_missing_option_is_a_wrong_argument(flask):
    outcome = flask("platform", "add", "--district", "evergreen")
    assert outcome.exit_code == 2 and "Missing option" in outcome.output


def test_list_names_every_platform(flask, add):
    assert flask("platform", "list").output == "none yet\n"
    assert told(flask("platform", "list", "--json")) == {"platforms": []}
    add()
    add(client_id="another", name="Second")
    lines = flask("platform", "list").output.splitlines()
    assert len(lines) == 2 and "Canvas" in lines[0] and "another" in lines[1]
    listed = told(flask("platform", "list", "--json"))["platforms"]
    assert [each["client_id"] for each in listed] == [ADD["--client-id"], "another"]


def test_show_names_what_to_paste_and_what_waits(flask, school):
    """A deployment that knocked waits until IT approves it; then its people come in."""
    assert school.post_launch("ana", "g4-same-me", deployment_id="7:new").status_code == 403
    number = str(school.platform.id)
    shown = flask("platform", "show", number).output
    assert f"{TOOL}/lti/login" in shown and school.lms.issuer in shown
    assert "7:new  pending" in shown and f"{school.lms.deployment_id}  approved" in shown
    approved = told(flask("platform", "approve-deployment", number, "7:new", "--json"))
    assert approved == {"platform": int(number), "deployment_id": "7:new", "state": "approved"}
    assert {"deployment_id": "7:new", "state": "approved"} in told(
        flask("platform", "show", number, "--json")
    )["deployments"]
    assert school.post_launch("ana", "g4-same-me", deployment_id="7:new").status_code == 303


def test_approving_twice_or_ahead_of_the_first_launch_is_fine(flask, add):
    number = str(told(add("--json"))["id"])
    for _ in range(2):
        assert "approved" in flask("platform", "approve-deployment", number, "7:ahead").output
    assert db.query(Deployment).one().state == "approved"


@pytest.mark.parametrize("words", [("show", "999"), ("approve-deployment", "999", "1:a")])
def test_a_platform_that_is_not_there_is_refused(flask, words):
    outcome = flask("platform", *words)
    assert outcome.exit_code == 1 and "flask platform list" in outcome.stderr


@pytest.mark.parametrize("number", ["x", "0", "-1", "9" * 30])
def test_what_is_no_number_is_a_wrong_argument(flask, number):
    assert flask("platform", "show", "--", number).exit_code == 2


def test_rotate_publishes_the_next_key_and_says_when_it_signs(flask):
    said = told(flask("keys", "rotate", "--json"))
    assert said["kid"] in {key["kid"] for key in published_keys()}
    assert said["signs_from"].endswith("+00:00")
    assert db.query(SigningKey).count() == 2, "the first key, which signs now, and the next"
    outcome = flask("keys", "rotate")
    assert outcome.exit_code == 0 and "signs from 20" in outcome.output


def test_96_keys_are_listed_and_withdrawn(flask):
    """Revoke now, told in words; a kid nobody knows is one line and exit code 1."""
    assert "the worker makes the first" in flask("keys", "list").output
    first = told(flask("keys", "rotate", "--json"))["kid"]
    listed = flask("keys", "list").output.splitlines()
    assert len(listed) == 2 and "signs from" in listed[0] and "signs now" in listed[1]
    signing = listed[1].split()[0]
    answer = flask("keys", "withdraw", signing)
    assert answer.exit_code == 0 and f"key {first} signs from now on" in answer.output
    assert told(flask("keys", "list", "--json"))["keys"][1]["state"] == "withdrawn"
    assert [key["kid"] for key in published_keys()] == [first]
    again = flask("keys", "withdraw", signing)
    assert again.exit_code == 1 and "withdrawn before" in again.stderr
    unknown = flask("keys", "withdraw", "nobody")
    assert unknown.exit_code == 1 and "see: flask keys list" in unknown.stderr


def test_the_first_lms_speaks_for_staff_and_a_further_one_where_it_is_said(add, flask):
    assert told(add("--json"))["speaks_for_staff"] is True
    further = add(client_id="2", name="Dee's Moodle")
    assert "does not speak for the district's staff" in further.output
    assert told(add("--speaks-for-staff", "--json", client_id="3"))["speaks_for_staff"] is True
    rows = db.query(Platform).order_by(Platform.id).all()
    assert [row.speaks_for_staff for row in rows] == [True, False, True]

    number = str(rows[1].id)
    for _ in range(2):
        changed = flask("platform", "speaks-for-staff", number, "yes")
        assert changed.exit_code == 0 and "Dee's Moodle: it speaks for" in changed.output
    assert told(flask("platform", "show", number, "--json"))["speaks_for_staff"] is True
    told(flask("platform", "speaks-for-staff", str(rows[0].id), "no", "--json"))
    assert flask("platform", "speaks-for-staff", number, "perhaps").exit_code == 2
    assert flask("platform", "speaks-for-staff", "999", "no").exit_code == 1
    db.remove()
    logged = [
        (each.actor, each.action, each.subject) for each in db.query(AuditEntry).order_by(AuditEntry.seq)
    ]
    yes, no = "lms_speaks_for_staff", "lms_does_not_speak_for_staff"
    assert logged == [("command", action, f"platform:{rows[place].id}")
                      for place, action in ((0, yes), (1, no), (2, yes), (1, yes), (0, no))]  # fmt: skip
