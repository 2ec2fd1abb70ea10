"""Our own keys: when they sign, how long they are shown, and that they are sealed (row 96)."""

import threading
from datetime import UTC, datetime, timedelta

import jwt
import pytest
import sqlalchemy as sa
import time_machine

from core.clock import now
from core.database import db, transaction
from core.errors import NotFound, Refused
from lti_tool import keys
from lti_tool.key_rotation import ROTATED_EVERY, all_keys, keep_signing_keys, withdraw
from lti_tool.keys import (
    NoSigningKey,
    client_assertion,
    ensure_signing_key,
    published_keys,
    rotate,
    sign,
    signing_key,
)
from lti_tool.models import SigningKey

pytestmark = pytest.mark.usefixtures("clean")


def after(**time: float):
    return time_machine.travel(datetime.now(UTC) + timedelta(**time), tick=False)


def shown() -> list[str]:
    return [key["kid"] for key in published_keys()]


def signs() -> str:
    return jwt.get_unverified_header(sign({"a": 1}))["kid"]


def test_without_a_key_nothing_is_signed_and_nothing_shown():
    assert signing_key() is None and shown() == []
    with pytest.raises(NoSigningKey):
        sign({})


def test_the_first_key_signs_at_once():
    """No platform has an older set of ours that it could miss it in."""
    first = ensure_signing_key()
    assert ensure_signing_key().kid == first.kid == signs()
    assert shown() == [first.kid]


def test_96_the_next_key_is_shown_a_day_before_it_signs():
    """hypothesis/lms signs with a new key at once, before platforms have fetched it."""
    first, second = ensure_signing_key().kid, rotate().kid
    assert set(shown()) == {first, second} and signs() == first
    with after(hours=23.9):
        assert signs() == first
    with after(hours=24.1):
        assert signs() == second
        assert set(shown()) == {first, second}


def test_96_the_last_key_is_shown_a_week_after_it_was_replaced():
    """Longer than any token it signed, and any platform's cache of our set."""
    first, second = ensure_signing_key().kid, rotate().kid
    with after(days=7.9):
        assert set(shown()) == {first, second}
    with after(days=8.1):
        assert shown() == [second]


def test_rotating_twice_shows_all_and_signs_with_the_last():
    kids = [ensure_signing_key().kid, rotate().kid, rotate().kid]
    assert set(shown()) == set(kids) and len(set(kids)) == 3
    with after(hours=25):
        assert signs() == kids[2]


def test_a_withdrawn_key_is_gone_at_once():
    """Revoke now: when a key has leaked, waiting is worse than refused calls."""
    first = ensure_signing_key()
    second = rotate()
    second.signs_from = now()
    first.withdrawn_at = now()
    db.flush()
    assert shown() == [second.kid] and signs() == second.kid


def test_a_private_key_is_sealed_in_the_table():
    kid = ensure_signing_key().kid
    db.flush()
    raw = db.execute(sa.text("SELECT private_pem, public_jwk FROM signing_key")).one()
    assert "PRIVATE" not in raw[0]
    assert kid in str(raw[1])


def test_a_kid_says_which_key_and_nothing_else_does():
    """RFC 7638 thumbprint: never used again for another key."""
    keys_ = [ensure_signing_key(), rotate()]
    for key in keys_:
        assert jwt.PyJWK(key.public_jwk).key and "d" not in key.public_jwk
    assert keys_[0].public_jwk["n"] != keys_[1].public_jwk["n"]


def test_what_we_sign_holds_under_what_we_show():
    ensure_signing_key()
    token = sign({"iss": "us"})
    held = jwt.decode(
        token, jwt.PyJWK(published_keys()[0]).key, algorithms=["RS256"], options={"verify_iat": False}
    )
    assert held == {"iss": "us"}


def test_97_a_client_assertion():
    """Security Framework 4.1.1: who we are, five minutes at most, a jti of its own, an iat no clock can call early."""
    ensure_signing_key()
    public = jwt.PyJWK(published_keys()[0]).key
    one, two = (
        jwt.decode(client_assertion("client", "https://lms.example/token"), public, algorithms=["RS256"],
                   audience="https://lms.example/token")
        for _ in range(2)
    )  # fmt: skip
    assert (one["iss"], one["sub"]) == ("client", "client")
    assert 0 < one["exp"] - one["iat"] <= 300
    assert now().timestamp() - 10 <= one["iat"] < now().timestamp()
    assert one["jti"] != two["jti"] and len(one["jti"]) >= 22


def test_a_key_is_parsed_once_per_process():
    """Parsing a PEM costs a hundred signatures."""
    kid = ensure_signing_key().kid
    sign({})
    loaded = keys._loaded[kid]
    sign({})
    assert keys._loaded[kid] is loaded
    assert db.query(SigningKey).count() == 1


def states() -> dict[str, str]:
    return {each.kid: each.state for each in all_keys()}


def test_96_the_worker_publishes_the_next_key_every_ninety_days():
    """Scheduled, with the overlap: nobody has to remember it."""
    keep_signing_keys()
    first = signing_key().kid
    with after(days=ROTATED_EVERY.days - 1):
        keep_signing_keys()
        assert shown() == [first]
    with after(days=ROTATED_EVERY.days + 0.1):
        keep_signing_keys()
        keep_signing_keys()
        assert len(shown()) == 2 and signs() == first
    with after(days=ROTATED_EVERY.days + 1.2):
        keep_signing_keys()
        assert len(shown()) == 2 and signs() != first
    with after(days=2 * ROTATED_EVERY.days + 2):
        keep_signing_keys()
        assert len(states()) == 3


def test_96_several_workers_publish_one_next_key():
    """Real threads, a connection each, at one barrier."""
    with transaction():
        add = ensure_signing_key()
        add.signs_from = now() - ROTATED_EVERY - timedelta(hours=1)
    barrier = threading.Barrier(4)

    def work() -> None:
        barrier.wait()
        with transaction():
            keep_signing_keys()

    workers = [threading.Thread(target=work) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(timeout=60)
    db.remove()
    assert sorted(states().values()) == ["next", "signs"]


def test_96_what_each_key_is_for():
    first, second = ensure_signing_key().kid, rotate().kid
    assert states() == {second: "next", first: "signs"}
    with after(hours=25):
        assert states() == {second: "signs", first: "shown"}
    with after(days=9):
        assert states() == {second: "signs", first: "retired"}
        assert {kid for kid, state in states().items() if state != "retired"} == set(shown())


def test_96_revoke_now_and_the_next_key_signs_at_once():
    """Waiting for the overlap is worse than calls that are refused for a while, when a key has leaked."""
    first, second = ensure_signing_key().kid, rotate().kid
    assert withdraw(first).kid == second == signs()
    assert shown() == [second] and states() == {second: "signs", first: "withdrawn"}


def test_96_revoke_now_without_a_next_key_makes_one():
    with after(days=-10):
        old = ensure_signing_key().kid
    with after(days=-2):
        rotate()
    leaked = signs()
    assert leaked != old and set(shown()) == {old, leaked}
    new = withdraw(leaked).kid
    assert new not in (old, leaked) and signs() == new and leaked not in shown()


def test_96_revoking_the_next_key_leaves_the_one_that_signs():
    first, second = ensure_signing_key().kid, rotate().kid
    assert withdraw(second).kid == first == signs() and shown() == [first]


def test_96_only_a_key_that_is_there_and_not_yet_withdrawn():
    first = ensure_signing_key().kid
    with pytest.raises(NotFound):
        withdraw("no-such-key")
    withdraw(first)
    with pytest.raises(Refused):
        withdraw(first)
