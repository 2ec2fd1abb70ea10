"""CSV for a spreadsheet: one row an option, everything about its question repeated."""

import csv
import io
from collections.abc import Iterator, Sequence

from core.spreadsheets import BYTE_ORDER_MARK, harmless
from exchange.questions import QuestionSet
from exchange.tags import tags_of
from lessons.items import Item

COLUMNS = ("lesson", "item", "type", "tags", "stem", "option", "text", "correct", "goes_with", "feedback")
"""`correct` is yes for a right answer, a place from 1 for a step; `goes_with` the words of a card's bin or partner."""


def question_csv(sets: Sequence[QuestionSet], _readme: str) -> bytes:
    out = io.StringIO()
    sheet = csv.writer(out, lineterminator="\r\n")
    sheet.writerow(COLUMNS)
    for of_lesson in sets:
        for item in of_lesson.questions:
            sheet.writerows([harmless(cell) for cell in row] for row in _rows(of_lesson.lesson_id, item))
    return (BYTE_ORDER_MARK + out.getvalue()).encode()


def _rows(lesson_id: str, item: Item) -> Iterator[list[str]]:
    bins = {each.id: each.text for each in item.bins}
    asked = [lesson_id, item.id, item.type, " ".join(tags_of(item)), item.stem]
    for place, option in enumerate(item.options, start=1):
        right = str(place) if item.type == "order" else "yes" if option.correct else ""
        yield [*asked, option.id, option.text, right, bins.get(option.bin, ""), option.feedback]
