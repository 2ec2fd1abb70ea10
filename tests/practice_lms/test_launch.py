from __future__ import annotations

import hashlib
import hmac
import time
from typing import Any
from urllib.parse import urlencode

import jwt
import pytest
from jwt.utils import base64url_decode

from practice_lms import ABSENT, KeyRing, PracticeLms, RefusedHere
from practice_lms.claims import AGS_ENDPOINT, BASIC_OUTCOME, LTI, NRPS
from tests.practice_lms.conftest import LmsMaker
from tests.practice_lms.tool import authorization_request


def opened(lms: PracticeLms, person: str = "ana", link: str = "g4-same-me", **changes: Any) -> dict[str, Any]:
    """The claims of a launch, checked with the published key set."""
    answer = lms.authorize(authorization_request(lms, lms.login_parameters(person, link)), **changes)
    keys = jwt.PyJWKSet.from_dict(lms.app.test_client().get("/jwks").get_json())
    kid = jwt.get_unverified_header(answer.fields["id_token"])["kid"]
    return jwt.decode(answer.fields["id_token"], keys[kid].key, ["RS256"], audience=lms.client_id)


def test_a_launch_is_signed_with_a_published_key_and_answers_the_nonce_and_state(lms: PracticeLms) -> None:
    request = authorization_request(lms, lms.login_parameters("ana", "g4-same-me"), state="S", nonce="N")
    answer = lms.authorize(request)
    assert answer.action == "http://localhost:8000/lti/launch"
    assert answer.fields["state"] == "S"
    claims = opened(lms)
    assert claims["iss"] == lms.issuer
    assert claims["nonce"] == "nonce-1"
    assert claims["sub"] == lms.user_id("ana")
    assert claims[LTI + "target_link_uri"] == "http://localhost:8000/lessons/g4/g4-same-me"


def test_the_whole_redirect_address_is_understood_too(lms: PracticeLms) -> None:
    request = authorization_request(lms, lms.login_parameters("ana", "g4"))
    assert "id_token" in lms.authorize(f"{lms.auth_url}?{urlencode(request)}").fields


@pytest.mark.parametrize(
    ("name", "value", "error"),
    [
        ("scope", "openid email", "invalid_scope"),
        ("response_type", "code", "unsupported_response_type"),
        ("response_mode", "query", "invalid_request"),
        ("prompt", None, "invalid_request"),
        ("nonce", None, "invalid_request"),
        ("state", None, "invalid_request"),
        ("login_hint", "somebody-else", "access_denied"),
        ("lti_message_hint", "made-up", "invalid_request"),
    ],
)
def test_a_wrong_request_is_told_to_the_tool(
    lms: PracticeLms, name: str, value: str | None, error: str
) -> None:
    request = authorization_request(lms, lms.login_parameters("ana", "g4"), **{name: value})
    answer = lms.authorize(request)
    assert answer.fields["error"] == error
    assert "id_token" not in answer.fields
    assert answer.fields["state"] == ("" if name == "state" else "state-1")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("redirect_uri", "http://localhost:8000/lti/launch/"),
        ("redirect_uri", "https://evil.example/"),
        ("client_id", "x"),
    ],
)
def test_an_unregistered_address_is_never_answered(lms: PracticeLms, name: str, value: str) -> None:
    with pytest.raises(RefusedHere):
        lms.authorize(authorization_request(lms, lms.login_parameters("ana", "g4"), **{name: value}))


def test_a_moodle_launch_opens_once_and_cleans_the_state(moodle: PracticeLms) -> None:
    request = authorization_request(moodle, moodle.login_parameters("ana", "g4"), state="a<b>c")
    assert moodle.authorize(request).fields["state"] == "ac"
    with pytest.raises(RefusedHere, match="Invalid request"):
        moodle.authorize(request)


def test_a_canvas_launch_may_be_opened_again(canvas: PracticeLms) -> None:
    request = authorization_request(canvas, canvas.login_parameters("ana", "g4"))
    assert canvas.authorize(request).fields["id_token"]
    assert canvas.authorize(request).fields["id_token"]


@pytest.mark.parametrize(
    ("personality", "issuer", "lifetime", "storage", "custom_key"),
    [
        ("canvas", "https://canvas.instructure.com", 3600, "post_message_forwarding", "lessonId"),
        ("schoology", "https://schoology.schoology.com", 3600, "_parent", "lessonid"),
        ("moodle", "http://127.0.0.1:8080", 60, None, "lessonid"),
    ],
)
def test_each_lms_launches_in_its_own_way(
    make_lms: LmsMaker, personality: str, issuer: str, lifetime: int, storage: str | None, custom_key: str
) -> None:
    lms = make_lms(personality)
    claims = opened(lms)
    assert claims["iss"] == issuer
    assert claims["exp"] - claims["iat"] == lifetime
    assert lms.login_parameters("ana", "g4").get("lti_storage_target") == storage
    assert claims[LTI + "custom"][custom_key] == "g4-same-me"
    assert claims[LTI + "custom"]["sis_id"] == "$Canvas.user.sisid"
    assert (BASIC_OUTCOME in claims) == (personality == "moodle")


