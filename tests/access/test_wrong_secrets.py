"""Wrong secrets of programs: after some in a minute, wait. A right one always opens."""

from datetime import UTC, datetime

import pytest
import time_machine
from hypothesis import given
from hypothesis import strategies as st

from core.database import db
from people import wrong_secrets
from people.wrong_secrets import MOST_FOR_A_CLIENT, MOST_FROM_AN_ADDRESS, note_wrong_secret

NOON = datetime(2026, 11, 26, 12, tzinfo=UTC)
TOKEN, RADIUS, ISE = "/oauth/token", "/radius/v1/standing", "/export/ise/v1/standings"
GRANT = {"grant_type": "client_credentials"}


@pytest.fixture(autouse=True)
def clock():
    wrong_secrets._tries.clear()
    with time_machine.travel(NOON, tick=False) as clock:
        yield clock
    wrong_secrets._tries.clear()


def knock(client, path, client_id, secret, address="192.0.2.7"):
    db.remove()
    method = "GET" if path == ISE else "POST"
    said = {"data": GRANT} if path == TOKEN else {"json": {"username": "jdoe"}} if path == RADIUS else {}
    return client.open(
        path, method=method, auth=(client_id, secret), environ_base={"REMOTE_ADDR": address}, **said
    )


@pytest.mark.parametrize("path", [TOKEN, RADIUS, ISE])
def test_who_tries_wrong_secrets_is_told_to_wait(client, district, make_program, clock, path):
    it = make_program(district)
    said = [knock(client, path, it.client_id, f"guess {n}") for n in range(MOST_FOR_A_CLIENT + 1)]
    assert [each.status_code for each in said] == [401] * MOST_FOR_A_CLIENT + [429]
    clock.shift(20)
    refused = knock(client, path, it.client_id, "guess")
    assert (refused.status_code, refused.headers["Retry-After"]) == (429, "40")
    if path == TOKEN:
        assert (
            refused.json["error"] == "invalid_client" and "Retry-After" in refused.json["error_description"]
        )
        assert refused.headers["Cache-Control"] == "no-store"
    else:
        assert refused.mimetype == "application/problem+json"
        assert refused.json["type"] == "/problems/too_many_wrong_secrets"
    clock.shift(40)
    assert knock(client, path, it.client_id, "guess").status_code == 401
    assert len(wrong_secrets._tries) == 2, "what was counted before is forgotten"


@pytest.mark.parametrize("guesser", ["192.0.2.7", "203.0.113.9"])
def test_nobody_can_shut_out_the_districts_own_program(client, district, make_program, guesser):
    """Neither from afar nor from behind the same address, as a pupil of the district is."""
    it = make_program(district)
    for number in range(2 * MOST_FROM_AN_ADDRESS):
        knock(client, TOKEN, it.client_id if number % 2 else f"c_{number}", "guess", guesser)
    assert knock(client, TOKEN, it.client_id, "guess", guesser).status_code == 429
    assert knock(client, TOKEN, it.client_id, it.secret).status_code == 200


def test_made_up_ids_are_counted_by_address_and_say_nothing_of_which_exist(client, district, make_program):
    it = make_program(district)
    for number in range(MOST_FROM_AN_ADDRESS + 1):
        said = knock(client, RADIUS, f"c_{number}", "guess")
    assert said.status_code == 429
    there, not_there = (knock(client, RADIUS, name, "guess") for name in (it.client_id, "c_none"))
    assert (there.status_code, there.json["detail"]) == (not_there.status_code, not_there.json["detail"])
    assert knock(client, RADIUS, "c_none", "guess", "198.51.100.1").status_code == 401


def test_a_house_of_ipv6_is_one_address(clock):
    waits = [note_wrong_secret(f"c_{n}", f"2001:db8::{n:x}") for n in range(MOST_FROM_AN_ADDRESS + 1)]
    assert waits[-1] == 60 and waits[-2] is None
    assert note_wrong_secret("c_x", "2001:db8:0:1::1") is None


@given(st.lists(st.tuples(st.text(max_size=90), st.none() | st.text(max_size=50)), max_size=40))
def test_whatever_is_said_it_remembers_so_many_and_no_more(said):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(wrong_secrets, "MOST_REMEMBERED", 5)
        patch.setattr(wrong_secrets, "_tries", {})
        for name, address in said:
            note_wrong_secret(name, address)
            assert len(wrong_secrets._tries) <= 6  # one try counts twice at most
