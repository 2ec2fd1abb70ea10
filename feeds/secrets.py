"""The secrets of a webhook: one, or while the receiver changes over, two."""

import json
from datetime import datetime, timedelta

from core.clock import now
from feeds.models import Feed
from feeds.signing import new_signing_secret

OVERLAP = timedelta(days=1)
"""How long posts are signed with the old secret as well."""


def give_secret(feed: Feed) -> str:
    """A new secret, shown this once. One that was there before goes on beside it for a day; older ones end now."""
    fresh = new_signing_secret()
    before = json.loads(feed.secrets)[:1] if feed.secrets else []
    until = (now() + OVERLAP).isoformat()
    feed.secrets = json.dumps(
        [{"secret": fresh, "until": None}, *({"secret": each["secret"], "until": until} for each in before)]
    )
    return fresh


def signing_secrets(stored: str, at: datetime) -> list[str]:
    """Those that sign at this time, the newest first."""
    return [
        each["secret"]
        for each in json.loads(stored)
        if each["until"] is None or datetime.fromisoformat(each["until"]) > at
    ]
