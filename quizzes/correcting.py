"""Corrected until right: where a quiz is only to be finished (K-2), a wrong answer is talked about on the spot.

It may be tried as often as it takes, or left; nothing is counted against anybody.
"""

from collections.abc import Sequence

from lessons.content import Lesson
from lessons.practice import Reaction, react


def to_correct(lesson: Lesson, item_id: str, answer: Sequence[str]) -> Reaction | None:
    """What to say to an answer that is not right yet; None where it is, and in lessons that are scored.

    A story is not played back, so it is looked at once the quiz is handed in.
    """
    item = lesson.item(item_id)
    if lesson.pass_mark or item.type == "branch":
        return None
    reaction = react(item, answer)
    return reaction if reaction.done and not reaction.right else None
