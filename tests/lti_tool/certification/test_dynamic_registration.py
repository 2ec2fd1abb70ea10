"""LTI Dynamic Registration (rows 139-144): https://www.imsglobal.org/spec/lti-dr/v1p0"""

import json
import re
import threading
from contextlib import nullcontext
from datetime import timedelta

import pytest
import sqlalchemy as sa
import time_machine
from werkzeug.wrappers import Response

from core.clock import now
from core.database import db
from core.http import allow_private_network
from lti_tool.dynamic_registration import ANOTHER, NotForStaff, may_update
from lti_tool.invite_models import RegistrationInvite
from lti_tool.invites import Invited
from lti_tool.models import Deployment, Platform
from lti_tool.registering import add_platform
from lti_tool.registration_request import CANVAS, TOOL_CONFIGURATION, scope_names
from people.audit import COMMAND
from people.audit_models import AuditEntry
from people.models import District
from practice_lms.settings import ALL_SCOPES
from tests.lms import TOOL
from tests.lti_tool.registering import Administrator, an_lms, fields_of, invitation, kept, odd_server
from tests.lti_tool.suite import OURS_ALONE

PLATFORM_CONFIGURATION = "https://purl.imsglobal.org/spec/lti-platform-configuration"


@pytest.fixture(params=["canvas", "moodle"])
def lms(request, lms_keys):
    with an_lms(request.param, lms_keys) as opened:
        yield opened


@pytest.fixture
def admin(app, lms):
    return Administrator(app, lms)


@pytest.fixture
def invite(district):
    return invitation(district)


@pytest.fixture
def other_district(clean):
    made = District(
        slug="riverside", name="Riverside School District", timezone="America/Los_Angeles", email_domains=[]
    )
    db.add(made)
    db.commit()
    return made


def is_refused_in_words(answer, status=None):
    """A plain page: what happened, what to do, a reference; and nothing of our own insides."""
    assert 400 <= answer.status_code < 500 or answer.status_code == 502, answer.text
    assert status is None or answer.status_code == status
    assert answer.mimetype == "text/html"
    assert re.search(r"<h1>(.+?)</h1>\s*<p>(.+?)</p>", answer.text, re.S)
    assert answer.headers["X-Request-Id"] in answer.text
    assert not OURS_ALONE.search(answer.text)


def configuration(base: str, **changes) -> dict:
    """What an honest LMS at `base` says about itself, changed; None takes out."""
    said = {
        "issuer": base,
        "authorization_endpoint": f"{base}/auth",
        "token_endpoint": f"{base}/token",
        "jwks_uri": f"{base}/jwks",
        "registration_endpoint": f"{base}/register",
        PLATFORM_CONFIGURATION: {"product_family_code": "practice"},
    } | changes
    return {name: value for name, value in said.items() if value is not None}


def odd_lms(said=None, answered=None, status=201):
    """Answers GET with its configuration and POST with a registration; each a value for JSON, or a Response."""

    def answer(request):
        base = request.host_url.rstrip("/")
        if request.method == "GET":
            chosen = said(base) if callable(said) else configuration(base)
            return (
                chosen
                if isinstance(chosen, Response)
                else Response(json.dumps(chosen), mimetype="application/json")
            )
        given = answered(request) if callable(answered) else {**request.get_json(), "client_id": "client-7"}
        return (
            given
            if isinstance(given, Response)
            else Response(json.dumps(given), status, mimetype="application/json")
        )

    return odd_server(answer)


def knock(app, invite, base, token="token"):
    db.remove()
    query = {"openid_configuration": f"{base}/openid-configuration", "registration_token": token}
    return app.test_client().get("/lti/register", query_string={"invite": invite.rpartition("=")[2], **query})


def knock_and_press(app, invite, base, **choices):
    page = knock(app, invite, base)
    assert page.status_code == 200, page.text
    db.remove()
    return app.test_client().post("/lti/register", data=fields_of(page) | choices)


# -- 139 ---------------------------------------------------------------------------------------------------


