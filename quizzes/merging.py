"""What gives way when two records of one person have both taken a quiz."""

from collections.abc import Sequence

from core.database import db
from people.merging import Book
from quizzes.models import Attempt


def number_on(kept: Sequence[Attempt], gone: Sequence[Attempt], book: Book) -> None:
    """Attempts are numbered per lesson and year; the others' go on after one's own. Of two that are open the other
    stays behind, unfinished; a check of the refresher is no try and keeps its number."""
    last: dict[tuple[str, int], int] = {}
    for each in kept:
        key = (each.lesson_id, each.school_year_id)
        last[key] = max(last.get(key, 0), each.number)
    # From the highest down, so that none takes a number that another still has.
    for each in sorted((each for each in gone if not each.is_check), key=lambda each: -each.number):
        before = last.get((each.lesson_id, each.school_year_id), 0)
        book.change(each, number=each.number + before)
        db.flush()
