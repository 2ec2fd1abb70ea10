"""Rules N1 to N3: a family letter tells of every lesson, is easy to read, and is the same in each language."""

from collections.abc import Iterator, Sequence

from lessons.findings import Finding
from lessons.linting.words import Passage, lint_passage
from lessons.papers import Paper, Part
from lessons.readability import grade_of, names_in, sentences_of
from lessons.scope import CoursePlan, Scope

CEILING = 6.0
"""Flesch-Kincaid (curriculum.md 4.1); only English can be measured by it."""
AROUND = ("hello", "preview", "opt-out", "agreement", "close")
PROMPTS = 2


def lint_letter(letter: Paper, scope: Scope) -> Iterator[Finding]:
    plan = next((course for course in scope.courses if course.id == letter.front["course"]), None)
    if plan is None:
        yield Finding(letter.file, 1, "N1", f"there is no course {letter.front['course']}")
        return
    for rule, line, message in (*_parts(letter), *_lessons(letter, plan), *_prompts(letter)):
        yield Finding(letter.file, line, rule, message)
    for part in letter.parts:
        yield from lint_passage(Passage(letter.file, part.line, part.source), scope.variables)
    if letter.front["lang"] == "en":
        yield from _titles(letter, scope)
        yield from _reading(letter)


Fault = tuple[str, int, str]


def _parts(letter: Paper) -> Iterator[Fault]:
    name = letter.file.rpartition("/")[2]
    lang = "" if letter.front["lang"] == "en" else f".{letter.front['lang']}"
    if name != f"{letter.front['course']}{lang}.md":
        yield "N1", 1, f"this letter belongs in {letter.front['course']}{lang}.md"
    kinds = [part.kind for part in letter.parts if part.kind != "lesson"]
    if tuple(kinds) != AROUND:
        yield "N1", 1, f"around the lessons stand {', '.join(AROUND)}, in this order"


def _lessons(letter: Paper, plan: CoursePlan) -> Iterator[Fault]:
    told = tuple(part.attributes["id"] for part in letter.of_kind("lesson"))
    if told != plan.lessons:
        yield "N1", 1, f"the letter tells of every lesson in order: {', '.join(plan.lessons)}"


def _prompts(letter: Paper) -> Iterator[Fault]:
    for part in letter.of_kind("lesson"):
        if sum(line.startswith("- ") for line in part.source.splitlines()) != PROMPTS:
            yield "N1", part.line, f"{PROMPTS} prompts to talk at home, each on a - line"
        if not part.rendered.title:
            yield "N1", part.line, "begin with ### and the lesson's title"


def _titles(letter: Paper, scope: Scope) -> Iterator[Finding]:
    for part in letter.of_kind("lesson"):
        planned = scope.planned.get(part.attributes["id"])
        if planned and part.rendered.title != planned.title:
            yield Finding(letter.file, part.line, "N1", f"the lesson is called {planned.title}")


def _reading(letter: Paper) -> Iterator[Finding]:
    sentences = [each for part in letter.parts for each in sentences_of(part.rendered.text)]
    grade = grade_of(sentences, names_in(sentences)) if sentences else 0.0
    if grade > CEILING:
        yield Finding(
            letter.file, 1, "N2", f"the letter reads at grade {grade:.1f}; under {CEILING} is wanted"
        )


def lint_languages(letters: Sequence[Paper]) -> Iterator[Finding]:
    """N3: a translation has the parts of its English letter, and every letter has an English one."""
    english = {letter.front["course"]: letter for letter in letters if letter.front["lang"] == "en"}
    for letter in letters:
        source = english.get(letter.front["course"])
        if source is None or _shape(source.parts) != _shape(letter.parts):
            yield Finding(letter.file, 1, "N3", "this letter has other parts than the English one")


def _shape(parts: Sequence[Part]) -> list[tuple[str, str]]:
    return [(part.kind, str(part.attributes.get("id", ""))) for part in parts]
