"""The id_token (1EdTech Security Framework 1.0, 5.1.3 steps 1-9; LTI 1.3 core 5): rows 68-90 of our list.

Any JSON at all in place of a claim is tried in tests/lti_tool/test_claims.py.
"""

import json
import time
from dataclasses import replace
from urllib.parse import urlsplit

import pytest
import sqlalchemy as sa
from cryptography.hazmat.primitives.asymmetric import ec
from jwt.utils import base64url_encode

from core.database import db
from lti_tool.connection_models import Refusal
from lti_tool.models import Context, Deployment, Platform, ResourceLink
from lti_tool.registrations import forget_platforms
from people.directory import find_by_identity
from people.models import Classroom, District, Identity, Person
from practice_lms import ABSENT, KeyRing
from tests.browsers import Browser
from tests.lms import TOOL
from tests.lti_tool.certification.test_keys import key_server
from tests.lti_tool.suite import LTI, MARK, rows

HOUR = 3600
MEMBERSHIP = "http://purl.imsglobal.org/vocab/lis/v2/membership"


def now() -> int:
    return int(time.time())


@pytest.fixture(scope="module")
def stranger() -> KeyRing:
    """Keys of somebody who is not our LMS."""
    return KeyRing()


@pytest.mark.parametrize(
    "signing",
    [{"alg": "none"}, {"alg": "none", "kid": None}, {"alg": "HS256"}, {"headers": {"alg": "ES256"}}],
)
def test_68_only_a_signature_that_fits_the_key(suite, signing):
    """RFC 8725 3.1: no `none`, no HMAC with the public key for a secret, no other key type."""
    suite.refuses(suite.launch(signing=signing), 401)


def test_68_an_elliptic_key_under_an_rsa_name(suite):
    """RFC 8725 3.1: the algorithm must be one the published key is for."""
    key = ec.generate_private_key(ec.SECP256R1())
    suite.refuses(suite.launch(signing={"alg": "ES256", "key": key}), 401)


def test_68_a_signature_that_was_cut_or_changed(suite):
    browser = suite.browser()
    form = suite.form(suite.begin(browser))
    head, body, signature = form["id_token"].split(".")
    claims = json.dumps({"sub": "somebody else"}).encode()
    for token in (f"{head}.{body}.", f"{head}.{body}.{signature[:-8]}", f"{head}.{body}.{signature[::-1]}",
                  f"{head}.{base64url_encode(claims).decode()}.{signature}"):  # fmt: skip
        suite.refuses(suite.post(browser, form | {"id_token": token}), 401)


@pytest.mark.parametrize("header", ["jku", "x5u", "jwk", "x5c"])
def test_69_a_key_that_comes_with_the_token_is_never_used(suite, stranger, header):
    """RFC 8725 3.10: the key is the registered platform's, wherever the token points; nobody else is asked."""
    with key_server(stranger.jwks_body) as (url, asked):
        offered = {"jku": url, "x5u": url, "jwk": stranger.current.public_jwk(), "x5c": ["MIIB"]}[header]
        for kid in (suite.lms.keys.current.kid, stranger.current.kid):
            signing = {"kid": kid, "key": stranger.current.private, "headers": {header: offered}}
            suite.refuses(suite.launch(signing=signing), 401)
        suite.accepts(suite.launch(signing={"headers": {header: offered}}))
        assert asked == []


def test_70_the_issuer_is_compared_exactly(suite):
    """Security Framework 5.1.3 step 2."""
    for issuer in (
        f"{suite.lms.issuer}/",
        suite.lms.issuer.upper(),
        suite.lms.issuer.replace("https", "http"),
    ):
        suite.refuses(suite.launch(iss=issuer), 401)


def test_71_we_are_the_audience(suite):
    """Security Framework 5.1.3 step 3: `aud` may be a text or a list."""
    suite.accepts(suite.launch(aud=suite.lms.client_id))
    suite.accepts(suite.launch(aud=[suite.lms.client_id]))


@pytest.mark.parametrize("authorized", [ABSENT, "ours"])
def test_72_73_another_audience_beside_us_is_refused_in_any_order(suite, authorized):
    """Security Framework 5.1.3 step 3: the token must be refused if it has audiences we do not trust."""
    ours = suite.lms.client_id
    azp = ours if authorized == "ours" else ABSENT
    for audience in ([ours, "other"], ["other", ours], [ours, None], [ours, ours, 7]):
        suite.refuses(suite.launch(aud=audience, azp=azp), 401, "another tool")


