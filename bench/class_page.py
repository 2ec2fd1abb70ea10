"""The class page of 35 and of 1,000 pupils: the same number of statements, whatever the size."""

from collections.abc import Iterator

import sqlalchemy as sa
from flask import Flask

from bench.figures import Figure, seconds_of
from bench.stage import DATABASES, call, stage
from completion.models import Progress
from core.clock import now
from core.database import db, transaction
from lessons import library
from people.models import Enrollment, Person, SignIn, new_person_id
from people.school_years import current_school_year
from people.sign_in import COOKIE
from tests.browsers import Browser
from tests.lms import School

SIZES = (35, 1000)
LOOKS = 5


def measure(sizes: tuple[int, int] = SIZES) -> Iterator[Figure]:
    for kind in DATABASES:
        with stage(kind) as (app, school):
            for link in ("g4", "g4-same-me"):
                school.launch("ana", link)
            tab = school.launch("cruz", "g4")
            (few, small), (many, large) = (looked_at(app, tab, size, school) for size in sizes)
        yield Figure(
            f"class page of {sizes[1]:,}, {kind}", "statements", many, few, f"those of {sizes[0]}", "= 1 x",
            kept=many == few,
        )  # fmt: skip
        yield Figure(
            f"class page of {sizes[1]:,}, {kind}", "ms", 1000 * large, 1000 * small, f"that of {sizes[0]}",
            f"< {sizes[1] / sizes[0]:.3g} x", kept=large / small < sizes[1] / sizes[0],
        )  # fmt: skip


def looked_at(app: Flask, tab: Browser, size: int, school: School) -> tuple[int, float]:
    """Statements and the quickest of a few looks, in seconds, with `size` learners in the class."""
    fill(size, school, tab)
    cookie, statements, spent = f"{COOKIE}={tab.secret}", [], []

    def note(*given: object) -> None:
        statements.append(str(given[2]))

    engine = db.get_bind()
    sa.event.listen(engine, "before_cursor_execute", note)
    for _ in range(LOOKS):
        statements.clear()
        spent.append(seconds_of(lambda: call(app, f"/completion/class?visit={tab.visit}", "GET", cookie)))
    sa.event.remove(engine, "before_cursor_execute", note)
    return len([each for each in statements if not each.startswith("BEGIN")]), min(spent)


def fill(size: int, school: School, tab: Browser) -> None:
    """Learners with names up to `size`, each of whom is done with the first half of the course."""
    with transaction():
        classroom_id = db.scalars(sa.select(SignIn.classroom_id).filter_by(key=tab.visit)).one()
        seated = sa.select(sa.func.count()).where(
            Enrollment.classroom_id == classroom_id, Enrollment.role == "learner"
        )
        people = new_people(school.district.id, size - (db.scalar(seated) or 0))
        district = {"district_id": school.district.id}
        seat = {"classroom_id": classroom_id, "role": "learner"}
        db.execute(
            sa.insert(Enrollment),
            [district | seat | {"person_id": each, "display_name": f"Pupil {each}"} for each in people],
        )
        lessons = library.course("g4").lessons
        done = {
            "school_year_id": current_school_year(school.district.id).id,
            "best_score": 90.0,
            "done_at": now(),
        }
        db.execute(
            sa.insert(Progress),
            [
                district | done | {"person_id": each, "part": f"lesson:{lesson.id}"}
                for each in people
                for lesson in lessons[: len(lessons) // 2]
            ],
        )


def new_people(district_id: int, count: int) -> list[int]:
    rows = [
        {"district_id": district_id, "public_id": new_person_id(), "audience": "pupil"} for _ in range(count)
    ]
    return list(db.scalars(sa.insert(Person).returning(Person.id), rows))
