"""Post each change to each webhook, in the order of the log.

One change at a time per receiver, so what it hears is in order; a change that does not arrive holds up the later
ones of that receiver and of no other. A worker that dies between a post and its mark posts it again under the same
id, which is what the id is for.
"""

import json
import time
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from threading import Event
from typing import Any

from access.events import CHANGED, event_id, events_after, stamp
from access.listing import last_seq
from core.clock import now
from core.database import db, only_reading, transaction
from core.logs import log
from core.sealed import new_secret
from feeds.models import Feed
from feeds.posting import Outcome, post
from feeds.secrets import signing_secrets
from feeds.signing import headers
from feeds.turns import Turn, claim, give_back, mark_failed, mark_told
from feeds.wanted import wanted
from people.audit import WORKER
from people.disclosures import disclose
from people.models import District

PORTION = 100
"""Events read at once."""
MARK_EVERY, MARK_WITHIN = 20, 1.0
"""Posts, and seconds, after which it is written down how far we are: as much may be posted again after a crash."""
TURN = 20.0
"""Seconds one receiver is served before the others are looked at again."""
PACE = 0.2


class Webhooks:
    """The worker's step. Receivers are served beside each other, so that a slow one makes no other wait."""

    def __init__(self, concurrency: int, stop: Event) -> None:
        self._places = concurrency
        self._stop = stop
        self._pool = ThreadPoolExecutor(concurrency, thread_name_prefix="webhook")
        self._under_way: set[Future[None]] = set()

    def __call__(self) -> int:
        """How many receivers were or are being served; 0 means all caught up."""
        with transaction():
            turns = claim("webhook", self._places - len(self._under_way))
            db.expunge_all()
        self._under_way |= {self._pool.submit(self._serve, turn) for turn in turns}
        busy = len(self._under_way)
        if busy:
            done, self._under_way = wait(self._under_way, timeout=PACE, return_when=FIRST_COMPLETED)
            for each in done:
                each.result()
        return busy

    def _serve(self, turn: Turn) -> None:
        try:
            serve(turn, self._stop)
        except Exception as error:
            # The lease runs out and somebody tries again; the other receivers know nothing of it.
            log.error("feed_broke", feed=turn.feed.id, error=error)
            db.remove()


def serve(turn: Turn, stop: Event) -> None:
    """Post what this receiver has not had, until all is told, time is up, or something goes wrong."""
    began = marked_at = time.monotonic()
    cursor = marked = turn.feed.cursor
    more = True
    while more and not stop.is_set() and time.monotonic() - began < TURN:
        events, more, newest = _next(turn, cursor)
        if cursor > turn.feed.cursor or not turn.feed.tries:  # else it was noted before the first try
            _note(turn, events)
        for event in events:
            if stop.is_set():
                break
            outcome = send(turn.feed, event)
            if outcome.problem:
                _failed(turn, outcome, cursor, marked)
                return
            cursor = event["data"]["seq"]
            if cursor - marked >= MARK_EVERY or time.monotonic() - marked_at > MARK_WITHIN:
                with transaction():
                    if not mark_told(turn, cursor, over=False):
                        return
                marked, marked_at = cursor, time.monotonic()
        else:
            # A number whose change was purged or erased since has nothing to tell, and is not waited for.
            cursor = cursor if more else max(cursor, newest)
    with transaction():
        if cursor > marked:
            mark_told(turn, cursor, over=True)
        else:
            give_back(turn)


def _next(turn: Turn, cursor: int) -> tuple[list[dict[str, Any]], bool, int]:
    """(events, whether there may be more, the number up to which everything was there to be read)"""
    with only_reading():
        newest = last_seq(turn.district.id)  # before the events, which then miss nothing up to it
        events = events_after(turn.district, cursor, PORTION, wanted(turn.feed))
    return events, len(events) == PORTION, newest


def _note(turn: Turn, events: list[dict[str, Any]]) -> None:
    """What can not be noted is not given out, so this comes before the posts."""
    people = {event["data"]["person"] for event in events if event["type"] == CHANGED}
    if people:
        with transaction():
            disclose(turn.district.id, WORKER, "feed_posts", f"feed:{turn.feed.id}", len(people))


def _failed(turn: Turn, outcome: Outcome, cursor: int, marked: int) -> None:
    with transaction():
        if cursor > marked and not mark_told(turn, cursor, over=False):
            return
        mark_failed(turn, outcome, 1 if cursor > turn.feed.cursor else turn.feed.tries + 1)
    log.info("feed_failed", feed=turn.feed.id, problem=outcome.problem, status=outcome.status)


def send(feed: Feed, event: dict[str, Any]) -> Outcome:
    """Sign and post one event."""
    assert feed.address is not None and feed.secrets is not None, "a webhook has both"
    body = json.dumps(event, separators=(",", ":")).encode()
    at = now()
    return post(feed.address, body, headers(signing_secrets(feed.secrets, at), event["id"], at, body))


def trial_event(district: District) -> dict[str, Any]:
    """What a test posts: about nobody, and of a type that is no change."""
    return {
        "id": f"{event_id(district, 0)}_{new_secret(6)}",
        "type": "feed.test",
        "timestamp": stamp(now()),
        "data": {},
    }