def test_74_an_authorized_party_that_is_not_us(suite):
    """Security Framework 5.1.3 step 5; pylti1p3 does not look at it."""
    for azp in ("other", "", None, 7, [suite.lms.client_id]):
        suite.refuses(suite.launch(azp=azp), 401, "another tool")


def test_75_no_usable_audience(suite):
    for audience in ([], 7, None, ABSENT, {}, [None], [[]], "", True):
        suite.refuses(suite.launch(aud=audience), 401)


def test_76_expiry(suite):
    """Security Framework 5.1.3 step 7: missing, past, no number, in milliseconds."""
    for expires in (ABSENT, None, "soon", str(now() + HOUR), now() - 61, (now() + HOUR) * 1000, [], {}, True,
                    float("inf"), float("nan"), 10**400):  # fmt: skip
        suite.refuses(suite.launch(exp=expires), 401)


def test_76_a_minute_of_leeway(suite):
    suite.accepts(suite.launch(exp=now() - 30))


def test_77_issue_time(suite):
    """Security Framework 5.1.3 step 8: missing, ahead of us, stale, no number, in milliseconds."""
    for issued in (ABSENT, None, "now", str(now()), now() + 120, now() - HOUR - 10, now() * 1000, [], {}, True,
                   float("inf"), float("nan")):  # fmt: skip
        suite.refuses(suite.launch(iat=issued, exp=now() + HOUR), 401)


def test_77_a_clock_that_is_a_little_off(suite):
    """pylti1p3 refuses two seconds (its issue 146)."""
    for ahead in (50, -HOUR + 60):
        suite.accepts(suite.launch(iat=now() + ahead, exp=now() + HOUR))


def test_77_a_platform_whose_clock_is_ahead(suite):
    """The trouble page's own choice: thirty seconds."""
    suite.lms.set_fault("skew", "launch", seconds=30)
    suite.accepts(suite.launch())


def test_78_not_before(suite):
    """Brightspace sends nbf; it is checked with the same leeway."""
    suite.accepts(suite.launch(nbf=now() + 30))
    suite.before = rows()
    for early in (now() + 120, "later", [], float("inf")):
        suite.refuses(suite.launch(nbf=early), 401)


def test_79_what_is_no_token(suite):
    """Absent, not three parts, bad base64, no JSON object: refused before any key is asked for."""
    browser = suite.browser()
    asked = suite.begin(browser)
    deep = base64url_encode(b"[" * 60_000).decode()
    surrogate = base64url_encode(b'"\\ud800"').decode()
    for token in (None, "", "x", "a.b", "a.b.c", "a.b.c.d", "e30.e30.e30", "....", "W10.W10.W10", "é.é.é",
                  "\x00.\x00.\x00", f"{deep}.{deep}.x", f"{surrogate}.{surrogate}.x", "bnVsbA.bnVsbA.x",
                  "eyJ9.eyJ9.eyJ9"):  # fmt: skip
        form = {"state": asked["state"]} | ({} if token is None else {"id_token": token})
        suite.refuses(suite.post(browser, form), 401)
    assert suite.lms.requests.to("jwks") == []


def test_79_a_megabyte(suite):
    browser = suite.browser()
    asked = suite.begin(browser)
    started = time.monotonic()
    suite.refuses(
        suite.post(browser, {"id_token": "a" * 1_000_000, "state": asked["state"]}),
        413,
        "too large",
        kept=0,
    )
    assert time.monotonic() - started < 1


def test_79_payloads_that_are_no_object(suite):
    """Well signed by the platform, and still no token."""
    for payload in ([], "text", b"null", b"7", b"{", b"", b"\xff\xfe"):
        suite.refuses(suite.launch(payload=payload), 401)


def test_79_odd_headers(suite):
    """A header may say anything; it is believed in kid and alg only."""
    for headers in ({"kid": 7}, {"kid": ["a"]}, {"kid": {}}, {"kid": ""}, {"alg": 7}, {"alg": None}, {"crit": ["b64"]},
                    {"crit": ["b64"], "b64": False}, {"kid": "\ud800"}):  # fmt: skip
        suite.refuses(suite.launch(signing={"headers": headers}), 401)


def test_80_signed_by_another_tenant_with_our_issuer(suite, stranger):
    """Keys are looked up by registration: a customer of the same hosted LMS can not sign for another one."""
    other = District(slug="north", name="North", timezone="UTC")
    db.add(other)
    db.flush()
    with key_server(stranger.jwks_body) as (url, _asked):
        lms = suite.lms
        db.add(Platform(district_id=other.id, name="Theirs", issuer=lms.issuer, client_id="theirs", jwks_url=url,
                        auth_login_url=lms.auth_url, auth_token_url=lms.token_url))  # fmt: skip
        db.commit()
        forget_platforms()
        suite.before = rows()
        signing = {"kid": stranger.current.kid, "key": stranger.current.private}
        suite.refuses(suite.launch(signing=signing), 401, "does not publish")
        suite.refuses(suite.launch(signing=signing | {"kid": lms.keys.current.kid}), 401)


