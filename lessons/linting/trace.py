"""Rules R9 to R11, R14 and R16: each clause of the procedure is taught to those it binds, none is forgotten."""

import re
from collections.abc import Iterator, Mapping

from lessons.agreement import Agreement
from lessons.content import Lesson
from lessons.findings import Finding
from lessons.scope import Clause, Scope

Span = tuple[int, int]
_BETWEEN_SENTENCES = re.compile(r"(?<=[.!?])\s+(?=[A-Z])")
_LIST_NUMBER = re.compile(r"\s*\d+\.")


def lint_trace(scope: Scope, procedure: str, procedure_file: str) -> Iterator[Finding]:
    yield from _carriers(scope)
    spans = []
    for clause in scope.clauses:
        span = _span_of(clause, procedure)
        if span is None:
            yield Finding(scope.file, clause.line, "R14", f"{clause.id}: its anchor is not in the procedure")
        else:
            spans.append(span)
    for line, start, end in sentences_of(procedure):
        words = procedure[start:end].strip()
        covered = any(first < end and last > start for first, last in spans)
        if words and not covered and not _furniture(words, scope):
            yield Finding(procedure_file, line, "R14", f"no clause has this sentence: {words[:70]!r}")


def _carriers(scope: Scope) -> Iterator[Finding]:
    in_lessons = {clause for lesson in scope.lessons for clause in lesson.clauses}
    in_staff = {clause for module in scope.modules for clause in module.clauses} | set(
        scope.attestation_clauses
    )
    for clause in scope.clauses:
        if "staff" in clause.who and clause.id not in in_staff:
            yield Finding(scope.file, clause.line, "R9", f"{clause.id} binds staff and is in no module")
        if "student" in clause.who and clause.id not in in_lessons:
            yield Finding(scope.file, clause.line, "R10", f"{clause.id} binds students and is in no lesson")
        if "student" not in clause.who and clause.id in in_lessons:
            yield Finding(
                scope.file, clause.line, "R11", f"{clause.id} does not bind students and is in a lesson"
            )


def lint_written_staff(
    scope: Scope, modules: Mapping[str, Lesson], agreement: Agreement | None
) -> Iterator[Finding]:
    """R16, once every module of the plan is written: what the plan promises (R9) stands in the words themselves."""
    if any(module.id not in modules for module in scope.modules):
        return
    said = {clause for section in (agreement.sections if agreement else ()) for clause in section.clauses}
    for module in scope.modules:
        written = modules[module.id]
        here = {name for step in written.steps for name in step.clauses}
        here |= {name for item in written.items for name in item.clauses}
        said |= here
        for name in module.clauses:
            if name not in here:
                message = f"{module.id}: no rule and no item carries {name}"
                yield Finding(scope.file, module.line, "R16", message)
    for clause in scope.clauses:
        if "staff" in clause.who and clause.id not in said:
            message = f"{clause.id} binds staff and stands in no module and no agreement"
            yield Finding(scope.file, clause.line, "R16", message)


def _span_of(clause: Clause, procedure: str) -> Span | None:
    at = -1
    for _ in range(clause.occurrence):
        at = procedure.find(clause.anchor, at + 1)
        if at < 0:
            return None
    return at, at + len(clause.anchor)


def _furniture(words: str, scope: Scope) -> bool:
    return words in scope.headings or words.startswith(scope.non_normative)


def sentences_of(procedure: str) -> Iterator[tuple[int, int, int]]:
    """Line number, start and end of each sentence. A list number such as "3." belongs to what follows it."""
    offset = 0
    for number, line in enumerate(procedure.split("\n"), start=1):
        start = 0
        for gap in _BETWEEN_SENTENCES.finditer(line):
            if not _LIST_NUMBER.fullmatch(line[start : gap.start()]):
                yield number, offset + start, offset + gap.start()
                start = gap.end()
        yield number, offset + start, offset + len(line)
        offset += len(line) + 1
