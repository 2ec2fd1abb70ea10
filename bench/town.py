"""A seeded district: schools with pupils and staff, classes, work behind them; and a host of many such districts."""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from random import Random
from typing import Any

import sqlalchemy as sa

from access.models import Standing, StandingLog
from bench.class_page import new_people
from completion.models import Assignment, Progress, Requirement
from core.clock import now
from core.database import Base, db, table_of, transaction
from lessons import library
from people.directory import print_of
from people.models import Classroom, District, Enrollment, Identity, Person, SchoolYear
from people.roster_models import JOBS, Building, RosterInterval
from people.school_years import current_school_year

GRADES = {
    "elementary": ("k", "g1", "g2", "g3", "g4", "g5"),
    "middle": ("g6", "g7", "g8"),
    "high": ("g9", "g10", "g11", "g12"),
}
KINDS = ("elementary", "elementary", "elementary", "middle", "high")
PUPILS_OF_A_SCHOOL = 400
CLASS_SIZE = 25
DONE = 0.6
"""How many of its lessons a pupil has had, on average."""
STATES = (
    ("complete", "allow", 80),
    ("in_progress", "allow", 8),
    ("overdue", "allow", 7),
    ("expired", "limited", 5),
)
PORTION = 5_000
SHARED = {"requirement", "platform", "deployment"}
KEYS = ("public_id", "context_id", "link_id")
"""Unique whatever the district."""
COPIED = (
    SchoolYear, Person, Building, RosterInterval, Classroom, Enrollment, Assignment, Progress, Standing, StandingLog,
)  # fmt: skip