def test_139_the_configuration_is_fetched_with_the_registration_token(admin, invite):
    """DR 3.4: the registration token, if any, is sent as bearer; Canvas refuses to be read without it."""
    page = admin.opens(invite)
    assert page.status_code == 200, page.text
    seen = admin.lms.requests.to("configuration")[0]
    assert seen.headers["Authorization"] == f"Bearer {fields_of(page)['registration_token']}"
    assert seen.headers["User-Agent"].startswith("DigitalCitizenship/")


def test_139_without_its_token_canvas_says_no_and_the_page_says_so(app, district, invite, lms_keys):
    with an_lms("canvas", lms_keys) as canvas:
        answer = Administrator(app, canvas).opens(invite, registration_token=None)
    is_refused_in_words(answer, 502)
    assert "Your LMS declined (401" in answer.text


def test_139_an_lms_without_tokens_is_asked_without_one(app, district, invite):
    """DR 3.4: the token is optional; then no Authorization header is sent, in either call."""
    headers = []

    def said(base):
        return configuration(base)

    def answered(request):
        headers.append(request.headers.get("Authorization"))
        return {**request.get_json(), "client_id": "client-7"}

    with odd_lms(said, answered) as (base, _):
        page = knock(app, invite, base, token="")
        db.remove()
        assert app.test_client().post("/lti/register", data=fields_of(page)).status_code == 200
    assert headers == [None]


# -- 140 ---------------------------------------------------------------------------------------------------

ODD_CONFIGURATIONS = {
    "another issuer": lambda base: configuration(base, issuer="https://canvas.instructure.com"),
    "another port": lambda base: configuration(base, issuer="http://127.0.0.1:1"),
    "issuer without https": lambda base: configuration(base, issuer="http://lms.example"),
    "a script for an address": lambda base: configuration(base, authorization_endpoint="javascript:alert(1)"),
    "plain http keys": lambda base: configuration(base, jwks_uri="http://lms.example/jwks"),
    "a name for a token address": lambda base: configuration(base, token_endpoint="token"),
    "no registration endpoint": lambda base: configuration(base, registration_endpoint=None),
    "a number for an address": lambda base: configuration(base, token_endpoint=7),
    "null": lambda base: None,
    "a list": lambda base: [configuration(base)],
    "text": lambda base: Response("hello", mimetype="text/plain"),
    "a page": lambda base: Response("<html><body>Sign in</body></html>", mimetype="text/html"),
    "no text at all": lambda base: Response(b"\xff\xfe\x00", mimetype="application/json"),
    "very deep": lambda base: Response("[" * 100_000, mimetype="application/json"),
    "very long": lambda base: Response(b" " * 300_000 + b"{}", mimetype="application/json"),
    "a bomb": lambda base: Response(b"\x1f\x8b" + b"0" * 999, headers={"Content-Encoding": "gzip"}),
    "a redirect": lambda base: Response("", 302, headers={"Location": "http://169.254.169.254/"}),
    "an error": lambda base: Response("database down", 500, mimetype="text/plain"),
    "a very long issuer": lambda base: configuration(base, issuer=base + "/" + "x" * 300),
}


@pytest.mark.parametrize("said", ODD_CONFIGURATIONS.values(), ids=ODD_CONFIGURATIONS.keys())
def test_140_an_odd_configuration_is_refused(app, district, invite, said):
    """DR 3.5.1: the tool must check that the issuer's host is the configuration's; the rest is ours (row 94)."""
    before = kept()
    with odd_lms(said) as (base, asked):
        is_refused_in_words(knock(app, invite, base))
        assert asked == [("GET", "/openid-configuration")], "no redirect is followed, nothing else is asked"
    assert kept() == before


@pytest.mark.parametrize(
    "address",
    ["https://127.0.0.1/x", "https://[::1]/x", "https://169.254.169.254/latest", "https://10.0.0.1/", "https://localhost/",
     "http://lms.example/x", "ftp://lms.example/", "file:///etc/passwd", "https://", "https://[", "", "x" * 3000,
     "https://me:secret@lms.example/", "https://lms.example/ x", "https://" + "a" * 300 + ".example/", "https://..example/"],
)  # fmt: skip
def test_140_a_private_or_odd_address_is_never_asked(app, district, invite, address):
    before = kept()
    allow_private_network(False)
    try:
        db.remove()
        query = {"invite": invite.rpartition("=")[2], "openid_configuration": address}
        is_refused_in_words(app.test_client().get("/lti/register", query_string=query))
    finally:
        allow_private_network(True)
    assert kept() == before


