"""Add a feed, change it, stop and start it, move it in the log, and take it away. Each stands in the audit log."""

import os
from collections.abc import Collection
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from access.listing import last_seq
from core.clock import now
from core.database import db
from core.errors import NotFound, Refused
from feeds.addresses import check_address
from feeds.models import Feed
from feeds.secrets import give_secret
from feeds.shapes import SHAPES
from feeds.wanted import AT_FIRST, want, wanted
from people.audit import Actor, record
from people.models import District

MOST_FEEDS = 20
"""Per district. Each costs the worker a look at every change."""


class NoSuchFeed(NotFound):
    """Also for one of another district."""

    code = "no_such_feed"
    next_step = "Go back to the list of feeds and choose one there."


def add_webhook(
    district: District,
    name: str,
    url: str,
    actor: Actor,
    *,
    plain_allowed: bool,
    after: int | None = None,
    types: Collection[str] = AT_FIRST,
) -> tuple[Feed, str]:
    """The feed and its signing secret, shown this once. It is told what changes from now on, or after a number.

    Raises OddAddress, OddType, Refused.
    """
    check_address(url, plain_allowed=plain_allowed)
    feed = Feed(district_id=district.id, kind="webhook", name=name, address=url, settings={})
    want(feed, types)
    secret = give_secret(feed)
    return _added(district, feed, actor, after), secret


def add_files(district: District, name: str, folder: str, shapes: tuple[str, ...], actor: Actor) -> Feed:
    """Files of these shapes in a folder of this machine; the first full one is written at once. Raises Refused."""
    place = Path(folder)
    if not place.is_absolute() or not place.is_dir() or not os.access(place, os.W_OK | os.X_OK):
        raise Refused(
            f"{folder} is no folder that we can write to; expected an absolute path", field="folder"
        )
    if not shapes or set(shapes) - SHAPES.keys():
        raise Refused(f"the shapes of files are {', '.join(SHAPES)}", field="shape")
    taken = {each.settings["folder"] for each in db.scalars(sa.select(Feed).filter_by(kind="csv"))}
    if str(place.resolve()) in taken:
        raise Refused(f"another feed writes into {folder} already", field="folder")
    feed = Feed(
        district_id=district.id,
        kind="csv",
        name=name,
        settings={"folder": str(place.resolve()), "shapes": sorted(set(shapes))},
    )
    return _added(district, feed, actor, None)


def _added(district: District, feed: Feed, actor: Actor, after: int | None) -> Feed:
    if len(_check_name(district.id, feed.name)) >= MOST_FEEDS:
        raise Refused(f"a district may have {MOST_FEEDS} feeds; remove one first")
    newest = last_seq(district.id)
    feed.cursor = newest if after is None else _place(after, newest)
    db.add(feed)
    db.flush()
    _note(feed, actor, "feed_added", kind=feed.kind, cursor=feed.cursor)
    return feed


def _check_name(district_id: int, name: str) -> list[Feed]:
    """The feeds that are there; of two who add at once the second waits, and sees the first one's."""
    db.execute(sa.select(District.id).filter_by(id=district_id).with_for_update(key_share=True))
    present = feeds_of(district_id)
    if not name.strip() or len(name) > 100 or not name.isprintable():
        raise Refused("a feed needs a name of up to 100 characters", field="name")
    if name in {each.name for each in present}:
        raise Refused(f"there is a feed named {name} already", field="name")
    return present


def change_webhook(
    feed: Feed,
    actor: Actor,
    *,
    plain_allowed: bool,
    name: str | None = None,
    url: str | None = None,
    types: Collection[str] | None = None,
) -> None:
    """Another name, address or choice of events; what it was told stays told, and a new address is tried at once.

    Raises OddAddress, OddType, Refused.
    """
    if feed.kind != "webhook":
        raise Refused("only a webhook has an address and a choice of events")
    changed = []
    if name is not None and name != feed.name:
        _check_name(feed.district_id, name)
        feed.name = name
        changed.append("name")
    if types is not None and set(types) != set(wanted(feed)):
        want(feed, types)
        changed.append("events")
    if url is not None and url != feed.address:
        check_address(url, plain_allowed=plain_allowed)
        feed.address = url
        _begin_again(feed)
        changed.append("url")
    if changed:
        db.flush()
        _note(feed, actor, "feed_changed", changed=changed, events=list(wanted(feed)))


def feeds_of(district_id: int) -> list[Feed]:
    return list(db.scalars(sa.select(Feed).filter_by(district_id=district_id).order_by(Feed.id)))


def feed_of(district_id: int, number: int) -> Feed:
    """Raises NoSuchFeed, also for one of another district."""
    found = db.scalars(
        sa.select(Feed).filter_by(id=number, district_id=district_id).with_for_update()
    ).one_or_none()
    if found is None:
        raise NoSuchFeed(f"There is no feed {number} in this district.")
    return found


def pause(feed: Feed, actor: Actor) -> None:
    """What is on the wire is finished; nothing more is begun until somebody resumes."""
    if feed.paused_at is None:
        feed.paused_at = now()
        _take_out_of_hand(feed)
        _note(feed, actor, "feed_paused")


def resume(feed: Feed, actor: Actor) -> None:
    """Go on where it stopped, at once: also one that was switched off, or that waits for its next try."""
    feed.paused_at = feed.disabled_at = feed.disabled_reason = None
    _begin_again(feed)
    _note(feed, actor, "feed_resumed", cursor=feed.cursor)


def replay(feed: Feed, first: int, actor: Actor) -> None:
    """Tell it again from the change numbered `first`. Ids are what they were, so a receiver that kept them is safe.

    Raises Refused for a number that does not exist yet, and for a file feed.
    """
    if feed.kind != "webhook":
        raise Refused("only a webhook is told again; the full files of a file feed hold everybody")
    before = feed.cursor
    feed.cursor = _place(first - 1, last_seq(feed.district_id))
    _begin_again(feed)
    _note(feed, actor, "feed_replayed", first=first, before=before)


def rotate_secret(feed: Feed, actor: Actor) -> str:
    """A new signing secret; the old one signs beside it for a day. Raises Refused for a feed that signs nothing."""
    if feed.kind != "webhook":
        raise Refused("only a webhook has a signing secret")
    secret = give_secret(feed)
    _note(feed, actor, "feed_secret_changed")
    return secret


def remove(feed: Feed, actor: Actor) -> None:
    _note(feed, actor, "feed_removed", cursor=feed.cursor)
    db.delete(feed)
    db.flush()


def _place(after: int, newest: int) -> int:
    if not 0 <= after <= newest:
        raise Refused(f"the log of this district has the numbers 1 to {newest}", field="seq")
    return after


def _begin_again(feed: Feed) -> None:
    feed.tries, feed.next_try_at, feed.last_error, feed.last_status = 0, None, None, None
    _take_out_of_hand(feed)


def _take_out_of_hand(feed: Feed) -> None:
    """A worker's turn that is under way finds its lease gone and marks nothing any more."""
    feed.leased_until = feed.leased_by = None


def _note(feed: Feed, actor: Actor, action: str, **detail: Any) -> None:
    record(feed.district_id, actor, action, f"feed:{feed.id}", **detail)
