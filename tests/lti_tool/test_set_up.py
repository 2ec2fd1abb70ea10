"""Setting an LMS up: presets, sheets, invitations, Canvas' JSON."""

import json
import re

import pytest

from core.database import db
from lti_tool.invite_models import RegistrationInvite
from lti_tool.models import Platform
from lti_tool.presets import PRESETS, BaseUrlNeeded, preset_named
from lti_tool.registration_request import VARIABLES, scope_names
from lti_tool.sheets import sheet_for
from tests.lms import TOOL

NEEDS_BASE = ("moodle", "brightspace")


@pytest.fixture
def flask(app, district):
    def run(*words: str):
        db.remove()
        return app.test_cli_runner().invoke(args=list(words))

    return run


def told(outcome) -> dict:
    assert outcome.exit_code == 0, outcome.output
    assert outcome.output.count("\n") == 1
    return json.loads(outcome.output)


def add(flask, preset: str, *more: str):
    return flask(
        "platform", "add", "--district", "evergreen", "--preset", preset, "--client-id", "client-1", *more
    )


@pytest.mark.parametrize("preset", PRESETS)
def test_with_a_preset_only_the_client_id_is_asked(flask, preset):
    base = ["--base-url", "https://lms.evergreen.example/"] if preset in NEEDS_BASE else []
    outcome = add(flask, preset, *base)
    assert outcome.exit_code == 0, outcome.output
    row = db.query(Platform).one()
    assert row.name == PRESETS[preset].label
    for address in (row.issuer, row.auth_login_url, row.auth_token_url, row.jwks_url):
        assert re.fullmatch(r"https://[a-z.-]+(/[\w./-]*)?", address) and "{" not in address
    assert bool(row.token_audience) == (preset == "brightspace")


@pytest.mark.parametrize("preset", NEEDS_BASE)
def test_an_lms_at_the_districts_own_address_needs_it(flask, preset):
    outcome = add(flask, preset)
    assert outcome.exit_code == 2 and "--base-url" in outcome.output
    assert add(flask, preset, "--base-url", "lms").exit_code == 2
    assert db.query(Platform).count() == 0
    with pytest.raises(BaseUrlNeeded):
        preset_named(preset).addresses()


def test_what_is_typed_overrules_the_preset(flask):
    told(add(flask, "canvas", "--name", "Ours", "--jwks-url", "https://canvas.example/jwks", "--json"))
    row = db.query(Platform).one()
    assert (row.name, row.jwks_url) == ("Ours", "https://canvas.example/jwks")
    assert row.issuer == "https://canvas.instructure.com"


def test_an_unknown_preset_is_a_wrong_argument(flask):
    for words in (("add", "--district", "evergreen", "--preset", "webct"), ("sheet", "webct")):
        outcome = flask("platform", *words)
        assert outcome.exit_code == 2 and "canvas" in outcome.output


@pytest.mark.parametrize("preset", PRESETS)
def test_a_sheet_names_our_addresses_and_the_next_command(flask, preset):
    outcome = flask("platform", "sheet", preset)
    assert outcome.exit_code == 0
    assert f"--preset {preset}" in outcome.output and f"{TOOL}/lti/" in outcome.output
    assert "{" not in outcome.output
    said = told(flask("platform", "sheet", preset, "--json"))
    sheet = sheet_for(preset_named(preset), TOOL)
    assert [(each["label"], each["value"]) for each in said["fields"]] == list(sheet.fields)


def test_an_invitation_is_printed_once_and_kept_as_a_hash(flask):
    said = told(flask("platform", "invite", "--district", "evergreen", "--json"))
    assert said["url"].startswith(f"{TOOL}/lti/register?invite=") and said["district"] == "evergreen"
    secret = said["url"].rpartition("=")[2]
    row = db.query(RegistrationInvite).one()
    assert len(secret) >= 32 and secret not in str(vars(row)) and len(row.secret_hash) == 64
    assert said["expires_at"] == row.expires_at.isoformat()
    assert "works once" in flask("platform", "invite", "--district", "evergreen").output


def test_an_invitation_to_no_district_is_refused(flask):
    outcome = flask("platform", "invite", "--district", "nowhere")
    assert outcome.exit_code == 1 and outcome.stderr.count("\n") == 1
    assert db.query(RegistrationInvite).count() == 0


# -- Canvas' JSON (https://canvas.instructure.com/doc/api/file.lti_dev_key_config.html) --------------------


@pytest.fixture
def canvas(client) -> dict:
    answer = client.get("/lti/config/canvas.json")
    assert answer.status_code == 200 and answer.mimetype == "application/json"
    assert "max-age" in answer.headers["Cache-Control"] and "Set-Cookie" not in answer.headers
    return answer.json


def test_canvas_reads_our_addresses_and_the_scopes_we_use(canvas):
    assert canvas["oidc_initiation_url"] == f"{TOOL}/lti/login"
    assert canvas["public_jwk_url"] == f"{TOOL}/lti/jwks"
    assert canvas["redirect_uris"] == [f"{TOOL}/lti/launch"]
    assert canvas["scopes"] == list(scope_names()) and len(canvas["scopes"]) == 5


def test_canvas_is_asked_for_the_least_data_that_fills_a_class_page(canvas):
    assert canvas["extensions"][0]["privacy_level"] == "name_only"
    assert canvas["extensions"][0]["domain"] == "localhost:8000"


def test_canvas_places_the_chooser_and_the_administration(canvas):
    placed = {each["placement"]: each for each in canvas["extensions"][0]["settings"]["placements"]}
    assert set(placed) == {
        "assignment_selection",
        "link_selection",
        "module_index_menu_modal",
        "course_navigation",
        "account_navigation",
    }
    for name in ("assignment_selection", "link_selection", "module_index_menu_modal"):
        assert placed[name]["message_type"] == "LtiDeepLinkingRequest"
        assert placed[name]["target_link_uri"] == f"{TOOL}/lessons/choose"
    assert placed["course_navigation"]["default"] == "disabled"
    assert placed["account_navigation"]["target_link_uri"] == f"{TOOL}/admin"
    assert placed["account_navigation"]["visibility"] == "admins"


def test_custom_fields_are_lower_case_and_never_ask_for_a_variable_that_does_not_exist(canvas):
    """$Canvas.user.sisid arrives unexpanded, as the same text for everybody."""
    assert list(canvas["custom_fields"]) == [key for key, _ in VARIABLES]
    for key, value in canvas["custom_fields"].items():
        assert re.fullmatch(r"[a-z_]+", key) and value.startswith("$")
        assert value.lower() != "$canvas.user.sisid"


def test_an_invitation_says_whether_its_lms_speaks_for_staff(flask):
    """Of two that wait for a first LMS, one may be for a teacher's own: the first one made is the district's."""
    asked = ([], [], ["--speaks-for-staff"], ["--not-for-staff"])
    said = [told(flask("platform", "invite", "--district", "evergreen", "--json", *more)) for more in asked]
    assert [each["speaks_for_staff"] for each in said] == [True, False, True, False]
    assert (
        "speaks for the district's staff"
        in flask("platform", "invite", "--district", "evergreen", "--speaks-for-staff").output
    )
