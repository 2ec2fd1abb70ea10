"""HTTP calls that wait when they are told to, and give up in the end."""

import time
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

import requests

from access_agent.errors import AgentError, OddSettings

TIMEOUT = (10, 60)
"""Seconds to connect, and between two bytes."""
TRIES = 6
LONGEST_WAIT = 300
"""Seconds that a Retry-After may ask of us; more, and the next run goes on instead."""
BUSY = (429, 502, 503, 504)


class WebCalls:
    """Calls to one base address, with its certificate authority. `bearer` makes the token, when one is needed."""

    def __init__(self, url: str, ca_file: str, bearer: Callable[[], str] | None = None) -> None:
        self.url, self.bearer, self.token = url.rstrip("/"), bearer, ""
        self.session = requests.Session()
        self.verify: str | bool = ca_file or True

    def call(self, method: str, path: str, **options: Any) -> requests.Response:
        """The answer, whatever its status below 500 except 429. Raises AgentError.

        Who answers 401 is asked once more with a new token. Redirects are not followed: the token is for this
        address.
        """
        renewed = False
        for attempt in range(TRIES):
            answer = self._once(method, path, options)
            if answer is not None and answer.status_code == 401 and self.bearer and not renewed:
                self.token, renewed = "", True
                answer = self._once(method, path, options)
            if answer is not None and answer.status_code not in BUSY:
                if answer.status_code >= 500 or (
                    300 <= answer.status_code < 400 and answer.status_code != 304
                ):
                    raise AgentError(f"{self.url} answered {answer.status_code}")
                return answer
            if attempt + 1 < TRIES:
                time.sleep(_wait(answer, attempt))
        said = f"answered {answer.status_code}" if answer is not None else "does not answer"
        raise AgentError(f"{self.url} {said}, after {TRIES} tries")

    def close(self) -> None:
        self.session.close()

    def _once(self, method: str, path: str, options: dict[str, Any]) -> requests.Response | None:
        """None: there was no answer. A certificate that is not right is not tried again."""
        headers = dict(options.get("headers", {}))
        if self.bearer:
            self.token = self.token or self.bearer()
            headers["Authorization"] = f"Bearer {self.token}"
        try:
            return self.session.request(
                method, self.url + path, timeout=TIMEOUT, verify=self.verify, allow_redirects=False,
                **{**options, "headers": headers},
            )  # fmt: skip
        except requests.exceptions.SSLError as error:
            raise AgentError(f"{self.url}: its certificate is not one that we trust") from error
        except (requests.ConnectionError, requests.Timeout):
            return None
        except OSError as error:  # a CA file that is not there
            raise OddSettings(f"ca_file: {error}") from error


def _wait(answer: requests.Response | None, attempt: int) -> float:
    """Seconds: what Retry-After says (seconds or a date), else a little longer each time. Raises AgentError."""
    said = answer.headers.get("Retry-After", "") if answer is not None else ""
    seconds: float = 2**attempt
    if said.isdigit():
        seconds = int(said)
    elif said:
        with suppress(ValueError, TypeError):  # neither form: wait as if nothing had been said
            seconds = (parsedate_to_datetime(said) - datetime.now(UTC)).total_seconds()
    if seconds > LONGEST_WAIT:
        raise AgentError(f"we were asked to wait {seconds:.0f} seconds; the next run will go on")
    return max(0.0, seconds)


def client_token(calls: WebCalls, path: str, client_id: str, secret: str, scope: str) -> str:
    """OAuth 2 client credentials (RFC 6749 4.4), the secret in the Authorization header. Raises AgentError."""
    answer = calls.call(
        "POST", path, data={"grant_type": "client_credentials", "scope": scope}, auth=(client_id, secret)
    )
    if answer.status_code != 200:
        raise OddSettings(f"{calls.url} refused our client id or secret ({answer.status_code})")
    return str(answer.json()["access_token"])
