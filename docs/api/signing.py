"""A token for a client that signs (private_key_jwt): prints it. Needs `pip install "pyjwt[crypto]"`.

BASE, CLIENT_ID and KEY_FILE (the private key as PEM, Ed25519) come from the environment.
"""

import json
import os
import time
import urllib.parse
import urllib.request
import uuid
from pathlib import Path

import jwt

endpoint = f"{os.environ['BASE']}/oauth/token"
client_id = os.environ["CLIENT_ID"]
assertion = jwt.encode(
    {"iss": client_id, "sub": client_id, "aud": os.environ.get("AUDIENCE", endpoint)}
    | {"exp": int(time.time()) + 60, "jti": str(uuid.uuid4())},
    Path(os.environ["KEY_FILE"]).read_text(),
    algorithm="EdDSA",
)
form = {
    "grant_type": "client_credentials",
    "client_assertion_type": "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
    "client_assertion": assertion,
}
with urllib.request.urlopen(endpoint, urllib.parse.urlencode(form).encode(), timeout=30) as answer:
    print(json.load(answer)["access_token"])
