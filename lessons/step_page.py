"""One screen of a lesson, ready to be shown: its name among the steps, its words, and what they mean."""

import html
import re
from dataclasses import dataclass

from core.catalogs import SOURCE
from core.errors import NotFound
from core.language import said_in
from core.messages import N_
from lessons.content import Lesson, Step
from lessons.items import Item

NAMES = {
    "hook": N_("A story"),
    "card": N_("An idea"),
    "practice": N_("Try it"),
    "rule": N_("Our rule"),
    "tell": N_("Tell someone"),
}
STAFF_NAMES = {
    **NAMES,
    "hook": N_("A case"),
    "card": N_("The rule"),
    "rule": N_("In short"),
    "tell": N_("To take with you"),
}


class NoSuchStep(NotFound):
    code = "no_such_step"
    next_step = N_("Go back to the lesson. It opens where you left it.")


@dataclass(frozen=True, slots=True)
class StepPage:
    """`html` still holds {{variables}}; `words` are (word, meaning) of the glossary words on this card."""

    number: int
    names: tuple[str, ...]
    step: Step
    kind: str
    html: str
    words: tuple[tuple[str, str], ...]
    item: Item | None

    @property
    def name(self) -> str:
        return self.names[self.number - 1]

    @property
    def is_last(self) -> bool:
        return self.number == len(self.names)


def step_page(lesson: Lesson, number: int) -> StepPage:
    """Step `number`, from 1. Raises NoSuchStep."""
    if not 1 <= number <= len(lesson.steps):
        raise NoSuchStep(N_("This lesson has %(steps)s steps.", steps=len(lesson.steps)))
    step = lesson.steps[number - 1]
    words = words_on(step, lesson.glossary)
    return StepPage(
        number=number,
        names=step_names(lesson),
        step=step,
        kind=_named(lesson, step.kind),
        html=link_words(step.html, words),
        words=words,
        item=lesson.item(step.item_id) if step.item_id else None,
    )


def step_names(lesson: Lesson) -> tuple[str, ...]:
    """What each step is called in the progress line."""
    return tuple(step.title or _named(lesson, step.kind) for step in lesson.steps)


def step_of_item(lesson: Lesson, item_id: str) -> int:
    """The number of the step that shows this item. Raises NoSuchStep."""
    for number, step in enumerate(lesson.steps, start=1):
        if step.item_id == item_id:
            return number
    raise NoSuchStep(N_("This lesson does not show that question."))


def words_on(step: Step, glossary: dict[str, str]) -> tuple[tuple[str, str], ...]:
    """The glossary words that stand on this card, as whole words."""
    return tuple(
        (word, meaning)
        for word, meaning in glossary.items()
        if re.search(rf"(?<!\w){re.escape(word)}(?!\w)", step.text, re.IGNORECASE)
    )


def link_words(body: str, words: tuple[tuple[str, str], ...]) -> str:
    """The HTML with each bold glossary word, where it stands first, linked to its meaning at the foot of the card."""
    for place, (word, _meaning) in enumerate(words, start=1):
        bold = re.compile(rf"<strong>({re.escape(html.escape(word, quote=False))})</strong>", re.IGNORECASE)
        body = bold.sub(rf'<a class="word" href="#word-{place}">\1</a>', body, count=1)
    return body


def _named(lesson: Lesson, kind: str) -> str:
    """A Message, which the page says in its own language; in a translated lesson, words of that lesson's language."""
    name = (STAFF_NAMES if lesson.band == "staff" else NAMES)[kind]
    return name if lesson.lang == SOURCE else said_in(lesson.lang, name)