def test_81_an_unknown_deployment_waits_and_is_named(suite):
    """The id is what IT must approve (Schoology's is known only after installation)."""
    strange = "2:unheard-of <b>&"
    page = suite.refuses(suite.launch(deployment_id=strange), 403, strange, "approve", pending=1)
    assert "<b>" not in page
    assert db.query(Deployment).filter_by(deployment_id=strange).one().state == "pending"
    suite.refuses(suite.launch("cruz", deployment_id=strange), 403, strange)
    assert strange not in "".join(db.scalars(sa.select(Refusal.message)))


def test_81_an_approved_deployment_is_let_in(suite, app):
    suite.launch(deployment_id="3:new")
    platform = str(db.query(Platform).one().id)
    db.remove()
    done = app.test_cli_runner().invoke(args=["platform", "approve-deployment", platform, "3:new"])
    assert done.exit_code == 0, done.output
    suite.accepts(suite.launch(deployment_id="3:new"))


PRINTABLE = "".join(chr(code) for code in range(0x20, 0x7F))
ODD_IDS = ["x", "x" * 255, PRINTABLE, (PRINTABLE * 3)[:255], "a b", "<script>alert('x')</script>", "../../etc",
           "%00%0a", "' OR 1=1 --", "0"]  # fmt: skip


def test_82_identifiers_are_kept_exactly(suite, app):
    """Core 5.3.1, 5.3.6, 5.4.1: deployment, subject, course and link; up to 255 ASCII characters."""
    platform = db.query(Platform).one()
    for odd in ODD_IDS:
        db.add(
            Deployment(
                district_id=platform.district_id, platform_id=platform.id, deployment_id=odd, state="approved"
            )
        )
    db.commit()
    forget_platforms()
    for odd in ODD_IDS:
        everywhere = {"deployment_id": odd, "context": {"id": odd}, "resource_link": {"id": odd}}
        sign_in = suite.accepts(suite.launch(sub=odd, lis=ABSENT, **everywhere))
        person = find_by_identity(platform.district_id, "lti", odd, issuer=str(platform.id))
        assert person is not None and person.id == sign_in.person_id
    for column in (Context.context_id, ResourceLink.link_id):
        assert sorted(db.scalars(sa.select(column))) == sorted(ODD_IDS)


def test_82_identifiers_compare_with_case(suite):
    one = suite.accepts(suite.launch(sub="abc", lis=ABSENT, context={"id": "c"}, resource_link={"id": "l"}))
    two = suite.accepts(suite.launch(sub="ABC", lis=ABSENT, context={"id": "C"}, resource_link={"id": "L"}))
    assert one.person_id != two.person_id and one.classroom_id != two.classroom_id
    assert db.query(ResourceLink).count() == 2
    suite.before = rows()
    suite.refuses(suite.launch(deployment_id=suite.lms.deployment_id.upper()), 403, pending=1)


def test_82_longer_or_other_ones_are_refused(suite):
    """A cut id would be somebody else's; letters beyond ASCII are outside the specification."""
    for odd in ("x" * 256, "é", "a\x00b", "a\nb", "\ud800"):
        for change in (
            {"sub": odd},
            {"deployment_id": odd},
            {"resource_link": {"id": odd}},
            {"context": {"id": odd}},
        ):
            suite.refuses(suite.launch(**change), 400, next(iter(change)))


def test_83_a_subject_that_is_no_text(suite):
    """Decided: refused, since 7 and "7" could become two people; PyJWT 2.10 and later would raise."""
    for subject in (7, 7.5, True, ["a"], {"a": 1}, None, ""):
        suite.refuses(suite.launch(sub=subject), 400, "who you are")


def test_84_a_target_that_is_missing_or_not_ours(suite):
    """Core 5.3.4 makes it mandatory; pylti1p3 neither needs nor compares it."""
    for target in (ABSENT, None, "", 7, [], "https://elsewhere.example/lessons/g4", "//elsewhere.example", "http://[",
                   f"{TOOL}\\@elsewhere.example", f"{TOOL}.elsewhere.example/", f"{TOOL}/\x00", f"{TOOL}/\ud800",
                   "javascript:alert(1)"):  # fmt: skip
        suite.refuses(suite.launch(target_link_uri=target), 400)


