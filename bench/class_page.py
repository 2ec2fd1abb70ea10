"""The class page of 35 and of 1,000 pupils: the same number of statements, whatever the size."""

import time
from collections.abc import Iterator

import sqlalchemy as sa
from flask import Flask

from bench.figures import Figure
from bench.stage import DATABASES, call, stage
from core.database import db, transaction
from people.models import Classroom, Enrollment, Person, SignIn, new_person_id
from people.sign_in import COOKIE
from tests.lms import School

SIZES = (35, 1000)
LOOKS = 5


def measure(sizes: tuple[int, int] = SIZES) -> Iterator[Figure]:
    for kind in DATABASES:
        with stage(kind) as (app, school):
            school.launch("ana", "g4")
            tab = school.launch("cruz", "g4")
            address, cookie = f"/completion/class?visit={tab.visit}", f"{COOKIE}={tab.secret}"
            (few, small), (many, large) = (looked_at(app, address, cookie, size, school) for size in sizes)
        yield Figure(
            f"class page statements, {sizes[1]} pupils, {kind}",
            "statements",
            many,
            few,
            f"those for {sizes[0]}",
            "= 1 x",
            kept=many == few,
        )
        yield Figure(
            f"class page, {sizes[1]} pupils, {kind}",
            "ms",
            1000 * large,
            1000 * small,
            f"that of {sizes[0]}",
            "less than by pupils",
            kept=large / small < sizes[1] / sizes[0],
        )


def looked_at(app: Flask, address: str, cookie: str, size: int, school: School) -> tuple[int, float]:
    """Statements and the quickest of a few looks, in seconds, with `size` learners in the class."""
    fill(size, school)
    call(app, address, "GET", cookie)
    statements: list[str] = []
    sa.event.listen(db.get_bind(), "before_cursor_execute", lambda *given: statements.append(given[2]))
    spent = []
    for _ in range(LOOKS):
        statements.clear()
        began = time.perf_counter()
        call(app, address, "GET", cookie)
        spent.append(time.perf_counter() - began)
    return len([each for each in statements if not each.startswith("BEGIN")]), min(spent)


def fill(size: int, school: School) -> None:
    with transaction():
        classroom_id = db.scalars(sa.select(SignIn.classroom_id).order_by(SignIn.id.desc()).limit(1)).one()
        classroom = db.get_one(Classroom, classroom_id)
        there = db.scalar(
            sa.select(sa.func.count()).where(
                Enrollment.classroom_id == classroom.id, Enrollment.role == "learner"
            )
        )
        rows = [
            {"district_id": school.district.id, "public_id": new_person_id(), "audience": "pupil"}
            for _ in range(size - (there or 0))
        ]
        db.execute(sa.insert(Person), rows)
        made = db.scalars(
            sa.select(Person.id).where(Person.public_id.in_([row["public_id"] for row in rows]))
        ).all()
        db.execute(
            sa.insert(Enrollment),
            [
                {"district_id": school.district.id, "classroom_id": classroom.id, "person_id": person_id,
                 "role": "learner", "display_name": f"Pupil {person_id}"}
                for person_id in made
            ],
        )  # fmt: skip
