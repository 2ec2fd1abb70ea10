"""lesson.es.md and items.es.yaml: a translation read into the shape of its source, so that both are checked alike.

The source's keys, pictures and answers are taken from the source; the translation gives the words. Rule X1 finds
what is missing, too much or in another place.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from core.catalogs import LANGUAGES, SOURCE
from lessons.blocks import Block
from lessons.findings import Finding
from lessons.item_schemas import ItemsSchema
from lessons.items import Item
from lessons.marked_yaml import Marked
from lessons.marked_yaml import Path as Place
from lessons.markup import render
from lessons.shapes import check_shape
from lessons.sources import WrittenBlock, WrittenLesson, read_pair
from lessons.translation_schemas import TranslatedBlockSchema, TranslatedItemsSchema, TranslationFrontSchema
from lessons.wording import TEXTS, said_with, words_of
from lessons.written_items import read_item

SPOKEN = "say"
"""The one text that a translation may do without: what reads badly aloud in English may read well in Spanish."""

WORDS = (*TEXTS, "alt")
LISTS = ("options", "regions", "steps", "cards", "pairs", "bins", "scenes", "choices")


@dataclass(frozen=True)
class WrittenTranslation:
    """`lesson` has the shape of its source, with "" for the words of what is left in English.

    `left` names that: keys of steps, ids of items.
    """

    lang: str
    front: dict[str, Any]
    lesson: WrittenLesson
    left: frozenset[str]


def languages_in(folder: Path) -> list[str]:
    """Those that somebody began to write, by the names of the files."""
    files = (*folder.glob("lesson.*.md"), *folder.glob("items.*.yaml"))
    return sorted({file.name.split(".")[1] for file in files})


def read_translation(
    source: WrittenLesson, folder: Path, lang: str
) -> tuple[WrittenTranslation | None, list[Finding]]:
    """The translation as written, or nothing and why it can not be read."""
    if lang not in LANGUAGES or lang == SOURCE:
        return None, [Finding(source.path, 1, "X1", f"there is no language {lang} to translate into")]
    findings: list[Finding] = []
    document, items = read_pair(findings, folder, source.path, lang)
    if document is None or items is None:
        return None, findings
    front, findings = check_shape(TranslationFrontSchema(), document.front)
    words, wrong = check_shape(TranslatedItemsSchema(), items)
    findings += wrong
    blocks, wrong = _blocks(source, document.blocks, document.file)
    findings += wrong
    if not findings:
        findings += _front(source, front, document.front, lang)
        findings += _same_shape(source.item_lines.value, words, items)
    if findings:
        return None, findings
    left = frozenset(
        [block.key for block in blocks if "stays" in block.attributes]
        + [each["id"] for each in words["items"] if "stays" in each]
    )
    lesson = replace(
        source, lang=lang, front={**front, "glossary": _glossary(front)}, front_lines=document.front,
        blocks=tuple(blocks), items=_items(source, words, left), items_of=words["lesson"], item_lines=items,
    )  # fmt: skip
    return WrittenTranslation(lang, front, lesson, left), []


def _front(source: WrittenLesson, front: dict[str, Any], lines: Marked, lang: str) -> Iterator[Finding]:
    for name, wanted in (("id", source.id), ("lang", lang)):
        if front[name] != wanted:
            yield Finding(lines.file, lines.line(name), "L1", f"{name}: should be {wanted}")
    for word in source.front["glossary"].keys() ^ front["glossary"].keys():
        what = "is not translated" if word in source.front["glossary"] else "is no word of the source"
        yield Finding(lines.file, lines.line("glossary", word), "X1", f"glossary: {word!r} {what}")


def _glossary(front: dict[str, Any]) -> dict[str, str]:
    return {each["word"]: each["meaning"] for each in front["glossary"].values()}


# -- blocks ------------------------------------------------------------------------------------------------


def _blocks(
    source: WrittenLesson, blocks: Sequence[Block], file: str
) -> tuple[list[WrittenBlock], list[Finding]]:
    """Each block of the source with the words of the block that stands at its place."""
    findings: list[Finding] = []
    if len(blocks) != len(source.blocks):
        message = f"{len(blocks)} blocks; the source has {len(source.blocks)}"
        return [], [Finding(file, blocks[-1].line if blocks else 1, "X1", message)]
    said = []
    for of, block in zip(source.blocks, blocks, strict=True):
        attributes, wrong = check_shape(TranslatedBlockSchema(), block.attributes)
        findings += wrong
        kept = {name: value for name, value in of.attributes.items() if name != "alt"}
        made = WrittenBlock(block.kind, {**kept, **attributes}, render(block.body), block.body, block.line)
        findings += [Finding(file, block.line, "X1", message) for message in _faults_of_block(of, made)]
        said.append(made)
    return said, findings


def _faults_of_block(of: WrittenBlock, made: WrittenBlock) -> Iterator[str]:
    if (made.kind, made.key) != (of.kind, of.key):
        yield f"here stands {of.kind} {of.key} in the source, not {made.kind} {made.key}"
    stays = "stays" in made.attributes
    for what, wanted, got in (
        ("title", of.rendered.title, made.rendered.title),
        ("text", of.rendered.text, made.rendered.text),
        ("alt", of.attributes.get("alt"), made.attributes.get("alt")),
    ):
        if got and stays:
            yield f"a block that stays in English has no {what} of its own"
        elif wanted and not got and not stays:
            yield f"the {what} is missing"
        elif got and not wanted:
            yield f"the source has no {what} here"


# -- items -------------------------------------------------------------------------------------------------


def _same_shape(source: Any, words: Mapping[str, Any], lines: Marked) -> Iterator[Finding]:
    """X1 for everything in items.es.yaml."""
    for path, message in _faults_of_list("items", source["items"], words["items"], ()):
        yield Finding(lines.file, lines.line(*path), "X1", message)


def _faults_of_list(name: str, source: Any, words: Any, path: Place) -> Iterator[tuple[Place, str]]:
    wanted, got = [str(each["id"]) for each in source], [each["id"] for each in words]
    for missing in [each for each in wanted if each not in got]:
        yield (*path, name), f"{missing} is not translated"
    for at, each in enumerate(got):
        if each not in wanted:
            yield (*path, name, at), f"the source has no {each} here"
    if sorted(wanted) == sorted(got) and wanted != got:
        yield (*path, name), f"{name} stand in the source's order: {', '.join(wanted)}"
    elif wanted == got:
        for at, (of, said) in enumerate(zip(source, words, strict=True)):
            yield from _faults_of_words(of, said, (*path, name, at))


def _faults_of_words(source: Any, words: Any, path: Place) -> Iterator[tuple[Place, str]]:
    if "stays" in words:
        if len(words) > 2:
            yield path, "an item that stays in English has no words of its own"
        return
    for name in ("partner", *LISTS, *WORDS):
        if name in source and name not in words and name != SPOKEN:
            yield path, f"{name} is not translated"
        elif name in words and name not in source and name != SPOKEN:
            yield (*path, name), f"the source has no {name} here"
        elif name in LISTS and name in source:
            yield from _faults_of_list(name, source[name], words[name], path)
        elif name == "partner" and name in source:
            yield from _faults_of_words(source[name], words[name], (*path, name))


def _items(source: WrittenLesson, words: Mapping[str, Any], left: frozenset[str]) -> tuple[Item, ...]:
    together = [
        _together(of, said) for of, said in zip(source.item_lines.value["items"], words["items"], strict=True)
    ]
    pool = ItemsSchema().load({"lesson": source.id, "items": together})
    read = (read_item(each, source.art) for each in pool["items"])
    return tuple(said_with(item, _nothing(words_of(item))) if item.id in left else item for item in read)


def _together(source: Any, words: Any) -> Any:
    """The source's values with these words in them; a spoken form of the source is not kept for other words."""
    if isinstance(source, list):
        return [_together(of, said) for of, said in zip(source, words, strict=True)]
    if "stays" in words:
        return source
    kept = {name: value for name, value in source.items() if name != SPOKEN}
    nested = {name: _together(source[name], words[name]) for name in ("partner", *LISTS) if name in source}
    return {**kept, **{name: words[name] for name in WORDS if name in words}, **nested}


def _nothing(words: dict[str, Any]) -> dict[str, Any]:
    return {name: _nothing(said) if isinstance(said, dict) else "" for name, said in words.items()}
