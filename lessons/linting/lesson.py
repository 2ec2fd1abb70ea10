"""Rules L1 to L8: a lesson's blocks, their order, and what they refer to."""

import re
from collections import Counter
from collections.abc import Iterator

from lessons.art import faults_of
from lessons.findings import Finding
from lessons.marked_yaml import Path
from lessons.readability import words_in
from lessons.scope import Planned
from lessons.sources import WrittenBlock, WrittenLesson

LONGEST_DEFINITION = 15  # words


def lint_place(lesson: WrittenLesson, planned: Planned | None) -> Iterator[Finding]:
    """L1: a lesson nobody planned is not checked further, for everything else hangs on the plan."""
    front, items = lesson.front, lesson.items_of
    if planned is None:
        yield Finding(lesson.lesson_file, 1, "L1", f"{lesson.id} is not in scope_and_sequence.yaml")
        return
    home = "staff" if planned.course == "ruc" else f"lessons/{planned.course}"
    if not lesson.path.endswith(f"/{home}/{lesson.id}"):
        yield Finding(lesson.lesson_file, 1, "L1", f"{lesson.id} belongs in {home}/")
    if front["id"] != lesson.id:
        yield Finding(
            lesson.lesson_file,
            lesson.front_lines.line("id"),
            "L1",
            f"id: should be {lesson.id}, as the folder",
        )
    if items != lesson.id:
        yield Finding(
            lesson.items_file,
            lesson.item_lines.line("lesson"),
            "L1",
            f"lesson: should be {lesson.id}, as the folder",
        )


def lint_structure(lesson: WrittenLesson, planned: Planned) -> Iterator[Finding]:
    for rule, line, message in (
        *_order(lesson.blocks),
        *_keys(lesson.blocks),
        *_references(lesson, planned),
        *_glossary(lesson, planned),
        *_pictures(lesson),
    ):
        yield Finding(lesson.lesson_file, line, rule, message)
    yield from _item_pictures(lesson)


Fault = tuple[str, int, str]


def _order(blocks: tuple[WrittenBlock, ...]) -> Iterator[Fault]:
    kinds = [block.kind for block in blocks]
    last = blocks[-1].line if blocks else 1
    shape = " ".join(kinds)
    if not re.fullmatch(r"hook card(?: card| practice)* rule tell", shape):
        yield (
            "L2",
            last,
            f"order must be hook, card (card or practice)..., rule, tell; here {shape or 'no blocks'}",
        )
    if not 3 <= kinds.count("card") <= 5:
        yield "L2", last, f"three to five cards; here {kinds.count('card')}"
    if kinds.count("practice") < 2:
        yield "L2", last, f"two practices or more; here {kinds.count('practice')}"
    for block in blocks:
        if block.kind != "practice" and not block.rendered.text:
            yield "L2", block.line, f"this {block.kind} says nothing"


def _keys(blocks: tuple[WrittenBlock, ...]) -> Iterator[Fault]:
    seen = Counter[str]()
    for block in blocks:
        key = block.attributes.get("key")
        if key is not None:
            seen[key] += 1
            if seen[key] == 2 or key in ("hook", "rule", "tell") or key.startswith("practice-"):
                yield "L3", block.line, f"the key {key!r} is taken"


def _references(lesson: WrittenLesson, planned: Planned) -> Iterator[Fault]:
    practice = {item.short: item for item in lesson.items if item.pool == "practice"}
    shown = Counter[str]()
    for block in lesson.blocks:
        item = block.attributes.get("item")
        if item is not None:
            shown[item] += 1
            if item not in practice:
                yield "L4", block.line, f"there is no practice item {item}"
            elif shown[item] == 2:
                yield "L4", block.line, f"{item} is shown twice"
        for clause in block.attributes.get("clauses", ()):
            if clause not in planned.clauses:
                yield "L4", block.line, f"{clause} is not among this lesson's clauses in the plan"
    for short in sorted(practice.keys() - shown.keys()):
        yield "L4", 1, f"practice item {short} is shown by no block"


def _glossary(lesson: WrittenLesson, planned: Planned) -> Iterator[Fault]:
    glossary, lines = lesson.front["glossary"], lesson.front_lines
    if planned.vocabulary:
        for word in planned.vocabulary:
            if word not in glossary:
                yield "L6", lines.line("glossary"), f"{word!r} of the plan's vocabulary is not defined"
        for word in sorted(glossary.keys() - set(planned.vocabulary)):
            yield "L6", lines.line("glossary", word), f"{word!r} is not in the plan's vocabulary"
    spoken = " ".join(f"{block.rendered.title} {block.rendered.text}" for block in lesson.blocks).lower()
    for word, definition in glossary.items():
        if len(words_in(definition)) > LONGEST_DEFINITION:
            yield (
                "L6",
                lines.line("glossary", word),
                f"{word!r} is defined in more than {LONGEST_DEFINITION} words",
            )
        if word.lower() not in spoken:
            yield "L6", lines.line("glossary", word), f"{word!r} is defined but the lesson never uses it"


def _pictures(lesson: WrittenLesson) -> Iterator[Fault]:
    used = set()
    for block in lesson.blocks:
        art, alt = block.attributes.get("art"), block.attributes.get("alt")
        if (art is None) != (alt is None):
            yield "L8", block.line, "art and alt stand together: a picture needs its words"
        if art is not None and art not in lesson.art:
            yield "L8", block.line, f"there is no media/{art}"
        used.add(art)
    used |= {name for _path, name in _art_of_items(lesson)}
    for name in sorted(lesson.art.keys() - used):
        yield "L8", 1, f"media/{name} is used by no block and no item"


def _item_pictures(lesson: WrittenLesson) -> Iterator[Finding]:
    """An item's own picture has words in `alt`; pictures of its options are named by their text."""
    at = lesson.item_lines.line
    for path, name in _art_of_items(lesson):
        if name not in lesson.art:
            yield Finding(lesson.items_file, at(*path), "L8", f"there is no media/{name}")
    for i, item in enumerate(lesson.items):
        if ("art" in lesson.item_lines.value["items"][i]) != bool(item.art_alt):
            yield Finding(
                lesson.items_file, at("items", i), "L8", f"{item.short}: art and alt stand together"
            )


def _art_of_items(lesson: WrittenLesson) -> Iterator[tuple[Path, str]]:
    """Where in items.yaml a picture is named, and its name."""
    return _art_in(lesson.item_lines.value["items"], ("items",))


def _art_in(value: object, path: Path) -> Iterator[tuple[Path, str]]:
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, each in inner:
        if key == "art":
            yield (*path, "art"), str(each)
        yield from _art_in(each, (*path, key))


def lint_art(lesson: WrittenLesson) -> Iterator[Finding]:
    """A1 to A5 for every picture of the lesson."""
    for name, svg in lesson.art.items():
        for rule, message in faults_of(svg):
            yield Finding(f"{lesson.path}/media/{name}", 1, rule, message)
