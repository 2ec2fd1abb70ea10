"""Rows 57, 60, 62 and 67 where a frame's browser keeps our cookie back (docs/decisions/0011).

What a browser really keeps is tried in tests/browser/test_ladder.py; here is what the server gives and takes.
"""

import html
import json
import re
from urllib.parse import parse_qs, parse_qsl, urlsplit

import pytest
import sqlalchemy as sa

from core.database import db
from core.sealed import new_secret
from lti_tool.launch_state import read_state
from people.models import SignIn
from people.sign_in import COOKIE, HEADER, VISIT
from tests.lti_tool.certification.test_keys import log_lines
from tests.lti_tool.suite import rows

FRAME = {"Sec-Fetch-Dest": "iframe", "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Site": "cross-site"}
WINDOW = FRAME | {"Sec-Fetch-Dest": "document"}
SCRIPT = {"Sec-Fetch-Dest": "empty", "Sec-Fetch-Mode": "cors", "Sec-Fetch-Site": "same-origin"}


class Opening:
    """The quiet page of a login in a frame, as its script reads it."""

    def __init__(self, answer) -> None:
        assert answer.status_code == 200, answer.text
        self.answer = answer
        told = re.search(r'<main id="main"([^>]*)>', answer.text)[1]
        self.data = {name: html.unescape(value) for name, value in re.findall(r'data-(\w+)="([^"]*)"', told)}
        self.secret = self.data["secret"]
        self.asked = dict(parse_qsl(urlsplit(self.data["go"]).query))
        self.again = {
            name: html.unescape(value)
            for name, value in re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', answer.text)
        }


def open_in_a_frame(suite, browser=None, link="g4-same-me", **changes) -> Opening:
    parameters = suite.lms.login_parameters("ana", link) | changes
    db.remove()
    return Opening(
        (browser or suite.app.test_client(use_cookies=False)).post(
            "/lti/login", data=parameters, headers=FRAME
        )
    )


def post(suite, form, headers, browser=None):
    db.remove()
    return (browser or suite.app.test_client(use_cookies=False)).post(
        "/lti/launch", data=form, headers=headers
    )


def by_script(suite, opening, secret=None):
    return post(suite, suite.form(opening.asked), SCRIPT | {HEADER: secret or opening.secret})


def test_57_the_state_of_a_frame_is_bound_to_its_secret_and_holds_none(suite):
    opening = open_in_a_frame(suite)
    state = read_state(opening.asked["state"], suite.app.config["SETTINGS"].secret_key)
    assert state.nonce == opening.asked["nonce"] and opening.secret not in json.dumps(opening.asked)
    assert len(opening.secret) == 32 and opening.data["key"] == f"browser_{state.nonce[:16]}"
    assert len({open_in_a_frame(suite).secret for _ in range(5)}) == 5, "one secret for each launch"


def test_57_platform_storage_is_asked_at_the_exact_origin_of_the_authorization_endpoint(suite):
    """LTI Platform Storage: the secret goes to the origin that was registered, never to `*`."""
    opening = open_in_a_frame(suite)
    assert opening.data["origin"] == suite.lms.base_url.removesuffix("/")
    assert opening.data["target"] == "post_message_forwarding"


def test_60_a_frame_without_our_cookie_gets_a_quiet_page_and_a_cookie_to_try(suite):
    opening = open_in_a_frame(suite)
    cookie = opening.answer.headers["Set-Cookie"]
    assert cookie.startswith("browser-") and f"={opening.secret};" in cookie and "Partitioned" in cookie
    assert opening.answer.headers["Cache-Control"] == "no-store"
    assert "unsafe" not in opening.answer.headers["Content-Security-Policy"]
    assert "cookie" not in opening.answer.text.lower(), "nothing alarming, nothing technical"
    link = re.search(r'<noscript>.*?href="([^"]+)"', opening.answer.text, re.S)[1]
    assert html.unescape(link) == opening.data["go"], "without scripts a link goes on with the cookie"


