"""The id_token (1EdTech Security Framework 1.0, 5.1.3 steps 1-9; LTI 1.3 core 5): rows 68-90 of our list."""

import time

import jwt
import pytest
import sqlalchemy as sa
from cryptography.hazmat.primitives.asymmetric import ec
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.database import db
from lti_tool.models import Deployment, Platform, ResourceLink
from lti_tool.registrations import forget_platforms
from people.models import Identity, Person
from practice_lms import ABSENT, PracticeLms, PracticeSettings
from tests.lms import REGISTRATION, TOOL
from tests.lti_tool.suite import LTI, MARK, rows

HOUR = 3600


def now() -> int:
    return int(time.time())


@pytest.mark.parametrize(
    "signing", [{"alg": "none"}, {"alg": "HS256"}, {"alg": "RS384", "headers": {"alg": "ES256"}}]
)
def test_68_only_a_signature_that_fits_the_key(suite, signing):
    """SEC0 5.1.3; RFC 8725 3.1: no `none`, no HMAC with the public key, no other key type."""
    suite.refuses(suite.launch(signing=signing), 401)


def test_68_an_elliptic_key_under_an_rsa_name(suite):
    """RFC 8725 3.1: the algorithm must be one the key is for."""
    key = ec.generate_private_key(ec.SECP256R1())
    browser = suite.browser()
    asked = suite.begin(browser)
    claims = suite.lms.launch_claims("ana", "g4-same-me", nonce=asked["nonce"])
    kid = (
        suite.lms.keys.current.kid
        if hasattr(suite.lms.keys, "current")
        else jwt.get_unverified_header(suite.lms.sign(claims))["kid"]
    )
    token = jwt.encode(claims, key, algorithm="ES256", headers={"kid": kid})
    suite.refuses(suite.post(browser, {"id_token": token, "state": asked["state"]}), 401)


@pytest.mark.parametrize("header", ["jku", "x5u"])
def test_69_addresses_in_the_header_are_never_followed(suite, header):
    """RFC 8725 3.10. The key is the registered platform's, so a stranger's signature fails and nobody is asked."""
    suite.lms.requests.clear()
    headers = {header: f"{suite.lms.base_url}/jwks?asked=1"}
    suite.accepts(suite.launch(signing={"headers": headers}))
    assert not [each for each in suite.lms.requests if "asked" in str(each.query)]


@pytest.mark.parametrize("change", [lambda iss: iss + "/", str.upper])
def test_70_the_issuer_is_compared_exactly(suite, change):
    suite.refuses(suite.launch(iss=change(suite.lms.issuer)), 401)


@pytest.mark.parametrize("as_list", [False, True])
def test_71_we_are_the_audience(suite, as_list):
    client_id = suite.lms.client_id
    suite.accepts(suite.launch(aud=[client_id] if as_list else client_id))


@pytest.mark.parametrize("turned", [False, True])
def test_72_73_another_audience_beside_us_is_refused_in_any_order(suite, turned):
    """SEC0 5.1.3 step 3: untrusted additional audiences are rejected."""
    audience = [suite.lms.client_id, "other"]
    suite.refuses(suite.launch(aud=audience[::-1] if turned else audience, azp=suite.lms.client_id), 401)


def test_74_an_authorized_party_that_is_not_us(suite):
    suite.refuses(suite.launch(azp="other"), 401)


@pytest.mark.parametrize("audience", [[], 7, None, ABSENT, {}, [None], ""])
def test_75_no_usable_audience(suite, audience):
    suite.refuses(suite.launch(aud=audience), 401)


@pytest.mark.parametrize(
    "expires", [ABSENT, None, "soon", "1", now() - 120, (now() + HOUR) * 1000, [], 1e400]
)
def test_76_expiry(suite, expires):
    """Row 76: missing, past, no number, in milliseconds."""
    suite.refuses(suite.launch(exp=expires), 401)


def test_76_a_minute_of_leeway(suite):
    suite.accepts(suite.launch(exp=now() - 30))


@pytest.mark.parametrize("issued", [ABSENT, None, "now", now() + 300, now() - 2 * HOUR, now() * 1000, True])
def test_77_issue_time(suite, issued):
    suite.refuses(suite.launch(iat=issued, exp=now() + HOUR), 401)


