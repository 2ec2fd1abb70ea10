"""What a webhook has not taken yet, and telling it one event again."""

from typing import Any

from access.events import CHANGED, events_after
from access.listing import last_seq
from core.database import transaction
from core.errors import NotFound, Refused
from feeds.models import Feed
from feeds.posting import Outcome
from feeds.setting_up import feed_of
from feeds.wanted import wanted
from feeds.webhooks import send
from people.audit import Actor, record
from people.disclosures import disclose
from people.models import District


class NoSuchEvent(NotFound):
    """Also where it was purged or erased since, or is of a type this webhook is not told."""

    code = "no_such_event"


def undelivered(district: District, feed: Feed, limit: int) -> tuple[list[dict[str, Any]], bool]:
    """(events it has not taken, the oldest first, whether there are more). The oldest is the one being tried; those
    after it wait for it, since a receiver is told in order. Without what the events say of people."""
    found = events_after(district, feed.cursor, limit + 1, wanted(feed))
    failing = feed.tries > 0
    said = [
        {
            "event": each["id"],
            "type": each["type"],
            "timestamp": each["timestamp"],
            "seq": each["data"]["seq"],
            "tries": feed.tries if number == 0 else 0,
            "last_error": feed.last_error if failing and number == 0 else None,
            "last_status": feed.last_status if failing and number == 0 else None,
            "failed_at": feed.failed_at if failing and number == 0 else None,
            "next_try_at": feed.next_try_at if number == 0 else None,
        }
        for number, each in enumerate(found[:limit])
    ]
    return said, len(found) > limit


def tell_one_again(district: District, number: int, seq: int, actor: Actor) -> Outcome:
    """Post one event that was told before, now. Moves no cursor. Ends the transaction under way, and lets go of the
    database while the receiver is asked. Raises NoSuchFeed, NoSuchEvent, Refused for one that waits its turn."""
    with transaction():
        feed = feed_of(district.id, number)
        if feed.kind != "webhook":
            raise Refused("only a webhook is told again")
        if seq > feed.cursor and seq <= last_seq(district.id):
            raise Refused("this event was not told yet; it comes in its turn", field="seq")
        event = next(iter(events_after(district, seq - 1, 1, wanted(feed))), None)
        if event is None or event["data"]["seq"] != seq:
            raise NoSuchEvent("There is no such event among those this webhook is told.", field="seq")
        record(district.id, actor, "feed_event_repeated", f"feed:{feed.id}", seq=seq)
        disclose(district.id, actor, "feed_posts", f"feed:{feed.id}", event["type"] == CHANGED)
    return send(feed, event)
