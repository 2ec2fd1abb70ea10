"""The teacher guide of a lesson: what its authors say, which the page completes from the lesson itself."""

from functools import cache
from pathlib import Path

from core.variables import with_defaults
from lessons.content import Lesson
from lessons.findings import Finding
from lessons.help_card import CURRICULUM
from lessons.markup import render
from lessons.paper_schemas import GUIDE_PARTS, GuideFrontSchema, ToldFrontSchema
from lessons.papers import Paper, read_paper
from lessons.scope import read_scope

FILE = "guide.md"
TOLD = "guide/if-a-pupil-tells-you.md"
"""The part that is the same in every guide: what to do when a pupil tells of harm."""


def read_guide(text: str, file: str) -> tuple[Paper | None, list[Finding]]:
    """Raises UnreadableSource."""
    return read_paper(text, file, GuideFrontSchema(), GUIDE_PARTS)


def read_told(text: str, file: str) -> tuple[Paper | None, list[Finding]]:
    """Raises UnreadableSource."""
    return read_paper(text, file, ToldFrontSchema(), GUIDE_PARTS)


def guide_of(lesson: Lesson) -> dict[str, str]:
    """{part: safe HTML with {{places}}}; empty where nobody has written one yet."""
    return _guide(CURRICULUM / "lessons" / lesson.course / lesson.id / FILE)


def if_told() -> str:
    """Safe HTML with {{places}}."""
    return _guide(CURRICULUM / TOLD)["told"]


@cache
def _guide(file: Path) -> dict[str, str]:
    if not file.exists():
        return {}
    read = read_told if file.name == Path(TOLD).name else read_guide
    paper, _findings = read(file.read_text(encoding="utf-8"), file.name)
    scope, _faults = read_scope(CURRICULUM)
    defaults = scope.variables if scope else {}
    parts = paper.parts if paper else ()
    return {part.kind: render(with_defaults(part.source, defaults)).html for part in parts}
