"""What gives way when two records of one person are owed a grade in the same column."""

from collections.abc import Sequence

from lti_tool.models import ScoreDelivery
from people.merging import Book


def one_grade(kept: Sequence[ScoreDelivery], gone: Sequence[ScoreDelivery], book: Book) -> None:
    """The other's can not be sent any more: the account it was for is known as somebody else now."""
    columns = {each.line_item_id for each in kept}
    for each in gone:
        if each.line_item_id in columns and each.state == "waiting":
            book.change(each, state="kept")
