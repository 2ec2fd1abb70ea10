"""Who takes a lesson, and who only looks at it."""

from people.sign_in import CHOOSER

STAFF_BAND = "staff"
LEARN = ("learner", "other")


def takes_part(role: str, band: str) -> bool:
    """Whether what somebody does in a lesson is recorded for them.

    In a pupils' lesson: learners, and whoever the platform gives no role we know. Teachers preview, and a mentor
    (a parent) looks. In the staff course everybody takes part but a mentor: every member of staff owes it, whatever
    their role in the course where they opened it. A tab in which lessons are chosen takes part in none.
    """
    return role in LEARN or (band == STAFF_BAND and role not in ("mentor", CHOOSER))
