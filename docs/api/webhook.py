"""Add a webhook and try it: python webhook.py NAME URL. Prints its number and signing secret, which is shown once.

Only the standard library. BASE, CLIENT_ID and CLIENT_SECRET come from the environment.
"""

import base64
import json
import os
import sys
import urllib.error
import urllib.parse
import urllib.request
import uuid

BASE = os.environ["BASE"]
TRIES = 5


def call(method, path, headers, body=None):
    """The answer to one call. The key stays the same over all tries, so nothing is done twice."""
    headers = headers | {"Idempotency-Key": str(uuid.uuid4()), "Content-Type": "application/json"}
    data = None if body is None else json.dumps(body).encode()
    for tries in range(1, TRIES + 1):
        try:
            sent = urllib.request.Request(BASE + path, data, headers, method=method)
            with urllib.request.urlopen(sent, timeout=30) as answer:
                return json.load(answer)
        except urllib.error.HTTPError as error:
            if error.code < 500 or tries == TRIES:
                sys.exit(f"{error.code}: {json.load(error)['detail']}")
        except OSError:
            if tries == TRIES:
                raise


def token():
    pair = f"{os.environ['CLIENT_ID']}:{os.environ['CLIENT_SECRET']}".encode()
    headers = {"Authorization": f"Basic {base64.b64encode(pair).decode()}"}
    form = urllib.parse.urlencode({"grant_type": "client_credentials"}).encode()
    with urllib.request.urlopen(
        urllib.request.Request(f"{BASE}/oauth/token", form, headers), timeout=30
    ) as answer:
        return json.load(answer)["access_token"]


name, url = sys.argv[1:]
bearer = {"Authorization": f"Bearer {token()}"}
made = call("POST", "/api/v1/webhooks", bearer, {"name": name, "url": url})
print(made["id"], made["secret"])
tried = call("POST", f"/api/v1/webhooks/{made['id']}/test", bearer)
print("taken" if tried["taken"] else tried["detail"])
