"""The night a school year turns on a host of many districts: everything the worker does of it, and who waits for it.

The years open, everybody is asked anew, every standing is looked at, the figures are counted, last year is frozen.
"""

import gc
import threading
import time
import tracemalloc
from collections.abc import Iterator
from dataclasses import dataclass, field

import sqlalchemy as sa

import worker
from bench import turn
from bench.figures import Figure, at_most
from bench.stage import DATABASES, stage
from completion.models import Assignment, Review
from core.clock import now
from core.database import db, transaction
from people.models import SchoolYear

FEW, MANY = (1, 400, 80), (10, 400, 80)
"""Districts, pupils and staff of each. SQLite has one district, of as many people in all."""
STEPS = ("school_years", "assignments", "sweeps", "standings", "figures", "year_freeze")
GROWTH = 12
WAIT = 2.0
MEGABYTE = 1 << 20
SPARE = 4.0


@dataclass
class Watch:
    """Statements, and how long each transaction that wrote anything stood open."""

    step: str = ""
    statements: int = 0
    longest: float = 0.0
    longest_in: str = ""
    _open: dict[int, float] = field(default_factory=dict)

    def listen(self) -> None:
        engine = db.get_bind()
        sa.event.listen(engine, "before_cursor_execute", self._statement)
        sa.event.listen(engine, "commit", self._end)
        sa.event.listen(engine, "rollback", self._end)

    def cease(self) -> None:
        engine = db.get_bind()
        sa.event.remove(engine, "before_cursor_execute", self._statement)
        sa.event.remove(engine, "commit", self._end)
        sa.event.remove(engine, "rollback", self._end)

    def _statement(self, connection: sa.Connection, _cursor: object, statement: str, *_rest: object) -> None:
        self.statements += 1
        if statement.startswith(("INSERT", "UPDATE", "DELETE")) or "FOR UPDATE" in statement:
            self._open.setdefault(id(connection), time.monotonic())

    def _end(self, connection: sa.Connection) -> None:
        began = self._open.pop(id(connection), None)
        if began and time.monotonic() - began > self.longest:
            self.longest, self.longest_in = time.monotonic() - began, self.step


@dataclass(frozen=True)
class Turned:
    """What one turn took: `seconds` of the clock and `spent` of our processor time by step."""

    people: int
    seconds: dict[str, float]
    spent: dict[str, float]
    statements: int
    longest: float
    longest_in: str
    megabytes: float


def measure(few: tuple[int, int, int] = FEW, many: tuple[int, int, int] = MANY) -> Iterator[Figure]:
    for kind in DATABASES:
        small, large = turned(kind, *few), turned(kind, *many)
        of = f"a year's turn of {large.people:,}, {kind}"
        times = large.people / small.people
        yield at_most(
            of, "s of processor", sum(large.spent.values()), sum(small.spent.values()), f"that of {small.people:,}",
            GROWTH * times / 10,
        )  # fmt: skip
        yield at_most(
            of, "statements/1,000", 1000 * large.statements / large.people,
            1000 * small.statements / small.people, f"those of {small.people:,}", 1.2,
        )  # fmt: skip
        yield at_most(f"longest that {of} lets others wait", "s", large.longest, WAIT, "two seconds", 1)
        yield Figure(
            f"memory of {of}", "MB", large.megabytes, small.megabytes, f"that of {small.people:,}",
            f"<= 1.2 x + {SPARE:g} MB", kept=large.megabytes <= 1.2 * small.megabytes + SPARE,
        )  # fmt: skip


def turned(
    kind: str, districts: int, pupils: int, staff: int, workers: int = 1, traced: bool = True
) -> Turned:
    with stage(kind) as (_app, school):
        people = districts * (pupils + staff)
        if kind == "sqlite":
            districts, pupils, staff = 1, districts * pupils, districts * staff
        turn.prepare(school, districts, pupils, staff)
        db.remove()
        return turn_over(people, workers, traced)


def turn_over(people: int, workers: int = 1, traced: bool = True) -> Turned:
    """Every step until it has nothing to do, one after another."""
    stop = threading.Event()
    todo = {each.name: each for each in worker.steps(1, "http://localhost:8000", stop)}
    watch, seconds, spent = Watch(), {}, {}
    gc.collect()
    if traced:
        tracemalloc.start()
    watch.listen()
    for name in STEPS:
        watch.step, began, used = name, time.monotonic(), time.process_time()
        lanes = [threading.Thread(target=worker.run_once, args=([todo[name]],)) for _ in range(workers)]
        for lane in lanes:
            lane.start()
        for lane in lanes:
            lane.join()
        seconds[name], spent[name] = time.monotonic() - began, time.process_time() - used
    watch.cease()
    peak = tracemalloc.get_traced_memory()[1] / MEGABYTE if traced else 0.0
    tracemalloc.stop()
    _check(people)
    return Turned(people, seconds, spent, watch.statements, watch.longest, watch.longest_in, peak)


def _check(people: int) -> None:
    """It was a whole turn: everybody of the roster is asked this year, and nothing is left to look at."""
    with transaction():
        new = sa.select(SchoolYear.id).where(SchoolYear.name != turn.LAST)
        asked = db.scalar(
            sa.select(sa.func.count(Assignment.person_id.distinct())).where(
                Assignment.school_year_id.in_(new)
            )
        )
        left = db.scalar(sa.select(sa.func.count()).select_from(Review).where(Review.due_at <= now()))
    assert left == 0, f"{left} reviews are left"
    assert asked, "nobody was asked"
