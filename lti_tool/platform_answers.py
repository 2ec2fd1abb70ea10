"""One question to an LMS that is not registered yet: its answer bounded in size and time, and read as JSON."""

import json
import re
import time
from typing import Any

import requests
import urllib3

from core.http import http
from core.logs import log
from core.messages import N_
from lti_tool.registration_refusals import LmsDeclined, LmsOutOfReach

MOST_BYTES = 256 * 1024
"""Canvas' configuration, with all its variables, is some 20 KB."""
PATIENCE = 10.0
"""Seconds from the question to the end of the answer: somebody stands before a blank page meanwhile."""
LONGEST_WORDS = 200
GOOD = (200, 201)


def ask_platform(method: str, url: str, token: str | None, body: Any = None) -> Any:
    """The JSON of a 200 or 201 (Canvas gives one, the specification the other, Moodle the first).

    Raises LmsOutOfReach, also for a redirect and an address the network guard refuses; LmsDeclined.
    """
    # identity: what is counted below is then what is parsed, and no small answer can unfold into a large one.
    headers = {"Accept": "application/json", "Accept-Encoding": "identity"}
    if token:
        headers["Authorization"] = f"Bearer {token}"
    deadline = time.monotonic() + PATIENCE
    try:
        with http().request(
            method, url, headers=headers, json=body, stream=True, allow_redirects=False, timeout=PATIENCE
        ) as response:
            text = _read(response, deadline)
    except (requests.RequestException, urllib3.exceptions.HTTPError, OSError, ValueError) as error:
        log.info("lms_out_of_reach", kind=type(error).__name__)
        raise LmsOutOfReach(N_("Your LMS did not answer when we asked it.")) from error
    if response.is_redirect or 300 <= response.status_code < 400:
        raise LmsOutOfReach(N_("Your LMS sent us on to another address, which we do not follow."))
    if response.status_code not in GOOD:
        raise LmsDeclined(
            N_(
                "Your LMS declined (%(answer)s).",
                answer=f"{response.status_code}{_its_words(response, text)}",
            )
        )
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        raise LmsDeclined(N_("Your LMS answered with something we can not read.")) from error


def _read(response: requests.Response, deadline: float) -> bytes:
    """Raises LmsDeclined when it is too long, LmsOutOfReach when it drips."""
    read = b""
    while chunk := response.raw.read1(16 * 1024, decode_content=False):
        read += chunk
        if len(read) > MOST_BYTES:
            raise LmsDeclined(N_("Your LMS answered with far more than we asked for."))
        if time.monotonic() > deadline:
            raise LmsOutOfReach(N_("Your LMS took too long to answer."))
    return read


def _its_words(response: requests.Response, text: bytes) -> str:
    """The reason where there is one to show: Moodle's plain text, or an OAuth or JSON error; no pages of HTML."""
    said = text[:4000].decode("utf-8", "replace")
    if "html" in response.headers.get("Content-Type", "").lower() and re.search(r"<\w", said):
        return ""
    try:
        found = json.loads(said)
    except (ValueError, RecursionError):
        found = said
    if isinstance(found, dict):
        found = found.get("error_description") or found.get("error") or found.get("errors") or ""
    words = "".join(each if each.isprintable() else " " for each in str(found)).strip()
    return f": {words[:LONGEST_WORDS]}" if words else ""
