"""An answer saved, through the whole application, against one durable commit in the same database."""

import json
import time
from collections.abc import Iterator

import sqlalchemy as sa
from flask import Flask

from bench.figures import Figure, at_most, percentile
from bench.stage import DATABASES, call, stage
from core.database import db, transaction
from lessons import library, progress
from people.models import District, Person
from people.school_years import current_school_year
from people.sign_in import COOKIE
from quizzes.models import Attempt
from tests.lms import School

ANSWERS = 300
LESSON = "g4-same-me"


def measure(answers: int = ANSWERS) -> Iterator[Figure]:
    for kind in DATABASES:
        with stage(kind) as (app, school):
            ours = saved(app, school, answers)
            yardstick = committed(answers)
        yield at_most(
            f"answer saved, p95, {kind}",
            "ms",
            1000 * percentile(ours, 0.95),
            1000 * percentile(yardstick, 0.95),
            "one durable commit",
            4,
        )


def saved(app: Flask, school: School, answers: int) -> list[float]:
    """Seconds of each autosave, for a pupil who keeps changing their mind."""
    tab = school.launch("ana", LESSON)
    with transaction():
        person = db.get_one(Person, tab.person.id)
        year = current_school_year(person.district_id)
        visit = progress.begin(person, LESSON, year)
        for step in range(1, len(library.lesson(LESSON).steps) + 1):
            progress.leave_step(visit, step, len(library.lesson(LESSON).steps))
    cookie = f"{COOKIE}={tab.secret}"
    call(app, f"/quizzes/{LESSON}/attempts?visit={tab.visit}", "POST", cookie)
    attempt = db.scalars(sa.select(Attempt)).one()
    db.remove()
    address = f"/quizzes/attempts/{attempt.public_id}/1?visit={tab.visit}"
    picks = attempt.draw[0]["options"]
    spent = []
    for number in range(answers):
        body = json.dumps({"picks": [picks[number % len(picks)]]})
        began = time.perf_counter()
        call(app, address, "PUT", cookie, data=body, content_type="application/json")
        spent.append(time.perf_counter() - began)
    return spent


def committed(times: int) -> list[float]:
    """Seconds of each one-row update that is on the disk when it returns."""
    spent = []
    for number in range(times):
        began = time.perf_counter()
        with transaction():
            db.execute(sa.update(District).values(name=f"Bench {number}"))
        spent.append(time.perf_counter() - began)
    return spent
