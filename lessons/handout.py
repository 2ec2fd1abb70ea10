"""What fits on one printed page of a lesson: each card in short, the key words, our rule."""

from dataclasses import dataclass

from core.messages import N_
from lessons.content import Lesson, Step

LIST_LINES = 4
"""Of a list after a line that ends in a colon."""


@dataclass(frozen=True, slots=True)
class Idea:
    """One card. `lines` still hold {{places}}."""

    title: str
    lines: tuple[str, ...]
    art_svg: str


@dataclass(frozen=True, slots=True)
class Handout:
    """`words` are (word, meaning); `rule` and `tell` are safe HTML with {{places}}."""

    ideas: tuple[Idea, ...]
    words: tuple[tuple[str, str], ...]
    rule: str
    tell: str


WRITE = {
    "K-2": (N_("Draw what you will do."),),
    "3-5": (N_("One thing I will do:"), N_("A grown-up I can tell:")),
    "6-8": (N_("One thing I will do this week:"), N_("A person I could tell:")),
    "9-12": (N_("One thing I will change this week:"), N_("A person I could turn to:")),
}
"""What there is room to write, or draw, by hand. Nobody collects it."""


def handout(lesson: Lesson) -> Handout:
    return Handout(
        ideas=tuple(
            Idea(step.title, in_short(step), step.art_svg) for step in lesson.steps if step.kind == "card"
        ),
        words=tuple(lesson.glossary.items()),
        rule=_html(lesson, "rule"),
        tell=_html(lesson, "tell"),
    )


def in_short(step: Step) -> tuple[str, ...]:
    """The first paragraph, and the list that it announces."""
    lines = step.text.split("\n")
    return tuple(lines[: 1 + LIST_LINES] if lines[0].endswith(":") else lines[:1])


def _html(lesson: Lesson, kind: str) -> str:
    return next((step.html for step in lesson.steps if step.kind == kind), "")