def test_140_a_registration_endpoint_in_the_private_network_is_not_posted_to(app, district, invite):
    """The configuration may name any host; the network guard looks at each call."""
    with odd_lms() as (base, asked):
        page = knock(app, invite, base)
        allow_private_network(False)
        try:
            db.remove()
            is_refused_in_words(app.test_client().post("/lti/register", data=fields_of(page)), 502)
        finally:
            allow_private_network(True)
        assert asked == [("GET", "/openid-configuration")]


def test_140_an_answer_that_drips_is_given_up(app, district, invite, monkeypatch):
    monkeypatch.setattr("lti_tool.platform_answers.PATIENCE", 0.2)
    gate = threading.Event()

    def drip(base):
        def parts():
            for _ in range(50):
                yield b" "
                gate.wait(0.05)

        return Response(parts(), mimetype="application/json")

    with odd_lms(drip) as (base, _):
        answer = knock(app, invite, base)
        gate.set()
    is_refused_in_words(answer, 502)


# -- 141 ---------------------------------------------------------------------------------------------------


def test_141_what_the_lms_answers_is_kept(admin, district, invite):
    """DR 3.6.2: client_id, and deployment_id where the registration is one deployment; scopes and claims as granted."""
    answer = admin.registers(invite)
    assert answer.status_code == 200, answer.text
    registered = next(iter(admin.lms.state.registered_tools.values()))
    platform = db.query(Platform).one()
    assert (platform.district_id, platform.issuer) == (district.id, admin.lms.issuer)
    assert platform.client_id == registered.client_id
    assert (platform.auth_login_url, platform.auth_token_url, platform.jwks_url) == (
        admin.lms.auth_url, admin.lms.token_url, admin.lms.jwks_url,
    )  # fmt: skip
    assert platform.token_audience is None, "a bare host is no audience"
    assert platform.family == admin.lms.personality.name
    assert platform.granted_scopes.split() == list(scope_names(frozenset(ALL_SCOPES))), (
        "what is listed beyond what we asked is not ours"
    )
    assert platform.granted_claims.split() == ["iss", "sub", "name", "given_name", "family_name", "locale"]
    deployments = [(each.deployment_id, each.state) for each in db.query(Deployment)]
    assert deployments == ([("1", "approved")] if admin.lms.personality.name == "moodle" else [])


def test_141_what_we_ask_is_what_canvas_and_moodle_insist_on(admin, district, invite):
    """The domain equals the target's host with its port; e-mail is not asked for."""
    admin.registers(invite)
    asked = next(iter(admin.lms.state.registered_tools.values())).asked
    tool = asked[TOOL_CONFIGURATION]
    assert tool["domain"] == "localhost:8000" and tool["target_link_uri"].startswith(f"{TOOL}/")
    assert "email" not in tool["claims"] and all(key == key.lower() for key in tool["custom_parameters"])
    choosing = [each for each in tool["messages"] if each["type"] == "LtiDeepLinkingRequest"]
    assert [each["target_link_uri"] for each in choosing] == [f"{TOOL}/lessons/choose"]
    if admin.lms.personality.name == "canvas":
        assert tool[CANVAS + "privacy_level"] == "name_only"
        assert choosing[0]["placements"] == [
            "assignment_selection",
            "link_selection",
            "module_index_menu_modal",
        ]
        governing = [each for each in tool["messages"] if each.get("placements") == ["account_navigation"]]
        assert governing[0]["target_link_uri"] == f"{TOOL}/admin" and governing[0]["roles"]
    else:
        assert not any("placements" in each or CANVAS in json.dumps(each) for each in tool["messages"])


def test_141_email_is_asked_for_only_when_the_administrator_says_so(admin, district, invite):
    admin.registers(invite, with_email="yes")
    tool = next(iter(admin.lms.state.registered_tools.values())).asked[TOOL_CONFIGURATION]
    assert "email" in tool["claims"]
    assert tool.get(CANVAS + "privacy_level", "public") == "public"
    assert "email" in db.query(Platform).one().granted_claims.split()


