"""The curriculum at its planned size: checking all of it, and how long an application takes to stand.

Lessons of the plan that nobody has written yet are copied from a written one of their band under their own ids. Such a
copy is checked by every rule and has findings, since its words are another lesson's.
"""

import shutil
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from subprocess import run

from bench.figures import Figure, at_most, seconds_of
from bench.stage import database, one_core
from lessons.curriculum import FOLDER
from lessons.linting.checking import check_folder
from lessons.scope import Planned, Scope, read_scope
from lessons.sources import lesson_folders

LINT_SECONDS, START_SECONDS = 20.0, 2.0
STARTED = """
import time
began = time.process_time()
from wsgi import application
from core.database import only_reading
from lessons import library
with application.app_context(), only_reading():
    courses = library.current_release().courses.values()
    loaded = [library.lesson(each.id) for course in courses for each in course.lessons]
print(len(loaded), time.process_time() - began)
"""


def measure(lessons: int | None = None) -> Iterator[Figure]:
    """`lessons`: how many folders to check, for a trial; the whole plan unless told otherwise."""
    with tempfile.TemporaryDirectory(prefix="bench-") as place, one_core():
        whole = Path(place) / "curriculum"
        written, planned = grow(whole, lessons)
        all_of_it = seconds_of(lambda: check_folder(whole))
        few = all_of_it if lessons else seconds_of(lambda: check_folder(FOLDER))
    name = f"check of {planned} lessons"
    yield at_most(name, "s", all_of_it, LINT_SECONDS, "20 s", 1)
    yield at_most(
        f"{name}, a lesson", "ms", all_of_it / planned * 1000, few / written * 1000, f"of {written}", 1.5
    )
    yield at_most("start with every lesson loaded, processor time", "s", start(), START_SECONDS, "2 s", 1)


def grow(to: Path, lessons: int | None = None) -> tuple[int, int]:
    """Write the planned curriculum there. Returns how many lessons are written, and how many stand there now."""
    shutil.copytree(FOLDER, to)
    scope, _ = read_scope(to)
    assert scope is not None
    written = {each.name: each for each in lesson_folders(to)}
    if lessons is not None:
        for each in list(written.values())[lessons:]:
            shutil.rmtree(each)
        return lessons, lessons
    for name, each in scope.planned.items():
        if name not in written:
            _copy(like(each, scope, written), to / place_of(each))
    return len(written), len(lesson_folders(to))


def like(planned: Planned, scope: Scope, written: dict[str, Path]) -> Path:
    return next(path for name, path in written.items() if scope.planned[name].band == planned.band)


def place_of(planned: Planned) -> str:
    return f"staff/{planned.id}" if planned.band == "staff" else f"lessons/{planned.course}/{planned.id}"


def _copy(source: Path, to: Path) -> None:
    shutil.copytree(source, to)
    for file in to.glob("*.*"):
        file.write_text(file.read_text().replace(source.name, to.name))


def start() -> float:
    """Seconds of processor time from the first import until a worker has every published lesson in memory."""
    with database("sqlite") as url:
        environment = {"DATABASE_URL": url, "PATH": ""}
        for command in (("db", "upgrade"), ("curriculum", "load")):
            run([sys.executable, "-m", "flask", *command], env=environment, check=True, capture_output=True)
        done = run(
            [sys.executable, "-c", STARTED], env=environment, check=True, capture_output=True, text=True
        )
    loaded, seconds = done.stdout.split()[-2:]
    assert int(loaded) > 0
    return float(seconds)
