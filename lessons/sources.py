"""The curriculum folder as written: lessons' files brought into shape, with where everything stands."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from lessons.blocks import Document, parse_document
from lessons.findings import Finding, UnreadableSource
from lessons.item_schemas import ItemsSchema
from lessons.items import Item
from lessons.marked_yaml import Marked, read_yaml
from lessons.markup import Rendered, render
from lessons.schemas import BLOCKS, AlternativeFrontSchema, LessonFrontSchema
from lessons.shapes import check_shape
from lessons.written_items import read_item
from lessons.written_variants import FILE as VARIANTS
from lessons.written_variants import WrittenVariants, read_variants

ALTERNATIVE = "alternative"
"""The folder in a lesson's folder that holds what may be taken in its place, written like a lesson."""


@dataclass(frozen=True)
class WrittenBlock:
    kind: str
    attributes: dict[str, Any]
    rendered: Rendered
    source: str
    line: int

    @property
    def key(self) -> str:
        """Unique in the lesson: a card's own key, otherwise "hook", "practice-p1", "rule", "tell"."""
        own = f"practice-{self.attributes.get('item')}" if self.kind == "practice" else self.kind
        return str(self.attributes.get("key", own))


@dataclass(frozen=True)
class WrittenLesson:
    """One lesson folder. `art` holds the SVG files of media/ by name; `path` is written as in findings.

    `lang` is "" for the source; a translation has the same shape, and its own two files.
    """

    path: str
    front: dict[str, Any]
    front_lines: Marked
    blocks: tuple[WrittenBlock, ...]
    items: tuple[Item, ...]
    items_of: str
    item_lines: Marked
    art: dict[str, str] = field(default_factory=dict)
    lang: str = ""
    variants: WrittenVariants | None = None

    @property
    def id(self) -> str:
        """The folder's name; an alternative goes by its lesson's."""
        return self.path.removesuffix(f"/{ALTERNATIVE}").rpartition("/")[2]

    @property
    def is_alternative(self) -> bool:
        return self.path.endswith(f"/{ALTERNATIVE}")

    @property
    def lesson_file(self) -> str:
        return f"{self.path}/{named('lesson.md', self.lang)}"

    @property
    def items_file(self) -> str:
        return f"{self.path}/{named('items.yaml', self.lang)}"


def named(file: str, lang: str) -> str:
    """lesson.md in Spanish is lesson.es.md."""
    stem, _, end = file.partition(".")
    return f"{stem}.{lang}.{end}" if lang else file


def lesson_folders(curriculum: Path) -> list[Path]:
    """Folders of lessons/<course>/ and staff/ in which somebody began to write."""
    folders = [*curriculum.glob("lessons/*/*"), *curriculum.glob("staff/*")]
    return sorted(
        each for each in folders if each.is_dir() and any(part.is_file() for part in each.rglob("*"))
    )


def read_lesson(folder: Path, curriculum: Path) -> tuple[WrittenLesson | None, list[Finding]]:
    """The lesson as written, or nothing and why it can not be read."""
    path = f"{curriculum.name}/{folder.relative_to(curriculum).as_posix()}"
    findings: list[Finding] = []
    document, items = read_pair(findings, folder, path)
    art = _collect(findings, lambda: dict(_read_art(folder, path)))
    variants = _collect(findings, lambda: _read_variants(folder, path, findings))
    if document is None or items is None or art is None or findings:
        return None, findings
    return _in_shape(path, document, items, art, variants)


def read_pair(
    findings: list[Finding], folder: Path, path: str, lang: str = ""
) -> tuple[Document | None, Marked | None]:
    """lesson.md and items.yaml, of the source or of a translation; what can not be read is found and None."""
    words, pool = (f"{path}/{named(file, lang)}" for file in ("lesson.md", "items.yaml"))
    document: Document | None = _collect(
        findings, lambda: parse_document(read_text(folder / named("lesson.md", lang), words), words)
    )
    items: Marked | None = _collect(
        findings, lambda: read_yaml(read_text(folder / named("items.yaml", lang), pool), pool)
    )
    return document, items


def read_text(file: Path, name: str) -> str:
    """Raises UnreadableSource (F1) when the file is missing or not UTF-8."""
    try:
        return file.read_text(encoding="utf-8")
    except FileNotFoundError as error:
        raise UnreadableSource(Finding(name, 1, "F1", "the file is missing")) from error
    except UnicodeDecodeError as error:
        raise UnreadableSource(Finding(name, 1, "F1", "not UTF-8 text")) from error


def _collect(findings: list[Finding], read: Any) -> Any:
    try:
        return read()
    except UnreadableSource as error:
        findings.append(error.finding)
        return None


def _read_art(folder: Path, path: str) -> Iterator[tuple[str, str]]:
    for file in sorted((folder / "media").glob("*.svg")):
        yield file.name, read_text(file, f"{path}/media/{file.name}")


def _read_variants(folder: Path, path: str, findings: list[Finding]) -> WrittenVariants | None:
    if not (folder / VARIANTS).is_file():
        return None
    name = f"{path}/{VARIANTS}"
    variants, wrong = read_variants(read_text(folder / VARIANTS, name), name)
    findings += wrong
    return variants


def _in_shape(
    path: str, document: Document, items: Marked, art: dict[str, str], variants: WrittenVariants | None
) -> tuple[WrittenLesson | None, list[Finding]]:
    schema = AlternativeFrontSchema() if path.endswith(f"/{ALTERNATIVE}") else LessonFrontSchema()
    front, findings = check_shape(schema, document.front)
    blocks = []
    for block in document.blocks:
        if block.kind not in BLOCKS:
            findings.append(
                Finding(document.file, block.line, "F3", f"there is no block called {block.kind}")
            )
            continue
        attributes, wrong = check_shape(BLOCKS[block.kind](), block.attributes)
        findings += wrong
        blocks.append(WrittenBlock(block.kind, attributes, render(block.body), block.body, block.line))
    pool, wrong = check_shape(ItemsSchema(), items)
    findings += wrong
    if findings:
        return None, findings
    written = tuple(_with_variants(read_item(each, art), variants) for each in pool["items"])
    lesson = WrittenLesson(
        path, front, document.front, tuple(blocks), written, pool["lesson"], items, art, variants=variants
    )
    return lesson, []


def _with_variants(item: Item, variants: WrittenVariants | None) -> Item:
    return replace(item, variants=variants.of(item.id)) if variants else item
