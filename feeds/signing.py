"""Sign what is posted, as Standard Webhooks 1.0 says: https://github.com/standard-webhooks/standard-webhooks

The text signed is `id.timestamp.body`; the header lists one signature per secret, so that a receiver takes posts
while it changes from the old secret to the new one.
"""

import base64
import hashlib
import hmac
import secrets
from collections.abc import Iterable
from datetime import datetime

PREFIX = "whsec_"
BYTES = 32


def new_signing_secret() -> str:
    return PREFIX + base64.b64encode(secrets.token_bytes(BYTES)).decode()


def signature(secret: str, message_id: str, timestamp: int, body: bytes) -> str:
    """v1,<HMAC-SHA256 in base64>; `timestamp` in seconds since 1970."""
    key = base64.b64decode(secret.removeprefix(PREFIX))
    signed = b".".join((message_id.encode(), str(timestamp).encode(), body))
    return "v1," + base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()


def headers(signing: Iterable[str], message_id: str, at: datetime, body: bytes) -> dict[str, str]:
    """`at` is the time of this attempt; the id stays the same over all of them."""
    timestamp = int(at.timestamp())
    return {
        "content-type": "application/json",
        "webhook-id": message_id,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": " ".join(signature(each, message_id, timestamp, body) for each in signing),
    }
