"""Everybody's standing, from the service's API: the whole list, then what changed since."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple
from urllib.parse import urlencode

from access_agent.errors import AgentError
from access_agent.settings import Service, secret
from access_agent.web_calls import WebCalls, client_token

PAGE = 1000
SCOPE = "standing.read"
LEFT, MERGED = "left-roster", "merged"
"""Why somebody is gone; there is also "erased"."""


class Person(NamedTuple):
    """What the agent keeps of somebody: the one name it looks for in the directory, and the standing."""

    name: str | None
    audience: str
    state: str
    access: str


@dataclass
class Pulled:
    """`how`: "list" or "changes"; `changed`: how many items the service sent."""

    people: dict[str, Person]
    delta: str
    how: str
    changed: int


class DeltaExpired(Exception):
    """The service does not know this delta any more."""


class Standings:
    """The API of docs/api.md. `requirement` goes with each list, so there is one item a person."""

    def __init__(self, service: Service) -> None:
        self.service = service
        self.tokens = WebCalls(service.url, service.ca_file)
        given = secret("service.client_secret", service.client_secret_file, service.client_secret_env)
        self.calls = WebCalls(
            service.url, service.ca_file,
            lambda: client_token(self.tokens, "/oauth/token", service.client_id, given, SCOPE),
        )  # fmt: skip

    def pull(self, people: dict[str, Person], delta: str | None) -> Pulled:
        """Bring `people` up to date; without a delta, or with one that is too old, list everybody again.

        Raises AgentError.
        """
        if delta is not None:
            try:
                return self._changes(dict(people), delta)
            except DeltaExpired:
                pass
        return self._list()

    def close(self) -> None:
        self.calls.close()
        self.tokens.close()

    def _list(self) -> Pulled:
        people: dict[str, Person] = {}
        query: dict[str, Any] = {"requirement": self.service.requirement, "limit": PAGE}
        items = 0
        while True:
            page = self._get("/api/v1/standings", query)
            items += len(page["items"])
            self._note(people, page["items"])
            if page["next"] is None:
                return Pulled(people, page["delta"], "list", items)
            query = {"cursor": page["next"], "limit": PAGE}

    def _changes(self, people: dict[str, Person], delta: str) -> Pulled:
        items = 0
        while True:
            page = self._get("/api/v1/standings/changes", {"delta": delta, "limit": PAGE})
            items += len(page["items"])
            if any(each.get("removed") == MERGED for each in page["items"]):
                # The names of a merged record are another's now, and that one need not be among the changes.
                return self._list()
            self._note(people, page["items"])
            delta = page["delta"]
            if not page["more"]:
                return Pulled(people, delta, "changes", items)

    def _note(self, people: dict[str, Person], items: list[dict[str, Any]]) -> None:
        for each in items:
            if each.get("removed"):
                self._gone(people, each)
                continue
            name = each["ids"].get(self.service.match_by)
            people[each["id"]] = Person(name, each["audience"], each["state"], each["access"])

    def _gone(self, people: dict[str, Person], tombstone: dict[str, Any]) -> None:
        """Who left the roster comes with an `access` to act on, as in the list; of others nothing is said any more."""
        before = people.pop(tombstone["id"], None)
        if before and tombstone["removed"] == LEFT and tombstone.get("access"):
            name = tombstone.get("ids", {}).get(self.service.match_by) or before.name
            people[tombstone["id"]] = Person(name, before.audience, "not_applicable", tombstone["access"])

    def _get(self, path: str, query: dict[str, Any]) -> Any:
        answer = self.calls.call("GET", f"{path}?{urlencode(query)}")
        if answer.status_code == 410:
            raise DeltaExpired
        if answer.status_code != 200:
            raise AgentError(f"the service answered {answer.status_code} to {path}: {_detail(answer)}")
        return answer.json()


def _detail(answer: Any) -> str:
    """The problem's own words (RFC 9457), which name parameters and no person."""
    try:
        return str(answer.json().get("detail", ""))
    except ValueError:
        return "no detail"


def of_audiences(people: dict[str, Person], audiences: tuple[str, ...]) -> Iterator[Person]:
    """Chosen here, not by the API: who leaves an audience would leave a filtered list of changes unseen."""
    return (person for person in people.values() if person.audience in audiences)
