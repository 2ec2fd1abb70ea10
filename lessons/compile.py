"""A written lesson and its plan become one Lesson. Only lessons without findings are compiled."""

from dataclasses import replace
from html import escape
from typing import Any, TypeVar

from core.variables import with_defaults
from lessons.art import clean
from lessons.content import Lesson, Step
from lessons.items import Bin, Item, Option, Scene
from lessons.scope import Band, Planned
from lessons.sources import WrittenBlock, WrittenLesson
from lessons.written_items import hidden_ids

Words = TypeVar("Words", Item, Option, Bin, Scene)
TEXTS = ("stem", "say", "text", "feedback", "then", "ending", "art_alt")
"""The fields of an item and its parts that are words for people."""


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
    )
    return Lesson.from_body(lesson.to_body())


def _step(block: WrittenBlock, written: WrittenLesson, variables: dict[str, Any]) -> Step:
    short = block.attributes.get("item")
    own_key = f"practice-{short}" if block.kind == "practice" else block.kind
    art = block.attributes.get("art")
    for_html = {name: escape(value) if isinstance(value, str) else value for name, value in variables.items()}
    return Step(
        kind=block.kind,
        key=block.attributes.get("key", own_key),
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

    parts: dict[str, Any] = {
        name: tuple(filled(each) for each in getattr(item, name)) for name in ("options", "bins", "scenes")
    }
    return hidden_ids(replace(filled(item), **parts))
