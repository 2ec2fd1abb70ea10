"""Everybody at the first run, what changed at each later one: prints `access id number` for each person.

Only the standard library. BASE, CLIENT_ID and CLIENT_SECRET come from the environment; DELTA_FILE remembers where we
are. Run it as often as you like: every five minutes costs next to nothing.
"""

import base64
import json
import os
import time
import urllib.error
import urllib.parse
import urllib.request
from pathlib import Path

BASE = os.environ["BASE"]
DELTA_FILE = Path(os.environ.get("DELTA_FILE", "standings.delta"))


def call(path, headers, form=None, **query):
    """The answer to one call; waits as long as it is told to when there were too many."""
    address = f"{BASE}{path}?{urllib.parse.urlencode(query)}"
    body = urllib.parse.urlencode(form).encode() if form else None
    while True:
        try:
            with urllib.request.urlopen(urllib.request.Request(address, body, headers), timeout=30) as answer:
                return json.load(answer)
        except urllib.error.HTTPError as error:
            if error.code != 429:
                raise
            time.sleep(int(error.headers["Retry-After"]))


def token():
    pair = f"{os.environ['CLIENT_ID']}:{os.environ['CLIENT_SECRET']}".encode()
    headers = {"Authorization": f"Basic {base64.b64encode(pair).decode()}"}
    return call("/oauth/token", headers, form={"grant_type": "client_credentials"})["access_token"]


def everybody(headers):
    page = call("/api/v1/standings", headers, limit=1000)
    yield from page["items"]
    while page["next"]:
        page = call("/api/v1/standings", headers, limit=1000, cursor=page["next"])
        yield from page["items"]
    DELTA_FILE.write_text(page["delta"])


def changes(headers):
    more = True
    while more:
        page = call("/api/v1/standings/changes", headers, limit=1000, delta=DELTA_FILE.read_text())
        yield from page["items"]
        DELTA_FILE.write_text(page["delta"])
        more = page["more"]


def pull():
    headers = {"Authorization": f"Bearer {token()}"}
    if DELTA_FILE.exists():
        try:
            yield from changes(headers)
            return
        except urllib.error.HTTPError as error:
            if error.code != 410:  # too old: begin anew
                raise
    yield from everybody(headers)


for person in pull():
    print(person["access"], person["id"], person["ids"].get("sis", "-"))
