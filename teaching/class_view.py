"""A class as its teacher sees it: flat rows folded into pupils, with what each of them did in each lesson."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import NamedTuple

from completion.class_dates import NO_DATES, ClassDates, Due

STATES = ("none", "part", "done")
"""Not begun, under way, done; in this order when sorted."""


@dataclass(frozen=True, slots=True)
class Column:
    """A lesson, or the course's own grade.

    part       the ledger's name for it, "lesson:g4-same-me"; "" for the course, whose column has only grades
    target     path of the links that open it, "/lessons/g4/g4-same-me"
    gradebook  "there" | "missing" (links to it stand in this class, none has a gradebook column) | "no link"
    """

    part: str
    title: str
    target: str
    gradebook: str

    @property
    def is_lesson(self) -> bool:
        return bool(self.part)

    @property
    def lesson_id(self) -> str:
        return self.part.removeprefix("lesson:")


class SeatRow(NamedTuple):
    """One learner and one column; more than one row where several gradebook columns hold the same lesson."""

    seat: int
    name: str | None
    left_at: datetime | None
    target: str
    begun_at: datetime | None = None
    best_score: float | None = None
    done_at: datetime | None = None
    delivery_id: int | None = None
    delivery_state: str | None = None
    sent_at: datetime | None = None
    problem: str | None = None
    together: bool = False


@dataclass(frozen=True, slots=True)
class Delivery:
    """A grade on its way to the LMS. `state` is waiting | sent | refused."""

    id: int
    state: str
    sent_at: datetime | None
    problem: str | None


@dataclass(frozen=True, slots=True)
class Cell:
    """What one learner did in one column. `state` is one of STATES; `best` a score from 0 to 100.

    together  done with the class, led by a teacher, and not by themselves
    due       by when they are to be done with it, where the class has a date
    """

    column: Column
    state: str
    best: float | None
    deliveries: tuple[Delivery, ...]
    together: bool = False
    due: Due | None = None

    def is_late(self, at: datetime) -> bool:
        """Not done, and the date is past."""
        return self.state != "done" and self.due is not None and self.due.at <= at

    @property
    def shape(self) -> str:
        """What it is called and drawn as: its state, or `group`."""
        return "group" if self.together else self.state


@dataclass(frozen=True, slots=True)
class Pupil:
    """One learner. `number` counts seats in the order they were taken, so that it stays when others leave; `seat` is
    the enrollment's id."""

    seat: int
    number: int
    name: str | None
    left_at: datetime | None
    cells: tuple[Cell, ...]

    @property
    def lessons(self) -> tuple[Cell, ...]:
        return tuple(cell for cell in self.cells if cell.column.is_lesson)

    @property
    def done(self) -> int:
        """How many lessons are done."""
        return sum(cell.state == "done" for cell in self.lessons)

    @property
    def state(self) -> str:
        """Over all lessons: done when each is, not begun when none is."""
        states = {cell.state for cell in self.lessons}
        return states.pop() if len(states) == 1 else "part"

    @property
    def score(self) -> float | None:
        """The mean of the best scores there are; None before the first."""
        scores = [cell.best for cell in self.lessons if cell.best is not None]
        return round(sum(scores) / len(scores), 2) if scores else None

    @property
    def refused(self) -> int:
        """How many of the grades the LMS did not take."""
        return sum(each.state == "refused" for cell in self.cells for each in cell.deliveries)


@dataclass(frozen=True, slots=True)
class ClassView:
    """Everybody who learns in the class. Who left is kept apart and counted nowhere."""

    columns: tuple[Column, ...]
    pupils: tuple[Pupil, ...]
    left: tuple[Pupil, ...]

    @property
    def counts(self) -> dict[str, int]:
        """Pupils by state, {"none": 3, "part": 2, "done": 21}."""
        found = Counter(pupil.state for pupil in self.pupils)
        return {state: found[state] for state in STATES}

    @property
    def refused(self) -> int:
        return sum(pupil.refused for pupil in self.pupils)

    def done_in(self, column: Column) -> int:
        """How many pupils are done with one lesson."""
        place = self.columns.index(column)
        return sum(pupil.cells[place].state == "done" for pupil in self.pupils)


def class_view(columns: Sequence[Column], rows: Iterable[SeatRow], dates: ClassDates = NO_DATES) -> ClassView:
    """`rows` come seat by seat, in the order the seats were taken."""
    seats = groupby(rows, key=lambda row: row.seat)
    everybody = [
        _pupil(number, columns, list(seat), dates) for number, (_, seat) in enumerate(seats, start=1)
    ]
    return ClassView(
        columns=tuple(columns),
        pupils=tuple(each for each in everybody if each.left_at is None),
        left=tuple(each for each in everybody if each.left_at is not None),
    )


def _pupil(number: int, columns: Sequence[Column], rows: Sequence[SeatRow], dates: ClassDates) -> Pupil:
    by_target: dict[str, list[SeatRow]] = {}
    for row in rows:
        by_target.setdefault(row.target, []).append(row)
    seat = rows[0].seat
    cells = tuple(
        _cell(column, by_target.get(column.target, []), dates.of(seat, column.part)) for column in columns
    )
    return Pupil(seat, number, rows[0].name, rows[0].left_at, cells)


def _cell(column: Column, rows: Sequence[SeatRow], due: Due | None) -> Cell:
    if not rows:
        return Cell(column, "none", None, (), due=due)
    first = rows[0]
    deliveries = tuple(
        Delivery(row.delivery_id, row.delivery_state, row.sent_at, row.problem)
        for row in rows
        if row.delivery_id is not None and row.delivery_state is not None
    )
    state = _state(first)
    together = first.together and first.best_score is None and state == "done"
    return Cell(column, state, first.best_score, deliveries, together, due)


def _state(row: SeatRow) -> str:
    if row.done_at is not None:
        return "done"
    return "none" if row.begun_at is None else "part"
