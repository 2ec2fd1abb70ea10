"""A whole lesson on one page, to be read and not taken: every screen, and every question without its answer."""

from collections.abc import Callable
from dataclasses import dataclass

from lessons.content import Lesson, Step
from lessons.items import Item
from lessons.practice import shown_in
from lessons.step_page import NAMES


@dataclass(frozen=True, slots=True)
class Question:
    """`texts` may be picked, moved or placed; `bins` say where to; `scenes` are a story's moments and choices."""

    stem: str
    type: str
    texts: tuple[str, ...]
    bins: tuple[str, ...]
    scenes: tuple[tuple[str, tuple[str, ...]], ...]


@dataclass(frozen=True, slots=True)
class Screen:
    """`kind` in words, `html` safe; `question` of a practice step."""

    step: Step
    kind: str
    html: str
    question: Question | None


@dataclass(frozen=True, slots=True)
class LookedOver:
    screens: tuple[Screen, ...]
    quiz: tuple[Question, ...]


def looked_over(lesson: Lesson, words: Callable[[str], str]) -> LookedOver:
    """`words` fills the places of a text; nothing of an answer is in what comes back."""
    screens = tuple(
        Screen(
            step,
            NAMES[step.kind],
            words(step.html),
            _question(lesson.item(step.item_id), words) if step.item_id else None,
        )
        for step in lesson.steps
    )
    return LookedOver(screens, tuple(_question(item, words) for item in lesson.quiz_items))


def _question(item: Item, words: Callable[[str], str]) -> Question:
    shown = [item.option(each) for each in shown_in(item)]
    scenes = tuple(
        (words(scene.text), tuple(words(each.text) for each in item.choices_in(scene.id)))
        for scene in item.scenes
    )
    return Question(
        words(item.stem),
        item.type,
        () if scenes else tuple(words(each.text) for each in shown),
        tuple(words(each.text) for each in item.bins),
        scenes,
    )
