"""Third-party initiated login (1EdTech Security Framework 1.0, 5.1.1; LTI 1.3 core 4.1)."""

import base64

import pytest

from core.database import db
from lti_tool.launch_state import read_state, same_browser
from lti_tool.models import Platform
from lti_tool.refusals import OtherBrowser
from lti_tool.registrations import forget_platforms
from people.models import District
from people.sign_in import COOKIE
from tests.lms import TOOL
from tests.lti_tool.suite import MARK, asked_of, rows


def login_parameters(suite, **changes):
    """What the LMS sends; a change of None leaves the parameter out."""
    parameters = suite.lms.login_parameters("ana", "g4-same-me") | changes
    db.remove()
    return {name: value for name, value in parameters.items() if value is not None}


def log_in(suite, **changes):
    return suite.browser().post("/lti/login", data=login_parameters(suite, **changes))


def add_client(suite, client_id):
    """Another customer of the same LMS: one issuer, another client id."""
    other = District(slug=f"of-{client_id}", name="Another district", timezone="America/New_York")
    db.add(other)
    db.flush()
    lms = suite.lms
    db.add(
        Platform(
            district_id=other.id,
            name="Another",
            issuer=lms.issuer,
            client_id=client_id,
            auth_login_url=lms.auth_url,
            auth_token_url=lms.token_url,
            jwks_url=lms.jwks_url,
        )
    )
    db.commit()
    forget_platforms()


@pytest.mark.parametrize("suite", ["canvas", "moodle"], indirect=True)
def test_48_login_by_post_and_by_get(suite):
    """Security Framework 5.1.1: both must be supported, and both give the same answer."""
    browser, parameters = suite.browser(), login_parameters(suite)
    posted = browser.post("/lti/login", data=parameters)
    got = browser.get("/lti/login", query_string=parameters)
    assert (posted.status_code, got.status_code) == (302, 302)
    one, two = asked_of(posted), asked_of(got)
    for once in ("state", "nonce"):
        assert one.pop(once) != two.pop(once)
    assert one == two
    assert rows() == suite.before, "a login stores nothing"


@pytest.mark.parametrize("method", ["get", "post"])
def test_49_a_missing_parameter_is_named(suite, method):
    """Security Framework 5.1.1.1: iss, login_hint and target_link_uri are required."""
    for name in ("iss", "login_hint", "target_link_uri"):
        for without in (None, ""):
            parameters = login_parameters(suite, **{name: without})
            where = "data" if method == "post" else "query_string"
            answer = getattr(suite.browser(), method)("/lti/login", **{where: parameters})
            suite.refuses(answer, 400, f"“{name}”", kept=0)


def test_50_an_unknown_issuer(suite):
    """Security Framework 5.1.1: whoever looks after the LMS reads what to register."""
    answer = log_in(suite, iss=f"https://unknown.example/{MARK}", client_id="their-client-id")
    suite.refuses(answer, 404, "https://unknown.example/", "their-client-id", "flask platform add", kept=0)


def test_50_an_unknown_client_of_a_known_issuer(suite):
    """All hosted Canvas accounts share one issuer: an unknown client id is another customer's."""
    suite.refuses(log_in(suite, client_id="somebody-elses"), 404, suite.lms.issuer, "somebody-elses", kept=0)


@pytest.mark.parametrize("client_id", [None, ""])
def test_51_no_client_id_and_one_registration(suite, client_id):
    """Core 4.1.3: client_id is optional, and not needed while the issuer has one registration."""
    answer = log_in(suite, client_id=client_id)
    assert asked_of(answer)["client_id"] == suite.lms.client_id


def test_52_no_client_id_and_several_registrations(suite):
    """Core 4.1.3; ltijs takes the first, which would mix up districts that share one issuer."""
    add_client(suite, "10000000000002")
    suite.before = rows()
    suite.refuses(log_in(suite, client_id=None), 400, "several registrations", suite.lms.issuer, kept=0)
    assert asked_of(log_in(suite, client_id="10000000000002"))["client_id"] == "10000000000002"


def test_53_an_unknown_deployment_is_decided_at_launch(suite):
    """The login's deployment id is a hint nobody signed; the token's is what we believe (row 81)."""
    answer = log_in(suite, lti_deployment_id="9:unheard-of")
    assert answer.status_code == 302
    assert rows() == suite.before