def test_77_a_clock_half_a_minute_ahead(suite):
    suite.accepts(suite.launch(iat=now() + 30))


def test_78_not_before(suite):
    """Brightspace sends nbf."""
    suite.accepts(suite.launch(nbf=now() + 30))


def test_78_not_before_in_the_far_future(suite):
    suite.refuses(suite.launch(nbf=now() + HOUR), 401)


@pytest.mark.parametrize("token", ["", "x", "a.b", "a.b.c", "e30.e30.e30", "....", "W10.W10.W10", "é.é.é"])
def test_79_what_is_no_token(suite, token):
    browser = suite.browser()
    asked = suite.begin(browser)
    suite.refuses(suite.post(browser, {"id_token": token, "state": asked["state"]}), 401)


def test_79_a_megabyte(suite):
    browser = suite.browser()
    asked = suite.begin(browser)
    answer = suite.post(browser, {"id_token": "a" * 1_000_000, "state": asked["state"]})
    suite.refuses(answer, 413)


def test_80_signed_by_another_tenant_with_our_issuer(suite):
    """Keys are looked up by registration: a second customer of the same hosted LMS can not sign for the first."""
    other = PracticeLms(
        PracticeSettings(
            base_url="http://127.0.0.1:8080", tool_url=TOOL, personality="canvas", registration=REGISTRATION
        )
    )
    browser = suite.browser()
    asked = suite.begin(browser)
    claims = suite.lms.launch_claims("ana", "g4-same-me", nonce=asked["nonce"])
    suite.refuses(suite.post(browser, {"id_token": other.sign(claims), "state": asked["state"]}), 401)


def test_81_an_unknown_deployment_waits_and_is_named(suite):
    page = suite.refuses(suite.launch(deployment_id="2:unheard-of"), 403, "2:unheard-of", pending=1)
    assert "approve" in page
    waiting = db.scalars(sa.select(Deployment).filter_by(deployment_id="2:unheard-of")).one()
    assert waiting.state == "pending"
    db.remove()
    assert suite.launch(deployment_id="2:unheard-of").status_code == 403
    assert rows()["deployment"] == suite.before["deployment"] + 1, "knocking twice waits once"


def test_81_an_approved_deployment_is_let_in(suite, app):
    suite.launch(deployment_id="3:new")
    platform = db.scalars(sa.select(Platform.id)).first()
    db.remove()
    done = app.test_cli_runner().invoke(
        args=["platform", "approve-deployment", str(platform), "3:new", "--json"]
    )
    assert done.exit_code == 0, done.output
    assert suite.launch(deployment_id="3:new").status_code == 303


ODD = "".join(chr(code) for code in range(0x21, 0x7F)) + "aA" * 40


@pytest.mark.parametrize("identifier", [ODD[:255], "x" * 255, "A", "a b", "<script>"])
def test_82_identifiers_are_kept_exactly(suite, identifier):
    """Core 5.3.1, 5.4.1: up to 255 ASCII characters, case-sensitive."""
    suite.accepts(suite.launch(sub=identifier, resource_link={"id": identifier}))
    subjects = [row.value for row in db.scalars(sa.select(Identity).filter_by(scheme="lti"))]
    assert identifier in subjects or identifier.strip() in subjects
    assert db.scalars(sa.select(ResourceLink).filter_by(link_id=identifier)).one()


def test_82_identifiers_compare_with_case(suite):
    for subject in ("abc", "ABC"):
        assert suite.launch(sub=subject, lis=ABSENT).status_code == 303
    assert db.scalar(sa.select(sa.func.count(Person.id))) == 2


@pytest.mark.parametrize("change", [{"sub": "x" * 256}, {"resource_link": {"id": "x" * 256}}])
def test_82_longer_ones_are_refused(suite, change):
    suite.refuses(suite.launch(**change), 400)


@pytest.mark.parametrize("subject", [7, 7.5, True, ["a"], {"a": 1}])
def test_83_a_subject_that_is_no_text(suite, subject):
    """Decided: refused, since 7 and "7" could become two people."""
    suite.refuses(suite.launch(sub=subject), 400)


@pytest.mark.parametrize("target", [ABSENT, None, "", 7, "https://elsewhere.example/lessons/g4"])
def test_84_a_target_that_is_missing_or_not_ours(suite, target):
    """Core 5.3.4."""
    suite.refuses(suite.launch(target_link_uri=target), 400)


