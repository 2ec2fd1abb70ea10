"""Who is at the other end of a tab: a visit key and a browser's cookie, never one without the other."""

from datetime import timedelta

import sqlalchemy as sa
import time_machine

from core.clock import now
from core.database import db, transaction
from core.sealed import new_secret
from people.models import SignIn
from people.sign_in import COOKIE, LASTS, forget_old_sign_ins
from tests.browsers import Browser

PAGE = "/completion/mine"


def test_the_right_key_in_the_right_browser_opens(signed_in):
    assert signed_in("teacher").get(PAGE).status_code == 200


def test_a_key_that_leaked_opens_nothing_in_another_browser(app, signed_in):
    tab = signed_in("teacher")
    thief = Browser(app, tab.person, new_secret(), tab.visit)
    answer = thief.get(PAGE)
    assert answer.status_code == 401 and "open the lesson again" in answer.text


def test_a_cookie_without_a_key_opens_nothing(app, signed_in):
    client = app.test_client()
    client.set_cookie(COOKIE, signed_in("teacher").secret)
    assert client.get(PAGE).status_code == 401


def test_a_sign_in_runs_out_and_is_forgotten(signed_in):
    tab = signed_in("teacher")
    with time_machine.travel(now() + LASTS + timedelta(seconds=1), tick=False):
        assert tab.get(PAGE).status_code == 401
        with transaction():
            forget_old_sign_ins()
    assert db.scalar(sa.select(sa.func.count(SignIn.id))) == 0


def test_a_form_of_another_site_changes_nothing(signed_in):
    tab = signed_in("teacher")
    foreign = {"Sec-Fetch-Site": "cross-site", "Origin": "https://elsewhere.example"}
    assert tab.post("/completion/agreement", headers=foreign).status_code == 403
    assert (
        tab.post("/completion/agreement", headers={"Origin": "https://elsewhere.example"}).status_code == 403
    )


def test_every_address_on_a_page_keeps_the_tab(signed_in):
    tab = signed_in("teacher")
    page = tab.get(PAGE).text
    assert f"visit={tab.visit}" in page
