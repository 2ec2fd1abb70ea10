"""How many of the staff lose access on which day, by the forecast of access.forecast and by building."""

from collections import Counter
from datetime import date, datetime, timedelta

import sqlalchemy as sa

from access.forecast import losses
from core.database import db
from oversight.places import staff_here
from people.models import District, Person

LOOKS_AHEAD = timedelta(days=30)

Row = tuple[bool, int | None, date, int, int]
"""(whole district?, building, day, people who lose access, people who would under the whole policy)"""


def losses_by_place(district: District, at: datetime) -> list[Row]:
    """In a constant number of queries."""
    found = losses(district, at, at + LOOKS_AHEAD, "staff")
    if not found:
        return []
    places = _places(district, at)
    rows: list[Row] = []
    for loss in found:
        lose, would = Counter(_where(loss.enforced, places)), Counter(_where(loss.observed, places))
        rows.append((True, None, loss.day, len(loss.enforced), len(loss.observed)))
        rows += [(False, each, loss.day, lose[each], would[each]) for each in lose.keys() | would.keys()]
    return rows


def _where(public_ids: tuple[str, ...], places: dict[str, set[int | None]]) -> list[int | None]:
    return [building for each in public_ids for building in places.get(each, {None})]


def _places(district: District, at: datetime) -> dict[str, set[int | None]]:
    """{public id: buildings} of the staff."""
    here = staff_here(district.id, at, whole=False)
    found: dict[str, set[int | None]] = {}
    for public_id, building_id in db.execute(
        sa.select(Person.public_id, here.c.building_id).join(here, here.c.person_id == Person.id)
    ):
        found.setdefault(public_id, set()).add(building_id)
    return found
