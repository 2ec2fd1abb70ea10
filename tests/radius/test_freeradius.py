"""The configuration of docs/radius in a real FreeRADIUS: what an access point is told, on good days and bad ones.

The table is that of the probe this was built on: each row once let somebody in by accident, or locked everybody out.
"""

import subprocess
from collections.abc import Callable

import pytest
import requests
import sqlalchemy as sa

from access.models import Standing
from core.database import db
from people import api_clients
from tests.radius.conftest import ROLES, Stand, set_roles
from tests.radius.freeradius import (
    PASSWORD,
    RESTRICTED_FILTER_ID,
    RESTRICTED_VLAN,
    SECRET,
    FreeRadius,
    running_freeradius,
    self_signed,
)
from tests.radius.front import BAD_DAYS
from tests.radius.packets import Reply, ask_radius
from tests.radius.stage import running_service


@pytest.fixture
def ask(radius: FreeRadius) -> Callable[[str], Reply]:
    db.remove()
    return lambda username: ask_radius(radius.port, username)


STAFF = ("staff-full", "100")
LIMITED = ("course-only", "900")
UNKNOWN = ("unknown", "999")
CLOSED = (RESTRICTED_FILTER_ID, RESTRICTED_VLAN)


def network(reply: Reply) -> tuple[object, object]:
    assert reply.accepted
    assert (reply.said["tunnel_type"], reply.said["medium"], reply.said["termination"]) == (13, 6, 1)
    assert 0 < int(reply.said["seconds"]) <= 28800
    return reply.said["filter_id"], reply.vlan


def everybody(stand: Stand) -> None:
    stand("drivera", "allow")
    stand("newhire", "limited")
    stand("suspended", "deny", state="revoked", reason="revoked")


def test_a_good_day(ask, stand, front, radius):
    """Rows 1 and 3 of the table: an answer is followed, a refusal is a reject, and each asks us once."""
    everybody(stand)
    assert network(ask("drivera")) == STAFF
    limited = ask("newhire")
    assert network(limited) == LIMITED
    assert limited.said["message"] == ROLES["limited"]["message"], "our text was expanded or changed"
    assert network(ask("nobody")) == UNKNOWN
    refused = ask("suspended")
    assert (refused.accepted, refused.said) == (False, {"message": "Ask the help desk"})
    assert front.asked == 4
    assert radius.fallbacks() == []


BAD = [*BAD_DAYS, "slow", "cut off"]


@pytest.mark.parametrize("day", BAD)
def test_a_bad_day_brings_the_last_known_answer_else_the_restricted_network(ask, stand, front, radius, day):
    """Rows 2 and 4 to 7: whatever comes instead of an answer lets nobody in, and locks nobody out."""
    everybody(stand)
    for name in ("drivera", "newhire", "suspended"):
        ask(name)
    front.day = day
    stand("latecomer", "allow")
    remembered = ask("drivera")
    assert network(remembered) == STAFF
    assert remembered.said["seconds"] == 600, "what is only remembered is asked for again soon"
    assert network(ask("newhire")) == LIMITED
    assert not ask("suspended").accepted, "an outage undid a revocation"
    assert network(ask("latecomer")) == CLOSED
    assert [line.partition("; ")[2] for line in radius.fallbacks()] == [
        "staff",
        "limited",
        "denied",
        "restricted",
    ]
    front.day = "good"
    assert network(ask("latecomer")) == STAFF
    assert len(radius.fallbacks()) == 4


def test_our_own_refusals_are_a_bad_day_too(ask, stand, gate, district):
    """Row 5 with our own words: a revoked client is IT's mistake about a program, not a verdict on people."""
    everybody(stand)
    for name in ("drivera", "suspended"):
        ask(name)
    api_clients.revoke(gate.client_id)
    db.commit()
    db.remove()
    assert network(ask("drivera")) == STAFF
    assert not ask("suspended").accepted
    assert network(ask("nobody")) == CLOSED


def test_before_the_roles_are_said_everybody_is_restricted(service, district, make_program, stand, tmp_path):
    stand("drivera", "allow")
    program = make_program(district, ("standing.decide",))
    with running_freeradius(tmp_path / "raddb", service.url, program.client_id, program.secret) as radius:
        db.remove()
        assert network(ask_radius(radius.port, "drivera")) == CLOSED
        set_roles(district)
        db.remove()
        assert network(ask_radius(radius.port, "drivera")) == STAFF


def test_a_wrong_password_is_a_clean_reject_and_asks_nobody(radius, stand, front):
    """Row 8: a reject carries no VLAN."""
    everybody(stand)
    db.remove()
    refused = ask_radius(radius.port, "drivera", "guess")
    assert (refused.accepted, refused.said) == (False, {})
    assert front.asked == 0


