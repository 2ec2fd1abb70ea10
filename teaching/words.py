"""The class page in words: its first sentence, names where the LMS sends none, and what became of a grade."""

from dataclasses import dataclass
from datetime import date, datetime

from completion.dates import local_day, written_time
from core.language import translated, written_date
from lti_tool.scores import in_words
from teaching.class_view import Cell, ClassView, Delivery, Pupil

STATES = {"none": "Not begun", "part": "Under way", "done": "Done"}

NO_COLUMN = "This link has no gradebook column"
KEPT = "Changed by a teacher in your LMS; that grade stands"
OTHER_LINK = "Not sent: came in through another link"


@dataclass(frozen=True, slots=True)
class Wording:
    """How one class is spoken of: grown-ups are learners, and days are the district's."""

    timezone: str
    adults: bool = False

    @property
    def noun(self) -> str:
        return "learner" if self.adults else "pupil"

    def label(self, pupil: Pupil) -> str:
        """The name the LMS gave us, or "Pupil 7"."""
        return pupil.name or f"{self.noun.capitalize()} {pupil.number}"

    def local_date(self, at: datetime) -> date:
        return local_day(at, self.timezone)

    def day(self, at: datetime) -> str:
        return written_date(self.local_date(at))

    def time(self, at: datetime) -> str:
        return written_time(at, self.timezone)

    def grade(self, cell: Cell) -> str:
        """What became of a learner's grade in one column of the page; "" where none is due."""
        if cell.deliveries:
            return "; ".join(self.delivery(each) for each in cell.deliveries)
        return no_delivery(cell)

    def delivery(self, delivery: Delivery) -> str:
        if delivery.state == "sent" and delivery.sent_at:
            return f"Sent {self.time(delivery.sent_at)}"
        if delivery.state == "kept":
            return KEPT
        return translated(in_words(delivery.state, delivery.problem))

    def brief(self, delivery: Delivery) -> str:
        """The same for a narrow cell; within a school year a day needs no year."""
        if delivery.state == "sent" and delivery.sent_at:
            return "Sent " + self.day(delivery.sent_at).rpartition(",")[0].replace(" ", "\u00a0")
        return "Your grade stands" if delivery.state == "kept" else "On its way"


def no_delivery(cell: Cell) -> str:
    """Why no grade is on its way where there is something to send."""
    if cell.best is None:
        return ""
    return {"missing": NO_COLUMN, "there": OTHER_LINK}.get(cell.column.gradebook, "")


def headline(view: ClassView) -> str:
    """ "21 of 26 have finished; 3 have not begun." """
    total, counts = len(view.pupils), view.counts
    if total > 1 and counts["done"] == total:
        return f"All {total} have finished."
    if total > 1 and counts["none"] == total:
        return f"None of the {total} has begun."
    parts = [f"{counts['done']} of {total} {_have(counts['done'])} finished"]
    if counts["none"]:
        parts.append(f"{counts['none']} {_have(counts['none'])} not begun")
    elif counts["part"]:
        parts.append(f"{counts['part']} {'is' if counts['part'] == 1 else 'are'} under way")
    return "; ".join(parts) + "."


def _have(count: int) -> str:
    return "has" if count == 1 else "have"


def score(value: float | None) -> str:
    """At most two decimals, and none where they are zero."""
    return "" if value is None else f"{value:g}"