@pytest.mark.parametrize("status", [200, 201])
def test_141_both_good_statuses_are_good(app, district, invite, status):
    """DR 3.6.2 says 201; Moodle and Canvas answer 200."""
    with odd_lms(status=status) as (base, _):
        assert knock_and_press(app, invite, base).status_code == 200
    assert db.query(Platform).one().client_id == "client-7"


def test_141_less_than_we_asked_is_said_on_the_page_and_kept(app, district, invite):
    def answered(request):
        return {
            **request.get_json(),
            "client_id": 70_000_000_000_001,
            "scope": scope_names()[2],
            TOOL_CONFIGURATION: [],
        }

    with odd_lms(answered=answered) as (base, _):
        answer = knock_and_press(app, invite, base)
    assert "Your LMS did not allow everything" in answer.text and "contextmembership.readonly" in answer.text
    row = db.query(Platform).one()
    assert (row.client_id, row.granted_scopes, row.granted_claims) == (
        "70000000000001",
        scope_names()[2],
        None,
    )


def test_141_another_audience_is_kept(app, district, invite):
    """Brightspace: authorization_server is the audience of an assertion, and not the token address."""
    audience = "https://api.brightspace.com/auth/token"
    with odd_lms(lambda base: configuration(base, authorization_server=audience)) as (base, _):
        knock_and_press(app, invite, base)
    assert db.query(Platform).one().token_audience == audience


ODD_ANSWERS = {
    "no client id": lambda request: {**request.get_json()},
    "client id null": lambda request: {"client_id": None},
    "client id true": lambda request: {"client_id": True},
    "client id empty": lambda request: {"client_id": ""},
    "client id too long": lambda request: {"client_id": "x" * 256},
    "client id with a NUL": lambda request: {"client_id": "a\x00b"},
    "half a character": lambda request: {"client_id": "\ud800"},
    "a list": lambda request: [1],
    "text": lambda request: Response("ok", mimetype="text/plain"),
    "missing_domain": lambda request: Response("missing_domain", 400, mimetype="text/plain"),
    "token used": lambda request: Response("token_already_used", 401, mimetype="text/plain"),
    "a page": lambda request: Response("<html>Not found</html>", 404, mimetype="text/html"),
    "a redirect": lambda request: Response("", 307, headers={"Location": "/elsewhere"}),
    "too large": lambda request: Response(b"[" + b"1," * 200_000 + b"1]", mimetype="application/json"),
    "nothing": lambda request: Response(b"", 204),
}


@pytest.mark.parametrize("answered", ODD_ANSWERS.values(), ids=ODD_ANSWERS.keys())
def test_141_an_odd_answer_is_refused_and_the_invitation_survives(app, district, invite, answered):
    before = kept()
    with odd_lms(answered=answered) as (base, _):
        is_refused_in_words(knock_and_press(app, invite, base))
        assert kept() == before
    with odd_lms() as (base, _):
        assert knock_and_press(app, invite, base).status_code == 200, "the same invitation, at once"


def test_141_the_lmss_own_words_are_shown_escaped_and_cut(app, district, invite):
    words = "missing_<script>alert(1)</script>" + "y" * 5000
    with odd_lms(answered=lambda _: Response(words, 400, mimetype="text/plain")) as (base, _):
        answer = knock_and_press(app, invite, base)
    assert "missing_&lt;script&gt;" in answer.text and "<script>alert" not in answer.text
    assert answer.text.count("y" * 300) == 0


# -- 142 ---------------------------------------------------------------------------------------------------


def test_142_the_last_page_closes_the_window_by_a_script_of_its_own(admin, district, invite, app):
    """DR 3.7: {subject: "org.imsglobal.lti.close"} to the opener or parent. tests/browser walks it in Chromium."""
    answer = admin.registers(invite)
    script = re.search(r'src="(/static/lti_tool/registered\.js[^"]*)"', answer.text)
    assert script, "an external script, as our Content-Security-Policy wants"
    with app.test_client().get(script.group(1)) as sent:
        body = sent.text
    assert "org.imsglobal.lti.close" in body and "window.opener || window.parent" in body
    assert "You may close this window" in answer.text
    assert ("Activate" in answer.text) == (admin.lms.personality.name == "moodle")
    policy = answer.headers["Content-Security-Policy"]
    assert policy.endswith(f"frame-ancestors 'self' {admin.lms.issuer}"), (
        "the LMS that registers, and nobody else"
    )