def test_what_is_remembered_is_what_was_said_last(ask, stand, front):
    person = stand("drivera", "allow")
    assert network(ask("drivera")) == STAFF
    stands(person, "limited")
    assert network(ask("drivera")) == LIMITED
    front.day = "503"
    assert network(ask("drivera")) == LIMITED
    front.day = "good"
    stands(person, "deny")
    assert not ask("drivera").accepted
    front.day = "503"
    assert not ask("drivera").accepted
    front.day = "good"
    stands(person, "allow")
    assert network(ask("drivera")) == STAFF


def test_one_person_is_remembered_once_however_their_device_says_the_name(ask, stand, front):
    person = stand("tsmith", "allow")
    assert network(ask("EVERGREEN\\tsmith")) == STAFF
    stands(person, "deny")
    assert not ask("TSmith").accepted
    front.day = "503"
    assert not ask("EVERGREEN\\tsmith").accepted
    assert not ask("tsmith").accepted


def test_a_role_without_a_vlan_is_remembered_without_one(ask, stand, front, district):
    from access.radius_models import RadiusPolicy

    policy = db.scalars(sa.select(RadiusPolicy).filter_by(district_id=district.id)).one()
    policy.roles = policy.roles | {"staff": ROLES["staff"] | {"vlan": None}}
    db.commit()
    stand("drivera", "allow")
    db.remove()
    for front.day in ("good", "503"):
        told = ask("drivera")
        assert (told.accepted, told.vlan, told.said["filter_id"]) == (True, None, "staff-full")


@pytest.mark.parametrize("name", ['a"b', "a\\", "%{User-Password}", "${confdir}", "é", "{}", "'; x"])
def test_odd_names_break_nothing(ask, stand, front, radius, name):
    assert network(ask(name)) == UNKNOWN
    assert (front.asked, radius.fallbacks()) == (1, [])


def test_the_gate_down_and_up_again(service, database_url, gate, stand, tmp_path):
    """Connection refused, from the very start: FreeRADIUS starts without us, and finds us when we are there."""
    everybody(stand)
    db.remove()
    with running_service(database_url, tmp_path) as own:
        own.programs.kill(own.master)
        with running_freeradius(tmp_path / "raddb", own.url, gate.client_id, gate.secret) as radius:
            assert network(ask_radius(radius.port, "drivera")) == CLOSED
            own.start_again()
            eventually(lambda: network(ask_radius(radius.port, "drivera")) == STAFF)
            assert not ask_radius(radius.port, "suspended").accepted
            own.programs.kill(own.master)
            assert network(ask_radius(radius.port, "drivera")) == STAFF
            assert not ask_radius(radius.port, "suspended").accepted
            assert network(ask_radius(radius.port, "newhire")) == CLOSED


def test_over_https_only_the_true_service_is_believed(database_url, gate, stand, tmp_path):
    stand("drivera", "allow")
    db.remove()
    for name in ("ours", "other"):
        key, certificate = self_signed("lessons.evergreen.example")
        (tmp_path / f"{name}.key").write_bytes(key)
        (tmp_path / f"{name}.pem").write_bytes(certificate)
    tls = ("--keyfile", tmp_path / "ours.key", "--certfile", tmp_path / "ours.pem")
    with running_service(database_url, tmp_path, *tls) as service:
        url = f"https://localhost:{service.port}"
        assert requests.get(f"{url}/healthz", verify=str(tmp_path / "ours.pem"), timeout=5).ok
        for name, there in (("ours", STAFF), ("other", CLOSED)):
            ca = tmp_path / f"{name}.pem"
            with running_freeradius(
                tmp_path / f"raddb-{name}", url, gate.client_id, gate.secret, ca
            ) as radius:
                assert network(ask_radius(radius.port, "drivera")) == there


def test_radtest_as_the_readme_has_it(radius, stand):
    everybody(stand)
    db.remove()
    said = {name: radtest(radius, name) for name in ("drivera", "newhire", "suspended")}
    assert "Access-Accept" in said["drivera"] and 'Tunnel-Private-Group-Id:0 = "100"' in said["drivera"]
    assert 'Filter-Id = "course-only"' in said["newhire"]
    assert "Access-Reject" in said["suspended"]


def radtest(radius: FreeRadius, name: str) -> str:
    command = ["radtest", name, PASSWORD, f"127.0.0.1:{radius.port}", "0", SECRET]
    return subprocess.run(command, capture_output=True, text=True, timeout=30, check=False).stdout


def stands(person, access: str) -> None:
    db.execute(sa.update(Standing).where(Standing.person_id == person.id).values(access=access))
    db.commit()
    db.remove()


def eventually(done: Callable[[], bool]) -> None:
    import time

    deadline = time.monotonic() + 10
    while True:
        try:
            assert done()
            return
        except AssertionError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.3)
