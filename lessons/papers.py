"""Texts around lessons as written: front matter, then `:::kind {attributes}` parts. Guides and letters are such.

They are read from the curriculum folder and not from the database, as the help card is: they belong to no version
of a lesson, and nothing that is recorded refers to them.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from marshmallow import Schema

from lessons.blocks import parse_document
from lessons.findings import Finding
from lessons.markup import Rendered, render
from lessons.shapes import check_shape


@dataclass(frozen=True)
class Part:
    """One block. `source` is as written, `line` its opening line."""

    kind: str
    attributes: dict[str, Any]
    rendered: Rendered
    source: str
    line: int


@dataclass(frozen=True)
class Paper:
    """`front` as its schema reads it, and the parts in the order written."""

    file: str
    front: dict[str, Any]
    parts: tuple[Part, ...]

    def of_kind(self, kind: str) -> list[Part]:
        return [part for part in self.parts if part.kind == kind]


def read_paper(
    text: str, file: str, front_schema: Schema, kinds: Mapping[str, type[Schema]]
) -> tuple[Paper | None, list[Finding]]:
    """The paper, or nothing and what is wrong with its shape. `kinds` has the schema of each part's attributes.

    Raises UnreadableSource.
    """
    document = parse_document(text, file)
    front, findings = check_shape(front_schema, document.front)
    parts = []
    for block in document.blocks:
        if block.kind not in kinds:
            findings.append(Finding(file, block.line, "F3", f"there is no part called {block.kind} here"))
            continue
        attributes, wrong = check_shape(kinds[block.kind](), block.attributes)
        findings += wrong
        parts.append(Part(block.kind, attributes, render(block.body), block.body, block.line))
    return (None if findings else Paper(file, front, tuple(parts))), findings
