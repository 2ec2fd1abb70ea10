"""What an LMS course links to, and so which of our courses and lessons its class page shows."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from core.database import db
from core.errors import NotFound
from core.messages import N_
from lessons.library import Course, NoSuchCourse
from lessons.library import course as published_course
from lti_tool.models import Context, ResourceLink
from teaching.class_view import Column

LESSON_PATH = re.compile(r"/lessons/(?P<course>[^/]+)(/(?P<lesson>[^/]+))?")


class NotLinkedHere(NotFound):
    """A lesson that no link of this class leads to; what pupils did there is not this teacher's to see."""

    code = "not_linked_here"
    next_step = N_("Go back to the class page, or add a link to that lesson to your course in the LMS.")


@dataclass(frozen=True, slots=True)
class Linked:
    """What stands in one LMS course.

    targets      {path: whether a gradebook column stands behind a link to it}
    reads_roster whether the LMS lets us read who is in the class
    roster_due   when it is read next
    """

    targets: Mapping[str, bool]
    reads_roster: bool
    roster_due: datetime | None

    @property
    def course_ids(self) -> list[str]:
        """Ids of our courses, the one with the most links first."""
        found = Counter(path["course"] for target in self.targets if (path := LESSON_PATH.fullmatch(target)))
        return [course_id for course_id, _ in found.most_common()]


def linked_in(classroom_id: int) -> Linked:
    """Nothing at all for a classroom that no LMS course is seated in."""
    rows = db.execute(
        sa.select(
            Context.memberships_url, Context.roster_due_at, ResourceLink.target, ResourceLink.line_item_id
        )
        .outerjoin(ResourceLink, ResourceLink.context_pk == Context.id)
        .where(Context.classroom_id == classroom_id)
        .order_by(ResourceLink.id)
    ).all()
    targets: dict[str, bool] = {}
    for _, _, target, line_item_id in rows:
        if target:
            targets[target] = targets.get(target, False) or line_item_id is not None
    url, due = (rows[0][0], rows[0][1]) if rows else (None, None)
    return Linked(targets, url is not None, due)


def courses_of(linked: Linked) -> list[Course]:
    """Our courses that are linked here and published, the one with the most links first."""
    return [course for course_id in linked.course_ids if (course := _published(course_id))]


def _published(course_id: str) -> Course | None:
    try:
        return published_course(course_id)
    except NoSuchCourse:  # an old link to a course that is no longer taught
        return None


def choose_course(courses: Sequence[Course], course_id: str | None, lesson_id: str | None) -> Course | None:
    """The course asked for, the one that holds the lesson asked for, or the first; None when none is linked.

    Raises NotLinkedHere.
    """
    asked = course_id or lesson_id
    fitting = [
        course
        for course in courses
        if (not course_id or course.id == course_id)
        and (not lesson_id or any(lesson.id == lesson_id for lesson in course.lessons))
    ]
    if asked and not fitting:
        raise NotLinkedHere(N_("Nothing in this class leads to %(asked)s.", asked=asked))
    return fitting[0] if fitting else None


def columns_of(course: Course, linked: Linked, lesson_id: str | None) -> list[Column]:
    """All lessons of the course, then the course's own grade where it has a link; or the one lesson."""
    base = f"/lessons/{course.id}"
    lessons = [
        _column(linked, f"lesson:{lesson.id}", lesson.title, f"{base}/{lesson.id}")
        for lesson in course.lessons
        if lesson_id in (None, lesson.id)
    ]
    if lesson_id is None and base in linked.targets:
        lessons.append(_column(linked, "", N_("Course grade"), base))
    return lessons


def _column(linked: Linked, part: str, title: str, target: str) -> Column:
    behind = linked.targets.get(target)
    return Column(part, title, target, {None: "no link", False: "missing", True: "there"}[behind])
