"""Rules G1 to G3: a teacher guide has its parts, its plan is in minutes, and it is short."""

import re
from collections.abc import Iterator

from lessons.findings import Finding
from lessons.linting.words import TOLERANCE, Passage, lint_passage
from lessons.papers import Paper, Part
from lessons.readability import grade_of, names_in, sentences_of, words_in
from lessons.scope import Planned, Scope

PARTS = ("learn", "materials", "plan", "discuss", "watch")
PREPARE = "prepare"
PROMPTS = 3
SHORTEST, LONGEST = 110, 240  # words
MINUTES = re.compile(r"- (\d+) minutes?: \S")


def lint_guide(guide: Paper, planned: Planned, scope: Scope) -> Iterator[Finding]:
    wanted = (*PARTS, PREPARE) if planned.sensitivity != "none" else PARTS
    if guide.front["id"] != planned.id:
        yield Finding(guide.file, 1, "G1", f"id: should be {planned.id}, as the folder")
    if tuple(part.kind for part in guide.parts) != wanted:
        yield Finding(guide.file, 1, "G1", f"the parts of this guide are {', '.join(wanted)}, in this order")
    for part in guide.parts:
        yield from lint_passage(Passage(guide.file, part.line, part.source), scope.variables)
        if part.kind == "discuss" and _entries(part) != PROMPTS:
            yield Finding(guide.file, part.line, "G1", f"{PROMPTS} prompts to talk about, each on a - line")
        if part.kind == "plan":
            yield from _plan(guide, part, planned)
    yield from lint_length(guide, scope)


def lint_told(told: Paper, scope: Scope) -> Iterator[Finding]:
    if [part.kind for part in told.parts] != ["told"]:
        yield Finding(told.file, 1, "G1", "this file is one :::told part")
    for part in told.parts:
        yield from lint_passage(Passage(told.file, part.line, part.source), scope.variables)
    yield from _reading(told, scope)


def lint_length(guide: Paper, scope: Scope) -> Iterator[Finding]:
    count = sum(len(words_in(part.rendered.text)) for part in guide.parts)
    if not SHORTEST <= count <= LONGEST:
        yield Finding(guide.file, 1, "G3", f"{count} words; {SHORTEST} to {LONGEST} in a guide")
    yield from _reading(guide, scope)


def _plan(guide: Paper, part: Part, planned: Planned) -> Iterator[Finding]:
    lines = part.source.splitlines()
    found = [MINUTES.match(line) for line in lines]
    if None in found:
        yield Finding(guide.file, part.line, "G2", "each line of the plan is - N minutes: what happens")
        return
    longest = max((int(each.group(1)) for each in found if each), default=0)
    if longest < planned.minutes:
        message = f"no part of the plan is as long as the lesson, which takes {planned.minutes} minutes"
        yield Finding(guide.file, part.line, "G2", message)


def _entries(part: Part) -> int:
    return sum(line.startswith("- ") for line in part.source.splitlines())


def _reading(paper: Paper, scope: Scope) -> Iterator[Finding]:
    ceiling = scope.bands["staff"].fk_max
    sentences = [each for part in paper.parts for each in sentences_of(part.rendered.text)]
    grade = grade_of(sentences, names_in(sentences)) if sentences else 0.0
    if grade > ceiling + TOLERANCE:
        yield Finding(paper.file, 1, "G3", f"this reads at grade {grade:.1f}; {ceiling} is the ceiling")
