"""Post one message to a receiver's address, and say in one word what became of it."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

import requests
from urllib3.exceptions import HTTPError

from core.clock import now
from core.deadlines import cut_after
from core.http import CONNECT_TIMEOUT, PrivateAddress, http

SECONDS = 10.0
"""For the whole call, whatever the receiver does meanwhile."""
READ = 1024
"""Bytes of an answer that are taken off the wire so that the connection can be used again; nobody looks at them."""


@dataclass(frozen=True)
class Outcome:
    """`problem` is None when it was taken, else a word of feeds.words.PROBLEMS."""

    problem: str | None = None
    status: int | None = None
    retry_after: timedelta | None = None


def post(address: str, body: bytes, headers: dict[str, str]) -> Outcome:
    """One attempt. The host is resolved, checked and pinned anew for each connection (core.http)."""
    session = http()
    with cut_after(SECONDS, session) as time_is_up:
        try:
            with session.post(
                address,
                data=body,
                headers=headers,
                stream=True,
                allow_redirects=False,
                timeout=(CONNECT_TIMEOUT, SECONDS),
            ) as answer:
                if time_is_up.is_set():  # cut in the middle of its headers, it looks as if they ended there
                    return Outcome("too_slow")
                outcome = _judged(answer)
                _take_a_little(answer)
                return outcome
        except PrivateAddress:
            return Outcome("points_inward")
        except requests.RequestException as error:
            return Outcome("too_slow" if time_is_up.is_set() else _word(error))


def _judged(answer: requests.Response) -> Outcome:
    status = answer.status_code
    if 200 <= status < 300:
        return Outcome(None, status)
    if status == 410:
        return Outcome("gone", status)
    if 300 <= status < 400:
        return Outcome("redirects", status)
    return Outcome("answered", status, _retry_after(answer.headers.get("Retry-After"), now()))


def _take_a_little(answer: requests.Response) -> None:
    """What it says after the status does not matter, nor whether it says it to the end."""
    try:
        answer.raw.read(READ, decode_content=False)
    except (HTTPError, OSError):
        answer.close()


def _retry_after(text: str | None, at: datetime) -> timedelta | None:
    """Seconds or a date (RFC 9110, 10.2.3); None for anything else."""
    if not text:
        return None
    if text.strip().isdecimal():
        return timedelta(seconds=min(int(text.strip()[:9]), 10**7))
    try:
        until = parsedate_to_datetime(text)
    except ValueError:
        return None
    until = until if until.tzinfo else until.replace(tzinfo=UTC)
    return max(until - at, timedelta())


def _word(error: requests.RequestException) -> str:
    if isinstance(error, requests.Timeout):
        return "too_slow"
    if isinstance(error, requests.exceptions.SSLError):
        return "certificate"
    if isinstance(error, requests.exceptions.InvalidURL):
        return "unknown_host"
    if "resolve" in str(error):
        return "unknown_host"
    return "no_connection"
