"""An agreement that people sign, as written: front matter, then `## Section {clauses: [...]}`.

Which clauses a section carries is for the linter; the published text has the words only.
"""

import hashlib
import re
from dataclasses import dataclass
from datetime import date
from typing import Any

from core.variables import with_defaults
from lessons.blocks import split_front_matter
from lessons.findings import Finding, UnreadableSource
from lessons.marked_yaml import Marked, read_yaml
from lessons.schemas import AgreementFrontSchema, SectionSchema
from lessons.shapes import check_shape

HEADING = re.compile(r"## (.+?)\s*(\{.*\})?\s*")


@dataclass(frozen=True)
class Section:
    title: str
    clauses: tuple[str, ...]
    body: str
    line: int


@dataclass(frozen=True)
class Agreement:
    """`key` is completion's name for it. Texts hold {{name|default}} places until a district fills them."""

    file: str
    key: str
    version: str
    lang: str
    title: str
    intent: str
    effective: date
    change: str
    """`first`, `editorial` or `material`; "" where it is not said, for the linter to find."""
    reattest_by: date | None
    """The last day to sign a materially changed edition anew."""
    approved_by: tuple[str, ...]
    """Who approved what the edition is said to change: "Dana Reyes, assistant superintendent"."""
    sections: tuple[Section, ...]

    @property
    def text(self) -> str:
        """Markdown, exactly as published."""
        return "\n\n".join(f"## {section.title}\n\n{section.body}" for section in self.sections) + "\n"

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.text.encode()).hexdigest()


def read_agreement(text: str, file: str, variables: dict[str, Any]) -> tuple[Agreement | None, list[Finding]]:
    """The agreement with the plan's defaults written into its places. Raises UnreadableSource."""
    front, rest, first_line = split_front_matter(text, file)
    values, findings = check_shape(AgreementFrontSchema(), front)
    sections = []
    for part in titled_parts(rest, first_line, file, variables):
        read, wrong = check_shape(SectionSchema(), part.attributes)
        findings += wrong
        sections.append(Section(part.title, tuple(read.get("clauses", ())), part.body, part.line))
    if findings:
        return None, findings
    said = ("version", "lang", "title", "intent", "effective", "change", "reattest_by")
    words = {name: values[name] for name in said}
    approved_by = tuple(values["approved_by"])
    return Agreement(
        file=file, key=values["id"], sections=tuple(sections), approved_by=approved_by, **words
    ), []


@dataclass(frozen=True)
class TitledPart:
    """What stands under one `## Title {attributes}`."""

    title: str
    attributes: Marked
    body: str
    line: int


def titled_parts(rest: str, first_line: int, file: str, variables: dict[str, Any]) -> list[TitledPart]:
    """The parts of a text whose words begin on this line of `file`. Raises UnreadableSource when one stands outside."""
    lines = rest.split("\n")
    starts = [i for i, line in enumerate(lines) if line.startswith("## ")]
    if not starts or any(line.strip() for line in lines[: starts[0]]):
        raise UnreadableSource(Finding(file, first_line, "P1", "begin with ## and the first section's title"))
    parts = []
    for start, end in zip(starts, [*starts[1:], len(lines)], strict=True):
        heading = HEADING.fullmatch(lines[start])
        assert heading is not None  # it starts with "## " and something
        line = first_line + start
        attributes = read_yaml(heading.group(2) or "{}", file, first_line=line)
        body = with_defaults("\n".join(lines[start + 1 : end]).strip(), variables)
        parts.append(TitledPart(heading.group(1), attributes, body, line))
    return parts
