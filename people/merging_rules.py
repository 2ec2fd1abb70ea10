"""What gives way when two records of one person sit in the same classroom."""

from collections.abc import Sequence

from core.clock import now
from people.merging import Book
from people.models import Enrollment

RANK = {"other": 0, "learner": 1, "mentor": 2, "teacher": 3}


def one_seat(kept: Sequence[Enrollment], gone: Sequence[Enrollment], book: Book) -> None:
    """The seat that is kept has the higher role, and is taken where either was; the other stands as left."""
    mine = {each.classroom_id: each for each in kept}
    for seat in gone:
        own = mine.get(seat.classroom_id)
        if own is None or seat.left_at is not None:
            continue
        role = max(own.role, seat.role, key=lambda each: RANK[each]) if own.left_at is None else seat.role
        book.change(own, role=role, left_at=None)
        book.change(seat, left_at=now())