@pytest.mark.parametrize(
    ("personality", "person", "expected"),
    [
        ("canvas", "ana", {"institution/person#Student", "membership#Learner", "system/person#User"}),
        ("canvas", "cruz", {"institution/person#Faculty", "membership#Instructor", "system/person#User"}),
        ("canvas", "parent", {"institution/person#Observer", "membership#Mentor", "system/person#User"}),
        ("schoology", "ana", {"institution/person#Student", "membership#Learner"}),
        ("moodle", "ana", {"membership#Learner"}),
        ("moodle", "cruz", {"membership#Instructor"}),
        ("moodle", "parent", {"membership#Learner"}),
        (
            "moodle",
            "admin",
            {"membership#Instructor", "institution/person#Administrator", "system/person#Administrator"},
        ),
    ],
)
def test_roles_are_worded_as_each_lms_words_them(
    make_lms: LmsMaker, personality: str, person: str, expected: set[str]
) -> None:
    roles = make_lms(personality).launch_claims(person, "g4")[LTI + "roles"]
    assert {role.removeprefix("http://purl.imsglobal.org/vocab/lis/v2/") for role in roles} == expected


def test_an_observer_in_canvas_comes_with_the_pupils_he_watches(canvas: PracticeLms) -> None:
    assert canvas.launch_claims("parent", "g4")[LTI + "role_scope_mentor"] == [canvas.user_id("ana")]
    assert LTI + "role_scope_mentor" not in canvas.launch_claims("ana", "g4")


@pytest.mark.parametrize(
    ("privacy", "names", "email"),
    [
        ("public", True, True),
        ("name_only", True, False),
        ("email_only", False, True),
        ("anonymous", False, False),
    ],
)
def test_privacy_decides_what_of_a_person_is_sent(
    make_lms: LmsMaker, privacy: str, names: bool, email: bool
) -> None:
    claims = make_lms("canvas", privacy=privacy).launch_claims("dee", "ruc")
    assert ("name" in claims and "given_name" in claims) == names
    assert ("email" in claims) == email
    assert ("person_sourcedid" in claims[LTI + "lis"]) == names
    assert claims["sub"]


def test_a_sourced_id_can_be_there_missing_or_empty(make_lms: LmsMaker) -> None:
    there, missing, empty = (
        make_lms("schoology", sourced_ids=how).launch_claims("dee", "ruc")[LTI + "lis"]
        for how in ("present", "absent", "empty")
    )
    assert there["person_sourcedid"] == "100001"
    assert "person_sourcedid" not in missing
    assert empty["person_sourcedid"] == ""


def test_only_a_link_with_one_column_of_its_own_claims_it(lms: PracticeLms) -> None:
    coupled = lms.launch_claims("ana", "g4-same-me")[AGS_ENDPOINT]
    column = lms.gradebook.column("g4-same-me")
    assert column is not None
    assert coupled["lineitem"] == lms.lineitem_url(column)
    assert coupled["lineitem"].endswith("?type_id=1") == (lms.personality.name == "moodle")
    assert "lineitem" not in lms.launch_claims("ana", "g4-my-day-in-blocks")[AGS_ENDPOINT]
    lms.gradebook.add_column("g4-room-12", "Another", 10, link="g4-same-me")
    assert "lineitem" not in lms.launch_claims("ana", "g4-same-me")[AGS_ENDPOINT]


def test_claims_can_be_changed_taken_out_and_made_null(canvas: PracticeLms) -> None:
    changed = canvas.launch_claims(
        "ana", "g4", roles=[""], context=None, nrps=ABSENT, sub=ABSENT, **{LTI + "version": "11.3"}
    )
    assert changed[LTI + "roles"] == [""]
    assert changed[LTI + "context"] is None
    assert NRPS not in changed
    assert "sub" not in changed
    assert changed[LTI + "version"] == "11.3"
    assert opened(canvas, exp=int(time.time()) + 5)["exp"] <= time.time() + 5


def test_bad_tokens_can_be_signed_on_purpose(canvas: PracticeLms) -> None:
    assert "kid" not in jwt.get_unverified_header(canvas.sign({"name": "badltilaunch"}, kid=None))
    assert jwt.get_unverified_header(canvas.sign("{}", kid="other", headers={"jku": "x"}))["jku"] == "x"
    assert canvas.sign({}, alg="none").endswith(".")
    head, body, signature = canvas.sign({}, alg="HS256").split(".")
    forged = hmac.new(canvas.keys.current.public_pem, f"{head}.{body}".encode(), hashlib.sha256).digest()
    assert base64url_decode(signature) == forged


def test_a_rotated_key_signs_at_once_and_the_old_one_stays_or_goes(make_lms: LmsMaker) -> None:
    lms = make_lms("canvas", own_keys=KeyRing())
    old = lms.keys.current.kid
    new = lms.rotate_key()
    assert [key["kid"] for key in lms.keys.jwks["keys"]] == [old, new]
    assert opened(lms)["sub"] == lms.user_id("ana")
    last = lms.rotate_key(keep_old=False)
    assert [key["kid"] for key in lms.app.test_client().get("/jwks").get_json()["keys"]] == [last]
    assert "d" not in lms.keys.jwks["keys"][0]


def test_the_platforms_clock_can_be_wrong(canvas: PracticeLms) -> None:
    canvas.set_fault("skew", "launch", seconds=-120)
    assert canvas.launch_claims("ana", "g4")["iat"] <= time.time() - 119
