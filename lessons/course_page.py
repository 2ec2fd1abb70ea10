"""What a person sees of a course: its lessons in order, how far they are, and the one thing to do next."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from completion.models import Progress
from core.messages import N_
from lessons.content import Lesson
from lessons.models import LessonVisit

WORDS = {"done": N_("Done"), "quiz": N_("Quiz next"), "part": N_("Under way"), "none": N_("Not begun")}


@dataclass(frozen=True, slots=True)
class Row:
    """One lesson of the list. `state` is done | quiz (read, its quiz is left) | part | none; `step` where to go on.

    `lang` is the language chosen for it, if one was.
    """

    id: str
    title: str
    minutes: int
    state: str
    step: int
    lang: str | None = None

    @property
    def words(self) -> str:
        return WORDS[self.state]


@dataclass(frozen=True, slots=True)
class CoursePage:
    """`next` is the first lesson under way, else the first not begun, None when all are done."""

    rows: tuple[Row, ...]

    @property
    def done(self) -> int:
        return sum(row.state == "done" for row in self.rows)

    @property
    def next(self) -> Row | None:
        begun = (row for row in self.rows if row.state in ("part", "quiz"))
        return next(begun, None) or next((row for row in self.rows if row.state == "none"), None)

    @property
    def all_done(self) -> bool:
        return bool(self.rows) and self.done == len(self.rows)

    @property
    def minutes_left(self) -> int:
        return sum(row.minutes for row in self.rows if row.state != "done")


def course_page(
    lessons: Iterable[Lesson], progress: Mapping[str, Progress], visits: Mapping[str, LessonVisit]
) -> CoursePage:
    """`progress` by part key and `visits` by lesson id, both of one person in one school year."""
    return CoursePage(tuple(_row(each, progress.get(each.part), visits.get(each.id)) for each in lessons))


def _row(lesson: Lesson, progress: Progress | None, visit: LessonVisit | None) -> Row:
    step, lang = (visit.step, visit.lang) if visit else (1, None)
    return Row(lesson.id, lesson.title, lesson.minutes, _state(progress, visit), step, lang)


def _state(progress: Progress | None, visit: LessonVisit | None) -> str:
    if progress and progress.done_at:
        return "done"
    if visit and visit.finished_at:
        return "quiz"
    return "part" if progress or visit else "none"
