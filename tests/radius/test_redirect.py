"""Who is held back is sent to the page that says what is missing: the rules, our answer, and a real FreeRADIUS."""

import json

import pytest

from access.radius_models import RadiusPolicy
from access.redirects import CISCO, LONGEST, WISPR, redirect
from access.tickets import person_behind
from core.clock import now
from core.database import db
from tests.radius.conftest import ROLES
from tests.radius.packets import ask_radius
from tests.radius.test_eap import sign_on

PAGE = "http://localhost:8000/public/evergreen/held"
OF_WISPR, URL = 14122, 4
OF_CISCO, PAIR = 9, 1

REDIRECTING = {
    **ROLES,
    "limited": {**ROLES["limited"], "message": None, "redirect": CISCO, "redirect_acl": "rua-redirect"},
    "unknown": {**ROLES["unknown"], "redirect": WISPR, "redirect_acl": None},
    "denied": {**ROLES["denied"], "redirect": WISPR, "redirect_acl": None},
}


@pytest.fixture
def sending(gate, district):
    """The gate of a district that sends whom it holds back to our page."""
    db.query(RadiusPolicy).filter_by(district_id=district.id).one().roles = REDIRECTING
    db.commit()
    return gate


@pytest.mark.parametrize(
    ("kind", "acl", "slug", "ticket", "expected"),
    [
        (WISPR, None, "oak", "T" * 98, ["https://a.example/public/oak/held/" + "T" * 98]),
        (WISPR, None, "oak", None, ["https://a.example/public/oak/held"]),
        (CISCO, None, "oak", None, ["url-redirect=https://a.example/public/oak/held"]),
        (
            CISCO,
            "acl",
            "oak",
            None,
            ["url-redirect=https://a.example/public/oak/held", "url-redirect-acl=acl"],
        ),
        # What does not fit is left out: the ticket first, then all of it.
        (WISPR, None, "oak", "T" * 230, ["https://a.example/public/oak/held"]),
        (WISPR, None, "o" * 240, "T", None),
    ],
)
def test_the_address_in_an_attribute(kind, acl, slug, ticket, expected):
    said = redirect(kind, acl, "https://a.example", slug, ticket)
    assert list(said.values()) == ([expected] if expected else [])
    assert all(len(each.encode()) <= LONGEST for values in said.values() for each in values)


def reply(program, name: str) -> dict[str, dict[str, object]]:
    db.remove()
    headers = program.basic()
    found: dict[str, dict[str, object]] = json.loads(
        program.http.post("/radius/v1/standing", json={"username": name}, headers=headers).text
    )
    return found


def test_only_who_is_held_back_is_sent_and_the_ticket_is_their_own(sending, stand, district):
    stand("drivera", "allow")
    newhire = stand("newhire", "limited")
    gone = stand("suspended", "deny", state="revoked", reason="revoked")
    assert not {key for key in reply(sending, "drivera") if "WISPr" in key or "Cisco" in key}
    pairs = reply(sending, "newhire")["reply:Cisco-AVPair"]
    address, acl = pairs["value"]
    assert acl == "url-redirect-acl=rua-redirect" and address.startswith(f"url-redirect={PAGE}/")
    assert pairs["do_xlat"] is False
    ticket = address.rpartition("/")[2]
    assert person_behind(ticket, district.id, now()) == newhire.id
    assert str(newhire.public_id) not in address and "newhire" not in address
    (other,) = reply(sending, "suspended")["reply:WISPr-Redirection-URL"]["value"]
    assert person_behind(other.rpartition("/")[2], district.id, now()) == gone.id
    assert reply(sending, "nobody")["reply:WISPr-Redirection-URL"]["value"] == [PAGE]


def test_it_is_off_unless_said(gate, stand):
    stand("newhire", "limited")
    assert not {key for key in reply(gate, "newhire") if "WISPr" in key or "Cisco" in key}


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        (["--role", "staff", "--vlan", "1", "--redirect", "wispr"], "only limited, unknown, denied"),
        (["--role", "denied", "--redirect", "cisco"], "redirects nobody"),
        (["--role", "limited", "--vlan", "9", "--redirect-acl", "x"], "goes with --redirect cisco"),
        (
            ["--role", "limited", "--vlan", "9", "--redirect", "cisco", "--redirect-acl", "%{x}"],
            "no name of an access",
        ),
    ],
)
def test_what_the_command_refuses(app, district, words, reason):
    db.remove()
    refused = app.test_cli_runner().invoke(args=["radius", "set", "--district", "evergreen", *words])
    assert refused.exit_code == 1 and reason in refused.output


def test_the_command_says_it(app, district):
    db.remove()
    words = ["--role", "limited", "--vlan", "900", "--redirect", "cisco", "--redirect-acl", "rua-redirect"]
    said = app.test_cli_runner().invoke(args=["radius", "set", "--district", "evergreen", *words])
    assert "limited: VLAN 900, 600 seconds, redirect cisco (access list rua-redirect)" in said.output


# -- a real FreeRADIUS ---------------------------------------------------------------------------------------


def test_freeradius_hands_the_address_on_and_remembers_it(sending, radius, front, stand):
    for name, access in (("drivera", "allow"), ("newhire", "limited"), ("suspended", "deny")):
        stand(name, access)
    db.remove()
    assert ask_radius(radius.port, "drivera").vendors == []
    limited = ask_radius(radius.port, "newhire")
    assert limited.vlan == "900"
    (vendor, kind, address), acl = limited.vendors
    assert (vendor, kind) == (OF_CISCO, PAIR) and address.startswith(f"url-redirect={PAGE}/")
    assert acl == (OF_CISCO, PAIR, "url-redirect-acl=rua-redirect")
    refused = ask_radius(radius.port, "suspended")
    assert not refused.accepted and refused.vlan is None, "a reject carries no VLAN"
    assert [each[:2] for each in refused.vendors] == [(OF_WISPR, URL)]
    assert ask_radius(radius.port, "nobody").vendors == [(OF_WISPR, URL, PAGE)]
    front.day = "503"
    assert ask_radius(radius.port, "newhire").vendors == limited.vendors, (
        "the memory forgot where to send them"
    )


def test_the_address_comes_out_of_the_tunnel(sending, radius, stand):
    stand("newhire", "limited")
    address, acl = sign_on(radius, "newhire", "TTLS", "PAP").vendors
    assert address.startswith(f"url-redirect={PAGE}/") and acl == "url-redirect-acl=rua-redirect"
