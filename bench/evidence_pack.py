"""The most memory that making an evidence pack takes, of a district of 50,000 people against one of 1,000.

Every pupil was taught two lessons of the Grade 4 course, so that there are rows of what was taught and what was not.
"""

import gc
import tracemalloc
from collections.abc import Iterator

import sqlalchemy as sa

from bench.class_page import new_people
from bench.figures import Figure
from bench.stage import DATABASES, stage
from completion.models import Evidence
from core.clock import now
from core.database import db, transaction
from lessons import library
from people.audit import COMMAND
from people.models import SchoolYear
from people.roster_models import Building, RosterInterval
from people.school_years import current_school_year
from proof import making

FEW, MANY = 1_000, 50_000
SCHOOLS = 20
MEGABYTE = 1 << 20
SPARE = 2.0
"""Megabytes beside the ratio: what a cache or a longer list of statements may take."""
AT_ONCE = 5_000


class Counter:
    """Takes a pack and keeps nothing."""

    def __init__(self) -> None:
        self.size = 0

    def write(self, data: bytes) -> None:
        self.size += len(data)


def measure(few: int = FEW, many: int = MANY) -> Iterator[Figure]:
    for kind in DATABASES:
        with stage(kind) as (_app, school):
            district_id = school.district.id
            with transaction():
                year_id = current_school_year(district_id).id
                buildings = _buildings(district_id)
            fill(district_id, year_id, buildings, few)
            making_of(district_id, year_id)  # what is remembered of the curriculum is remembered by now
            small, _ = making_of(district_id, year_id)
            fill(district_id, year_id, buildings, many - few)
            large, size = making_of(district_id, year_id)
        yield Figure(
            f"pack of {many:,} people, {size / MEGABYTE:.0f} MB, {kind}", "MB", large, small, f"that of {few:,}",
            f"<= 1.2 x + {SPARE:g} MB", kept=large <= 1.2 * small + SPARE,
        )  # fmt: skip


def making_of(district_id: int, year_id: int) -> tuple[float, int]:
    """(most megabytes in use at once, bytes of the pack)"""
    db.remove()
    gc.collect()
    out = Counter()
    tracemalloc.start()
    making.make(out, district_id, year_id, deidentified=False, by=COMMAND)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return peak / MEGABYTE, out.size


def _buildings(district_id: int) -> list[int]:
    rows = [
        {"district_id": district_id, "key": f"school-{number:02d}", "name": f"School {number}"}
        for number in range(SCHOOLS)
    ]
    return list(db.scalars(sa.insert(Building).returning(Building.id), rows))


def fill(district_id: int, year_id: int, buildings: list[int], count: int) -> None:
    """Pupils on the roster with evidence for two lessons; unsigned, for a pack does not look."""
    lessons = [library.lesson(ref.id) for ref in library.course("g4").lessons[:2]]
    for start in range(0, count, AT_ONCE):
        with transaction():
            since = db.get_one(SchoolYear, year_id).starts_at
            people = new_people(district_id, min(AT_ONCE, count - start))
            here = {"district_id": district_id}
            db.execute(
                sa.insert(RosterInterval),
                [
                    here | {"person_id": each, "building_id": buildings[each % SCHOOLS], "audience": "pupil",
                            "grade": "g4", "starts_at": since, "source": "bench"}
                    for each in people
                ],
            )  # fmt: skip
            at = now()
            db.execute(
                sa.insert(Evidence),
                [
                    here | {"person_id": each, "school_year_id": year_id, "part": lesson.part, "kind": "course",
                            "version": lesson.content_hash, "shown_at": at, "source": "bench"}
                    for each in people
                    for lesson in lessons
                ],
            )  # fmt: skip
