"""A written lesson and its plan become one Lesson. Only lessons without findings are compiled."""

from dataclasses import replace
from html import escape
from typing import Any, TypeVar

from core.variables import with_defaults
from lessons.art import clean
from lessons.content import Lesson, Step, Translation
from lessons.item_variants import Reworded, Variant
from lessons.items import Bin, Item, Option, Scene
from lessons.scope import Band, Planned
from lessons.sources import WrittenBlock, WrittenLesson
from lessons.translations import WrittenTranslation
from lessons.wording import PARTS, TEXTS, words_of
from lessons.written_items import hidden_ids

Words = TypeVar("Words", Item, Option, Bin, Scene, Variant, Reworded)


def compile_lesson(written: WrittenLesson, planned: Planned, band: Band, variables: dict[str, Any]) -> Lesson:
    """The plan's defaults are written into every {{place}}, so that nothing needs the plan at run time."""
    lesson = Lesson(
        id=planned.id,
        course=planned.course,
        grade=planned.grade,
        band=planned.band,
        title=planned.title,
        minutes=planned.minutes,
        objectives=planned.objectives,
        glossary={word: with_defaults(text, variables) for word, text in written.front["glossary"].items()},
        steps=tuple(_step(block, written, variables) for block in written.blocks),
        items=tuple(_item(item, variables) for item in written.items),
        clauses=planned.clauses,
        topics=planned.topics,
        sensitivity=planned.sensitivity,
        pass_mark=band.pass_mark,
        draw=band.quiz_draw,
        version=written.front["version"],
        lang=written.front["lang"],
        status=written.front["status"],
        content_note=with_defaults(planned.content_note, variables),
        alternative=written.is_alternative,
    )
    return Lesson.from_body(lesson.to_body())


def compile_translation(written: WrittenTranslation, variables: dict[str, Any]) -> Translation:
    """The words alone, filled as those of the source are, and under the ids that compiling gives to its parts."""
    lesson, front = written.lesson, written.front
    steps = [_step(block, lesson, variables) for block in lesson.blocks]
    items = [_item(item, variables) for item in lesson.items]
    return Translation(
        lang=written.lang,
        status=front["status"],
        title=front["title"],
        objectives=tuple(front["objectives"]),
        glossary={
            word: with_defaults(meaning, variables) for word, meaning in lesson.front["glossary"].items()
        },
        steps={step.key: words_of(step) for step in steps if step.key not in written.left},
        items={item.id: words_of(item) for item in items if item.id not in written.left},
    )


def with_translations(lesson: Lesson, translations: tuple[Translation, ...]) -> Lesson:
    """One version with all its languages, under one hash."""
    return Lesson.from_body(replace(lesson, translations=translations).to_body()) if translations else lesson


def _step(block: WrittenBlock, written: WrittenLesson, variables: dict[str, Any]) -> Step:
    short = block.attributes.get("item")
    art = block.attributes.get("art")
    for_html = {name: escape(value) if isinstance(value, str) else value for name, value in variables.items()}
    return Step(
        kind=block.kind,
        key=block.key,
        title=with_defaults(block.rendered.title, variables),
        html=with_defaults(block.rendered.html, for_html),
        text=with_defaults(block.rendered.text, variables),
        art_svg=clean(written.art[art]) if art else "",
        art_alt=block.attributes.get("alt", ""),
        item_id=f"{written.id}.{short}" if short else None,
        clauses=tuple(block.attributes.get("clauses", ())),
    )


def _item(item: Item, variables: dict[str, Any]) -> Item:
    def filled(words: Words) -> Words:
        """Every word of it with the plan's defaults; ids, pictures and types hold no places."""
        texts: dict[str, Any] = {
            name: with_defaults(getattr(words, name), variables) for name in TEXTS if hasattr(words, name)
        }
        return replace(words, **texts)

    parts: dict[str, Any] = {name: tuple(filled(each) for each in getattr(item, name)) for name in PARTS}
    variants = tuple(
        replace(filled(each), options=tuple(filled(option) for option in each.options))
        for each in item.variants
    )
    return hidden_ids(replace(filled(item), **parts, variants=variants))
