"""The people of a list as a file for a spreadsheet, a line for each."""

import csv
import io
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime

from core.spreadsheets import BYTE_ORDER_MARK, harmless
from oversight.people_list import Listed
from oversight.words import ACCESS, JOBS, STATES, grade

HEAD = ("id", "sis id", "email", "user name", "building")


def people_csv(
    people: Iterable[Listed], *, pupils: bool, states: bool, day: Callable[[datetime], str]
) -> Iterator[str]:
    """UTF-8 text with a byte order mark, in pieces. Without `states` it holds access alone."""
    yield BYTE_ORDER_MARK + _line(
        [*HEAD, "grade" if pupils else "job", *_more_heads(pupils, states), "access"]
    )
    for person in people:
        yield _line(
            [
                person.public_id,
                *(person.ids.get(scheme, "") for scheme in ("sis", "email", "username")),
                "; ".join(person.place),
                "; ".join(grade(word) if pupils else JOBS.get(word, word) for word in person.words),
                *_more(person, states, day),
                ACCESS.get(person.access, ("", person.access))[1],
            ]
        )


def _more_heads(pupils: bool, states: bool) -> list[str]:
    if not states:
        return []
    return ["state", "due", *(["lessons done"] if pupils else [])]


def _more(person: Listed, states: bool, day: Callable[[datetime], str]) -> list[str]:
    if not states:
        return []
    word = STATES.get(person.state, ("", person.state))[1]
    due = day(person.due_at) if person.due_at else ""
    return [word, due, *([str(person.lessons)] if person.lessons is not None else [])]


def _line(cells: list[str]) -> str:
    out = io.StringIO()
    csv.writer(out, lineterminator="\r\n").writerow([harmless(cell) for cell in cells])
    return out.getvalue()
