"""802.1X against docs/radius with a real supplicant: the network comes from inside the tunnel, asked for once."""

import re
import subprocess
from dataclasses import dataclass

import pytest

from core.database import db
from tests.radius.conftest import Stand
from tests.radius.freeradius import (
    PASSWORD,
    RESTRICTED_VLAN,
    SECRET,
    FreeRadius,
    running_freeradius,
)

SUPPLICANT = """network={{
 ssid="school"
 key_mgmt=WPA-EAP
 eap={method}
 identity="{name}"
 anonymous_identity="anonymous@evergreen.example"
 password="{password}"
 phase2="auth={inner}"
}}
"""
VENDORS = r"Attribute 26 \([^)]*\) length=\d+\n\s+Value: (?:00000009|0000372a)([0-9a-f]+)"
"""Of Cisco and WISPr, not the keys of Microsoft."""
METHODS = [("TTLS", "PAP"), ("PEAP", "MSCHAPV2")]


@dataclass
class SignedOn:
    """What the last answer of a sign-in said."""

    accepted: bool
    eap_failure: bool
    vlan: str | None
    vendors: list[str]
    """What vendors' attributes said."""


def sign_on(
    radius: FreeRadius, name: str, method: str, inner: str, *more: str, password: str = PASSWORD
) -> SignedOn:
    db.remove()
    told = radius.folder / "supplicant.conf"
    told.write_text(SUPPLICANT.format(method=method, inner=inner, name=name, password=password))
    port = str(radius.eap_port)
    command = ["eapol_test", "-c", told, "-a", "127.0.0.1", "-p", port, "-s", SECRET, "-t", "15", *more]
    said = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False).stdout
    last = said[said.rindex("RADIUS message: code=") :]
    vlan = re.search(r"Attribute 81 \([^)]*\) length=\d+\n\s+Value: ([0-9a-f]+)", last)
    return SignedOn(
        accepted=last.startswith("RADIUS message: code=2 "),
        eap_failure="decapsulated EAP packet (code=4 " in last,
        vendors=[bytes.fromhex(each)[2:].decode() for each in re.findall(VENDORS, last)],
        vlan=bytes.fromhex(vlan[1]).lstrip(b"\0").decode() if vlan else None,
    )


@pytest.mark.parametrize(("method", "inner"), METHODS)
def test_each_person_is_on_their_network_and_asked_about_once(radius, front, stand: Stand, method, inner):
    stand("drivera", "allow")
    stand("newhire", "limited")
    for asked, (name, vlan) in enumerate([("drivera", "100"), ("newhire", "900"), ("nobody", "999")], 1):
        signed_on = sign_on(radius, name, method, inner)
        assert (signed_on.accepted, signed_on.vlan) == (True, vlan)
        assert front.asked == asked, "once for each sign-in, and by the name inside the tunnel"


@pytest.mark.parametrize(("method", "inner"), METHODS)
def test_a_refusal_is_a_failure_that_the_device_understands(radius, front, stand: Stand, method, inner):
    stand("suspended", "deny", state="revoked", reason="revoked")
    refused = sign_on(radius, "suspended", method, inner)
    assert (refused.accepted, refused.eap_failure, refused.vlan) == (False, True, None)
    assert front.asked == 1


@pytest.mark.parametrize(("method", "inner"), METHODS)
def test_a_wrong_password_asks_nobody(radius, front, stand: Stand, method, inner):
    stand("drivera", "allow")
    refused = sign_on(radius, "drivera", method, inner, password="guess")
    assert (refused.accepted, refused.vlan, front.asked) == (False, None, 0)


def test_an_outage_is_survived_inside_the_tunnel_too(radius, front, stand: Stand):
    stand("drivera", "allow")
    stand("suspended", "deny", state="revoked", reason="revoked")
    assert sign_on(radius, "drivera", "TTLS", "PAP").vlan == "100"
    assert not sign_on(radius, "suspended", "TTLS", "PAP").accepted
    front.day = "503"
    assert sign_on(radius, "drivera", "TTLS", "PAP").vlan == "100"
    assert not sign_on(radius, "suspended", "TTLS", "PAP").accepted
    assert sign_on(radius, "latecomer", "TTLS", "PAP").vlan == RESTRICTED_VLAN


def test_a_resumed_session_is_restricted_rather_than_let_in(front, gate, stand: Stand, tmp_path):
    """Somebody switches session tickets on: the tunnel is skipped, and nobody asks."""
    stand("drivera", "allow")
    resumes = "enable = yes\n lifetime = 1\n name = try\n persist_dir = ${run_dir}"
    changed = {"mods-enabled/eap": ("enable = no", resumes)}
    with running_freeradius(tmp_path / "raddb", front.url, gate.client_id, gate.secret, **changed) as radius:
        signed_on = sign_on(radius, "drivera", "TTLS", "PAP", "-r", "1")
        assert front.asked == 1, "the second time no question was asked: the session was resumed"
        assert (signed_on.accepted, signed_on.vlan) == (True, RESTRICTED_VLAN)
