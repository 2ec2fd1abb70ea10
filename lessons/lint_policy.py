"""Rules P1 to P4: the agreement and the help card."""

from collections.abc import Iterator

from lessons.agreement import Agreement
from lessons.findings import Finding
from lessons.help import WrittenHelp
from lessons.lint_words import TOLERANCE, Passage, lint_passage
from lessons.readability import grade_of, names_in, sentences_of
from lessons.scope import Scope

KEY = "rua"
HELP_CEILING = 4.0
"""Flesch-Kincaid: a child in need reads worse than on a good day."""


def lint_agreement(agreement: Agreement, scope: Scope) -> Iterator[Finding]:
    if agreement.key != KEY:
        yield Finding(agreement.file, 1, "P1", f"id: should be {KEY}")
    yield from lint_change(agreement)
    named = set()
    for section in agreement.sections:
        if not section.body:
            yield Finding(agreement.file, section.line, "P1", f"the section {section.title!r} says nothing")
        for clause in section.clauses:
            named.add(clause)
            if clause not in scope.clause_ids:
                yield Finding(agreement.file, section.line, "P2", f"there is no clause {clause}")
        yield from lint_passage(Passage(agreement.file, section.line, section.body), scope.variables)
    yield from lint_passage(Passage(agreement.file, 1, agreement.intent), scope.variables)
    for clause in sorted(set(scope.attestation_clauses) - named):
        yield Finding(agreement.file, 1, "P2", f"no section carries {clause}")


def lint_change(agreement: Agreement) -> Iterator[Finding]:
    """An edition says what it changes: everybody signs a material change again, and by which day."""
    if not agreement.change:
        wrong = "change: say first, editorial (signatures go on counting) or material (everybody signs again)"
    elif (agreement.change == "material") != (agreement.reattest_by is not None):
        wrong = "reattest_by: the last day to sign again goes with a material change, and only with one"
    elif agreement.reattest_by is not None and agreement.reattest_by < agreement.effective:
        wrong = "reattest_by: is before the edition takes effect"
    else:
        return
    yield Finding(agreement.file, 1, "P4", wrong)


def lint_help(card: WrittenHelp, scope: Scope) -> Iterator[Finding]:
    for audience, ceiling in (("pupil", HELP_CEILING), ("staff", scope.bands["staff"].fk_max)):
        source, line = card.sources[audience]
        yield from lint_passage(Passage(card.file, line, source), scope.variables)
        sentences = sentences_of(card.halves[audience].text)
        if not sentences or not card.halves[audience].title:
            yield Finding(card.file, line, "P1", f"the {audience} half needs a ### title and words")
            continue
        grade = grade_of(sentences, names_in(sentences))
        if grade > ceiling + TOLERANCE:
            yield Finding(
                card.file,
                line,
                "P3",
                f"the {audience} half reads at grade {grade:.1f}; {ceiling} is the ceiling",
            )