def test_84_the_signed_target_decides_as_long_as_it_is_ours(suite):
    """The login's target is nobody's word; the token's is signed."""
    answer = suite.launch(target_link_uri=f"{TOOL}/lessons/g4/g4-tricky-messages?a=b#c")
    suite.accepts(answer)
    assert answer.headers["Location"].startswith(f"{TOOL}/lessons/g4/g4-tricky-messages?visit=")
    assert db.query(ResourceLink).one().target == "/lessons/g4/g4-tricky-messages"


OPTIONAL = ("context", "custom", "launch_presentation", "tool_platform", "lis", "endpoint", "nrps", "mentor")


@pytest.mark.parametrize("claim", OPTIONAL)
def test_85_optional_claims_of_the_wrong_kind_are_absent(suite, claim):
    for value in (None, [], "", 7, "text", {}, ABSENT, True, [{}]):
        suite.accepts(suite.launch(**{claim: value}))


def test_85_all_of_them_at_once(suite):
    suite.accepts(suite.launch(**dict.fromkeys((*OPTIONAL, "name", "email", "locale"), None)))


def test_86_custom_values_that_say_nothing(suite):
    """Unexpanded variables come back as their own names; numbers are read as texts."""
    db.query(Platform).one().custom_ids_trusted = True
    db.commit()
    forget_platforms()
    silent = {"sis_id": "$Canvas.user.sisid", "username": None, "l": [1], "n": {"a": 1}, "f": 1.5}
    suite.accepts(suite.launch(custom=silent, lis={"person_sourcedid": "$Person.sourcedId"}))
    assert db.query(Identity).filter(Identity.scheme != "lti").count() == 0
    suite.accepts(suite.launch("ben", custom={"sis_id": 200002}, lis=ABSENT))
    assert db.query(Identity).filter_by(scheme="sis").one().value == "200002"


def test_87_unknown_claims_are_ignored(suite):
    suite.accepts(suite.launch(**{"https://lms.example/claim/new": {"a": [1]}, "extra": 1, "": None}))


@pytest.mark.parametrize("kind", ["LtiFutureRequest", MARK])
def test_88_a_message_we_do_not_know(suite, kind):
    suite.refuses(suite.launch(message_type=kind), 400, "does not do")


def test_88_a_submission_review_has_a_page_of_its_own(suite):
    """Whoever it is about: the page decides what may be shown (tests/teaching/test_submission.py)."""
    review = {"message_type": "LtiSubmissionReviewRequest", LTI + "for_user": {"user_id": "a-pupil"}}
    answer = suite.launch("cruz", **review)
    suite.accepts(answer)
    assert urlsplit(answer.headers["Location"]).path == "/completion/submission"


def test_89_roles_that_are_no_list(suite):
    for roles in (f"{MEMBERSHIP}#Instructor", "Instructor", 7, None, {}, {"Instructor": 1}, True):
        suite.refuses(suite.launch(roles=roles), 400, "roles")


def test_89_odd_entries_are_dropped_and_nothing_is_matched_by_its_middle(suite):
    odd = [
        None,
        7,
        ["Instructor"],
        {"Instructor": 1},
        "NotAnInstructorAtAll",
        "http://elsewhere.example/membership#Instructor",
    ]
    assert suite.accepts(suite.launch(roles=odd)).role == "other"
    assert suite.accepts(suite.launch(roles=[*odd, f"{MEMBERSHIP}#Learner"])).role == "learner"


@pytest.mark.parametrize("person", ["ana", "cruz"])
def test_90_markup_in_names_and_titles_is_text(suite, curriculum, person):
    """Escaped on whatever page the launch leads to; only a language tag is a locale."""
    suite.lms.settings, plain = replace(suite.lms.settings, locale=MARK), suite.lms.settings
    browser = suite.browser()
    answer = suite.launch(
        person, browser=browser, context={"id": "c1", "title": MARK, "label": MARK},
        resource_link={"id": "r1", "title": MARK}, family_name=MARK, custom={"lessonId": MARK},
        launch_presentation={"locale": MARK, "return_url": "javascript:alert('x')"},
    )  # fmt: skip
    suite.lms.settings = plain
    sign_in = suite.accepts(answer)
    assert sign_in.locale == "en" and not sign_in.return_url
    assert db.query(Classroom).one().title == MARK, "kept as text"
    tab = Browser(
        suite.app, db.get_one(Person, sign_in.person_id), browser.get_cookie("browser").value, sign_in.key
    )
    for path in (answer.headers["Location"].removeprefix(TOOL), "/completion/class"):
        page = tab.get(path, follow_redirects=True)
        assert page.status_code < 500
        assert "alert('" not in page.text and "javascript:" not in page.text
