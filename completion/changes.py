"""What changed between two editions of a text: section by section, word by word. Pure."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import groupby

TOKEN = re.compile(r"\s+|[^\s]+")
SAME, ADDED, REMOVED = "same", "added", "removed"


@dataclass(frozen=True)
class Run:
    """Words that stand in both texts, or in one of them. `kind` is SAME, ADDED or REMOVED."""

    kind: str
    words: str


@dataclass(frozen=True)
class ChangedSection:
    """`title` is "" for what stands before the first section. `kind`: SAME, ADDED, REMOVED, or `changed`."""

    title: str
    kind: str
    runs: tuple[Run, ...]


def changed_sections(old: str, new: str) -> list[ChangedSection]:
    """Every section of the new text in its order, each of the old one that is gone after what it followed.

    All `runs` of a section but the added ones are the old section, all but the removed ones the new one, to the byte.
    A section under a new title is a new section.
    """
    before, after = dict(_sections(old)), dict(_sections(new))
    found = []
    for title in _merged(list(before), list(after)):
        was, now = before.get(title), after.get(title)
        runs = tuple(word_runs(was or "", now or ""))
        found.append(ChangedSection(title.partition("\n")[0], _kind(was, now), runs))
    return found


def _kind(was: str | None, now: str | None) -> str:
    if was is None:
        return ADDED
    if now is None:
        return REMOVED
    return SAME if was == now else "changed"


def word_runs(old: str, new: str) -> Iterator[Run]:
    """The two texts as one row of runs; neighbours are of different kinds."""
    was, now = TOKEN.findall(old), TOKEN.findall(new)
    pieces: list[Run] = []
    for tag, i1, i2, j1, j2 in SequenceMatcher(a=was, b=now, autojunk=False).get_opcodes():
        if tag == "equal":
            pieces.append(Run(SAME, "".join(was[i1:i2])))
            continue
        pieces += [Run(REMOVED, "".join(was[i1:i2]))] if i2 > i1 else []
        pieces += [Run(ADDED, "".join(now[j1:j2]))] if j2 > j1 else []
    yield from _without_islands(pieces)


def _without_islands(pieces: Sequence[Run]) -> Iterator[Run]:
    """A blank between two changed words belongs to the change: four words read better at once than one by one."""
    changed: list[Run] = []
    for index, piece in enumerate(pieces):
        inside = changed and index + 1 < len(pieces)
        if piece.kind == SAME and not (inside and not piece.words.strip() and "\n" not in piece.words):
            yield from _gathered(changed)
            changed = []
            yield piece
        elif piece.kind == SAME:
            changed += [Run(REMOVED, piece.words), Run(ADDED, piece.words)]
        else:
            changed.append(piece)
    yield from _gathered(changed)


def _gathered(changed: Sequence[Run]) -> Iterator[Run]:
    """First all that is gone, then all that is new."""
    for kind, some in groupby(sorted(changed, key=lambda run: run.kind != REMOVED), key=lambda run: run.kind):
        yield Run(kind, "".join(run.words for run in some))


def _sections(text: str) -> Iterator[tuple[str, str]]:
    """(title, body). A title that stands twice gets a number behind a line break, which no title holds."""
    seen: dict[str, int] = {}
    title, lines = "", list[str]()
    for line in [*text.split("\n"), "## "]:
        if not line.startswith("## "):
            lines.append(line)
            continue
        seen[title] = seen.get(title, 0) + 1
        yield (title if seen[title] == 1 else f"{title}\n{seen[title]}"), "\n".join(lines).strip("\n")
        title, lines = line.removeprefix("## ").strip(), []


def _merged(before: Sequence[str], after: Sequence[str]) -> Iterator[str]:
    for tag, i1, i2, j1, j2 in SequenceMatcher(a=before, b=after, autojunk=False).get_opcodes():
        if tag != "equal":
            yield from (title for title in before[i1:i2] if title not in after)
        yield from after[j1:j2]
