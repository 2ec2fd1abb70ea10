"""A lesson's quiz pool as other systems can ask it: plain words, no pictures, stories taken apart.

An exchanged question is an `Item` like ours. What it loses on the way is said in words, for the person who exports.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from lessons.content import Lesson
from lessons.items import Item, Option

SPACE = re.compile(r"[ \t\r\n]+")
WORDS = ("stem", "text", "feedback", "then")
"""The fields of an item and its parts that leave the house, all of them one paragraph."""


@dataclass(frozen=True, slots=True)
class QuestionSet:
    """The questions of one lesson, in the order of its pool."""

    lesson_id: str
    title: str
    lang: str
    questions: tuple[Item, ...]


def one_line(text: str) -> str:
    """One paragraph: line breaks and runs of spaces are spaces, as on our pages."""
    return SPACE.sub(" ", text).strip(" ")


def question_set(lesson: Lesson, words: Callable[[str], str]) -> QuestionSet:
    """`words` fills a text's {{places}} with the facts of a district."""
    asked = (
        each for item in lesson.quiz_items for each in (_decisions(item) if item.type == "branch" else [item])
    )
    return QuestionSet(lesson.id, lesson.title, lesson.lang, tuple(_in_words(item, words) for item in asked))


def losses_of(lessons: Sequence[Lesson]) -> Iterator[str]:
    """What no other format holds of these lessons' pools: one sentence each."""
    pool = [item for lesson in lessons for item in lesson.quiz_items]
    stories = [item for item in pool if item.type == "branch"]
    if stories:
        yield (
            "stories are asked as one question for each decision, with what follows a choice in its feedback; "
            "their endings, and ways back that leave no choice, are left out "
            f"({', '.join(item.id for item in stories)})"
        )
    pictured = sum(_has_picture(item) for item in pool)
    if pictured:
        yield f"pictures are left out, their names stay (questions: {pictured})"
    spoken = sum(bool(item.say) for item in pool)
    if spoken:
        yield f"spoken forms are left out (questions: {spoken})"


def _has_picture(item: Item) -> bool:
    in_parts = any(each.has_picture for each in item.options) or any(each.has_picture for each in item.bins)
    return bool(item.art_svg) or in_parts


def _decisions(item: Item) -> list[Item]:
    """Each scene in which something is decided, as a question of its own. Any of its safe choices is right."""
    scenes = [scene for scene in item.scenes if len(item.choices_in(scene.id)) > 1]
    return [
        replace(
            item,
            id=f"{item.id}-{scene.id}",
            type="single",
            stem=f"{item.stem} {scene.text}" if scene is item.scenes[0] else scene.text,
            options=tuple(_choice(each) for each in item.choices_in(scene.id)),
            scenes=(),
            ending="",
        )
        for scene in scenes
    ]


def _choice(option: Option) -> Option:
    told = f"{option.then} {option.feedback}"
    return Option(id=option.id, text=option.text, correct=option.correct, feedback=told)


def _in_words(item: Item, words: Callable[[str], str]) -> Item:
    def plain(part: Any) -> Any:
        texts: dict[str, Any] = {
            name: one_line(words(getattr(part, name))) for name in WORDS if hasattr(part, name)
        }
        return replace(part, **texts, say="", art_svg="", **_without_emoji(part))

    options, bins = (tuple(plain(each) for each in parts) for parts in (item.options, item.bins))
    plain_item: Item = plain(item)
    return replace(plain_item, art_alt="", options=options, bins=bins)


def _without_emoji(part: Any) -> dict[str, str]:
    return {"emoji": ""} if hasattr(part, "emoji") else {}
