"""Which signatures we take, and under which keys (1EdTech Security Framework 1.1, 5.1.3; RFC 8725)."""

import json

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from jwt.algorithms import ECAlgorithm

from core.database import db
from lti_tool.models import Platform
from lti_tool.platform_keys import ALGORITHMS, public_key
from lti_tool.refusals import KeysOutOfReach, TokenRefused
from lti_tool.registrations import forget_platforms
from tests.lti_tool.certification.test_keys import key_server

CURVES = {"ES256": ec.SECP256R1(), "ES384": ec.SECP384R1(), "ES512": ec.SECP521R1()}


def published(*jwks: dict) -> bytes:
    return json.dumps({"keys": jwks}).encode()


def keys_at(url: str) -> None:
    db.query(Platform).one().jwks_url = url
    db.commit()
    forget_platforms()


@pytest.mark.parametrize("algorithm", ["RS256", "RS384", "RS512"])
def test_rsa_signatures_are_taken(suite, algorithm):
    jwk = suite.lms.keys.current.public_jwk()
    del jwk["alg"]  # a key that does not say is good for all of its kind
    with key_server(published(jwk)) as (url, _asked):
        keys_at(url)
        suite.accepts(suite.launch(signing={"alg": algorithm}))


@pytest.mark.parametrize("algorithm", CURVES)
def test_elliptic_signatures_are_taken(suite, algorithm):
    """Security Framework 1.1 adds them; no platform we know sends them yet."""
    key = ec.generate_private_key(CURVES[algorithm])
    jwk = json.loads(ECAlgorithm.to_jwk(key.public_key())) | {"kid": "ec"}
    with key_server(published(jwk)) as (url, _asked):
        keys_at(url)
        suite.accepts(suite.launch(signing={"kid": "ec", "alg": algorithm, "key": key}))


@pytest.mark.parametrize("algorithm", ["none", "None", "HS256", "HS512", "PS256", "EdDSA", "rs256", ""])
def test_no_other_algorithm_is_looked_at(suite, algorithm):
    """RFC 8725 3.1; the list is ours, never the token's. The platform is not even asked."""
    assert algorithm not in ALGORITHMS
    with pytest.raises(TokenRefused):
        public_key(suite.lms.jwks_url, suite.lms.keys.current.kid, algorithm)
    assert suite.lms.requests.to("jwks") == []


def test_a_key_says_what_it_is_for(suite):
    """A key for RS256 verifies no RS512, and an elliptic one no RSA."""
    kid = suite.lms.keys.current.kid
    assert public_key(suite.lms.jwks_url, kid, "RS256")
    for algorithm in ("RS384", "RS512", "ES256"):
        with pytest.raises(TokenRefused):
            public_key(suite.lms.jwks_url, kid, algorithm)


@pytest.mark.parametrize("said", ["ES384", "RS256"])
def test_a_curve_of_another_algorithm_is_refused(suite, said):
    key = ec.generate_private_key(CURVES["ES256"])
    jwk = json.loads(ECAlgorithm.to_jwk(key.public_key())) | {"kid": "ec"}
    with key_server(published(jwk)) as (url, _asked):
        keys_at(url)
        asked = suite.begin(browser := suite.browser())
        claims = suite.lms.launch_claims("ana", "g4-same-me", nonce=asked["nonce"])
        token = suite.lms.sign(claims, kid="ec", alg="ES256", key=key, headers={"alg": said})
        suite.refuses(suite.post(browser, {"id_token": token, "state": asked["state"]}), 401)


def test_a_set_that_is_empty_opens_nothing(suite):
    with key_server(published()) as (url, asked):
        for _ in range(3):
            with pytest.raises((TokenRefused, KeysOutOfReach)):
                public_key(url, "any", "RS256")
        assert len(asked) == 1


def test_the_keys_of_two_platforms_never_mix(suite):
    """Row 80: two with the same kid are two keys."""
    strange = ec.generate_private_key(CURVES["ES256"])
    jwk = json.loads(ECAlgorithm.to_jwk(strange.public_key())) | {"kid": suite.lms.keys.current.kid}
    with key_server(published(jwk)) as (url, _asked):
        theirs = public_key(url, jwk["kid"], "ES256")
        ours = public_key(suite.lms.jwks_url, jwk["kid"], "RS256")
    assert type(theirs) is not type(ours)
    token = jwt.encode({}, strange, algorithm="ES256")
    with pytest.raises(jwt.PyJWTError):
        jwt.decode(token, ours, algorithms=["RS256"])
