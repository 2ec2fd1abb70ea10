"""Calls to a platform's services: a token in time, further pages as they are given, refusals in words.

Built on pylti1p3's ServiceConnector, which keeps a token for ever, knows GET and POST only, and lower-cases the
next page's address; its three flaws are the three overrides here.
"""

import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import requests
from pylti1p3.service_connector import ServiceConnector

from core.http import http
from lti_tool.access_tokens import drop_token, forget_tokens, token_for
from lti_tool.link_header import links_of
from lti_tool.registrations import Registered
from lti_tool.service_refusals import NoToken, ScopeOff, ServiceRefused, ToldToStop, refusal_of

__all__ = [
    "Answer",
    "NoToken",
    "PagesLoop",
    "PlatformService",
    "ScopeOff",
    "ServiceRefused",
    "ToldToStop",
    "forget_tokens",
]

MOST_PAGES = 400


class PagesLoop(Exception):
    """The platform's next page leads back to one we have read."""


@dataclass(frozen=True)
class Answer:
    """A service's answer: its JSON (None for an empty body), and {relation: address} of its Link header."""

    body: Any
    links: dict[str, str] = field(default_factory=dict)

    @property
    def next_url(self) -> str | None:
        return self.links.get("next")


class PlatformService(ServiceConnector):
    """The services of one platform, for one thread. Once `stop` is set, every call raises ToldToStop."""

    def __init__(self, platform: Registered, stop: threading.Event | None = None) -> None:
        super().__init__(platform.registration(), requests_session=http())
        self._platform = platform
        self._stop = stop or threading.Event()

    def call(
        self,
        method: str,
        url: str,
        scopes: Sequence[str],
        *,
        accept: str = "*/*",
        content_type: str | None = None,
        data: str | None = None,
    ) -> Answer:
        """Raises ServiceRefused, ToldToStop. A 401 is tried once more with a new token."""
        if self._stop.is_set():
            raise ToldToStop
        headers = {"Accept": accept} | ({"Content-Type": content_type} if content_type else {})
        try:
            response = self._send(method, url, scopes, headers, data)
            if response.status_code == 401:
                drop_token(self._platform, scopes)
                response = self._send(method, url, scopes, headers, data)
        except requests.RequestException as error:
            raise ServiceRefused(0, type(error).__name__) from error
        if not response.ok:
            raise refusal_of(response)
        try:
            body = response.json() if response.content else None
        except ValueError as error:
            raise ServiceRefused(502, "no JSON") from error
        return Answer(body, links_of(response.headers.get("Link"), url))

    def pages(
        self, url: str, scopes: Sequence[str], *, accept: str, most: int = MOST_PAGES
    ) -> Iterator[Answer]:
        """This page and all that follow it, each by the address the platform gave (AGS 3.2.4, NRPS 2.4.2).

        Raises PagesLoop, and what `call` raises.
        """
        seen: set[str] = set()
        next_url: str | None = url
        while next_url:
            if next_url in seen or len(seen) >= most:
                raise PagesLoop
            seen.add(next_url)
            page = self.call("GET", next_url, scopes, accept=accept)
            yield page
            next_url = page.next_url

    def _send(
        self, method: str, url: str, scopes: Sequence[str], headers: dict[str, str], data: str | None
    ) -> requests.Response:
        bearer = {"Authorization": f"Bearer {self.get_access_token(scopes)}"}
        return self._requests_session.request(method, url, data=data, headers=headers | bearer)

    def get_access_token(self, scopes: Sequence[str]) -> str:
        """Raises NoToken."""
        return token_for(self._platform, scopes, self._requests_session)
