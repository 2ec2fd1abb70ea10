"""Rules AL1 and AL2: what stands in place of a high-sensitivity lesson. It is linted as a lesson besides."""

from collections.abc import Iterator, Set
from dataclasses import replace

from lessons.findings import Finding
from lessons.scope import Planned, Scope
from lessons.sources import WrittenLesson

LEFT_OUT = "exploitation"
"""The topic that families take their child out of; an alternative must not bring it back."""


def planned_instead(written: WrittenLesson, lesson: Planned) -> Planned:
    """The plan of an alternative: its lesson's place, length and draw, with what it says of itself."""
    front = written.front
    return replace(
        lesson,
        title=front["title"],
        objectives=tuple(front["objectives"]),
        topics=tuple(front["topics"]),
        clauses=tuple(front["clauses"]),
        vocabulary=(),
        sensitivity="none",
        content_note="",
        opt_out_alternative="",
    )


def lint_alternative(
    written: WrittenLesson, lesson: Planned, taken: Set[str], scope: Scope
) -> Iterator[Finding]:
    """`taken`: ids of the lesson's own quiz items. Attempts are remembered by them, so none may mean two things."""
    if lesson.sensitivity != "high":
        yield Finding(written.lesson_file, 1, "AL1", f"{lesson.id} is not of high sensitivity")
    for place, file, at in (
        (written.front["id"], written.lesson_file, written.front_lines.line("id")),
        (written.items_of, written.items_file, written.item_lines.line("lesson")),
    ):
        if place != lesson.id:
            yield Finding(file, at, "AL1", f"should be {lesson.id}: it counts as that lesson")
    for i, item in enumerate(written.items):
        if item.id in taken:
            line = written.item_lines.line("items", i)
            yield Finding(written.items_file, line, "AL1", f"{item.id} is an item of the lesson itself")
    yield from _front(written, scope)


def _front(written: WrittenLesson, scope: Scope) -> Iterator[Finding]:
    for_pupils = {clause.id for clause in scope.clauses if "student" in clause.who}
    for clause in written.front["clauses"]:
        if clause not in for_pupils:
            line = written.front_lines.line("clauses")
            yield Finding(written.lesson_file, line, "AL2", f"{clause} is no clause for pupils")
    for topic in written.front["topics"]:
        if topic not in scope.topics or topic == LEFT_OUT:
            line = written.front_lines.line("topics")
            yield Finding(written.lesson_file, line, "AL2", f"{topic} can not be a topic here")
