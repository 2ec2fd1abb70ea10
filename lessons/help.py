"""The help card as written, for the linter: a `:::pupil` and a `:::staff` half."""

from dataclasses import dataclass

from lessons.blocks import parse_document
from lessons.findings import Finding, UnreadableSource
from lessons.markup import Rendered, render
from lessons.schemas import HelpFrontSchema
from lessons.shapes import check_shape

AUDIENCES = ("pupil", "staff")


@dataclass(frozen=True)
class WrittenHelp:
    """Each half as rendered, its source and its first line, by audience."""

    file: str
    halves: dict[str, Rendered]
    sources: dict[str, tuple[str, int]]


def read_help(text: str, file: str) -> tuple[WrittenHelp | None, list[Finding]]:
    """Raises UnreadableSource."""
    document = parse_document(text, file)
    _, findings = check_shape(HelpFrontSchema(), document.front)
    if tuple(block.kind for block in document.blocks) != AUDIENCES:
        raise UnreadableSource(
            Finding(file, 1, "P1", "the help card is a :::pupil block and a :::staff block")
        )
    halves = {block.kind: render(block.body) for block in document.blocks}
    sources = {block.kind: (block.body, block.line) for block in document.blocks}
    return (None if findings else WrittenHelp(file, halves, sources)), findings
