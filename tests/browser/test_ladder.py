"""Every rung of docs/decisions/0011, in Chromium, in the frame of another site."""

import re
import time
from urllib.parse import parse_qs, urlsplit

import pytest
import sqlalchemy as sa
from playwright.sync_api import expect

from core.database import db
from people.models import SignIn

FRONT = "You will be able to"
CHOICE = "One more click to your lesson"
PARTED = "Partitioned"


def opened(frame) -> None:
    expect(frame.get_by_role("heading", name=FRONT)).to_be_visible()


def is_carried(framed, page) -> bool:
    return framed.frame(page).evaluate("'carry' in window && history.state !== null")


def storage_is_closed(framed, page) -> bool:
    return framed.frame(page).evaluate("() => { try { sessionStorage; return false } catch { return true } }")


def sign_ins() -> int:
    db.remove()
    found = db.scalar(sa.select(sa.func.count(SignIn.id)))
    db.remove()
    return found


def test_a_partitioned_cookie_is_the_first_rung_and_nothing_is_carried(framed, blocking):
    page, frame = framed.open(blocking)
    opened(frame)
    inner = framed.frame(page)
    inner.evaluate("document.cookie = 'plain=1; SameSite=None; Secure'")
    assert inner.evaluate("document.cookie") == "", "the control: an ordinary third-party cookie is blocked"
    assert not is_carried(framed, page)
    assert all(cookie["name"].startswith("browser") for cookie in blocking.cookies(framed.address))
    page.reload()
    opened(frame)
    assert len([line for line in framed.asked if "GET /lti/browser" in line]) == 1, "asked once per browser"


def test_several_frames_at_a_first_visit_all_open(framed, blocking):
    """Their logins cross: each leaves a cookie of its own, and none wipes another's."""
    page = blocking.new_page()
    page.goto(f"{framed.lms.base_url}/people/ana")
    for link in ("g4-same-me", "g4-game-chat-choices", "g4-tricky-messages"):
        page.evaluate(
            """(address) => { const frame = document.createElement("iframe"); frame.src = address;
            frame.className = "tool"; document.body.append(frame) }""",
            f"/launch/ana/{link}",
        )
    for number in range(3):
        opened(page.frame_locator("iframe.tool").nth(number))
    assert sign_ins() == 3


def test_the_frames_own_storage(framed, blocking):
    """No cookie of ours in a frame, but the frame may keep things, apart from other sites."""
    framed.older.drops = "Partitioned"
    framed.lms.set_storage("off")
    page, frame = framed.open(blocking)
    opened(frame)
    assert is_carried(framed, page) and blocking.cookies(framed.address) == []
    page.frames[1].evaluate("location.reload()")
    opened(frame)
    kept = framed.frame(page).evaluate("Object.keys(sessionStorage)")
    assert len(kept) == 1 and kept[0].startswith("carried-"), "what the launch needed is cleared away"


@pytest.mark.parametrize("framed", ["canvas", "schoology"], indirect=True)
def test_the_platforms_storage_in_a_frame_beside_ours_or_in_the_page_around(framed, closed):
    framed.older.drops = PARTED
    page, frame = framed.open(closed)
    opened(frame)
    assert is_carried(framed, page) and storage_is_closed(framed, page)
    assert closed.cookies(framed.address) == []


def test_a_silent_platform_costs_less_than_three_seconds_and_then_one_click(framed, closed):
    framed.older.drops = PARTED
    framed.lms.set_storage("silent")
    began = time.monotonic()
    _page, frame = framed.open(closed)
    expect(frame.get_by_role("heading", name="Opening your lesson")).to_be_visible()
    expect(frame.get_by_role("heading", name=CHOICE)).to_be_focused()
    assert 2.0 < time.monotonic() - began < 10
    with closed.expect_page() as window:
        frame.get_by_role("button", name="Open in a new window").click()
    opened(window.value)
    expect(frame.get_by_role("status")).to_have_text(
        "Your lesson opens in a new window. This page can stay as it is."
    )
    assert not window.value.evaluate("'carry' in window"), "a window of our own has our cookie"


def test_no_platform_storage_offers_the_choice_at_once_and_no_is_no_dead_end(framed, closed):
    framed.older.drops = PARTED
    framed.lms.set_storage("off")
    page, frame = framed.open(closed)
    expect(frame.get_by_role("heading", name=CHOICE)).to_be_visible()
    assert page.frames[1].title() == CHOICE
    frame.get_by_role("button", name="Continue here").click()
    expect(frame.get_by_text("That is not allowed here. A new window works.")).to_be_visible()
    expect(frame.get_by_role("button", name="Continue here")).to_be_hidden()
    expect(frame.get_by_role("button", name="Open in a new window")).to_be_focused()


