"""An answer saved, through the whole application, against one durable commit in the same database."""

import json
from collections.abc import Callable, Iterator
from functools import partial

import sqlalchemy as sa
from flask import Flask

from bench.figures import Figure, at_most, percentile, seconds_of
from bench.stage import DATABASES, call, stage
from core.database import db, transaction
from lessons import library, progress
from people.models import District, Person
from people.school_years import current_school_year
from people.sign_in import COOKIE
from quizzes.models import Attempt
from tests.browsers import Browser
from tests.lms import School

ANSWERS = 400
WARM_UP = 20
LESSON = "g4-same-me"


def measure(answers: int = ANSWERS) -> Iterator[Figure]:
    for kind in DATABASES:
        with stage(kind) as (app, school), db.get_bind().connect() as plain:
            save = saver(app, school)
            ours, yardstick = [], []
            # By turns, so that whatever else the machine does meets both.
            for number in range(WARM_UP + answers):
                ours.append(seconds_of(partial(save, number)))
                yardstick.append(seconds_of(partial(commit, plain, number)))
        yield at_most(
            f"answer saved, p95, {kind}",
            "ms",
            1000 * percentile(ours[WARM_UP:], 0.95),
            1000 * percentile(yardstick[WARM_UP:], 0.95),
            "one durable commit, p95",
            4,
        )


def saver(app: Flask, school: School) -> Callable[[int], object]:
    """save(number) is one tap of a pupil who keeps changing their mind."""
    tab = school.launch("ana", LESSON)
    finish_lesson(tab, LESSON)
    cookie = f"{COOKIE}={tab.secret}"
    call(app, f"/quizzes/{LESSON}/attempts?visit={tab.visit}", "POST", cookie)
    attempt = db.scalars(sa.select(Attempt)).one()
    db.remove()
    address = f"/quizzes/attempts/{attempt.public_id}/1?visit={tab.visit}"
    bodies = [json.dumps({"picks": [option]}) for option in attempt.draw[0]["options"]]

    def save(number: int) -> object:
        body = bodies[number % len(bodies)]
        return call(app, address, "PUT", cookie, data=body, content_type="application/json")

    return save


def finish_lesson(tab: Browser, lesson_id: str) -> None:
    steps = len(library.lesson(lesson_id).steps)
    with transaction():
        person = db.get_one(Person, tab.person.id)
        visit = progress.begin(person, lesson_id, current_school_year(person.district_id))
        for step in range(1, steps + 1):
            progress.leave_step(visit, step, steps)


def commit(plain: sa.Connection, number: int) -> None:
    """One row changed, and on the disk when this returns."""
    with plain.begin():
        plain.execute(sa.update(District.__table__).values(name=f"Bench {number}"))
