"""State, nonce and replay (Security Framework 1.0, 5.1.1.2 and 7)."""

from datetime import UTC, datetime, timedelta

import time_machine

from core.database import db
from core.sealed import new_secret
from lti_tool.models import Deployment, Launch, Platform, SpentNonce
from lti_tool.registrations import forget_platforms
from people.models import Person
from people.sign_in import COOKIE
from practice_lms import ABSENT
from tests.lti_tool.suite import asked_of, rows

OPEN_AGAIN = "open the lesson again from your course"


def in_minutes(minutes: float):
    return time_machine.travel(datetime.now(UTC) + timedelta(minutes=minutes))


def test_61_state_absent_or_unknown(suite):
    """Security Framework 5.1.1.3: a state we did not give is refused, with the way out."""
    browser = suite.browser()
    form = suite.form(suite.begin(browser))
    suite.refuses(suite.post(browser, {"id_token": form["id_token"]}), 400, OPEN_AGAIN, kept=0)
    for state in ("", "unknown", "a.b.c", "é.ü.ñ", "\x00", "x" * 20_000, form["id_token"]):
        suite.refuses(suite.post(browser, form | {"state": state}), 400, OPEN_AGAIN, kept=0)


def test_61_state_changed_on_the_way(suite):
    """The state is signed: one letter changed is somebody else's."""
    browser = suite.browser()
    form = suite.form(suite.begin(browser))
    for place in (0, len(form["state"]) // 2, -4):  # the very last letter holds bits that no decoder reads
        letters = list(form["state"])
        letters[place] = "A" if letters[place] != "A" else "B"
        suite.refuses(suite.post(browser, form | {"state": "".join(letters)}), 400, OPEN_AGAIN, kept=0)


def test_61_state_expired(suite):
    """Good for ten minutes (row 57), even where the token would hold for an hour."""
    browser = suite.browser()
    asked = suite.begin(browser)
    with in_minutes(10.5):
        suite.refuses(suite.post(browser, suite.form(asked)), 400, "ten minutes", OPEN_AGAIN, kept=0)


def test_61_a_slow_login_still_opens(suite):
    browser = suite.browser()
    asked = suite.begin(browser)
    with in_minutes(9):
        suite.accepts(suite.post(browser, suite.form(asked)))


def test_62_state_from_another_browser(suite):
    """Login CSRF (RFC 6749 10.12): what one browser began, no other ends, with or without a cookie."""
    form = suite.form(suite.begin(suite.browser()))
    stranger = suite.browser()
    suite.refuses(suite.post(stranger, form), 400, "not begun in this browser", "new window or tab")
    stranger.set_cookie(COOKIE, new_secret())
    suite.refuses(suite.post(stranger, form), 400, "not begun in this browser")


def test_63_state_used_twice(suite):
    """Back or reload on the launch: a page that says what to do, and no second sign-in."""
    browser = suite.browser()
    form = suite.form(suite.begin(browser))
    suite.accepts(suite.post(browser, form))
    suite.before = rows()
    suite.refuses(suite.post(browser, form), 401, "opened already", OPEN_AGAIN)


def test_63_the_launch_address_typed_by_hand(suite):
    """Back can also end in a plain visit of the address."""
    suite.refuses(suite.browser().get("/lti/launch"), 405, kept=0)


def test_64_nonce_missing_or_not_ours(suite):
    """Security Framework 5.1.3 step 9: the nonce is the one of this login."""
    for nonce in (ABSENT, None, "", "not-one-of-ours", 7, [], {}):
        suite.refuses(suite.launch(nonce=nonce), 401, OPEN_AGAIN)


def test_64_nonce_of_another_state(suite):
    """Two logins of one browser: each token belongs to its own."""
    browser = suite.browser()
    one, two = suite.begin(browser), suite.begin(browser)
    suite.refuses(suite.post(browser, suite.form(one) | {"state": two["state"]}), 401, OPEN_AGAIN)


def register_another(suite) -> Platform:
    """The same LMS under a second client id, in the same district."""
    lms, platform = suite.lms, db.merge(suite.school.platform)
    other = Platform(
        district_id=platform.district_id,
        name="Second",
        issuer=lms.issuer,
        client_id="another-client",
        auth_login_url=lms.auth_url,
        auth_token_url=lms.token_url,
        jwks_url=lms.jwks_url,
    )
    db.add(other)
    db.flush()
    db.add(
        Deployment(
            district_id=other.district_id,
            platform_id=other.id,
            deployment_id=lms.deployment_id,
            state="approved",
        )
    )
    db.commit()
    forget_platforms()
    suite.before = rows()
    return other


def begin_with(suite, browser, client_id):
    parameters = suite.lms.login_parameters("ana", "g4-same-me") | {"client_id": client_id}
    return asked_of(browser.post("/lti/login", data=parameters))


def test_64_nonce_of_another_registration(suite):
    """A token for one registration opens nothing under another's state, though the keys are the same."""
    register_another(suite)
    browser = suite.browser()
    ours, theirs = suite.begin(browser), begin_with(suite, browser, "another-client")
    suite.refuses(suite.post(browser, suite.form(ours) | {"state": theirs["state"]}), 401)
    form = suite.form(theirs, aud="another-client", azp=ABSENT)
    suite.refuses(suite.post(browser, form | {"state": ours["state"]}), 401)
    suite.accepts(suite.post(browser, form))


def test_65_the_same_token_again(suite):
    """Security Framework 7.3.2: replayed under the same state and under a new one, in this and in another browser."""
    browser = suite.browser()
    form = suite.form(suite.begin(browser))
    suite.accepts(suite.post(browser, form))
    suite.before = rows()
    suite.refuses(suite.post(browser, form), 401)
    suite.refuses(suite.post(browser, form | {"state": suite.begin(browser)["state"]}), 401)
    other = suite.browser()
    suite.refuses(suite.post(other, form | {"state": suite.begin(other)["state"]}), 401)


def test_65_of_two_at_once_exactly_one_opens(suite):
    """The nonce is spent by one INSERT that a unique key decides, whatever the number of workers."""
    for _ in range(3):
        browser = suite.browser()
        form = suite.form(suite.begin(browser))
        cookie = browser.get_cookie(COOKIE)
        assert cookie
        others = [suite.browser() for _ in range(4)]
        for each in others:
            each.set_cookie(COOKIE, cookie.value)
        answers = suite.post_at_once(*((each, form) for each in others))
        assert sorted(answers) == [303, 401, 401, 401]
    db.remove()
    assert rows()["launch"] == rows()["sign_in"] == rows()["spent_nonce"] == 3
    assert db.query(Person).count() == 1


def test_65_a_spent_nonce_is_remembered_longer_than_its_state_lives(suite):
    """Else the worker's clearing up would let a replay in."""
    browser = suite.browser()
    form = suite.form(suite.begin(browser))
    suite.accepts(suite.post(browser, form))
    assert db.query(SpentNonce).one().expires_at > datetime.now(UTC) + timedelta(minutes=10)


def test_66_issuer_or_client_other_than_the_logins(suite):
    """Security Framework 5.1.3 steps 2 and 3."""
    for issuer in ("https://canvas.beta.instructure.com", ABSENT, None, ["https://canvas.instructure.com"]):
        suite.refuses(suite.launch(iss=issuer), 401)
    for audience in ("another-client", ["another-client"], ABSENT):
        suite.refuses(suite.launch(aud=audience), 401)


def test_66_another_registration_of_the_same_lms(suite):
    """A state says which registration the login was for; a token of another one does not fit, registered or not."""
    register_another(suite)
    suite.refuses(suite.launch(aud="another-client", azp="another-client"), 401)


def test_67_parallel_tabs(suite):
    """A course page with several frames: logins and launches interleave in one browser, and all of them open."""
    browser = suite.browser()
    links = ["g4-same-me", "g4-game-chat-choices", "g4-tricky-messages"]
    forms = [suite.form(suite.begin(browser, link=link), link=link) for link in links]
    opened = [suite.accepts(suite.post(browser, form)) for form in reversed(forms)]
    assert len({sign_in.key for sign_in in opened}) == 3
    assert db.query(Launch).count() == 3