def test_84_the_signed_target_decides_as_long_as_it_is_ours(suite):
    answer = suite.launch(target_link_uri=f"{TOOL}/lessons/g4/g4-tricky-messages")
    suite.accepts(answer)
    assert "/lessons/g4/g4-tricky-messages" in answer.headers["Location"]


OPTIONAL = ["context", "custom", "launch_presentation", "tool_platform", "lis", "endpoint", "nrps", "mentor"]


@pytest.mark.parametrize("claim", OPTIONAL)
@pytest.mark.parametrize("value", [None, [], "", 7, "text", {}, ABSENT])
def test_85_optional_claims_of_the_wrong_kind_are_absent(suite, claim, value):
    suite.accepts(suite.launch(**{claim: value}))


@pytest.mark.parametrize("custom", [{"sis_id": 7, "n": None, "l": [1]}, {"sis_id": "$Canvas.user.sisid"}])
def test_86_custom_values_that_say_nothing(suite, custom):
    suite.accepts(suite.launch(custom=custom, lis={"person_sourcedid": "$Person.sourcedId"}))
    kept = db.scalars(sa.select(Identity).where(Identity.scheme != "lti")).all()
    assert not [each for each in kept if each.value.startswith("$") or each.value == "7"]


def test_87_unknown_claims_are_ignored(suite):
    suite.accepts(suite.launch(**{"https://lms.example/claim/new": {"a": [1]}, "extra": 1}))


@pytest.mark.parametrize("kind", ["LtiFutureRequest", "LtiSubmissionReviewRequest", MARK])
def test_88_a_message_we_do_not_know(suite, kind):
    suite.refuses(suite.launch(message_type=kind), 400, "does not do yet")


@pytest.mark.parametrize(
    "roles", ["http://purl.imsglobal.org/vocab/lis/v2/membership#Instructor", 7, None, {}]
)
def test_89_roles_that_are_no_list(suite, roles):
    suite.refuses(suite.launch(roles=roles), 400)


def test_89_odd_entries_are_dropped_and_nothing_is_matched_by_its_middle(suite):
    odd = [None, 7, "NotAnInstructorAtAll", "http://elsewhere.example/membership#Instructor"]
    assert suite.accepts(suite.launch(roles=odd)).role == "other"


def test_90_markup_in_names_and_titles_is_text(suite, curriculum):
    answer = suite.launch(
        context={"id": "c1", "title": MARK},
        resource_link={"id": "r1", "title": MARK},
        launch_presentation={"locale": MARK, "return_url": "javascript:alert(1)"},
    )
    sign_in = suite.accepts(answer)
    assert "javascript:" not in (sign_in.return_url or "")


ANY_JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**20), 10**20)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=5,
)
CLAIMS = [
    "sub",
    "iss",
    "aud",
    "azp",
    "exp",
    "iat",
    "nbf",
    "email",
    "name",
    LTI + "version",
    LTI + "roles",
    LTI + "context",
    LTI + "resource_link",
    LTI + "custom",
    LTI + "lis",
    LTI + "deployment_id",
    LTI + "target_link_uri",
    LTI + "message_type",
    LTI + "tool_platform",
    LTI + "launch_presentation",
]


@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(claim=st.sampled_from(CLAIMS), value=ANY_JSON)
def test_any_value_in_any_claim_is_either_a_launch_or_a_clear_refusal(suite, claim, value):
    before = rows()
    answer = suite.launch(**{claim: value})
    assert answer.status_code == 303 or 400 <= answer.status_code < 500, answer.text
    if answer.status_code != 303:
        suite.is_for_people(answer)
        after = rows()
        assert after | {"deployment": 0} == before | {"deployment": 0}


def test_two_registrations_of_one_issuer_keep_apart(suite):
    """A token for the other customer's client id is refused for ours, though the issuer is the same."""
    db.add(
        Platform(
            district_id=suite.school.district.id,
            name="Other",
            issuer=suite.lms.issuer,
            client_id="other",
            auth_login_url=suite.lms.auth_url,
            auth_token_url=suite.lms.token_url,
            jwks_url=suite.lms.jwks_url,
        )
    )
    db.commit()
    forget_platforms()
    suite.before = rows()
    suite.refuses(suite.launch(aud="other"), 401)
