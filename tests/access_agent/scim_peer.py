"""A SCIM 2.0 server (scim2-server) of a district, and a front that behaves as Entra ID documents its own."""

import json
from collections.abc import Callable, Iterable
from typing import Any
from urllib.parse import parse_qs, urlencode

import requests
from scim2_server.memory import InMemoryStorage
from scim2_server.testserver.application import BearerTokenApplication
from scim2_server.utils import load_default_provider

TOKEN = "only-for-tests"
GROUP = "urn:ietf:params:scim:schemas:core:2.0:Group"
USER = "urn:ietf:params:scim:schemas:core:2.0:User"


def scim_server() -> BearerTokenApplication:
    provider = load_default_provider()
    return BearerTokenApplication(InMemoryStorage(), provider, bearer_tokens=[TOKEN])


class Peer:
    """The server, as its administrator sees it."""

    def __init__(self, url: str) -> None:
        self.url = url

    def call(self, method: str, path: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
        answer = requests.request(
            method, self.url + path, json=body, timeout=20,
            headers={"Authorization": f"Bearer {TOKEN}", "Content-Type": "application/scim+json"},
        )  # fmt: skip
        assert answer.status_code < 300, answer.text
        return answer.json() if answer.content else {}

    def fill(self, people: int) -> dict[int, str]:
        """Users with the external ids 1, 2, ...: {number: id}"""
        return {
            number: self.call(
                "POST", "/Users", {"schemas": [USER], "userName": f"s{number}", "externalId": str(number)}
            )["id"]
            for number in range(1, people + 1)
        }

    def group(self, name: str) -> dict[str, Any]:
        query = urlencode({"filter": f'displayName eq "{name}"'})
        found = self.call("GET", f"/Groups?{query}").get("Resources") or []
        return self.call("GET", f"/Groups/{found[0]['id']}") if found else {}

    def members(self, name: str) -> set[str]:
        return {each["value"] for each in self.group(name).get("members") or ()}


class LikeEntra:
    """In front of scim2-server: no members in a group, users found by their group, cursors, "resources", and a PATCH
    of at most 20 additions or one removal. Only requests of the agent (through this door) meet it.
    """

    def __init__(self, peer: Peer, app: Callable[..., Iterable[bytes]]) -> None:
        self.peer, self.app = peer, app

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        path, query = (
            environ["PATH_INFO"],
            {key: value[0] for key, value in parse_qs(environ["QUERY_STRING"]).items()},
        )
        if environ["REQUEST_METHOD"] == "PATCH":
            size = int(environ["CONTENT_LENGTH"])
            body = json.loads(environ["wsgi.input"].read(size))
            operations = body["Operations"]
            added = [each for operation in operations for each in operation.get("value", ())]
            if len(operations) != 1 or len(added) > 20:
                return self.answer(start_response, "400 Bad Request", {})
            self.peer.call("PATCH", path, body)
            return self.answer(start_response, "204 No Content", None)
        if path == "/token":
            granted = (
                environ.get("HTTP_AUTHORIZATION", "").startswith("Basic ")
                and environ["REQUEST_METHOD"] == "POST"
            )
            return self.answer(
                start_response, "200 OK" if granted else "401 Unauthorized", {"access_token": TOKEN}
            )
        if "startIndex" in query:
            return self.answer(start_response, "400 Bad Request", {})
        if path == "/Users":
            found = self.users(query.get("filter", ""))
            start, count = int(query.get("cursor", "0")), int(query["count"])
            body = {"itemsPerPage": count, "resources": found[start : start + count]}
            more = {"nextCursor": str(start + count)} if len(found) > start + count else {}
            return self.answer(start_response, "200 OK", {**body, **more})
        if path.startswith("/Groups/"):
            group = self.peer.call("GET", path)
            return self.answer(
                start_response, "200 OK", {"id": group["id"], "displayName": group["displayName"]}
            )
        return self.app(environ, start_response)

    def users(self, chosen: str) -> list[dict[str, Any]]:
        everybody, start = [], 1
        while page := self.peer.call("GET", f"/Users?count=100&startIndex={start}").get("Resources"):
            everybody += page
            start += len(page)
        if not chosen:
            return everybody
        attribute, _, group = chosen.partition(" eq ")
        assert attribute == "groups.value"
        members = {
            each["value"]
            for each in self.peer.call("GET", f"/Groups/{json.loads(group)}").get("members") or ()
        }
        return [{"id": each["id"]} for each in everybody if each["id"] in members]

    def answer(self, start_response: Any, status: str, body: dict[str, Any] | None) -> list[bytes]:
        content = b"" if body is None else json.dumps(body).encode()
        start_response(
            status, [("Content-Type", "application/scim+json"), ("Content-Length", str(len(content)))]
        )
        return [content]
