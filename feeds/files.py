"""Keep the files of each file feed: everybody once a night, and what changed since then every quarter of an hour.

made = {"full_at": "2026-11-24T10:00:03Z", "full_seq": 184467, "rows": {"onesync_full.csv": 2511},
        "files": [{"name": ..., "rows": ..., "bytes": ..., "sha256": ...}, ...],
        "delta_seq": 184470, "delta": [{"name": ...}, ...],
        "held": {"at": ..., "rows": {...}, "files": ["onesync_full.csv"]}}
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from threading import Event
from typing import Any

import sqlalchemy as sa

from access.events import stamp
from access.listing import last_seq
from completion.dates import local_day
from core.clock import now
from core.database import db, only_reading, transaction
from core.errors import Refused
from core.logs import log
from feeds.listed import Listed
from feeds.models import Feed
from feeds.people import Since, everybody
from feeds.shapes import DELTA, FULL, SHAPES, File, lost_too_much
from feeds.turns import Turn, claim, mark_told, put_off
from feeds.writing import Drafts, write_manifest
from people.audit import WORKER, Actor, record
from people.disclosures import disclose

EVERY = timedelta(minutes=15)
LEASE = timedelta(minutes=15)
"""A million people take their minutes."""
NIGHT = timedelta(hours=2)
"""After midnight of the district, when the new full files are due."""


def write_due(stop: Event) -> int:
    """Worker step: one file feed that is due. Returns how many were looked at."""
    if stop.is_set():
        return 0
    with transaction():
        turns = claim("csv", 1, sa.true(), lease=LEASE)
        db.expunge_all()
    for turn in turns:
        try:
            _write(turn)
        except OSError as error:
            log.warning("feed_folder", feed=turn.feed.id, error=error)
            with transaction():
                put_off(turn, "folder", now() + EVERY)
    return len(turns)


def accept_held(feed: Feed, actor: Actor) -> None:
    """Somebody says that the smaller file is right: it is the measure from now on, and is written at once.

    Raises Refused when nothing is held.
    """
    held = feed.made.get("held")
    if not held:
        raise Refused("no file of this feed is held")
    feed.made = {**feed.made, "rows": held["rows"], "held": None}
    feed.next_try_at = feed.last_error = feed.leased_by = feed.leased_until = None
    record(feed.district_id, actor, "feed_file_accepted", f"feed:{feed.id}", rows=held["rows"])


def _write(turn: Turn) -> None:
    at, made = now(), dict(turn.feed.made)
    folder = Path(turn.feed.settings["folder"])
    with only_reading():
        seq = last_seq(turn.district.id)  # before the people, so that no change up to it is missing
    people = 0
    if full_is_due(made.get("full_at"), at, turn.district.timezone):
        with Drafts(folder, _files(turn.feed, FULL)) as drafts:
            read = drafts.fill(_reading(turn, 0))
            lost = lost_too_much(made.get("rows", {}), drafts.counted())
            if lost:
                made["held"] = {"at": stamp(at), "rows": drafts.counted(), "files": lost}
            else:
                made |= {
                    "full_at": stamp(at), "full_seq": seq, "rows": drafts.counted(), "held": None,
                    "files": drafts.put_in_place(),
                }  # fmt: skip
                people = read
    if "full_at" in made:
        if people or made.get("delta_seq") != seq:
            with Drafts(folder, _files(turn.feed, DELTA)) as drafts:
                # Since the full file and not since the last of these: whoever missed one has missed nothing.
                people = max(people, drafts.fill(_reading(turn, made["full_seq"])))
                made |= {"delta_seq": seq, "delta": drafts.put_in_place()}
        write_manifest(folder, _manifest(turn, seq, at, made))
    held = made.get("held")
    with transaction():
        marked = mark_told(
            turn, seq, over=True, made=made, next_try_at=at + EVERY,
            last_error="shrunk" if held else None, failed_at=at if held else turn.feed.failed_at,
        )  # fmt: skip
        if marked and held and not turn.feed.made.get("held"):
            record(turn.district.id, WORKER, "feed_file_held", f"feed:{turn.feed.id}", files=held["files"])
        disclose(turn.district.id, WORKER, "feed_file", f"feed:{turn.feed.id}", people)


def full_is_due(last: str | None, at: datetime, timezone: str) -> bool:
    """Once for each night of the district, from two o'clock on."""
    if last is None:
        return True
    return local_day(datetime.fromisoformat(last) - NIGHT, timezone) < local_day(at - NIGHT, timezone)


def _files(feed: Feed, kind: str) -> list[File]:
    return [file for shape in feed.settings["shapes"] for file in SHAPES[shape](kind)]


def _reading(turn: Turn, after_seq: int) -> Iterator[Listed]:
    """In one transaction, so that on SQLite all of it is of one moment."""
    with only_reading():
        yield from everybody(turn.district, Since(seq=after_seq))


def _manifest(turn: Turn, seq: int, at: datetime, made: dict[str, Any]) -> dict[str, Any]:
    return {
        "district": turn.district.slug,
        "generated_at": stamp(at),
        "seq": seq,
        "full_at": made["full_at"],
        "full_seq": made["full_seq"],
        "held": bool(made.get("held")),
        "files": [*made["files"], *made["delta"]],
    }
