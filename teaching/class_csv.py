"""The class as a file for a spreadsheet: one line a learner, as sorted and filtered on the page."""

import csv
import io
from collections.abc import Iterable, Sequence

from core.language import _, translated
from core.spreadsheets import BYTE_ORDER_MARK, harmless
from teaching.class_view import Cell, Column, Pupil
from teaching.words import STATES, Wording, score


def class_csv(columns: Sequence[Column], pupils: Iterable[Pupil], wording: Wording) -> str:
    """UTF-8 text with a byte order mark. Who left the class comes as "left ..." in the second column."""
    out = io.StringIO()
    sheet = csv.writer(out, lineterminator="\r\n")
    sheet.writerow(_harmless(_head(columns)))
    sheet.writerows(_harmless(_line(pupil, wording)) for pupil in pupils)
    return BYTE_ORDER_MARK + out.getvalue()


def _head(columns: Sequence[Column]) -> list[str]:
    head = [_("Name"), _("In the class"), _("State"), _("Lessons done"), _("Average score")]
    for column in columns:
        parts = (_("state"), _("best score"), _("grade")) if column.is_lesson else (_("in the gradebook"),)
        head += [f"{translated(column.title)}: {part}" for part in parts]
    return head


def _line(pupil: Pupil, wording: Wording) -> list[str]:
    seat = _("left %(day)s", day=wording.day(pupil.left_at)) if pupil.left_at else _("yes")
    line = [wording.label(pupil), seat, translated(STATES[pupil.state]), str(pupil.done), score(pupil.score)]
    for cell in pupil.cells:
        line += _fields(cell, wording)
    return line


def _fields(cell: Cell, wording: Wording) -> list[str]:
    grade = wording.grade(cell)
    return [translated(STATES[cell.shape]), score(cell.best), grade] if cell.column.is_lesson else [grade]


def _harmless(cells: Iterable[str]) -> list[str]:
    return [harmless(cell) for cell in cells]