def test_storage_access_opens_the_lesson_with_one_click_and_survives_a_reload(framed, closed):
    """Chromium asks the reader; here the permission is given beforehand, the click is still needed."""
    framed.older.drops = PARTED
    framed.lms.set_storage("off")
    closed.grant_permissions(["storage-access"])
    page, frame = framed.open(closed)
    frame.get_by_role("button", name="Continue here").click()
    opened(frame)
    framed.frame(page).evaluate("location.reload()")
    opened(frame)
    frame.get_by_role("button", name="Start").click()
    expect(frame.locator(".player")).to_contain_text("1 of ")


def test_a_browser_that_keeps_nothing_at_all_opens_by_the_platforms_storage(framed, keeping_nothing):
    page, frame = framed.open(keeping_nothing)
    opened(frame)
    assert is_carried(framed, page) and storage_is_closed(framed, page)
    assert keeping_nothing.cookies(framed.address) == []
    framed.frame(page).evaluate("location.reload()")
    opened(frame)


def test_where_nothing_can_work_the_words_are_plain(framed, keeping_nothing):
    framed.lms.set_storage("off")
    _, frame = framed.open(keeping_nothing)
    with keeping_nothing.expect_page() as window:
        frame.get_by_role("button", name="Open in a new window").click()
    expect(window.value.get_by_role("heading")).to_contain_text("the browser kept our cookie back")
    expect(window.value.get_by_role("button", name="Open in a new window")).to_have_count(0)
    assert sign_ins() == 0


def test_without_scripts_a_link_goes_on_with_the_cookie(framed, chromium):
    context = chromium.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{framed.lms.base_url}/people/ana/g4-same-me")
    frame = page.frame_locator("iframe#tool")
    frame.get_by_role("button", name="Continue to the lesson").click()
    frame.get_by_role("link", name="Go on to the lesson").click()
    frame.get_by_role("button", name="Continue to the lesson").click()
    opened(frame)
    context.close()


def test_what_one_browser_began_no_other_ends(framed, closed, keeping_nothing):
    """Row 62 in a frame: the launch of a state begun elsewhere finds no secret, and offers the way that begins anew."""
    framed.older.drops = PARTED
    posted = []
    closed.on(
        "request", lambda each: posted.append(each.post_data) if each.url.endswith("/lti/launch") else None
    )
    _, frame = framed.open(closed)
    opened(frame)
    form = {name: values[0] for name, values in parse_qs(posted[0]).items()}
    fresh = framed.lms.sign(framed.lms.launch_claims("ben", "g4-same-me", nonce="of-nobody"))
    page, second = framed.open(keeping_nothing, "pupil03", "g4-tricky-messages")
    opened(second)
    before = sign_ins()
    page.evaluate(
        """({address, fields}) => { const frame = document.createElement("iframe"); frame.name = "victim";
        document.body.append(frame); const form = document.createElement("form"); form.method = "post";
        form.action = address; form.target = "victim"; for (const [name, value] of Object.entries(fields)) {
        const input = document.createElement("input"); input.name = name; input.value = value; form.append(input) }
        document.body.append(form); form.submit() }""",
        {"address": f"{framed.address}/lti/launch", "fields": form | {"id_token": fresh}},
    )
    victim = page.frame_locator("iframe[name=victim]")
    expect(victim.get_by_role("heading")).to_contain_text("not begun in this browser")
    expect(victim.get_by_role("button", name="Open in a new window")).to_be_visible()
    assert sign_ins() == before


@pytest.mark.parametrize("mode", ["on", "off"])
def test_nothing_secret_stands_in_an_address(framed, closed, mode):
    """Neither the id_token nor the browser's secret, on no rung; what our own log says is looked at elsewhere."""
    framed.older.drops = PARTED if mode == "on" else ""
    page, frame = framed.open(closed)
    opened(frame)
    secret = (
        framed.frame(page).evaluate("history.state?.carried") or closed.cookies(framed.address)[0]["value"]
    )
    said = "\n".join(framed.asked)
    assert len(secret) == 32 and secret not in said and "id_token" not in said
    assert not re.search(r"eyJ[\w-]+\.eyJ", said)
    for line in framed.asked:
        assert set(parse_qs(urlsplit(line.split(" ")[1]).query)) <= {"v", "visit", "chose"}
