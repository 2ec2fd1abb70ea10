"""A SCIM 2.0 server (RFC 7643, 7644, 9865): reads users, writes the members of our groups and nothing else.

Servers differ in how much one PATCH may carry: AWS IAM Identity Center takes 100 changes, Entra ID 20 additions or one
removal, and Entra shows no group's members except by asking which users are in it. All of that is configuration.
"""

import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

import requests

from access_agent.errors import AgentError, OddSettings
from access_agent.planning import Account
from access_agent.settings import Scim, secret
from access_agent.web_calls import WebCalls, client_token

MEDIA = "application/scim+json"
PATCH = "urn:ietf:params:scim:api:messages:2.0:PatchOp"
GROUP = "urn:ietf:params:scim:schemas:core:2.0:Group"
TRIES = 3
"""How often a group that somebody else changes at the same time is looked at anew."""
Json = dict[str, Any]


class ScimDirectory:
    """`ambiguous` counts names that more than one user has; they match nobody."""

    def __init__(self, settings: Scim) -> None:
        self.settings = settings
        self.ambiguous = 0
        self.skipped = 0
        self.ids: dict[str, str] = {}
        self.versions: dict[str, str] = {}
        self.tokens = WebCalls(settings.token_url, settings.ca_file)
        self.calls = WebCalls(settings.url, settings.ca_file, self._bearer())

    def accounts(self) -> dict[str, Account]:
        """{the matched attribute, folded: account}."""
        found: dict[str, Account] = {}
        twice: set[str] = set()
        for user in self._pages("/Users", {"attributes": self.settings.match_attribute}):
            account = Account(user["id"], user["id"], user["id"])
            for name in self._names(user):
                if name in found and found[name] != account:
                    twice.add(name)
                found[name] = account
        self.ambiguous = len(twice)
        return {name: account for name, account in found.items() if name not in twice}

    def members(self, group: str) -> dict[str, str]:
        """{id: id}. Raises AgentError when there is no such group and we may not create it."""
        group_id = self._find(group)
        if group_id is None:
            if self.settings.create_groups:
                return {}
            raise AgentError(f"there is no group {group}; create it, or set create_groups = true")
        return self._read_members(group, group_id)

    def remove(self, group: str, names: list[str]) -> None:
        self._in_batches(group, "remove", names, self.settings.removes_per_patch)

    def add(self, group: str, names: list[str]) -> None:
        if group not in self.ids:
            self._create(group)
        self._in_batches(group, "add", names, self.settings.adds_per_patch)

    def close(self) -> None:
        self.calls.close()
        self.tokens.close()

    def _bearer(self) -> Any:
        settings = self.settings
        if settings.token_url:
            given = secret("scim.client_secret", settings.client_secret_file, settings.client_secret_env)
            return lambda: client_token(self.tokens, "", settings.client_id, given, settings.scope)
        token = secret("scim.token", settings.token_file, settings.token_env)
        return lambda: token

    def _names(self, user: Json) -> set[str]:
        value = user.get(self.settings.match_attribute)
        several = [each.get("value") for each in value] if isinstance(value, list) else [value]
        return {str(each).strip().casefold() for each in several if each}

    def _find(self, group: str) -> str | None:
        query = {"filter": f"displayName eq {json.dumps(group)}", "attributes": "displayName"}
        found = list(self._pages("/Groups", query))
        if len(found) > 1:
            raise AgentError(f"there are {len(found)} groups named {group}; leave one")
        if found:
            self.ids[group] = found[0]["id"]
        return self.ids.get(group)

    def _read_members(self, group: str, group_id: str) -> dict[str, str]:
        """Also notes the version that the next write is for."""
        answer = self._call("GET", f"/Groups/{group_id}", f"reading {group}")
        body = answer.json()
        self.versions[group] = answer.headers.get("ETag") or body.get("meta", {}).get("version") or ""
        if self.settings.members_from == "users":
            users = self._pages(
                "/Users", {"filter": f"groups.value eq {json.dumps(group_id)}", "attributes": "id"}
            )
            return {user["id"]: user["id"] for user in users}
        return {each["value"]: each["value"] for each in body.get("members") or ()}

    def _create(self, group: str) -> None:
        body = {"schemas": [GROUP], "displayName": group}
        self.ids[group] = self._call("POST", "/Groups", f"creating {group}", body).json()["id"]

    def _in_batches(self, group: str, operation: str, names: list[str], size: int) -> None:
        for start in range(0, len(names), size):
            batch = names[start : start + size]
            if not self._patch(group, operation, batch):
                for name in batch:  # one user of the batch is gone; the others must not wait for it
                    self.skipped += 0 if len(batch) > 1 and self._patch(group, operation, [name]) else 1

    def _patch(self, group: str, operation: str, names: list[str]) -> bool:
        """False: a user of these is not there any more. Raises AgentError."""
        doing = f"writing {group}"
        for _ in range(TRIES):
            answer = self._send("PATCH", f"/Groups/{self.ids[group]}", _operations(operation, names),
                                self.versions.get(group, ""))  # fmt: skip
            if answer.status_code == 412:  # somebody else wrote; what they did already need not be done again
                there = self._read_members(group, self.ids[group])
                names = [name for name in names if (name in there) == (operation == "remove")]
                if not names:
                    return True
                continue
            if answer.status_code in (400, 404):
                return False
            _check(answer, doing)
            self.versions[group] = answer.headers.get("ETag", "")
            return True
        raise AgentError(f"{doing}: somebody else keeps changing it; the next run will go on")

    def _pages(self, path: str, query: dict[str, str]) -> Iterator[Json]:
        """Every resource, by cursor where the server pages so, by index where not."""
        place: dict[str, str] = {}
        seen = 0
        while True:
            answer = self._call(
                "GET",
                f"{path}?{urlencode({**query, 'count': self.settings.page, **place})}",
                f"reading {path}",
            )
            body = {key.casefold(): value for key, value in answer.json().items()}  # Entra writes "resources"
            resources = body.get("resources") or []
            yield from resources
            seen += len(resources)
            if body.get("nextcursor"):
                place = {"cursor": str(body["nextcursor"])}
            elif resources and seen < int(body.get("totalresults") or 0):
                place = {"startIndex": str(seen + 1)}
            else:
                return

    def _call(self, method: str, path: str, doing: str, body: Json | None = None) -> requests.Response:
        answer = self._send(method, path, body)
        _check(answer, doing)
        return answer

    def _send(self, method: str, path: str, body: Json | None, version: str = "") -> requests.Response:
        headers = {
            "Accept": MEDIA,
            **({"Content-Type": MEDIA} if body else {}),
            **({"If-Match": version} if version else {}),
        }
        return self.calls.call(method, path, headers=headers, data=json.dumps(body) if body else None)


def _operations(operation: str, names: list[str]) -> Json:
    """Removals by path and filter: a removal with a list of values is Entra's habit as a client, not the standard's."""
    if operation == "add":
        operations = [{"op": "add", "path": "members", "value": [{"value": name} for name in names]}]
    else:
        operations = [{"op": "remove", "path": f"members[value eq {json.dumps(name)}]"} for name in names]
    return {"schemas": [PATCH], "Operations": operations}


def _check(answer: requests.Response, doing: str) -> None:
    """Refusals as sentences; their details may name people and are not told."""
    if answer.status_code < 400:
        return
    if answer.status_code == 401:
        raise OddSettings("the SCIM server refused our token")
    raise AgentError(f"{doing}: the SCIM server answered {answer.status_code}")
