"""Which types of events a webhook is told."""

from collections.abc import Collection
from http import HTTPStatus

from access.events import CHANGED, ERASED, TYPES
from core.errors import Refused
from feeds.models import Feed

AT_FIRST = (CHANGED, ERASED)
"""Of a webhook that is added without a word about it: what its receiver must act on."""
BEFORE = (CHANGED,)
"""Of webhooks that were added before there was a choice: what they were promised."""


class OddType(Refused):
    status, code = HTTPStatus.UNPROCESSABLE_ENTITY, "odd_type"


def wanted(feed: Feed) -> tuple[str, ...]:
    return tuple(feed.settings.get("events", BEFORE))


def want(feed: Feed, types: Collection[str]) -> None:
    """Raises OddType."""
    unknown = sorted(set(types) - set(TYPES))
    if unknown or not types:
        raise OddType(f"the types of events are {', '.join(TYPES)}", field="events")
    feed.settings = {**feed.settings, "events": [each for each in TYPES if each in types]}
