"""private_key_jwt (RFC 7523): the right signature opens once; everything else is refused and says what was wrong."""

import base64
import json
import threading
import time
from datetime import timedelta

import jwt
import pytest
import sqlalchemy as sa
import time_machine
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa

from access.client_assertions import TYPE
from core.clock import now
from core.database import db
from core.errors import Refused
from people import api_clients
from people.client_keys import read_public_keys
from people.client_models import SpentAssertion

AUDIENCE = "http://localhost:8000/oauth/token"
MAKERS = {
    "RS256": lambda: rsa.generate_private_key(public_exponent=65537, key_size=2048),
    "ES256": lambda: ec.generate_private_key(ec.SECP256R1()),
    "EdDSA": ed25519.Ed25519PrivateKey.generate,
}
ALGORITHMS = {
    "RS256": jwt.algorithms.RSAAlgorithm,
    "ES256": jwt.algorithms.ECAlgorithm,
    "EdDSA": jwt.algorithms.OKPAlgorithm,
}


@pytest.fixture(scope="module")
def keys():
    return {name: make() for name, make in MAKERS.items()}


def public(algorithm, key) -> str:
    return ALGORITHMS[algorithm].to_jwk(key.public_key())


class Signer:
    def __init__(self, app, district, algorithm, key, scopes=("standing.read",)) -> None:
        self.http, self.algorithm, self.key = app.test_client(), algorithm, key
        jwks = read_public_keys(public(algorithm, key))
        client, secret = api_clients.issue(district, "signs", scopes, jwks=jwks)
        assert secret is None
        db.commit()
        self.client_id, self.kid = client.client_id, jwks[0]["kid"]

    def claims(self, **other):
        at = int(time.time())
        made = {
            "iss": self.client_id, "sub": self.client_id, "aud": AUDIENCE, "exp": at + 60, "jti": f"{time.time_ns()}",
        }  # fmt: skip
        return {name: value for name, value in (made | other).items() if value is not None}

    def assertion(self, key=None, headers=None, **other) -> str:
        return jwt.encode(
            self.claims(**other),
            key or self.key,
            self.algorithm,
            headers={"kid": self.kid, **(headers or {})},
        )

    def ask(self, assertion=None, **form):
        db.remove()
        return self.http.post(
            "/oauth/token",
            data={
                "grant_type": "client_credentials",
                "client_assertion_type": TYPE,
                "client_assertion": assertion or self.assertion(),
                **form,
            },
        )


@pytest.fixture
def signer(app, district, keys) -> Signer:
    return Signer(app, district, "EdDSA", keys["EdDSA"])


@pytest.mark.parametrize("algorithm", list(MAKERS))
def test_each_kind_of_key_opens(app, district, keys, algorithm):
    signer = Signer(app, district, algorithm, keys[algorithm], ("standing.read", "audit.read"))
    answer = signer.ask(scope="audit.read", client_id=signer.client_id)
    assert answer.status_code == 200 and answer.json["scope"] == "audit.read"
    headers = {"Authorization": f"Bearer {answer.json['access_token']}"}
    assert signer.http.get("/api/v1/completions", headers=headers).status_code == 200
    assert signer.http.get("/api/v1/standings", headers=headers).status_code == 403, "narrowed"


def test_an_assertion_opens_once(signer):
    assertion = signer.assertion()
    assert signer.ask(assertion).status_code == 200
    again = signer.ask(assertion)
    assert (again.status_code, again.json["error"]) == (401, "invalid_client")
    assert "used before" in again.json["error_description"]


