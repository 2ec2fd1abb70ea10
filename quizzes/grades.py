"""The grades a lesson leads to: its own, and the share of its course that is done. One person's or a class's."""

import math
from collections.abc import Collection, Mapping

from lessons import library
from lessons.content import Lesson
from lti_tool import scores
from people.models import SchoolYear

COMPLETE = 100.0
"""What a lesson is worth that is only to be finished (K-2): its gradebook says done, not how well."""


def lesson_target(lesson: Lesson) -> str:
    """The path a link to this lesson opens, by which lti_tool finds the person's gradebook columns for it."""
    return f"/lessons/{lesson.course}/{lesson.id}"


def want_lesson_scores(
    wanted: Mapping[int, float], lesson: Lesson, year: SchoolYear, classroom_id: int | None = None
) -> None:
    """`wanted`: {person id: score from 0 to 100}; `classroom_id` where it was earned as a class."""
    scores.queue_scores(
        wanted,
        target=lesson_target(lesson),
        resource_id=lesson.id,
        # The lesson's own title, also for who took its alternative: the whole class sees the column's name.
        label=library.lesson(lesson.id).title,
        year=year,
        classroom_id=classroom_id,
    )


def want_course_scores(
    done: Mapping[int, Collection[str]], lesson: Lesson, year: SchoolYear, classroom_id: int | None = None
) -> None:
    """The course's own column shows how much of the course is done. It is never sent a 0.

    `done`: {person id: parts done, this lesson among them}
    """
    course = library.course(lesson.course)
    parts = [f"lesson:{each.id}" for each in course.lessons]
    scores.queue_scores(
        {person_id: share_done(parts, theirs) for person_id, theirs in done.items()},
        target=f"/lessons/{course.id}",
        resource_id=course.id,
        label=course.title,
        year=year,
        classroom_id=classroom_id,
    )


def share_done(parts: Collection[str], done: Collection[str]) -> float:
    """Percent of these parts that are done, rounded half up to 2 decimals."""
    return math.floor(sum(part in done for part in parts) * 10_000 / len(parts) + 0.5) / 100
