"""Known-bad payloads (LTI Advantage Conformance Certification Guide 6.1.1): twelve official tests.

Every refusal is a readable page with a reference; nothing is stored and nobody is signed in (`Suite.refuses`).
"""

import pytest

from practice_lms import ABSENT

BOTH = pytest.mark.parametrize("person", ["cruz", "ana"], ids=["teacher", "student"])
OPEN_AGAIN = "open the lesson again from your course"


def test_01_no_kid(suite):
    """CERT 6.1.1 "No KID Sent in JWT header": refused, and not by trying every key."""
    suite.refuses(suite.launch(signing={"kid": None}), 401, "which key", OPEN_AGAIN)
    assert suite.lms.requests.to("jwks") == []


def test_02_incorrect_kid(suite):
    """CERT 6.1.1 "Incorrect KID in JWT header": one fresh look at the platform's keys, then refused."""
    for _ in range(3):
        suite.refuses(suite.launch(signing={"kid": "no-such-key"}), 401, "a key it does not publish")
    assert len(suite.lms.requests.to("jwks")) == 1


def test_03_wrong_lti_version(suite):
    """CERT 6.1.1 "Wrong LTI Version"; 11.3 is what the suite sends."""
    suite.refuses(suite.launch(version="11.3"), 400, "version")


def test_04_no_lti_version(suite):
    """CERT 6.1.1 "No LTI Version"."""
    suite.refuses(suite.launch(version=ABSENT), 400, "version")


def test_05_invalid_lti_message(suite):
    """CERT 6.1.1 "Invalid LTI message": well signed, and no launch at all."""
    suite.refuses(suite.launch(payload={"name": "badltilaunch"}), 401, OPEN_AGAIN)


def test_06_missing_lti_claims(suite):
    """CERT 6.1.1 "Missing LTI Claims": aud, iss, sub, deployment_id and roles all gone."""
    gone = dict.fromkeys(("aud", "iss", "sub", "deployment_id", "roles"), ABSENT)
    suite.refuses(suite.launch(**gone), 401)


def test_07_timestamps_incorrect(suite):
    """CERT 6.1.1 "Timestamps Incorrect": iat=11111, exp=22222."""
    suite.refuses(suite.launch(iat=11111, exp=22222), 401, "expired", OPEN_AGAIN)


@BOTH
def test_08_message_type_missing(suite, person):
    """CERT 6.1.1 "message_type Claim Missing"."""
    suite.refuses(suite.launch(person, message_type=ABSENT), 400, "what kind of message")


@BOTH
def test_09_roles_missing(suite, person):
    """CERT 6.1.1 "role Claim Missing"; an empty list is legal, see test_17."""
    suite.refuses(suite.launch(person, roles=ABSENT), 400, "“roles”")


@BOTH
def test_10_deployment_id_missing(suite, person):
    """CERT 6.1.1 "deployment_id Claim Missing"."""
    suite.refuses(suite.launch(person, deployment_id=ABSENT), 400, "“deployment_id”")


@BOTH
def test_11_resource_link_id_missing(suite, person):
    """CERT 6.1.1 "resource_link_id Claim Missing": gone, empty, or of a kind that has no id."""
    for link in (ABSENT, {}, {"id": ""}, {"id": None}, {"id": 7}, {"title": "No id"}, None, [], "", "a", 0):
        suite.refuses(suite.launch(person, resource_link=link), 400, "“resource_link”")


@BOTH
def test_12_sub_missing(suite, person):
    """CERT 6.1.1 "user (sub) Claim Missing". Core 5.3.6.1 permits anonymous launches; graded content can not."""
    suite.refuses(suite.launch(person, sub=ABSENT), 400, "who you are")