@pytest.mark.parametrize("headers", [{}, WINDOW], ids=["says nothing", "a window"])
def test_60_everybody_else_is_sent_on_at_once(suite, headers):
    browser = suite.browser()
    answer = browser.post("/lti/login", data=suite.lms.login_parameters("ana", "g4-same-me"), headers=headers)
    assert answer.status_code == 302
    again = browser.post("/lti/login", data=suite.lms.login_parameters("ana", "g4-same-me"), headers=FRAME)
    assert again.status_code == 302, "a frame whose cookie came is sent on as well"


def test_60_a_launch_without_a_cookie_opens_by_its_secret_in_a_header(suite):
    opening = open_in_a_frame(suite)
    arriving = post(suite, suite.form(opening.asked), FRAME)
    assert arriving.status_code == 200 and arriving.headers["Cache-Control"] == "no-store"
    assert opening.secret not in arriving.text and rows() == suite.before, (
        "the page knows no secret, and spends nothing"
    )
    sign_in = suite.accepts(by_script(suite, opening))
    page = suite.app.test_client(use_cookies=False).get(
        f"/completion/mine?{VISIT}={sign_in.key}", headers=SCRIPT | {HEADER: opening.secret}
    )
    assert page.status_code == 200 and "Set-Cookie" not in page.headers


def test_60_a_login_begins_again_in_a_window_of_its_own(suite):
    """What the two-button page posts is the login as the LMS sent it."""
    opening = open_in_a_frame(suite)
    again = opening.again
    assert set(again) >= {"iss", "login_hint", "target_link_uri", "client_id", "lti_message_hint"}
    browser = suite.browser()
    answer = browser.post("/lti/login", data=again, headers=WINDOW | {"Sec-Fetch-Site": "same-origin"})
    asked = dict(parse_qsl(urlsplit(answer.headers["Location"]).query))
    suite.accepts(post(suite, suite.form(asked), WINDOW, browser))


def test_60_a_login_too_long_to_travel_in_the_state_still_opens(suite):
    opening = open_in_a_frame(suite, lti_message_hint="m" * 3000)
    assert len(opening.asked["state"]) < 700
    assert opening.again["lti_message_hint"] == "m" * 3000
    suite.accepts(by_script(suite, opening))


@pytest.mark.parametrize("sent", [{}, {HEADER: "guessed"}, {HEADER: new_secret()}])
def test_62_a_frames_state_in_another_browser_opens_nothing(suite, sent):
    """Login CSRF on every rung: no header, a made-up one, the secret of another login, or another's cookie."""
    opening, other = open_in_a_frame(suite), open_in_a_frame(suite)
    form = suite.form(opening.asked)
    for headers in (SCRIPT | sent, SCRIPT | {HEADER: other.secret}):
        refused = post(suite, form, headers)
        suite.refuses(refused, 400, "not begun in this browser")
        assert refused.headers["X-Refused"] == "other_browser"
    stranger = suite.browser()
    stranger.set_cookie(COOKIE, other.secret)
    arriving = post(suite, form, FRAME, stranger)
    assert arriving.status_code == 200 and rows() == suite.before
    suite.accepts(by_script(suite, opening))


def test_62_a_state_begun_with_a_cookie_is_no_state_of_a_frame(suite):
    """What a window began is refused at once in a frame; no script is asked for a secret that was never given."""
    browser = suite.browser()
    browser.set_cookie(COOKIE, new_secret())
    form = suite.form(suite.begin(browser))
    suite.refuses(post(suite, form, FRAME), 400, "not begun in this browser")


