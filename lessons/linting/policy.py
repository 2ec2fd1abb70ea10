"""Rules P1 to P4: the agreements, what is new for staff, and the help card."""

from collections.abc import Iterator
from pathlib import PurePosixPath

from completion.approvals import unapproved
from lessons.agreement import Agreement, Section
from lessons.findings import Finding
from lessons.help import WrittenHelp
from lessons.linting.words import (
    ENOUGH_WORDS,
    LIMITS,
    TOLERANCE,
    Passage,
    lint_passage,
    long_sentences,
    too_hard,
)
from lessons.readability import grade_of, names_in, sentences_of
from lessons.scope import Scope
from lessons.whats_new import WhatsNew

HELP_CEILING = 4.0
"""Flesch-Kincaid: a child in need reads worse than on a good day."""


def lint_agreement(agreement: Agreement, scope: Scope) -> Iterator[Finding]:
    """Each agreement carries the clauses that the plan gives to it, and its file is named after it: guest.md, and
    guest.es.md for its translation."""
    planned = {"rua": scope.attestation_clauses, "guest": scope.guest_clauses}
    name, _, lang = PurePosixPath(agreement.file).stem.partition(".")
    if agreement.key != name or agreement.key not in planned:
        yield Finding(agreement.file, 1, "P1", f"id: should be {name if name in planned else 'rua or guest'}")
    if agreement.lang != (lang or "en"):
        yield Finding(agreement.file, 1, "P1", f"lang: should be {lang or 'en'}, as the file's name says")
    yield from lint_change(agreement)
    named = set()
    for section in agreement.sections:
        named |= set(section.clauses)
        yield from _section(section, agreement.file, scope)
    yield from lint_passage(Passage(agreement.file, 1, agreement.intent), scope.variables)
    for clause in sorted(set(planned.get(agreement.key, ())) - named):
        yield Finding(agreement.file, 1, "P2", f"no section carries {clause}")


def lint_agreement_translation(translated: Agreement, source: Agreement | None) -> Iterator[Finding]:
    """A translation is the same edition: its version, days and sections are those of the English text."""
    if source is None:
        yield Finding(
            translated.file, 1, "P1", "there is no agreement in English of which it is the translation"
        )
        return
    for name in ("version", "effective", "change", "reattest_by", "approved_by"):
        if getattr(translated, name) != getattr(source, name):
            yield Finding(
                translated.file, 1, "P1", f"{name}: should be that of {PurePosixPath(source.file).name}"
            )
    if [each.clauses for each in translated.sections] != [each.clauses for each in source.sections]:
        yield Finding(
            translated.file, 1, "P1", "its sections carry other clauses than those of the English text"
        )


def lint_change(agreement: Agreement) -> Iterator[Finding]:
    """An edition says what it changes, and who approved that: everybody signs a material change again, by which day."""
    wrong: str | None
    if not agreement.change:
        wrong = "change: say first, editorial (signatures go on counting) or material (everybody signs again)"
    elif (agreement.change == "material") != (agreement.reattest_by is not None):
        wrong = "reattest_by: the last day to sign again goes with a material change, and only with one"
    elif agreement.reattest_by is not None and agreement.reattest_by < agreement.effective:
        wrong = "reattest_by: is before the edition takes effect"
    else:
        wrong = unapproved(agreement.change, agreement.approved_by)
    if wrong:
        yield Finding(agreement.file, 1, "P4", wrong)


def lint_whats_new(note: WhatsNew, scope: Scope) -> Iterator[Finding]:
    """As easy to read as the course it is part of."""
    band, sentences = scope.bands["staff"], []
    for change in note.changes:
        if change.module and change.module not in {module.id for module in scope.modules}:
            yield Finding(note.file, change.line, "P1", f"there is no staff module {change.module}")
        passage = Passage(note.file, change.line, change.body)
        yield from _says_something(passage, change.title, scope)
        yield from long_sentences(passage, LIMITS["staff"].sentence, band)
        sentences += sentences_of(change.body)
    if sum(len(sentence.words) for sentence in sentences) >= ENOUGH_WORDS:
        yield from too_hard(note.file, "words", sentences, names_in(sentences), band)


def _section(section: Section, file: str, scope: Scope) -> Iterator[Finding]:
    for clause in section.clauses:
        if clause not in scope.clause_ids:
            yield Finding(file, section.line, "P2", f"there is no clause {clause}")
    yield from _says_something(Passage(file, section.line, section.body), section.title, scope)


def _says_something(passage: Passage, title: str, scope: Scope) -> Iterator[Finding]:
    if not passage.text:
        yield Finding(passage.file, passage.line, "P1", f"the section {title!r} says nothing")
    yield from lint_passage(passage, scope.variables)


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
