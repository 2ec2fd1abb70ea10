"""The family letter of a course: what is taught, lesson by lesson, and what families may do about it."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from core.errors import NotFound
from core.messages import N_
from core.variables import with_defaults
from lessons.findings import Finding
from lessons.help_card import CURRICULUM, HEADING
from lessons.markup import render
from lessons.paper_schemas import LETTER_PARTS, LetterFrontSchema
from lessons.papers import Paper, Part, read_paper
from lessons.scope import read_scope

FOLDER = "family"


class NoLetter(NotFound):
    code = "no_letter"
    next_step = N_("Ask your school for the letter of this grade.")


@dataclass(frozen=True, slots=True)
class AboutLesson:
    """One lesson as told to families: safe HTML with {{places}}; `title` in the letter's language."""

    lesson_id: str
    title: str
    html: str


@dataclass(frozen=True)
class Letter:
    """`parts` has the safe HTML of hello, preview, opt-out, agreement and close, with {{places}}.

    reviewed   whether a person who knows the language has read it; English is written by people
    languages  in which this letter is written
    """

    course: str
    lang: str
    title: str
    lessons: tuple[AboutLesson, ...]
    parts: dict[str, str]
    reviewed: bool
    languages: tuple[str, ...]


def read_letter(text: str, file: str) -> tuple[Paper | None, list[Finding]]:
    """Raises UnreadableSource."""
    return read_paper(text, file, LetterFrontSchema(), LETTER_PARTS)


def letter(course: str, lang: str) -> Letter:
    """In this language, or in English where it is not written in it. Raises NoLetter."""
    written = _letters().get(course, {})
    if not written:
        raise NoLetter(N_("There is no family letter for this grade yet."))
    paper = written.get(lang) or written["en"]
    return Letter(
        course,
        paper.front["lang"],
        paper.front["title"],
        tuple(_about(part) for part in paper.of_kind("lesson")),
        {part.kind: _html(part) for part in paper.parts if part.kind != "lesson"},
        reviewed=paper.front["lang"] == "en" or paper.front["status"] != "draft",
        languages=tuple(written),
    )


def letter_courses() -> tuple[str, ...]:
    """Courses whose letter is written."""
    return tuple(_letters())


def letter_files(curriculum: Path) -> list[Path]:
    """`<course>.md` before `<course>.es.md`."""
    return sorted(
        (curriculum / FOLDER).glob("*.md"), key=lambda file: (file.name.split(".")[0], len(file.name))
    )


@cache
def _letters() -> dict[str, dict[str, Paper]]:
    """{course: {language: letter}}"""
    found: dict[str, dict[str, Paper]] = {}
    for file in letter_files(CURRICULUM):
        paper, _findings = read_letter(file.read_text(encoding="utf-8"), file.name)
        if paper:
            found.setdefault(paper.front["course"], {})[paper.front["lang"]] = paper
    return found


def _about(part: Part) -> AboutLesson:
    return AboutLesson(part.attributes["id"], part.rendered.title, _html(part))


def _html(part: Part) -> str:
    # A paragraph that is all bold is a heading, as on the help card.
    return HEADING.sub(r"<h2>\1</h2>", render(with_defaults(part.source, _defaults())).html)


@cache
def _defaults() -> dict[str, Any]:
    scope, _findings = read_scope(CURRICULUM)
    return scope.variables if scope else {}
