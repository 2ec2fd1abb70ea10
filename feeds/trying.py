"""Post a test to a webhook now, and keep what came of it."""

from datetime import timedelta
from http import HTTPStatus

import sqlalchemy as sa

from core.clock import now
from core.database import db, transaction
from core.errors import Refused, ToolError
from feeds.models import Feed
from feeds.posting import Outcome
from feeds.setting_up import feed_of
from feeds.webhooks import send, trial_event
from people.models import District

AT_MOST_EVERY = timedelta(seconds=5)


class TooSoon(ToolError):
    status, code = HTTPStatus.TOO_MANY_REQUESTS, "too_soon"
    next_step = "Wait a few seconds, then press “Test” again."


def try_now(district: District, number: int) -> Outcome:
    """Ends the transaction under way and lets go of the database while the receiver is asked.

    Moves no cursor and counts as no try. Raises NoSuchFeed, TooSoon, Refused for a feed that is not posted to.
    """
    feed = feed_of(district.id, number)
    # Refused before anything is ended: a page that says so still needs to know who reads it.
    if feed.kind != "webhook":
        raise Refused("Only a webhook can be tested; a file feed says at its last file how it went.")
    if feed.tested_at is not None and now() - feed.tested_at < AT_MOST_EVERY:
        raise TooSoon("This feed was tested a moment ago.")
    with transaction():
        feed.tested_at = now()
        db.flush()
    outcome = send(feed, trial_event(district))
    with transaction():
        db.execute(
            sa.update(Feed)
            .where(Feed.id == feed.id)
            .values(tested_at=now(), test_error=outcome.problem, test_status=outcome.status)
        )
    return outcome
