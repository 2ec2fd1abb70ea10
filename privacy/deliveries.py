"""Count what was taught or signed before its rows go: the ledger that needs no person (Delivered)."""

from collections import Counter
from collections.abc import Sequence
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from core.clock import now
from core.database import db, insert_for, table_of
from people.models import District, Person
from people.roster_models import Building, RosterInterval
from privacy.models import Delivered

COUNTED_BY = ("day", "school", "grade", "audience", "part", "kind", "version")


def count_away(district: District, evidence: Sequence[sa.RowMapping]) -> int:
    """Add rows of the table `evidence` to the ledger, in the transaction that removes them. Voided ones count for
    nothing. Returns how many were counted."""
    rows = [row for row in evidence if row["voided_at"] is None]
    if not rows:
        return 0
    people = {row["person_id"] for row in rows}
    asked = sa.select(Person.id, Person.audience).where(Person.id.in_(people))
    audiences = dict(db.execute(asked).all())
    places = _places(people)
    counted: Counter[tuple[Any, ...]] = Counter()
    zone = ZoneInfo(district.timezone)
    for row in rows:
        shown_at = row["shown_at"]
        school, grade = _place_at(places.get(row["person_id"], []), shown_at)
        day = shown_at.astimezone(zone).date()
        counted[
            day, school, grade, audiences[row["person_id"]], row["part"], row["kind"], row["version"]
        ] += 1
    _add(district.id, counted)
    return len(rows)


def _places(people: set[int]) -> dict[int, list[Any]]:
    found: dict[int, list[Any]] = {}
    intervals = sa.select(
        RosterInterval.person_id,
        RosterInterval.starts_at,
        RosterInterval.ends_at,
        RosterInterval.grade,
        Building.key,
    ).outerjoin(Building, Building.id == RosterInterval.building_id)
    for row in db.execute(intervals.where(RosterInterval.person_id.in_(people)).order_by(RosterInterval.id)):
        found.setdefault(row.person_id, []).append(row)
    return found


def _place_at(intervals: Sequence[Any], at: Any) -> tuple[str, str]:
    """(school, grade) by the roster of that moment; two empty texts where it did not speak of them."""
    for each in intervals:
        if each.starts_at <= at and (each.ends_at is None or at < each.ends_at):
            return each.key or "", each.grade or ""
    return "", ""


def _add(district_id: int, counted: Counter[tuple[Any, ...]]) -> None:
    table = table_of(Delivered)
    statement = insert_for(table)
    db.connection().execute(
        statement.on_conflict_do_update(
            index_elements=["district_id", *COUNTED_BY],
            set_={"times": table.c.times + statement.excluded.times},
        ),
        [
            {
                "district_id": district_id,
                **dict(zip(COUNTED_BY, key, strict=True)),
                "times": times,
                "created_at": now(),
            }
            for key, times in sorted(counted.items())
        ],
    )