def test_of_many_at_once_one_gets_in(app, signer):
    assertion, answers = signer.assertion(), []

    def knock():
        http = app.test_client()
        form = {
            "grant_type": "client_credentials",
            "client_assertion_type": TYPE,
            "client_assertion": assertion,
        }
        answers.append(http.post("/oauth/token", data=form).status_code)

    db.remove()
    threads = [threading.Thread(target=knock) for _ in range(4)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert sorted(answers) == [200, 401, 401, 401]


@pytest.mark.parametrize(
    ("other", "says"),
    [
        ({"aud": "https://elsewhere.example/oauth/token"}, "aud"),
        ({"aud": [AUDIENCE, "https://elsewhere.example"]}, "aud names more"),
        ({"aud": None}, "lacks aud"),
        ({"jti": None}, "lacks jti"),
        ({"jti": ""}, "jti"),
        ({"jti": "x" * 201}, "jti"),
        ({"exp": None}, "lacks exp"),
        ({"exp": 1_000_000_000}, "exp is past"),
        ({"exp": 4_000_000_000}, "more than 10 minutes"),
        ({"iss": "c_another"}, "iss"),
        ({"iss": None}, "lacks iss"),
        ({"nbf": 4_000_000_000}, "future"),
        ({"sub": "c_nobody"}, "not known"),
        ({"sub": "c_\0"}, "not known"),
        ({"sub": None}, "not known"),
    ],
)
def test_a_claim_that_is_off_is_named(signer, other, says):
    answer = signer.ask(signer.assertion(**other))
    assert (answer.status_code, answer.json["error"]) == (401, "invalid_client")
    assert says in answer.json["error_description"]
    assert db.scalar(sa.select(sa.func.count()).select_from(SpentAssertion)) == 0


@pytest.mark.parametrize(
    "forgery", ["another key", "no signature", "hmac of the public key", "no jwt", "another kid"]
)
def test_forgeries(signer, forgery):
    if forgery == "another key":
        token = signer.assertion(key=ed25519.Ed25519PrivateKey.generate())
    elif forgery == "no signature":
        token = jwt.encode(signer.claims(), None, "none", headers={"kid": signer.kid})
    elif forgery == "hmac of the public key":
        secret = base64.urlsafe_b64decode(json.loads(public("EdDSA", signer.key))["x"] + "==")
        token = jwt.encode(signer.claims(), secret, "HS256", headers={"kid": signer.kid})
    elif forgery == "no jwt":
        token = "a.b.c"
    else:
        token = signer.assertion(headers={"kid": "k_else"})
    answer = signer.ask(token)
    assert (answer.status_code, answer.json["error"]) == (401, "invalid_client")


def test_one_way_to_authenticate_and_the_right_type(signer, district, make_program):
    assert signer.ask(client_secret="x").json["error"] == "invalid_request"
    assert signer.ask(client_assertion_type="urn:else").json["error"] == "invalid_request"
    assert signer.ask(client_id="c_else").json["error"] == "invalid_client"
    pair = base64.b64encode(f"{signer.client_id}:".encode()).decode()
    form = {"grant_type": "client_credentials"}
    answer = signer.http.post("/oauth/token", data=form, headers={"Authorization": f"Basic {pair}"})
    assert answer.status_code == 401, "an empty secret is no secret"


def test_after_a_rotation_the_old_key_opens_nothing(signer):
    token = signer.ask().json["access_token"]
    fresh = ed25519.Ed25519PrivateKey.generate()
    api_clients.rotate(
        signer.client_id, keeps_for=timedelta(hours=24), jwks=read_public_keys(public("EdDSA", fresh))
    )
    db.commit()
    assert signer.ask().status_code == 401
    gone = signer.http.get("/api/v1/standings", headers={"Authorization": f"Bearer {token}"})
    assert gone.status_code == 401
    signer.key, signer.kid = fresh, read_public_keys(public("EdDSA", fresh))[0]["kid"]
    assert signer.ask().status_code == 200


def test_spent_ones_are_swept_when_they_could_not_open_anyway(signer):
    signer.ask()
    with time_machine.travel(now() + timedelta(minutes=20)):
        assert signer.ask().status_code == 200
    assert db.scalar(sa.select(sa.func.count()).select_from(SpentAssertion)) == 1


def test_only_public_keys_of_the_right_kinds_are_taken(keys):
    private = ALGORITHMS["EdDSA"].to_jwk(keys["EdDSA"])
    small = rsa.generate_private_key(public_exponent=65537, key_size=1024)
    wrong_curve = ec.generate_private_key(ec.SECP384R1())
    for text in (
        private, public("RS256", small), public("ES256", wrong_curve), "{}", "[]", "x", '{"keys": []}', '"x"', "7",
        '{"kty": "oct", "k": "c2VjcmV0"}', json.dumps({"keys": [json.loads(public("EdDSA", keys["EdDSA"]))] * 6}),
        json.dumps(json.loads(public("RS256", keys["RS256"])) | {"alg": "RS512"}),
    ):  # fmt: skip
        with pytest.raises(Refused):
            read_public_keys(text)


def test_the_commands(app, district, keys, tmp_path):
    def run(*words, exit_code=0):
        db.remove()
        done = app.test_cli_runner().invoke(args=["client", *words, "--json"])
        assert done.exit_code == exit_code, done.output
        return json.loads(done.output) if exit_code == 0 else done.output

    file = tmp_path / "key.jwk"
    file.write_text(public("ES256", keys["ES256"]))
    common = ("add", "--district", district.slug, "--name", "signs", "--jwk", str(file))
    made = run(*common, "--scope", "standing.read", "--per-minute", "60")
    assert "client_secret" not in made
    assert "needs a secret" in run(*common, "--scope", "standing.decide", exit_code=1)
    run(*common, "--scope", "standing.read", "--per-minute", "0", exit_code=1)
    (listed,) = run("list", "--district", district.slug)["clients"]
    assert (listed["authenticates_by"], listed["per_minute"]) == ("private_key_jwt", 60)
    run("rotate", made["client_id"], exit_code=1)
    run("rotate", made["client_id"], "--jwk", str(file))
    assert run("limit", made["client_id"], "90")["per_minute"] == 90
    run("limit", "c_nobody", "90", exit_code=1)
    run("revoke", made["client_id"])
    run("rotate", made["client_id"], "--jwk", str(file), exit_code=1)
