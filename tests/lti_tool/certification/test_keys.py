"""Keys and what leaves the house: platforms' keys, our own, private addresses, logs (rows 91-95, 103, 104)."""

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
import sqlalchemy as sa
import structlog
from werkzeug.serving import make_server
from werkzeug.wrappers import Request, Response

from core.database import db
from core.http import allow_private_network
from lti_tool import platform_keys
from lti_tool.keys import ensure_signing_key, rotate
from lti_tool.models import Platform, SigningKey
from lti_tool.registrations import forget_platforms
from people.sign_in import COOKIE
from practice_lms import KeyRing
from tests.lti_tool.suite import MARK, rows


@pytest.fixture(scope="module")
def another_ring() -> KeyRing:
    """Keys of another LMS."""
    return KeyRing()


@pytest.fixture
def rotating(suite):
    """The suite's LMS with a ring of its own, which a test may turn."""
    suite.lms.keys = KeyRing()
    return suite


def pass_time(seconds: float) -> None:
    """As if the platforms' keys had been fetched so long ago."""
    for known in platform_keys._sets.values():
        known.fetched_at -= seconds
        known.asked_at -= seconds


def asked_for_keys(suite) -> int:
    return len(suite.lms.requests.to("jwks"))


def keys_at(suite, url: str) -> None:
    db.query(Platform).filter_by(client_id=suite.lms.client_id).one().jwks_url = url
    db.commit()
    forget_platforms()


def test_91_many_launches_fetch_the_keys_once(suite):
    """Security Framework 6.3: caching is expected; pylti1p3 fetches at every launch."""
    for person in ("ana", "ben", "cruz", "dee", "parent"):
        suite.accepts(suite.launch(person))
    assert asked_for_keys(suite) == 1


