"""The shapes that Cisco ISE and Aruba ClearPass read."""

import base64

import pytest
import sqlalchemy as sa

from core.database import db
from people import api_clients
from people.disclosure_models import Disclosure

ISE, CHANGES, CLEARPASS = (
    "/export/ise/v1/standings",
    "/export/ise/v1/changes",
    "/export/clearpass/v1/standing/",
)
FLAT = {"id", "sourcedId", "username", "email", "audience", "access", "state", "validUntil", "seq"}


@pytest.fixture
def program(app, district):
    """program(*scopes, of=district) -> get(path) with HTTP Basic."""

    def make(*scopes: str, of=district):
        client, secret = api_clients.issue(of, "nac", scopes)
        db.commit()
        pair = base64.b64encode(f"{client.client_id}:{secret}".encode()).decode()

        def get(path: str):
            db.remove()
            return app.test_client().get(path, headers={"Authorization": f"Basic {pair}"})

        return get

    return make


def test_ise_reads_everybody_flat_under_the_key_it_asks_for(change, program):
    ann, ben = change("complete", "allow"), change("revoked", "deny")
    get = program("standing.read")
    answer = get(ISE).json
    assert list(answer) == ["standings"] and all(set(each) == FLAT for each in answer["standings"])
    assert [(each["id"], each["access"]) for each in answer["standings"]] == [
        (ann.public_id, "allow"), (ben.public_id, "deny"),
    ]  # fmt: skip
    assert all(isinstance(value, str | int) for each in answer["standings"] for value in each.values())
    assert list(get(f"{ISE}?parent=result").json) == ["result"]


def test_its_incremental_url_says_who_changed_in_the_last_day_or_since_a_number(change, program, later):
    ann = change()
    with later(days=2):
        ben = change("expired", "limited")
        get = program("standing.read")
        assert [each["id"] for each in get(CHANGES).json["standings"]] == [ben.public_id]
        assert len(get(f"{CHANGES}?since=0").json["standings"]) == 2
        assert [each["id"] for each in get(f"{CHANGES}?since=1").json["standings"]] == [ben.public_id]
    assert ann.public_id != ben.public_id


def test_a_list_longer_than_a_portion_is_whole(change, program, monkeypatch):
    monkeypatch.setattr("feeds.people.PORTION", 2)
    for count in (1, 2, 4):
        people = [change() for _ in range(count)]
        get = program("standing.read")
        listed = [each["id"] for each in get(ISE).json["standings"]]
        assert listed[-count:] == [each.public_id for each in people] and len(set(listed)) == len(listed)
    assert len(listed) == 7
    changed = [each["id"] for each in get(f"{CHANGES}?since=4").json["standings"]]
    assert changed == listed[4:]


def test_each_list_is_noted_as_a_disclosure(change, program, district):
    change(), change()
    program("standing.read")(ISE)
    noted = db.scalars(sa.select(Disclosure).filter_by(district_id=district.id)).one()
    assert (noted.kind, noted.people) == ("standings", 2) and noted.reader.startswith("client:c_")


def test_clearpass_reads_one_name_flat(change, program):
    ann = change("expired", "limited")
    get = program("standing.decide")
    assert get(f"{CLEARPASS}p{ann.id}").json == {
        "username": f"p{ann.id}", "known": True, "access": "limited", "audience": "staff", "next_change_at": "",
    }  # fmt: skip
    assert get(f"{CLEARPASS}EVERGREEN%5Cp{ann.id}").json["access"] == "limited"
    assert get(f"{CLEARPASS}p{ann.id}@evergreen.example").json["access"] == "limited"


@pytest.mark.parametrize("name", ["nobody", "x" * 400, "p1@mail.example", "%00", "é"])
def test_clearpass_hears_200_and_unknown_of_a_name_nobody_has(change, program, name):
    change()
    answer = program("standing.decide")(f"{CLEARPASS}{name}")
    if name == "%00":
        assert answer.status_code == 404
        return
    assert answer.status_code == 200 and answer.json["access"] == "unknown" and answer.json["known"] is False


def test_the_log_holds_no_name(change, program, capsys):
    program("standing.decide")(f"{CLEARPASS}drivera")
    assert "drivera" not in capsys.readouterr().err


@pytest.mark.parametrize("path", [ISE, CHANGES, f"{CLEARPASS}p1"])
def test_an_outsider_knocks(client, program, path):
    assert client.get(path).status_code == 401
    assert client.get(path, headers={"Authorization": "Bearer x"}).status_code == 401
    wrong = base64.b64encode(b"c_none:secret").decode()
    answer = client.get(path, headers={"Authorization": f"Basic {wrong}"})
    assert answer.status_code == 401 and answer.headers["WWW-Authenticate"].startswith("Basic")
    other = "standing.read" if "clearpass" in path else "standing.decide"
    assert program(other)(path).status_code == 403


def test_a_program_of_another_district_reads_its_own_people_alone(change, program, elsewhere):
    ann = change()
    assert program("standing.read", of=elsewhere)(ISE).json == {"standings": []}
    known = program("standing.decide", of=elsewhere)(f"{CLEARPASS}p{ann.id}").json
    assert known["access"] == "unknown"


@pytest.mark.parametrize("query", ["?parent=a-b", "?parent=", "?since=x", "?since=-1"])
def test_an_odd_parameter_is_named(program, query):
    answer = program("standing.read")(CHANGES + query)
    assert answer.status_code == 422 and query.startswith(f"?{answer.json['field']}=")