# -- 143 ---------------------------------------------------------------------------------------------------


def test_143_the_same_lms_again_is_asked_about(admin, district, invite):
    admin.registers(invite)
    first = db.query(Platform).one()
    page = admin.opens(invitation(district))
    assert f'value="{first.id}" required' in page.text and f'value="{ANOTHER}" required' in page.text
    before = kept()
    for choice in ({}, {"choice": "999999"}, {"choice": "x" * 9000}, {"choice": "\x00"}):
        is_refused_in_words(admin.presses(page, **choice), 422)
    assert kept() == before
    assert len(admin.lms.state.registered_tools) == 1, "and the LMS was not asked"


def test_143_update_keeps_the_row_and_takes_the_new_client_id(admin, district, invite):
    admin.registers(invite)
    first = db.query(Platform).one()
    again = admin.registers(invitation(district), choice=str(first.id))
    assert again.status_code == 200, again.text
    db.remove()
    row = db.query(Platform).one()
    assert row.id == first.id and row.client_id != first.client_id
    assert row.client_id == list(admin.lms.state.registered_tools)[-1]


def test_143_another_one_stands_beside_it(admin, district, invite):
    admin.registers(invite)
    assert admin.registers(invitation(district), choice=ANOTHER).status_code == 200
    assert {row.client_id for row in db.query(Platform)} == set(admin.lms.state.registered_tools)


def test_143_an_lms_that_answers_with_the_client_id_we_have_updates_that_row(app, district, invite):
    """Moodle asks "update this tool?" itself and then answers with the old client id."""
    with odd_lms() as (base, _):
        knock_and_press(app, invite, base)
        assert knock_and_press(app, invitation(district), base, choice=ANOTHER).status_code == 200
    assert db.query(Platform).count() == 1


def test_143_another_districts_registration_is_neither_shown_nor_touched(
    app, district, other_district, invite
):
    with odd_lms() as (base, _):
        knock_and_press(app, invite, base)
        first = db.query(Platform).one()
        theirs = invitation(other_district)
        page = knock(app, theirs, base)
        assert "knows this LMS already" not in page.text and first.client_id not in page.text
        before = kept()
        db.remove()
        is_refused_in_words(
            app.test_client().post("/lti/register", data=fields_of(page) | {"choice": str(first.id)}), 422
        )
        db.remove()
        same_client_id = app.test_client().post("/lti/register", data=fields_of(page))
        is_refused_in_words(same_client_id, 409)
    assert kept() == before


# -- who speaks for staff ----------------------------------------------------------------------------------


def speaking() -> list[bool]:
    db.remove()
    return list(db.scalars(sa.select(Platform.speaks_for_staff).order_by(Platform.id)))


def test_the_first_lms_speaks_for_staff_and_a_further_one_as_its_invitation_says(admin, district, invite):
    assert "speaks for the district" in admin.registers(invite).text
    further = admin.registers(invitation(district), choice=ANOTHER)
    assert "does not speak for the district" in further.text
    assert admin.registers(invitation(district, True), choice=ANOTHER).status_code == 200
    assert speaking() == [True, False, True]
    first, second, _ = db.scalars(sa.select(Platform.id).order_by(Platform.id)).all()
    admin.registers(invitation(district), choice=str(first))
    assert speaking() == [True, False, True], "an update changes nothing that the invitation does not say"
    admin.registers(invitation(district, True), choice=str(second))
    assert speaking() == [True, True, True]
    actors = db.scalars(sa.select(AuditEntry.actor).order_by(AuditEntry.seq)).all()
    assert len(actors) == 4 and all(each.startswith("invitation:") for each in actors)


def test_an_invitation_made_for_another_lms_is_not_taken_for_the_districts(admin, district, invite):
    """Two are out, and the teacher is quicker."""
    second = invitation(district)
    admin.registers(second)
    admin.registers(invite, choice=ANOTHER)
    assert speaking() == [False, False]


