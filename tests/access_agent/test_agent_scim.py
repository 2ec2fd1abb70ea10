"""The same agent, towards a SCIM 2.0 server."""

import json
from collections.abc import Iterator
from io import BytesIO

import pytest

from access_agent.__main__ import main
from tests.access_agent.scim_peer import GROUP, TOKEN, LikeEntra, Peer, scim_server
from tests.access_agent.served import serving
from tests.access_agent.slapd import NAMES

PEOPLE = 250
CONFIG = """
target = "scim"
state_file = "state.json"
[service]
url = "{service}"
client_id = "{client_id}"
client_secret_file = "secret"
[scim]
url = "{scim}"
token_file = "token"
"""


class Door:
    """The server, who is in it, and the agent's way to it."""

    def __init__(self, folder, service, url, front):
        self.folder, self.service, self.url, self.front = folder, service, url, front
        self.peer = Peer(url)
        for name, text in (("secret", service.secret), ("token", TOKEN)):
            (folder / name).write_text(text)
            (folder / name).chmod(0o600)

    def run(self, *arguments: str, url: str | None = None, more: str = "create_groups = true\n") -> int:
        config = self.folder / "agent.toml"
        it = {"service": self.service.url, "client_id": self.service.client_id, "scim": url or self.url}
        config.write_text(CONFIG.format(**it) + more)
        return main(["--config", str(config), *arguments])

    def sizes(self) -> dict[str, int]:
        return {name: len(self.peer.members(name)) for name in NAMES}


@pytest.fixture
def door(tmp_path, service) -> Iterator[Door]:
    with serving(scim_server()) as (url, front):
        yield Door(tmp_path, service, url, front)


def test_people_are_pushed_in_batches_and_once(door, service):
    ids = door.peer.fill(PEOPLE)
    service.staff(PEOPLE + 1)
    service.stand([1, 2], "revoked", "deny")
    assert door.run("--dry-run") == 0
    assert "POST /Groups" not in door.front.asked
    assert door.run() == 0
    assert door.peer.members("RUA-Revoked") == {ids[1], ids[2]}
    assert door.sizes()["RUA-Current"] == PEOPLE - 2
    assert sum(path.startswith("PATCH") for path in door.front.asked) == 4, "248 by hundreds, and 2"
    door.front.asked.clear()
    assert door.run() == 0 and door.run("--full") == 0
    assert not [path for path in door.front.asked if not path.startswith("GET")]
    service.stand(range(1, 131), "complete", "allow")
    service.stand(range(131, 251), "revoked", "deny")
    assert door.run() == 3
    assert door.run("--approve", "200") == 0
    assert door.peer.members("RUA-Revoked") == {ids[number] for number in range(131, 251)}
    assert door.sizes()["RUA-Current"] == 130


def test_a_group_that_is_not_there_is_created_only_when_asked(door, service, capsys):
    door.peer.fill(1)
    service.staff(1)
    assert door.run(more="") == 1
    assert "there is no group RUA-Current" in capsys.readouterr().out


def test_somebody_else_writes_at_the_same_moment(door, service):
    """The version we read is not the last any more: 412, look again, and do what is left."""
    ids = door.peer.fill(5)
    service.staff(4)
    assert door.run() == 0
    group = door.peer.group("RUA-Current")["id"]
    service.stand([1, 2], "revoked", "deny")
    door.front.app = Meanwhile(
        door.front.app, lambda: door.peer.call("PATCH", f"/Groups/{group}", patch(ids[1], ids[5]))
    )
    assert door.run() == 0
    assert door.peer.members("RUA-Current") == {ids[3], ids[4], ids[5]}
    assert door.front.app.refused == 1
    assert door.peer.members("RUA-Revoked") == {ids[1], ids[2]}


class Meanwhile:
    """Lets somebody else write just before the first PATCH arrives; counts 412."""

    def __init__(self, app, write):
        self.app, self.write, self.refused = app, write, 0

    def __call__(self, environ, start_response):
        if environ["REQUEST_METHOD"] == "PATCH" and self.write:
            write, self.write = self.write, None
            write()

        def note(status, headers, *more):
            self.refused += status.startswith("412")
            return start_response(status, headers, *more)

        return self.app(environ, note)


def patch(gone: str, new: str) -> dict:
    return {
        "schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
        "Operations": [
            {"op": "remove", "path": f'members[value eq "{gone}"]'},
            {"op": "add", "path": "members", "value": [{"value": new}]},
        ],
    }


def test_one_user_that_the_server_refuses_does_not_hold_up_the_others(door, service, capsys):
    ids = door.peer.fill(5)
    service.staff(5)
    door.front.app = Refusing(door.front.app, ids[3])
    assert door.run() == 1
    assert door.peer.members("RUA-Current") == {ids[number] for number in (1, 2, 4, 5)}
    assert "1 accounts were refused one by one" in capsys.readouterr().out
    door.front.app = door.front.app.app
    assert door.run() == 0
    assert door.sizes()["RUA-Current"] == 5


class Refusing:
    """A server that knows one user no more: whole requests that name them are refused, as Entra ID does."""

    def __init__(self, app, gone):
        self.app, self.gone = app, gone

    def __call__(self, environ, start_response):
        if environ["REQUEST_METHOD"] == "PATCH":
            body = environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"]))
            if self.gone in body.decode():
                start_response("400 Bad Request", [("Content-Length", "0")])
                return [b""]
            environ["wsgi.input"] = BytesIO(body)
        return self.app(environ, start_response)


def test_we_wait_when_the_server_says_later(door, service):
    door.peer.fill(3)
    service.staff(3)
    door.front.instead = [("429 Too Many Requests", {"Retry-After": "1"})]
    assert door.run() == 0
    assert door.sizes()["RUA-Current"] == 3


def test_a_wrong_token_is_one_line(door, service, capsys):
    (door.folder / "token").write_text("wrong")
    assert door.run() == 2
    assert "refused our token" in capsys.readouterr().out


def test_as_entra_wants_it(door, service):
    """Twenty additions or one removal a PATCH, members asked of the users, cursors."""
    ids = door.peer.fill(130)
    for name in NAMES:
        door.peer.call("POST", "/Groups", {"schemas": [GROUP], "displayName": name})
    service.staff(130)
    entra = 'members_from = "users"\nadds_per_patch = 20\nremoves_per_patch = 1\n'
    with serving(LikeEntra(door.peer, door.front.app)) as (url, front):
        (door.folder / "token").write_text("not this one")
        entra += f'token_url = "{url}/token"\nclient_id = "app"\nclient_secret_file = "secret"\nscope = "s"\n'
        assert door.run(url=url, more=entra) == 0
        assert door.sizes()["RUA-Current"] == 130
        assert sum(path.startswith("PATCH") for path in front.asked) == 7
        assert "POST /token" in front.asked
        front.asked.clear()
        assert door.run(url=url, more=entra) == 0
        assert not [path for path in front.asked if path.startswith("PATCH")]
        service.stand([1, 2, 3], "revoked", "deny")
        assert door.run(url=url, more=entra) == 0
    assert door.peer.members("RUA-Revoked") == {ids[1], ids[2], ids[3]}
    assert door.sizes()["RUA-Current"] == 127
    state = json.loads((door.folder / "state.json").read_text())
    assert len(state["ours"]["RUA-Current"]) == 127
