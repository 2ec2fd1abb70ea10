"""A district's roster file of 15,000 people into an empty database, and the changes of a day among them.

The yardstick is what any reader must do: unpack the file and read its rows, without a database.
"""

import csv
import io
import tempfile
import zipfile
from collections.abc import Iterator
from pathlib import Path

from bench.figures import Figure, seconds_of
from bench.stage import DATABASES, stage
from core.database import db, transaction
from people.audit import COMMAND
from people.models import District
from rosters.bounds import Errors
from rosters.holding import sha256_of, take
from rosters.importing import check
from rosters.oneroster import open_oneroster
from tests.rosters.files import Rolls, district, pupil, teacher

PEOPLE, CHANGES = 15_000, 100
LONGEST, LONGEST_DELTA = 30.0, 1.0
"""Seconds."""


def measure(people: int = PEOPLE, changes: int = CHANGES) -> Iterator[Figure]:
    for kind in DATABASES:
        with stage(kind) as (_app, school), tempfile.TemporaryDirectory(prefix="bench-") as folder:
            bulk = district(people).write(Path(folder))
            took, read = (
                import_it(school.district.id, bulk, people),
                seconds_of(lambda bulk=bulk: read_it(bulk)),
            )
            delta = day_of(people, changes).write(Path(folder), delta=True, name="delta.zip")
            took_delta, read_delta = (
                import_it(school.district.id, delta, changes),
                seconds_of(lambda delta=delta: read_it(delta)),
            )
        yield figure(f"roster file of {people:,}, {kind}", took, read, LONGEST)
        yield figure(f"delta of {changes} among {people:,}, {kind}", took_delta, read_delta, LONGEST_DELTA)


def figure(name: str, took: float, read: float, longest: float) -> Figure:
    return Figure(
        name, "ms", 1000 * took, 1000 * read, "the file, only read", f"< {longest:g} s", kept=took < longest
    )


def import_it(district_id: int, path: Path, names: int) -> float:
    """Seconds to check the file and write it, as the command does."""

    def whole() -> None:
        with open_oneroster(path, {"district", "school-1"}, Errors()) as file:
            assert check(file, Errors()) == names
            with transaction():
                found = db.get_one(District, district_id)
                report = take(found, file, sha256_of(path), COMMAND, dry_run=False).report
            assert report.rows == names and report.changed and not report.quarantined

    return seconds_of(whole)


def day_of(people: int, changes: int) -> Rolls:
    """Some come, some leave, some get another user name."""
    users = [
        *(teacher(people + number) for number in range(changes // 4)),
        *(pupil(people - 1 - number, status="tobedeleted") for number in range(changes // 4)),
    ]
    renamed = changes - len(users)
    users += [pupil(people // 2 + number, username=f"new.{number}") for number in range(renamed)]
    return Rolls(users)


def read_it(path: Path) -> None:
    with zipfile.ZipFile(path) as archive:
        for name in ("orgs.csv", "users.csv"):
            with archive.open(name) as stream:
                assert list(csv.DictReader(io.TextIOWrapper(stream, "utf-8")))
