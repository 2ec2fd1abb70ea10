"""The pages of a class, a school and the district, in a district of 12,000 pupils and on a host of a million people."""

from collections.abc import Iterator
from statistics import median

from flask import Flask

from bench import town
from bench.class_page import fill
from bench.figures import Figure, at_most, seconds_of
from bench.stage import DATABASES, call, stage
from bench.standings import Reader
from core.database import db, transaction
from core.sealed import new_secret
from oversight.keeping import EVERY, last_counted, recount
from people import offices
from people.audit import COMMAND
from people.models import District, Person
from people.sign_in import COOKIE, open_sign_in
from tests.browsers import Browser
from tests.lms import School

PUPILS, STAFF = 12_000, 2_500
DISTRICTS, PUPILS_THERE, STAFF_THERE = 300, 2_800, 533
"""A million people in 300 districts, on PostgreSQL."""
LOOKS = 41
WARM_UP = 3
AT_MOST = 10
"""Times one row read by its key through the same application."""
SHARE = 0.05
"""Of a worker's time that counting one large district may take."""


def measure(
    pupils: int = PUPILS,
    staff: int = STAFF,
    districts: int = DISTRICTS,
    there: tuple[int, int] = (PUPILS_THERE, STAFF_THERE),
    looks: int = LOOKS,
) -> Iterator[Figure]:
    for kind in DATABASES:
        with stage(kind) as (app, school):
            yield from looked_at(app, school, f"{pupils:,} pupils, {kind}", pupils, staff, looks)
    with stage("postgresql") as (app, school):
        town.build(school.district.id, *there)
        town.copies(school.district.id, districts - 1)
        size = f"{districts * sum(there):,} people in {districts} districts"
        yield from looked_at(app, school, size, 0, 0, looks)
        others = range(school.district.id + 1, school.district.id + min(districts, 11))
        spent = median(counted(each) for each in others)
        yield at_most(
            f"count one district of {size}", "ms", 1000 * spent,
            1000 * EVERY.total_seconds() / districts, "its share of five minutes of one worker", 1,
        )  # fmt: skip


def looked_at(app: Flask, school: School, size: str, pupils: int, staff: int, looks: int) -> Iterator[Figure]:
    """The three pages against one row read by its key, turn by turn; and the count."""
    district_id = school.district.id
    teacher = class_of_25(school)
    if pupils:
        town.build(district_id, pupils, staff)
    spent = counted(district_id)
    office = officer(app, district_id)
    it = Reader(app, school.district)
    turns = {
        "key": lambda: it.get("/api/v1/standings/sis:7"),
        "class": lambda: opened(app, teacher, "/completion/class"),
        "school": lambda: opened(app, office, "/completion/school"),
        "district": lambda: opened(app, office, "/completion/district"),
    }
    taken: dict[str, list[float]] = {name: [] for name in turns}
    for look in range(looks + WARM_UP):
        for name, turn in turns.items():
            seconds = seconds_of(turn)
            if look >= WARM_UP:
                taken[name].append(seconds)
    for name in ("class", "school", "district"):
        yield at_most(
            f"{name} page, {size}", "ms", 1000 * median(taken[name]), 1000 * median(taken["key"]),
            "one row by its key", AT_MOST,
        )  # fmt: skip
    if pupils:
        yield at_most(
            f"count of {size}", "s", spent, EVERY.total_seconds(), "the five minutes between two", SHARE
        )


def class_of_25(school: School) -> Browser:
    for link in ("g4", "g4-same-me"):
        school.launch("ana", link)
    tab = school.launch("cruz", "g4")
    fill(25, school, tab)
    return tab


def counted(district_id: int) -> float:
    """Seconds of a whole count, with the forecast, of a district that was not counted before."""
    seen = last_counted(district_id)
    db.remove()
    return seconds_of(lambda: recount(district_id, seen))


def officer(app: Flask, district_id: int) -> Browser:
    """Somebody of the district office in a tab."""
    with transaction():
        person = Person(district_id=db.get_one(District, district_id).id, audience="staff")
        db.add(person)
        db.flush()
        offices.give(person, "district", COMMAND)
        secret = new_secret()
        _, visit = open_sign_in(person, secret, role="teacher", classroom_id=None)
        tab = Browser(app, person, secret, visit)
    return tab


def opened(app: Flask, tab: Browser, path: str) -> None:
    call(app, f"{path}?visit={tab.visit}", "GET", f"{COOKIE}={tab.secret}")