def build(district_id: int, pupils: int, staff: int, seed: int = 1) -> None:
    """So many people in schools of some 400 pupils each."""
    chance = Random(seed)
    with transaction():
        year = current_school_year(district_id)
        schools = _schools(district_id, max(1, pupils // PUPILS_OF_A_SCHOOL))
        _pupils(district_id, year, schools, pupils, chance)
        _staff(district_id, year, [building for building, _ in schools], staff, chance)
        if db.get_bind().dialect.name == "postgresql":
            db.execute(sa.text("ANALYZE"))  # as autovacuum would within the minute


def copies(district_id: int, count: int, also: tuple[type[Base], ...] = ()) -> None:
    """So many more districts like this one, copied inside the database (PostgreSQL), each with numbers of its own.

    also  tables to copy besides those of a town

    Names of people are not copied: nothing that is measured looks them up there.
    """
    with transaction():
        first = db.get_one(District, district_id)
        last = db.scalar(sa.select(sa.func.max(District.id))) or 0
        rows = [
            {"slug": f"copy-{k}", "name": f"Copy {k}", "timezone": first.timezone, "email_domains": []}
            for k in range(count)
        ]
        others = sorted(db.scalars(sa.insert(District).returning(District.id), rows))
        assert others == list(range(last + 1, last + count + 1)), "numbers follow each other"
        for model in (*COPIED, *also):
            name = table_of(model).name
            db.execute(sa.text(_copy(table_of(model), district_id, last, count)))
            db.execute(
                sa.text(f"SELECT setval(pg_get_serial_sequence('{name}', 'id'), max(id)) FROM \"{name}\"")
            )
        db.execute(sa.text("ANALYZE"))


def _copy(table: sa.Table, district_id: int, last_district: int, count: int) -> str:
    """INSERT ... SELECT in which each number is moved past those of the copy before."""

    def moved(column: sa.Column[Any]) -> str:
        name = f't."{column.name}"'
        if column.name == "district_id":
            return f"{last_district} + k"
        if column.name in KEYS:
            return f"{name} || '-' || k"
        target = next(
            (key.column.table for key in column.foreign_keys), table if column.primary_key else None
        )
        if target is None or target.name in SHARED:
            return name
        return f'{name} + k * (SELECT max(id) FROM "{target.name}" WHERE district_id = {district_id})'

    names = ", ".join(f'"{column.name}"' for column in table.columns)
    values = ", ".join(moved(column) for column in table.columns)
    return (
        f'INSERT INTO "{table.name}" ({names}) SELECT {values} FROM "{table.name}" t '
        f"CROSS JOIN generate_series(1, {count}) k WHERE t.district_id = {district_id}"
    )


def _schools(district_id: int, count: int) -> list[tuple[int, tuple[str, ...]]]:
    """[(building, its grades)]"""
    kinds = [KINDS[number % len(KINDS)] for number in range(count)]
    rows = [
        {"district_id": district_id, "key": f"school-{number}", "name": f"{kind.title()} School {number}"}
        for number, kind in enumerate(kinds)
    ]
    ids = list(db.scalars(sa.insert(Building).returning(Building.id), rows))
    return [(building, GRADES[kind]) for building, kind in zip(ids, kinds, strict=True)]


def _pupils(
    district_id: int, year: SchoolYear, schools: list[tuple[int, tuple[str, ...]]], count: int, chance: Random
) -> None:
    people = new_people(district_id, count)
    places = [schools[number % len(schools)] for number in range(count)]
    grades = [chance.choice(grades) for _, grades in places]
    at = now()
    insert_rows(
        RosterInterval,
        (
            {
                "district_id": district_id, "person_id": person, "building_id": building, "audience": "pupil",
                "grade": grade, "starts_at": at - timedelta(days=40), "source": "oneroster",
            }
            for person, (building, _), grade in zip(people, places, grades, strict=True)
        ),
    )  # fmt: skip
    _seats(district_id, people, places, grades)
    courses = library.current_release().courses
    parts = {grade: [f"lesson:{ref.id}" for ref in course.lessons] for grade, course in courses.items()}
    insert_rows(
        Progress,
        (
            {
                "district_id": district_id, "person_id": person, "school_year_id": year.id, "part": part,
                "best_score": 90.0, "done_at": at,
            }
            for person, grade in zip(people, grades, strict=True)
            for part in parts.get(grade, ())
            if chance.random() < DONE
        ),
    )  # fmt: skip


def _seats(
    district_id: int, people: list[int], places: list[tuple[int, tuple[str, ...]]], grades: list[str]
) -> None:
    """Each school's pupils of a grade in classes of 25."""
    by_class: dict[tuple[int, str], list[int]] = {}
    for person, (building, _), grade in zip(people, places, grades, strict=True):
        by_class.setdefault((building, grade), []).append(person)
    rooms = [
        (f"{grade}, room {number}", members[number : number + CLASS_SIZE])
        for (_, grade), members in by_class.items()
        for number in range(0, len(members), CLASS_SIZE)
    ]
    wanted = [{"district_id": district_id, "title": title} for title, _ in rooms]
    ids = list(db.scalars(sa.insert(Classroom).returning(Classroom.id), wanted))
    insert_rows(
        Enrollment,
        (
            {"district_id": district_id, "classroom_id": room, "person_id": person, "role": "learner"}
            for room, (_, members) in zip(ids, rooms, strict=True)
            for person in members
        ),
    )


def _staff(district_id: int, year: SchoolYear, buildings: list[int], count: int, chance: Random) -> None:
    people = new_people(district_id, count)
    db.execute(sa.update(Person).where(Person.id.between(people[0], people[-1])).values(audience="staff"))
    at = now()
    jobs = [chance.choice(JOBS) for _ in people]
    insert_rows(
        RosterInterval,
        (
            {
                "district_id": district_id, "person_id": person, "building_id": chance.choice(buildings),
                "audience": "staff", "job": job, "starts_at": at - timedelta(days=400), "source": "staff_csv",
            }
            for person, job in zip(people, jobs, strict=True)
        ),
    )  # fmt: skip
    insert_rows(
        Identity,
        (
            {
                "district_id": district_id, "person_id": person, "scheme": "sis", "issuer": "", "value": str(number),
                "source": "roster", "fingerprint": print_of(district_id, "sis", "", str(number)),
            }
            for number, person in enumerate(people)
        ),
    )  # fmt: skip
    requirement = db.scalars(sa.select(Requirement.id).filter_by(key="rua")).one()
    insert_rows(Standing, _standings(district_id, people, at, chance))
    insert_rows(StandingLog, [{"district_id": district_id, "last_seq": len(people)}])
    insert_rows(
        Assignment,
        (
            {
                "district_id": district_id, "person_id": person, "requirement_id": requirement,
                "school_year_id": year.id, "assigned_at": at - timedelta(days=40), "due_at": at - timedelta(days=2),
                "grace_until": at + timedelta(days=12), "basis": "school_year",
            }
            for person in people
        ),
    )  # fmt: skip


def _standings(district_id: int, people: list[int], at: datetime, chance: Random) -> Iterator[dict[str, Any]]:
    for number, person in enumerate(people, start=1):
        (state, access, _), *_rest = chance.choices(STATES, [weight for _, _, weight in STATES])
        yield {
            "district_id": district_id, "person_id": person, "requirement": "rua", "audience": "staff",
            "period": "2026-27", "state": state, "access": access, "would_be": access, "reason": "returning",
            "seq": number, "changed_at": at, "due_at": at - timedelta(days=2), "grace_until": at + timedelta(days=12),
            "next_change_at": at + timedelta(days=12 if state != "complete" else 250),
        }  # fmt: skip


def insert_rows(model: type[Any], rows: Iterable[dict[str, Any]]) -> None:
    """In portions, past the unit of work."""
    portion: list[dict[str, Any]] = []
    for row in rows:
        portion.append(row)
        if len(portion) == PORTION:
            db.connection().execute(sa.insert(table_of(model)), portion)
            portion = []
    if portion:
        db.connection().execute(sa.insert(table_of(model)), portion)
