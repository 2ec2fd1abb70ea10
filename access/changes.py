"""What changed since a number of the log, as readers are told: standings, and who is gone."""

from dataclasses import dataclass
from typing import Any

from access import listing
from access.answering import items_of
from access.bookmarks import Filters
from access.listing import Row
from access.policy import DENY
from access.removals import ERASED, LEFT, MERGED, Erased, erased_after, has_left
from access.schemas import RemovedSchema, StandingSchema
from people.merged import found_at
from people.models import District


@dataclass(frozen=True)
class Changes:
    """`items` as they leave us; `seen_to` is the number of the last of them, 0 when there is none."""

    items: list[dict[str, Any]]
    seen_to: int
    more: bool
    people: int


def changes_since(district: District, filters: Filters, seq: int, limit: int) -> Changes:
    """The next `limit` of them, by number. The same number of queries for any number of changes."""
    rows = listing.changed_since(district.id, filters, seq, limit + 1)
    erased = erased_after(district.id, seq, limit + 1)
    both: list[Row | Erased] = [*rows, *erased]
    in_order = sorted(both, key=_seq)
    shown = in_order[:limit]
    standings = [each for each in shown if not isinstance(each, Erased)]
    merged = found_at(district.id, {row[0].person_id for row in standings})
    items = dict(zip((row[0].id for row in standings), items_of(standings, district), strict=True))
    said = [
        _erased(each) if isinstance(each, Erased) else _said(each, items[each[0].id], _into(each, merged))
        for each in shown
    ]
    people = len({row[0].person_id for row in standings})
    return Changes(said, _seq(shown[-1]) if shown else 0, len(in_order) > limit, people)


def _into(row: Row, merged: dict[int, tuple[int, str]]) -> str | None:
    found = merged.get(row[0].person_id)
    return found[1] if found else None


def _said(row: Row, item: dict[str, Any], into: str | None) -> dict[str, Any]:
    if into is None and not has_left(row[0]):
        return _dumped(StandingSchema().dump(item))
    return _dumped(RemovedSchema().dump(item | {"removed": MERGED if into else LEFT, "into": into}))


def _erased(erased: Erased) -> dict[str, Any]:
    return _dumped(
        RemovedSchema().dump(
            {
                "id": erased.public_id, "removed": ERASED, "ids": {}, "requirement": None, "access": DENY,
                "into": None, "seq": erased.seq,
            }
        )
    )  # fmt: skip


def _dumped(value: Any) -> dict[str, Any]:
    said: dict[str, Any] = value
    return said


def _seq(each: Row | Erased) -> int:
    return each.seq if isinstance(each, Erased) else each[0].seq
