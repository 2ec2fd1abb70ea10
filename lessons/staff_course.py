"""The staff course as one person meets it: modules with what is left of each, and the one thing to do next. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from core.messages import N_
from lessons.course_page import Row
from lessons.library import Course
from lessons.models import LessonVisit
from lessons.staff_choices import REFRESHER
from lessons.staff_record import YearRecord

WORDS = {
    "done": N_("Done"),
    "checked": N_("Credited by check"),
    "quiz": N_("Quiz next"),
    "part": N_("Under way"),
    "opened": N_("Open in full"),
    "check": N_("Check of three questions"),
    "none": N_("Not begun"),
}
LOOK = {"done": "done", "checked": "done", "quiz": "part", "part": "part", "opened": "part"}
"""{state: class of the status}; the others are "none"."""
CREDITED = ("done", "checked")


@dataclass(frozen=True, slots=True)
class Module:
    """A module in the list. `state` is a key of WORDS, `step` where to go on, `minutes` what it takes on this path."""

    id: str
    title: str
    minutes: float
    state: str
    step: int

    @property
    def words(self) -> str:
        return WORDS[self.state]

    @property
    def look(self) -> str:
        return LOOK.get(self.state, "none")


@dataclass(frozen=True, slots=True)
class StaffPage:
    modules: tuple[Module, ...]

    @property
    def done(self) -> int:
        return sum(each.state in CREDITED for each in self.modules)

    @property
    def percent(self) -> int:
        return 100 * self.done // len(self.modules) if self.modules else 0

    @property
    def minutes_left(self) -> int:
        """Rounded up: nobody is promised less than it takes."""
        left = sum(each.minutes for each in self.modules if each.state not in CREDITED)
        return int(-(-left // 1))

    @property
    def next(self) -> Module | None:
        """What was begun, then the checks, then the first that is not credited; None when all are."""
        for states in (("part", "quiz"), ("check",), ("opened", "none")):
            found = next((each for each in self.modules if each.state in states), None)
            if found:
                return found
        return None


def staff_page(
    course: Course,
    rows: Sequence[Row],
    visits: Mapping[str, LessonVisit],
    *,
    record: YearRecord | None,
    path: str | None,
) -> StaffPage:
    """`rows` are those of course_page, `path` the one chosen.

    On the refresher a module that was never opened is checked, and the others are finished in full.
    """
    checked = {each.module for each in record.credits if each.checked} if record else set()
    modules = []
    for row in rows:
        visit, state, minutes = visits.get(row.id), row.state, float(row.minutes)
        if state == "done" and row.id in checked:
            state, minutes = "checked", course.check_minutes
        elif path == REFRESHER and state == "none":
            state, minutes = "check", course.check_minutes
        elif path == REFRESHER and state == "part" and visit and visit.furthest == 1:
            state = "opened"
        modules.append(Module(row.id, row.title, minutes, state, row.step))
    return StaffPage(tuple(modules))
