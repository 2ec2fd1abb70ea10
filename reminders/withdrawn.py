"""What waits for the personnel office of access that was withdrawn: what one of its holders is told today."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from completion.decision_models import Revocation
from completion.revocation_reviews import (
    DECIDING,
    due_for_review,
    lapsed_since,
    undecided,
    without_pupils,
)
from completion.revocations import in_force
from people.models import District

TOLD_TO = DECIDING
"""The offices that are told: those that may decide."""
LOOK_BACK = timedelta(days=14)
"""What lapsed longer ago is not told to somebody new in the office."""


@dataclass(frozen=True)
class Withdrawn:
    """Of the staff and guests of a district; each list by what is due first."""

    undecided: list[Revocation]
    lapsed: list[Revocation]
    """Without those whose access was withdrawn anew."""
    due: list[Revocation]

    def besides(self, person_id: int) -> "Withdrawn":
        """The same without what is about the reader: a colleague decides about that."""
        return Withdrawn(
            *(
                [each for each in found if each.person_id != person_id]
                for found in (self.undecided, self.lapsed, self.due)
            )
        )


def withdrawn_in(district: District, at: datetime) -> Withdrawn:
    waiting, due = undecided(district.id, at), due_for_review(district.id, at)
    out = {each.person_id for each in in_force(district.id, at)}
    gone = [each for each in lapsed_since(district.id, at, at - LOOK_BACK) if each.person_id not in out]
    seen = without_pupils(waiting + gone + due)
    return Withdrawn(*([each for each in found if each in seen] for found in (waiting, gone, due)))


def matters(found: Withdrawn, today: date) -> Iterator[tuple[str, str]]:
    """(kind, subject) of each thing to tell: what waits every day, what lapsed once, what is due once a week."""
    if found.undecided:
        yield "undecided", today.isoformat()
    for each in found.lapsed:
        yield "lapsed", each.public_id
    if found.due:
        yield "due", today.strftime("%G-W%V")
