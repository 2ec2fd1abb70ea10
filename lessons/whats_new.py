"""What changed this year for staff, as written: front matter, then `## Title {module: ...}`.

It is read first in the refresher, and published with the release of the course it belongs to, so that what somebody
read can be found again.
"""

import hashlib
from dataclasses import dataclass
from typing import Any

from lessons.agreement import titled_parts
from lessons.blocks import split_front_matter
from lessons.findings import Finding
from lessons.schemas import ChangeSchema, WhatsNewFrontSchema
from lessons.shapes import check_shape

FILE = "whats-new.md"


@dataclass(frozen=True)
class Change:
    """`module` is the staff module that teaches it, or ""; `body` is Markdown with {{name|default}} places."""

    title: str
    module: str
    body: str
    line: int


@dataclass(frozen=True)
class WhatsNew:
    """`year` is the school year it is written for, as in "2026-27"."""

    file: str
    year: str
    changes: tuple[Change, ...]

    @property
    def version(self) -> str:
        """Another one whenever a word changes: "2026-27.1f0c9a2b"."""
        words = "\n\n".join(f"{each.title}\n{each.module}\n{each.body}" for each in self.changes)
        return f"{self.year}.{hashlib.sha256(words.encode()).hexdigest()[:8]}"


def read_whats_new(text: str, file: str, variables: dict[str, Any]) -> tuple[WhatsNew | None, list[Finding]]:
    """With the plan's defaults written into its places. Raises UnreadableSource."""
    front, rest, first_line = split_front_matter(text, file)
    values, findings = check_shape(WhatsNewFrontSchema(), front)
    changes = []
    for part in titled_parts(rest, first_line, file, variables):
        read, wrong = check_shape(ChangeSchema(), part.attributes)
        findings += wrong
        changes.append(Change(part.title, read.get("module", ""), part.body, part.line))
    if findings:
        return None, findings
    return WhatsNew(file, values["year"], tuple(changes)), []
