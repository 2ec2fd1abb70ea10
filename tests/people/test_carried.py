"""Pages carried by script: a secret in a header stands for the cookie, and an address alone gets a page that asks."""

import pytest

from core.sealed import new_secret
from people.sign_in import HEADER, VISIT

PAGE = "/completion/mine"
DOCUMENT = {"Sec-Fetch-Dest": "iframe", "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Site": "same-origin"}
SCRIPT = {"Sec-Fetch-Dest": "empty", "Sec-Fetch-Site": "same-origin", "Origin": "http://localhost:8000"}


@pytest.fixture
def nobody(app):
    """A browser that keeps no cookie."""
    return app.test_client(use_cookies=False)


def test_the_secret_in_a_header_opens_the_page_and_its_links_keep_the_tab(nobody, signed_in):
    tab = signed_in("teacher")
    answer = nobody.get(f"{PAGE}?{VISIT}={tab.visit}", headers=SCRIPT | {HEADER: tab.secret})
    assert answer.status_code == 200 and f"visit={tab.visit}" in answer.text
    assert tab.secret not in answer.text


def test_another_tabs_secret_opens_nothing(nobody, signed_in):
    tab, other = signed_in("teacher"), signed_in("teacher")
    for secret in (other.secret, new_secret(), "", "x"):
        answer = nobody.get(f"{PAGE}?{VISIT}={tab.visit}", headers=SCRIPT | {HEADER: secret})
        assert answer.status_code == 401


@pytest.mark.parametrize("dest", ["document", "iframe", "frame"])
def test_a_reload_gets_a_small_page_that_asks_again_by_script(nobody, signed_in, dest):
    tab = signed_in("teacher")
    answer = nobody.get(f"{PAGE}?{VISIT}={tab.visit}", headers=DOCUMENT | {"Sec-Fetch-Dest": dest})
    assert answer.status_code == 401 and answer.headers["Cache-Control"] == "no-store"
    assert "core/reopen.js" in answer.text and "What is asked of me" not in answer.text
    assert "open the lesson again" in answer.text.split("<noscript>")[1].split("</noscript>")[0]
    policy = answer.headers["Content-Security-Policy"]
    assert "script-src 'self';" in policy and "unsafe" not in policy


def test_the_small_page_may_stand_where_the_launch_stood_and_speaks_its_language(app, nobody, signed_in):
    from core.database import db
    from people.models import SignIn

    tab = signed_in("teacher")
    sign_in = db.query(SignIn).filter_by(key=tab.visit).one()
    sign_in.framed_by, sign_in.locale = "https://lms.example", "es-MX"
    db.commit()
    answer = nobody.get(f"{PAGE}?{VISIT}={tab.visit}", headers=DOCUMENT)
    assert answer.headers["Content-Security-Policy"].endswith("frame-ancestors 'self' https://lms.example")
    assert '<html lang="es">' in answer.text and "Abriendo tu lección" in answer.text


def test_an_address_that_was_made_up_gets_the_same_small_page(nobody, signed_in):
    """Nothing tells a key that exists from one that does not, but the sites that may frame it."""
    answer = nobody.get(f"{PAGE}?{VISIT}=made-up", headers=DOCUMENT)
    assert answer.status_code == 401 and "core/reopen.js" in answer.text


def test_whose_cookie_comes_never_sees_it(signed_in):
    tab = signed_in("teacher")
    answer = tab.get(PAGE, headers=DOCUMENT)
    assert answer.status_code == 200 and "core/carry.js" not in answer.text


def test_a_script_or_a_program_is_refused_as_before(nobody, signed_in):
    tab = signed_in("teacher")
    for headers in ({}, SCRIPT):
        answer = nobody.get(f"{PAGE}?{VISIT}={tab.visit}", headers=headers)
        assert answer.status_code == 401 and "core/carry.js" not in answer.text


def test_a_foreign_form_changes_nothing_whatever_it_carries(nobody, signed_in):
    tab = signed_in("teacher")
    address = f"/completion/agreement?{VISIT}={tab.visit}"
    for foreign in (
        {"Sec-Fetch-Site": "cross-site", "Origin": "https://elsewhere.example"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "https://elsewhere.example"},
    ):
        answer = nobody.post(address, headers=foreign | {HEADER: tab.secret})
        assert answer.status_code == 403
    assert nobody.post(address, headers=SCRIPT | {HEADER: tab.secret}).status_code != 403
