"""The class page in words: its first sentence, names where the LMS sends none, and what became of a grade."""

from dataclasses import dataclass
from datetime import date, datetime

from completion.dates import last_day_before, local_day, written_time
from core.language import N_, _, ngettext, translated, written_date, written_day, written_number
from core.messages import recognise
from lti_tool.memberships import PROBLEMS
from lti_tool.scores import in_words
from teaching.class_view import Cell, ClassView, Delivery, Pupil

REASON_WORDS = {
    "family": N_("The family asked for it"),
    "counselor": N_("A counselor advised it"),
    "plan": N_("It stands in a support plan"),
    "own": N_("Their own choice"),
}
"""Why somebody takes the alternative of a lesson."""

STATES = {"none": N_("Not begun"), "part": N_("Under way"), "done": N_("Done"), "group": N_("With the class")}
"""What a cell is called, by its state or shape."""

NO_COLUMN = N_("This link has no gradebook column")
KEPT = N_("Changed by a teacher in your LMS; that grade stands")
OTHER_LINK = N_("Not sent: came in through another link")


@dataclass(frozen=True, slots=True)
class Wording:
    """How one class is spoken of: grown-ups are learners, and days are the district's."""

    timezone: str
    adults: bool = False

    def label(self, pupil: Pupil) -> str:
        """The name the LMS gave us, or "Pupil 7"."""
        if pupil.name:
            return pupil.name
        number = pupil.number
        return _("Learner %(number)s", number=number) if self.adults else _("Pupil %(number)s", number=number)

    def local_date(self, at: datetime) -> date:
        return local_day(at, self.timezone)

    def day(self, at: datetime) -> str:
        return written_date(self.local_date(at))

    def last_day(self, at: datetime) -> str:
        """Of what is due at an instant, not to be broken; within a school year a day needs no year."""
        return written_day(last_day_before(at, self.timezone)).replace(" ", "\u00a0")

    def due(self, cell: Cell, at: datetime) -> str:
        """What a teacher wants to know of a date beside the class's own; "" where there is nothing."""
        if cell.state == "done" or cell.due is None:
            return ""
        if cell.is_late(at):
            return _("was for %(day)s", day=self.last_day(cell.due.at))
        return _("has until %(day)s", day=self.last_day(cell.due.at)) if cell.due.extended else ""

    def time(self, at: datetime) -> str:
        return written_time(at, self.timezone)

    def grade(self, cell: Cell) -> str:
        """What became of a learner's grade in one column of the page; "" where none is due."""
        if cell.deliveries:
            return "; ".join(self.delivery(each) for each in cell.deliveries)
        return no_delivery(cell)

    def delivery(self, delivery: Delivery) -> str:
        if delivery.state == "sent" and delivery.sent_at:
            return _("Sent %(time)s", time=self.time(delivery.sent_at))
        if delivery.state == "kept":
            return translated(KEPT)
        return translated(in_words(delivery.state, delivery.problem))

    def brief(self, delivery: Delivery) -> str:
        """The same for a narrow cell; within a school year a day needs no year."""
        if delivery.state == "sent" and delivery.sent_at:
            day = written_day(self.local_date(delivery.sent_at))
            return _("Sent %(time)s", time=day.replace(" ", "\u00a0"))
        return _("Your grade stands") if delivery.state == "kept" else _("On its way")


def no_delivery(cell: Cell) -> str:
    """Why no grade is on its way where there is something to send."""
    if cell.best is None:
        return ""
    return translated({"missing": NO_COLUMN, "there": OTHER_LINK}.get(cell.column.gradebook, ""))


def headline(view: ClassView) -> str:
    """ "21 of 26 have finished; 3 have not begun." """
    total, counts = len(view.pupils), view.counts
    if total > 1 and counts["done"] == total:
        return _("All %(total)s have finished.", total=total)
    if total > 1 and counts["none"] == total:
        return _("None of the %(total)s has begun.", total=total)
    parts = [
        ngettext(
            "%(num)s of %(total)s has finished",
            "%(num)s of %(total)s have finished",
            counts["done"],
            total=total,
        )
    ]
    if counts["none"]:
        parts.append(ngettext("%(num)s has not begun", "%(num)s have not begun", counts["none"]))
    elif counts["part"]:
        parts.append(ngettext("%(num)s is under way", "%(num)s are under way", counts["part"]))
    return "; ".join(parts) + "."


def roster_problem(stored: str) -> str:
    """Why the last reading failed; it is kept in English."""
    return translated(recognise(stored, PROBLEMS))


def score(value: float | None) -> str:
    """At most two decimals, and none where they are zero."""
    return "" if value is None else written_number(value)