def test_54_a_target_that_is_not_ours_is_never_followed(suite):
    """Moodle keeps a whitelist (enrol/lti/login.php); without one the login is an open redirect."""
    for target in (
        "https://evil.example/lessons/g4",
        "http://localhost:8001/lessons/g4",
        "https://localhost:8000/lessons/g4",
        "//evil.example/lessons/g4",
        "/lessons/g4",
        "lessons/g4",
        "javascript:alert(1)",
        "http://localhost:8000@evil.example/lessons/g4",
        "http://me@localhost:8000/lessons/g4",
        "http://localhost:8000.evil.example/lessons/g4",
        "http:\\\\evil.example",
        "http://localhost:8000\\@evil.example",
        "http://localhost:8000/\\evil.example",
        "http://[",
        "http://[::1",
        "http://localhost:8000x/",
        "http://℀.example/",
        "http://localhost:8000/lessons/\x00",
        "http://localhost:8000/lessons/ g4",
        "http://localhost:8000/léssons",
        "\thttp://localhost:8000/lessons",
        f"http://localhost:8000/{MARK}",
    ):
        suite.refuses(log_in(suite, target_link_uri=target), 400, "not ours")


@pytest.mark.parametrize("suite", ["canvas", "moodle"], indirect=True)
@pytest.mark.parametrize(
    "hints", [{}, {"login_hint": 'a b&c="é"', "lti_message_hint": '{"cmid":3,"id":"lti_1"}'}]
)
def test_55_what_we_ask_of_the_platform(suite, hints):
    """Security Framework 5.1.1.2: the authentication request, its hints unchanged."""
    parameters = login_parameters(suite, **hints)
    asked = asked_of(suite.browser().post("/lti/login", data=parameters))
    assert len(asked.pop("state")) > 20 and len(asked.pop("nonce")) > 20
    assert asked == {
        "scope": "openid",
        "response_type": "id_token",
        "response_mode": "form_post",
        "prompt": "none",
        "client_id": suite.lms.client_id,
        "redirect_uri": f"{TOOL}/lti/launch",
        "login_hint": parameters["login_hint"],
        "lti_message_hint": parameters["lti_message_hint"],
    }
    assert "lti_message_hint" not in asked_of(log_in(suite, lti_message_hint=None))


def test_56_an_authorization_address_with_a_query_keeps_it(suite):
    """pylti1p3 adds a second question mark (fixed in pylti1p3next #14)."""
    db.query(Platform).one().auth_login_url = "https://sso.example/auth?x=y&empty="
    db.commit()
    forget_platforms()
    location = log_in(suite).headers["Location"]
    assert location.startswith("https://sso.example/auth?x=y&empty=&scope=openid&")
    assert location.count("?") == 1


def test_57_state_and_nonce_can_not_be_guessed(suite):
    """Security Framework 5.1.1.2, 7.3.1: 128 bits of chance or more, never the same, bound to this browser."""
    browser = suite.browser()
    asked = [suite.begin(browser) for _ in range(20)]
    assert len({each["state"] for each in asked} | {each["nonce"] for each in asked}) == 40
    assert all(len(base64.urlsafe_b64decode(each["nonce"] + "==")) >= 16 for each in asked)
    cookie = browser.get_cookie(COOKIE)
    assert cookie and cookie.value not in asked[0]["state"]
    secret_key = suite.app.config["SETTINGS"].secret_key
    state = read_state(asked[0]["state"], secret_key)
    assert state.nonce == asked[0]["nonce"]
    assert same_browser(state, ["of another login", cookie.value]) == cookie.value
    for secrets in ([], ["another browser's secret"]):
        with pytest.raises(OtherBrowser):
            same_browser(state, secrets)


def test_57_the_cookie_goes_where_a_frame_can_use_it(suite):
    """Partitioned, Secure, SameSite=None is what browsers still send inside an LMS frame."""
    cookie = log_in(suite).headers["Set-Cookie"]
    for attribute in ("Secure", "HttpOnly", "SameSite=None", "Partitioned"):
        assert attribute in cookie


@pytest.mark.parametrize("described", [True, False])
def test_58_the_platform_answers_with_an_error(suite, described):
    """OpenID Connect Core 3.1.2.6; Moodle (mod/lti/auth.php) posts error, error_description and state, no token."""
    browser = suite.browser()
    form = {"error": "access_denied", "state": suite.begin(browser)["state"]}
    if described:
        form["error_description"] = f"The activity is hidden {MARK} " + "x" * 5000
    page = suite.refuses(
        suite.post(browser, form), 400, "the activity is hidden" if described else "access_denied"
    )
    assert "x" * 1000 not in page


def test_59_a_launch_that_no_login_began(suite):
    """CERT 4.2.2: every launch goes through OIDC, no exceptions; a platform-initiated id_token is refused."""
    token = suite.lms.sign(suite.lms.launch_claims("ana", "g4-same-me", nonce="of-its-own"))
    for form in (
        {"id_token": token},
        {"id_token": token, "state": ""},
        {"id_token": token, "state": "of-its-own"},
    ):
        suite.refuses(
            suite.post(suite.browser(), form), 400, "open the lesson again from your course", kept=0
        )


def test_60_login_in_a_frame_whose_browser_sends_no_cookie_starts_afresh(suite):
    """As far as it needs no browser: a login asks for no cookie, and gives one."""
    answer = log_in(suite)
    assert answer.status_code == 302 and "Set-Cookie" in answer.headers
