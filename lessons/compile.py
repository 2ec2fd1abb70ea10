"""A written lesson and its plan become one Lesson. Only lessons without findings are compiled."""

from html import escape
from typing import Any

from core.variables import with_defaults
from lessons.art import clean
from lessons.content import Item, Lesson, Option, Step
from lessons.scope import Band, Planned
from lessons.sources import WrittenBlock, WrittenLesson


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
    options = (
        Option(
            each.id,
            with_defaults(each.text, variables),
            each.correct,
            with_defaults(each.feedback, variables),
        )
        for each in item.options
    )
    return Item(
        id=item.id,
        pool=item.pool,
        type=item.type,
        objective=item.objective,
        clauses=item.clauses,
        level=item.level,
        critical=item.critical,
        stem=with_defaults(item.stem, variables),
        say=with_defaults(item.say, variables),
        options=tuple(options),
    )