def test_nobody_takes_the_place_of_an_lms_that_speaks_for_staff(district):
    """Every customer of hosted Canvas has one issuer, so whoever holds an invitation could update the district's."""
    shared, own = "https://canvas.instructure.com", "https://moodle.evergreen.example"
    made = {}
    for issuer in (shared, own):
        addresses = dict.fromkeys(("auth_login_url", "auth_token_url", "jwks_url"), f"{issuer}/x")
        made[issuer] = add_platform(
            district, (), COMMAND, speaks=True, name="LMS", issuer=issuer, client_id="1", **addresses
        )
    for issuer, said, refused in (
        (shared, None, True), (shared, False, True), (shared, True, False), (own, None, False), (own, False, False),
    ):  # fmt: skip
        invited = Invited(1, district, now(), said)
        with pytest.raises(NotForStaff) if refused else nullcontext():
            may_update(made[issuer].id, invited, issuer)
        may_update(None, invited, issuer)


# -- 144 ---------------------------------------------------------------------------------------------------


def test_144_an_invitation_works_once(admin, district, invite):
    page = admin.opens(invite)
    assert admin.presses(page).status_code == 200
    before = kept()
    is_refused_in_words(admin.presses(page), 403)
    is_refused_in_words(admin.opens(invite), 403)
    assert kept() == before
    used = db.query(RegistrationInvite).one()
    assert used.platform_id == db.query(Platform).one().id and invite.rpartition("=")[2] not in str(
        vars(used)
    )


def test_144_it_runs_out_after_seven_days(app, district, invite):
    with odd_lms() as (base, asked):
        with time_machine.travel(now() + timedelta(days=7, seconds=1), tick=False):
            answer = knock(app, invite, base)
        is_refused_in_words(answer, 403)
        assert asked == []


@pytest.mark.parametrize("secret", ["", "made-up", "\x00", "é" * 300, "x" * 20_000, "\ud83d"])
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_144_nothing_is_fetched_for_whoever_has_no_invitation(app, district, invite, method, secret):
    """/lti/register is no proxy for strangers."""
    with odd_lms() as (base, asked):
        told = {"invite": secret.encode("utf-8", "replace").decode(), "openid_configuration": f"{base}/x"}
        db.remove()
        client = app.test_client()
        answer = (
            client.get("/lti/register", query_string=told)
            if method == "GET"
            else client.post("/lti/register", data=told)
        )
        is_refused_in_words(answer)
        assert asked == []


def test_144_a_get_writes_nothing(admin, district, invite):
    before = kept()
    for _ in range(3):
        assert admin.opens(invite).status_code == 200
    assert kept() == before


def test_144_two_clicks_at_once_register_one_tool(app, district, invite):
    """The invitation is held while the LMS is asked."""
    arrived, go_on = threading.Event(), threading.Event()
    posts = []

    def answered(request):
        posts.append(1)
        arrived.set()
        go_on.wait(10)
        return {**request.get_json(), "client_id": f"client-{len(posts)}"}

    with odd_lms(answered=answered) as (base, _):
        page = knock(app, invite, base)
        answers = {}
        first = threading.Thread(
            target=lambda: answers.update(first=app.test_client().post("/lti/register", data=fields_of(page)))
        )
        first.start()
        assert arrived.wait(10)
        db.remove()
        is_refused_in_words(app.test_client().post("/lti/register", data=fields_of(page)), 409)
        go_on.set()
        first.join()
    assert answers["first"].status_code == 200
    assert len(posts) == 1 and db.query(Platform).count() == 1


def test_144_a_claim_left_by_a_process_that_died_lapses(app, district, invite):
    db.query(RegistrationInvite).one().claimed_until = now() + timedelta(minutes=1)
    db.commit()
    with odd_lms() as (base, _):
        page = knock(app, invite, base)
        db.remove()
        is_refused_in_words(app.test_client().post("/lti/register", data=fields_of(page)), 409)
        with time_machine.travel(now() + timedelta(minutes=1, seconds=1), tick=True):
            db.remove()
            assert app.test_client().post("/lti/register", data=fields_of(page)).status_code == 200
