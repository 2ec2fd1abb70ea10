"""The whole list as one stream of lines (NDJSON), in constant memory, and with no transaction held meanwhile."""

import json
from collections.abc import Iterator
from typing import Any

from access import listing
from access.answering import items_of
from access.bookmarks import Bookmarks, Cursor, Delta
from access.schemas import StandingSchema
from core.database import only_reading
from people.models import District

NDJSON = "application/x-ndjson"
PAGE = 1000


def lines(district: District, cursor: Cursor, bookmarks: Bookmarks) -> Iterator[str]:
    """One standing to a line, and at last the delta to go on with, which is as of the first line.

    Each page is read by itself: a slow reader keeps no snapshot open, and what changes meanwhile stands in the changes
    after the delta. A stream without its last line was cut off.
    """
    place = (cursor.after_requirement, cursor.after_id) if cursor.after_id else None
    while True:
        with only_reading():
            rows = listing.page(district.id, cursor.filters, place, PAGE)
            items = StandingSchema(many=True).dump(items_of(rows, district))
            place = (rows[-1][0].requirement, rows[-1][0].id) if len(rows) == PAGE else None
        if items:
            yield "".join(f"{_line(each)}\n" for each in items)
        if place is None:
            break
    yield f"{_line({'delta': bookmarks.delta(Delta(cursor.filters, cursor.began_at_seq))})}\n"


def _line(value: Any) -> str:
    return json.dumps(value, separators=(",", ":"))
