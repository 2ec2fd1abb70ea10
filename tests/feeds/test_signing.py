"""Standard Webhooks signatures, and the change from one secret to the next."""

from datetime import timedelta

from core.clock import now
from feeds.models import Feed
from feeds.secrets import give_secret, signing_secrets
from feeds.signing import headers, new_signing_secret, signature


def test_the_signature_is_that_of_the_specification():
    """The example that the libraries of Standard Webhooks are tested with."""
    assert (
        signature(
            "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
            "msg_p5jXN8AQM9LWM0D4loKWxJek",
            1614265330,
            b'{"test": 2432232314}',
        )
        == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
    )


def test_while_a_secret_changes_both_sign_and_a_day_later_the_new_one_alone():
    feed = Feed()
    first, second = give_secret(feed), give_secret(feed)
    assert signing_secrets(feed.secrets, now()) == [second, first]
    signed = headers(signing_secrets(feed.secrets, now()), "evt_1", now(), b"{}")["webhook-signature"]
    assert len(signed.split(" ")) == 2
    assert signing_secrets(feed.secrets, now() + timedelta(days=1, minutes=1)) == [second]


def test_a_third_secret_ends_the_first_at_once():
    feed = Feed()
    give_secret(feed)
    second, third = give_secret(feed), give_secret(feed)
    assert signing_secrets(feed.secrets, now()) == [third, second]


def test_secrets_differ_and_say_what_they_are():
    one, other = new_signing_secret(), new_signing_secret()
    assert one != other and one.startswith("whsec_") and len(one) == 6 + 44
