"""What is written around lessons: guides, the part that all guides share, and family letters. All of it is optional."""

from collections.abc import Callable, Iterator
from pathlib import Path

from lessons.findings import Finding, UnreadableSource
from lessons.guide import FILE, TOLD, read_guide, read_told
from lessons.letter import letter_files, read_letter
from lessons.linting.guide import lint_guide, lint_told
from lessons.linting.letter import lint_languages, lint_letter
from lessons.papers import Paper
from lessons.scope import Scope
from lessons.sources import read_text

Reader = Callable[[str, str], tuple[Paper | None, list[Finding]]]


def lint_around(curriculum: Path, scope: Scope) -> Iterator[Finding]:
    for file in sorted(curriculum.glob(f"lessons/*/*/{FILE}")):
        planned = scope.planned.get(file.parent.name)
        guide, findings = _read(file, curriculum, read_guide)
        yield from findings
        if guide and planned:  # a folder that nobody planned is L1's
            yield from lint_guide(guide, planned, scope)
    if (curriculum / TOLD).exists():
        told, findings = _read(curriculum / TOLD, curriculum, read_told)
        yield from findings
        yield from lint_told(told, scope) if told else ()
    yield from _letters(curriculum, scope)


def _letters(curriculum: Path, scope: Scope) -> Iterator[Finding]:
    letters = []
    for file in letter_files(curriculum):
        letter, findings = _read(file, curriculum, read_letter)
        yield from findings
        if letter:
            letters.append(letter)
            yield from lint_letter(letter, scope)
    yield from lint_languages(letters)


def _read(file: Path, curriculum: Path, read: Reader) -> tuple[Paper | None, list[Finding]]:
    name = f"{curriculum.name}/{file.relative_to(curriculum).as_posix()}"
    try:
        return read(read_text(file, name), name)
    except UnreadableSource as error:
        return None, [error.finding]
