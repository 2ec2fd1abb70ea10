"""The gradebook as people read it: one row per learner, one cell per column, and a sentence on top."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from practice_lms.people import Course, Person
from practice_lms.state import LineItem, Result

if TYPE_CHECKING:
    from practice_lms.lms import PracticeLms


@dataclass(frozen=True)
class Cell:
    column: str
    score: str
    progress: str = ""
    at: str = ""
    comment: str = ""
    link: str = ""
    """The course item whose submission the teacher may open, if there is one."""


@dataclass(frozen=True)
class Table:
    columns: list[LineItem]
    rows: list[tuple[Person, list[Cell]]]
    summary: str


def gradebook_table(lms: PracticeLms, course: Course) -> Table:
    columns = lms.gradebook.columns(course)
    rows = []
    for membership in lms.memberships.of(course):
        if membership.role == "Learner" and membership.status != "Deleted":
            person = lms.world.people[membership.person]
            rows.append((person, [_cell(lms, column, person) for column in columns]))
    return Table(columns, rows, _summary(rows))


def _cell(lms: PracticeLms, column: LineItem, person: Person) -> Cell:
    result = lms.state.results.get((column.id, lms.user_id(person)))
    if result is None:
        return Cell(column.label, "")
    return Cell(
        column.label,
        _score(column, result),
        _progress(result),
        _clock(result.received_at),
        result.comment or "",
        column.link or "",
    )


def _score(column: LineItem, result: Result) -> str:
    if result.score is None:
        return "no grade"
    return f"{result.score:g} / {column.score_maximum:g}"


def _progress(result: Result) -> str:
    """`Completed, FullyGraded` in words."""
    if result.overridden:
        return "Entered by the teacher"
    words = f"{result.activity_progress}, {result.grading_progress}"
    return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", words).lower().capitalize()


def _clock(moment: datetime) -> str:
    local = moment.astimezone()
    return f"{local:%B} {local.day}, {local:%H:%M:%S}"


def _summary(rows: list[tuple[Person, list[Cell]]]) -> str:
    begun = sum(any(cell.score for cell in cells) for _, cells in rows)
    if not begun:
        return f"No score has arrived yet. The class has {len(rows)} people."
    return f"{begun} of {len(rows)} people have a score or a mark of progress."