def test_62_another_site_can_not_give_a_browser_its_secret(suite):
    """The cookie for Storage Access is set from a header, which no form and no foreign script can send."""
    client = suite.app.test_client()
    foreign = {"Sec-Fetch-Site": "cross-site", "Origin": "https://elsewhere.example"}
    assert client.post("/lti/browser", headers=foreign, data={HEADER: new_secret()}).status_code == 403
    for odd in ("", "short", "x" * 33, "a b" * 10 + "ab", "é" * 32):
        assert (
            client.post("/lti/browser", headers={HEADER: odd.encode().decode("latin-1")}).status_code == 403
        )
    assert client.get_cookie(COOKIE) is None
    preflight = client.options("/lti/browser", headers=foreign | {"Access-Control-Request-Headers": HEADER})
    assert "Access-Control-Allow-Origin" not in preflight.headers


def test_62_the_browser_is_asked_what_it_keeps_and_told_nothing(suite):
    browser = suite.browser()
    opening = open_in_a_frame(suite, browser)
    mine = {HEADER: opening.secret}
    assert browser.get("/lti/browser", headers=mine).get_json() == {"cookie": True}
    assert browser.get("/lti/browser", headers={HEADER: new_secret()}).get_json() == {"cookie": False}
    assert suite.browser().get("/lti/browser", headers=mine).get_json() == {"cookie": False}
    kept = suite.browser().post("/lti/browser", headers=mine)
    assert kept.status_code == 204 and "Partitioned" not in kept.headers["Set-Cookie"]


def test_63_a_carried_launch_opens_once(suite):
    opening = open_in_a_frame(suite)
    suite.accepts(by_script(suite, opening))
    suite.before = rows()
    suite.refuses(by_script(suite, opening), 401, "opened already")


def test_67_frames_side_by_side_at_a_first_visit(suite):
    """Their logins cross before any cookie is there: with cookies each finds its own, without them each its secret."""
    browser = suite.browser()
    crossing = [open_in_a_frame(suite, link=link) for link in ("g4-same-me", "g4-game-chat-choices")]
    for opening in crossing:
        name, _, value = opening.answer.headers["Set-Cookie"].split(";")[0].partition("=")
        browser.set_cookie(name, value)
    with_cookies = [suite.accepts(post(suite, suite.form(each.asked), FRAME, browser)) for each in crossing]
    carried = [open_in_a_frame(suite, link=link) for link in ("g4-same-me", "g4-game-chat-choices")]
    without = [suite.accepts(by_script(suite, each)) for each in reversed(carried)]
    keys = {each.key for each in with_cookies + without}
    assert len(keys) == 4
    client = suite.app.test_client(use_cookies=False)
    for opening, sign_in in zip(reversed(carried), without, strict=True):
        for secret, status in ((opening.secret, 200), (new_secret(), 401)):
            answer = client.get(f"/completion/mine?{VISIT}={sign_in.key}", headers=SCRIPT | {HEADER: secret})
            assert answer.status_code == status


def test_the_log_says_nothing_of_secrets_and_tokens(suite):
    with log_lines() as lines:
        opening = open_in_a_frame(suite)
        form = suite.form(opening.asked)
        post(suite, form, FRAME)
        by_script(suite, opening, new_secret())
        sign_in = suite.accepts(by_script(suite, opening))
    log = "\n".join(lines)
    assert "lti.launch" in log
    for secret in (
        opening.secret,
        form["id_token"],
        opening.asked["state"],
        sign_in.key,
        opening.asked["login_hint"],
    ):
        assert secret not in log
    assert db.scalar(sa.select(sa.func.count(SignIn.id))) == 1


def test_the_state_says_no_more_than_the_address_it_travels_in(suite):
    """It goes through the platform's address: what it remembers of the login stands there beside it already."""
    opening = open_in_a_frame(suite)
    state = read_state(opening.asked["state"], suite.app.config["SETTINGS"].secret_key)
    beside = set(parse_qs(urlsplit(opening.data["go"]).query)) | {
        "iss",
        "target_link_uri",
        "lti_deployment_id",
    }
    assert set(state.again) <= beside | {"lti_storage_target"}
