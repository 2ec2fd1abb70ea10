"""The form of lesson.md: front matter between two `---` lines, then `:::kind {attributes}` blocks.

Only the form is read here. Which blocks a lesson needs, and what may stand in them, is the linter's matter.
"""

import re
from dataclasses import dataclass, field

from lessons.findings import Finding, UnreadableSource
from lessons.marked_yaml import Marked, read_yaml

OPENING = re.compile(r":::[ \t]*([a-z][a-z-]*)[ \t]*(\{.*\})?[ \t]*")
CLOSING = ":::"


@dataclass(frozen=True)
class Block:
    """One block as written. `line` is its opening line, `body_line` the first line of `body`."""

    kind: str
    attributes: Marked
    body: str
    line: int

    @property
    def body_line(self) -> int:
        return self.line + 1


@dataclass(frozen=True)
class Document:
    """A file of blocks. The value of `front` is None when nothing stands between its lines."""

    file: str
    front: Marked
    blocks: tuple[Block, ...] = field(default_factory=tuple)


def parse_document(text: str, file: str) -> Document:
    """Raises UnreadableSource (F1 for the YAML parts, F2 for the blocks) and nothing else."""
    lines = text.replace("\r\n", "\n").split("\n")
    front, after = _front_matter(lines, file)
    return Document(file, front, tuple(_blocks(lines, after, file)))


def split_front_matter(text: str, file: str) -> tuple[Marked, str, int]:
    """Front matter, the rest of the text, and the line on which the rest begins."""
    lines = text.replace("\r\n", "\n").split("\n")
    front, after = _front_matter(lines, file)
    return front, "\n".join(lines[after:]), after + 1


def _front_matter(lines: list[str], file: str) -> tuple[Marked, int]:
    """The front matter, and the index of the first line after it."""
    if lines[0].rstrip() != "---":
        raise UnreadableSource(
            Finding(file, 1, "F2", "begin the file with front matter between two --- lines")
        )
    for at, line in enumerate(lines[1:], start=1):
        if line.rstrip() == "---":
            return read_yaml("\n".join(lines[1:at]), file, first_line=2), at + 1
    raise UnreadableSource(
        Finding(file, 1, "F2", "the front matter is never closed: add a --- line after it")
    )


def _blocks(lines: list[str], after: int, file: str) -> list[Block]:
    blocks: list[Block] = []
    at = after
    while at < len(lines):
        if not lines[at].strip():
            at += 1
            continue
        closed = _closing_line(lines, at, file)
        blocks.append(_block(lines, at, closed, file))
        at = closed + 1
    return blocks


def _closing_line(lines: list[str], opened: int, file: str) -> int:
    if not OPENING.fullmatch(lines[opened]):
        raise UnreadableSource(Finding(file, opened + 1, "F2", _what_is_wrong(lines[opened])))
    for at in range(opened + 1, len(lines)):
        if lines[at].rstrip() == CLOSING:
            return at
        if lines[at].startswith(CLOSING):
            break
    raise UnreadableSource(
        Finding(file, opened + 1, "F2", "this block is never closed: add a ::: line after it")
    )


def _what_is_wrong(line: str) -> str:
    if line.rstrip() == CLOSING:
        return "a ::: line closes nothing here"
    if line.startswith(CLOSING):
        return "write a block's first line as :::kind {name: value, name: value}"
    return "nothing may stand between blocks: put this text inside one"


def _block(lines: list[str], opened: int, closed: int, file: str) -> Block:
    match = OPENING.fullmatch(lines[opened])
    assert match is not None  # _closing_line saw to it
    attributes = read_yaml(match.group(2) or "{}", file, first_line=opened + 1)
    return Block(match.group(1), attributes, "\n".join(lines[opened + 1 : closed]).strip("\n"), opened + 1)