def test_91_a_class_that_comes_at_once_fetches_the_keys_once(suite):
    """Whoever comes while the first launch asks waits for its answer, and is not turned away."""
    suite.lms.set_fault("slow", "jwks", seconds=0.4)
    browsers = [suite.browser() for _ in range(4)]
    forms = [suite.form(suite.begin(browser)) for browser in browsers]
    answers: list[int] = []

    def open_it(form, secret) -> None:
        client = suite.browser()
        client.set_cookie(COOKIE, secret)
        answers.append(client.post("/lti/launch", data=form).status_code)

    threads = [
        threading.Thread(target=open_it, args=(form, browser.get_cookie(COOKIE).value))
        for form, browser in zip(forms, browsers, strict=True)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == [303] * 4
    assert asked_for_keys(suite) == 1


@pytest.mark.parametrize(
    ("cache_control", "still_good_after", "asked_again_after"),
    [
        ("public, max-age=600", 590, 610),
        ("max-age=0", 290, 310),
        ("no-store", 3500, 3700),
        ("max-age=31536000", 86_300, 86_500),
        ("", 3500, 3700),
    ],
)
def test_91_the_platforms_max_age_is_honoured_within_limits(
    suite, cache_control, still_good_after, asked_again_after
):
    """Security Framework 6.3; never less than five minutes nor more than a day."""
    with key_server(suite.lms.keys.jwks_body, {"Cache-Control": cache_control}) as (url, asked):
        keys_at(suite, url)
        suite.accepts(suite.launch())
        pass_time(still_good_after)
        suite.accepts(suite.launch())
        assert len(asked) == 1
        pass_time(asked_again_after - still_good_after)
        suite.accepts(suite.launch())
        assert len(asked) == 2


@pytest.mark.parametrize("keep_old", [True, False])
def test_92_a_rotated_key_works_without_a_restart(rotating, keep_old):
    """Security Framework 6.3: an unknown kid sends us for the platform's keys, though the set is fresh."""
    rotating.accepts(rotating.launch())
    rotating.lms.rotate_key(keep_old=keep_old)
    pass_time(platform_keys.RETRY_AFTER + 1)
    rotating.accepts(rotating.launch())
    assert asked_for_keys(rotating) == 2


def test_92_unknown_kids_can_not_make_us_ask_again_and_again(rotating):
    """The fresh look is limited per address, so nobody can use us to flood a platform."""
    rotating.accepts(rotating.launch())
    pass_time(platform_keys.RETRY_AFTER + 1)
    rotating.before = rows()
    for kid in ("a", "b", "c"):
        rotating.refuses(rotating.launch(signing={"kid": kid}), 401, "does not publish")
    assert asked_for_keys(rotating) == 2


def test_92_a_key_the_platform_withdrew_opens_nothing(rotating):
    """Once the set is old, a key that is no longer in it is no key."""
    old = rotating.lms.keys.current
    rotating.accepts(rotating.launch())
    rotating.lms.rotate_key(keep_old=False)
    pass_time(platform_keys.LONGEST + 1)
    rotating.before = rows()
    signed_with_old = {"kid": old.kid, "key": old.private}
    rotating.refuses(rotating.launch(signing=signed_with_old), 401, "does not publish")


TROUBLE = [
    ("down", {}),
    ("closed", {}),
    ("error", {}),
    ("malformed", {}),
    ("status", {"status": 200, "body": "<html>Sign in to your district</html>"}),
    ("status", {"status": 200, "body": "[]"}),
    ("status", {"status": 200, "body": '{"keys": null}'}),
    ("status", {"status": 200, "body": '{"error": "try later"}'}),
    ("status", {"status": 302, "body": ""}),
]


@pytest.mark.parametrize(("kind", "options"), TROUBLE, ids=lambda value: str(value)[:60])
def test_93_the_last_good_keys_serve_while_the_platform_is_down(suite, kind, options):
    """Bounded staleness: yesterday's keys are good for a week, an error is never kept as if it were keys."""
    suite.accepts(suite.launch())
    suite.lms.set_fault(kind, "jwks", **options)
    pass_time(86_400)
    suite.accepts(suite.launch())
    assert asked_for_keys(suite) == 2
    pass_time(7 * 86_400)
    suite.before = rows()
    suite.refuses(suite.launch(), 503, "does not answer", "wait a minute")
    suite.lms.clear_faults()
    pass_time(platform_keys.RETRY_AFTER + 1)
    suite.accepts(suite.launch())


def test_93_without_any_keys_the_launch_says_so_and_recovers(suite):
    suite.lms.set_fault("down", "jwks")
    suite.refuses(suite.launch(), 503, "does not answer", "wait a minute")
    suite.lms.clear_faults()
    pass_time(platform_keys.RETRY_AFTER + 1)
    suite.accepts(suite.launch())


def test_93_a_platform_that_hangs_is_not_waited_for(suite, monkeypatch):
    """Five seconds at most; tried with less, so that the suite need not wait either."""
    assert platform_keys.PATIENCE <= 5
    monkeypatch.setattr(platform_keys, "PATIENCE", 0.1)
    suite.lms.set_fault("slow", "jwks", seconds=1)
    suite.refuses(suite.launch(), 503, "does not answer")


def test_93_nobody_with_a_key_at_hand_waits_for_a_platform_that_hangs(suite):
    """While one launch asks for newer keys, the others go on with the keys we have."""
    suite.accepts(suite.launch())
    pass_time(86_400)
    suite.lms.set_fault("slow", "jwks", times=1, seconds=0.6)
    browser = suite.browser()
    form, cookie = suite.form(suite.begin(browser)), browser.get_cookie(COOKIE)
    client = suite.browser()
    client.set_cookie(COOKIE, cookie.value)
    answers: list[int] = []
    first = threading.Thread(target=lambda: answers.append(client.post("/lti/launch", data=form).status_code))
    first.start()
    while not platform_keys._asking[suite.lms.jwks_url].locked():
        time.sleep(0.01)
    assert suite.launch("ben").status_code == 303
    assert first.is_alive(), "the second came in while the first still waited"
    first.join()
    assert answers == [303]


@pytest.mark.parametrize(
    "change",
    [{"n": "", "e": ""}, {"n": "AQAB"}, {"e": "AA"}, {"n": 7}, {"n": None}, {"kty": "oct", "k": "AAAA"}, {"kty": 1},
     {"kty": "EC", "crv": "P-256", "x": "AA", "y": "AA"}, {"alg": "RS512"}],
    ids=str,
)  # fmt: skip
def test_93_a_key_we_can_not_read_refuses_and_does_not_break(suite, change):
    """A platform's key set is somebody else's text like any other."""
    jwk = suite.lms.keys.current.public_jwk() | change
    with key_server(json.dumps({"keys": ["odd", {}, {"kid": ["a"]}, jwk]}).encode()) as (url, _asked):
        keys_at(suite, url)
        suite.refuses(suite.launch(), 401)


@contextmanager
def key_server(
    body: bytes, headers: dict[str, str] | None = None, status: int = 200
) -> Iterator[tuple[str, list[str]]]:
    """A key set, or whatever this is, on a free port; and the addresses it was asked for."""
    asked: list[str] = []

    @Request.application
    def serve(request: Request) -> Response:
        asked.append(request.path)
        return Response(body, status, headers or {}, content_type="application/json")

    server = make_server("127.0.0.1", 0, serve, threaded=True)
    server.log_startup = False
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/keys", asked
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture
def no_private_network(app) -> Iterator[None]:
    allow_private_network(False)
    yield
    allow_private_network(True)


@pytest.mark.parametrize(
    "address",
    ["http://127.0.0.1:{port}", "http://localhost:{port}", "http://[::1]:{port}", "http://169.254.169.254",
     "http://10.0.0.1", "http://192.168.1.1", "http://172.16.0.1", "http://0.0.0.0:{port}",
     "http://[::ffff:127.0.0.1]:{port}", "http://2130706433:{port}", "file:///etc/passwd", "http://" + "a" * 70],
)  # fmt: skip
def test_94_private_addresses_are_never_called(suite, no_private_network, address):
    """An LMS's registration must not make us look around inside the network (SSRF); practice and tests may."""
    port = suite.lms.jwks_url.split(":")[2].split("/")[0]
    keys_at(suite, address.format(port=port) + "/jwks")
    suite.refuses(suite.launch(), 503, "does not answer")
    assert asked_for_keys(suite) == 0


def test_94_a_redirect_is_not_followed(suite):
    """Nor into the network by a public address that redirects there."""
    with key_server(b"", {"Location": suite.lms.jwks_url}, status=302) as (url, asked):
        keys_at(suite, url)
        suite.refuses(suite.launch(), 503, "does not answer")
        assert len(asked) == 1
    assert asked_for_keys(suite) == 0


def test_95_our_key_set(suite):
    """Security Framework 6.3: cacheable, complete, public parts only; what rotates in is there before it signs."""
    first = ensure_signing_key().kid
    second = rotate().kid
    db.commit()
    db.remove()
    answer = suite.browser().get("/lti/jwks")
    assert answer.status_code == 200 and answer.mimetype == "application/json"
    assert answer.headers["Cache-Control"] == "public, max-age=3600"
    keys = answer.json["keys"]
    assert {key["kid"] for key in keys} == {first, second} and first != second
    for key in keys:
        assert set(key) == {"kid", "kty", "n", "e", "alg", "use"}
        assert (key["kty"], key["alg"], key["use"]) == ("RSA", "RS256", "sig")


def test_95_reading_our_key_set_writes_nothing(suite):
    """Anybody may ask for it, as often as they like."""
    db.execute(sa.delete(SigningKey))
    db.commit()
    assert suite.browser().get("/lti/jwks").json == {"keys": []}
    assert db.query(SigningKey).count() == 0


def test_103_the_platform_reads_who_asks_for_its_keys(suite):
    """Canvas requires a User-Agent since 2026-01."""
    suite.accepts(suite.launch())
    assert suite.lms.requests.to("jwks")[0].headers["User-Agent"].startswith("DigitalCitizenship/")


@contextmanager
def log_lines() -> Iterator[list[str]]:
    """Everything our log is given, as it is about to be written."""
    lines: list[str] = []

    def listen(_logger, _name, event):
        lines.append(json.dumps(event, default=str))
        return event

    processors = structlog.get_config()["processors"]
    processors.insert(-1, listen)
    try:
        yield lines
    finally:
        processors.remove(listen)


def test_104_logs_hold_no_token_no_name_no_query(suite, another_ring, caplog):
    """Launches that open, that are refused in every way we know, and one that breaks off: none of them is quoted."""
    browser = suite.browser()
    asked = suite.begin(browser)
    form = suite.form(asked, email="ana.reyes@evergreen.example")
    with log_lines() as lines, caplog.at_level("INFO"):
        suite.begin(browser, "cruz")
        suite.accepts(suite.post(browser, form))
        suite.post(browser, form)
        suite.post(suite.browser(), form)
        suite.launch(version="11.3")
        suite.launch(deployment_id="9:unheard-of")
        suite.launch(signing={"kid": "unknown"})
        suite.launch(signing={"key": another_ring.current.private})
        suite.post(browser, {"error": "access_denied", "error_description": MARK, "state": asked["state"]})
        suite.browser().get(
            "/lti/login",
            query_string={
                "iss": "https://unknown.example",
                "login_hint": "ana",
                "target_link_uri": "http://localhost:8000/lessons/g4",
            },
        )
        suite.lms.set_fault("malformed", "jwks")
        platform_keys.forget_platform_keys()
        suite.launch()
    said = "\n".join([*lines, *(record.getMessage() for record in caplog.records)])
    assert said.count('"event": "request"') >= 10 and '"event": "refused"' in said, "the log was heard"
    secrets = [form["id_token"], form["id_token"].split(".")[1], form["state"], asked["nonce"], MARK, "Reyes", "Ana",
               "Cruz", "evergreen.example", suite.lms.user_id("ana"), suite.lms.user_id("cruz"), "visit", "login_hint",
               "unknown.example", browser.get_cookie(COOKIE).value]  # fmt: skip
    assert [secret for secret in secrets if secret in said] == []
