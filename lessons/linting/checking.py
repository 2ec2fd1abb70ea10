"""All checks over a whole curriculum folder, and what it compiles to when there is nothing to find."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from lessons.agreement import Agreement, read_agreement
from lessons.compile import compile_lesson, compile_translation, with_translations
from lessons.content import Lesson
from lessons.findings import Finding, UnreadableSource, in_order
from lessons.help import WrittenHelp, read_help
from lessons.linting.alternative import lint_alternative, planned_instead
from lessons.linting.around import lint_around
from lessons.linting.items import lint_items
from lessons.linting.lesson import lint_art, lint_place, lint_structure
from lessons.linting.policy import lint_agreement, lint_agreement_translation, lint_help, lint_whats_new
from lessons.linting.pool import lint_pool
from lessons.linting.scope import lint_scope
from lessons.linting.trace import lint_trace, lint_written_staff
from lessons.linting.translation import lint_translation
from lessons.linting.variants import lint_variants
from lessons.linting.words import lint_words
from lessons.scope import Planned, Scope, read_scope
from lessons.sources import ALTERNATIVE, WrittenLesson, lesson_folders, read_lesson, read_text
from lessons.translations import languages_in, read_translation
from lessons.whats_new import FILE as WHATS_NEW
from lessons.whats_new import WhatsNew, read_whats_new

PROCEDURE = "procedure-2022P.txt"


@dataclass
class Checked:
    """`lessons` and `alternatives`, by the lesson's id, hold those without findings of their own; `agreements` by key.

    A planned lesson without a folder is not written yet, which is no fault; nor is a missing agreement or help card.
    """

    scope: Scope | None = None
    lessons: dict[str, Lesson] = field(default_factory=dict)
    alternatives: dict[str, Lesson] = field(default_factory=dict)
    agreements: dict[str, Agreement] = field(default_factory=dict)
    translated_agreements: list[Agreement] = field(default_factory=list)
    whats_new: WhatsNew | None = None
    help_card: WrittenHelp | None = None
    findings: list[Finding] = field(default_factory=list)

    @property
    def items(self) -> int:
        return sum(len(lesson.items) for lesson in self.lessons.values())

    @property
    def planned(self) -> int:
        return len(self.scope.planned) if self.scope else 0


def check_folder(curriculum: Path) -> Checked:
    """Read and lint everything in the folder. Faults are found, never raised."""
    checked = Checked()
    checked.scope, findings = read_scope(curriculum)
    if checked.scope is not None:
        findings += lint_scope(checked.scope)
        findings += _procedure(curriculum, checked.scope)
        for folder in lesson_folders(curriculum):
            lesson, faults = check_lesson(folder, curriculum, checked.scope)
            findings += faults
            if lesson is not None:
                checked.lessons[lesson.id] = lesson
            if (folder / ALTERNATIVE).is_dir():
                instead, faults = check_alternative(folder, curriculum, checked.scope)
                findings += faults
                if instead is not None:
                    checked.alternatives[instead.id] = instead
        findings += _agreements(curriculum, checked, checked.scope)
        findings += _whats_new(curriculum, checked, checked.scope)
        findings += lint_written_staff(checked.scope, checked.lessons, checked.agreements.get("rua"))
        findings += _help(curriculum, checked)
        findings += lint_around(curriculum, checked.scope)
    checked.findings = in_order(findings)
    return checked


def _procedure(curriculum: Path, scope: Scope) -> list[Finding]:
    name = f"{curriculum.name}/{PROCEDURE}"
    try:
        return list(lint_trace(scope, read_text(curriculum / PROCEDURE, name), name))
    except UnreadableSource as error:
        return [error.finding]


def check_lesson(folder: Path, curriculum: Path, scope: Scope) -> tuple[Lesson | None, list[Finding]]:
    """One lesson's folder: the lesson compiled, or what is wrong with it."""
    written, findings = read_lesson(folder, curriculum)
    if written is None:
        return None, findings
    planned = scope.planned.get(written.id)
    findings = list(lint_place(written, planned))
    if planned is not None:
        findings += _inside(written, planned, scope)
    if findings or planned is None:
        return None, findings
    lesson = compile_lesson(written, planned, scope.bands[planned.band], scope.variables)
    return _in_all_languages(lesson, written, planned, scope, folder)


def _in_all_languages(
    lesson: Lesson, written: WrittenLesson, planned: Planned, scope: Scope, folder: Path
) -> tuple[Lesson | None, list[Finding]]:
    """A translation is checked against a source without findings: it would only repeat them."""
    made, findings = [], []
    for lang in languages_in(folder):
        translation, faults = read_translation(written, folder, lang)
        if translation is not None:
            faults = list(lint_translation(translation, written, lesson, planned, scope))
        findings += faults
        if translation is not None and not findings:
            made.append(compile_translation(translation, scope.variables))
    return (None, findings) if findings else (with_translations(lesson, tuple(made)), [])


def check_alternative(folder: Path, curriculum: Path, scope: Scope) -> tuple[Lesson | None, list[Finding]]:
    """What may be taken in place of the lesson in this folder: compiled, or what is wrong with it."""
    written, findings = read_lesson(folder / ALTERNATIVE, curriculum)
    lesson = scope.planned.get(folder.name)
    if written is None or lesson is None:  # a folder that nobody planned is L1's
        return None, findings
    planned = planned_instead(written, lesson)
    taken = _quiz_ids(folder, curriculum)
    findings = [*lint_alternative(written, lesson, taken, scope), *_inside(written, planned, scope)]
    if findings:
        return None, findings
    return compile_lesson(written, planned, scope.bands[planned.band], scope.variables), []


def _quiz_ids(folder: Path, curriculum: Path) -> set[str]:
    lesson, _findings = read_lesson(folder, curriculum)
    return {item.id for item in lesson.items if item.pool == "quiz"} if lesson else set()


def _inside(written: WrittenLesson, planned: Planned, scope: Scope) -> Iterator[Finding]:
    band = scope.bands[planned.band]
    yield from lint_structure(written, planned)
    yield from lint_art(written)
    yield from lint_words(written, band, scope.variables)
    yield from lint_items(written, planned, band)
    yield from lint_pool(written, planned, band)
    yield from lint_variants(written, band, scope.variables)


def _agreements(curriculum: Path, checked: Checked, scope: Scope) -> Iterator[Finding]:
    for file in sorted((curriculum / "agreement").glob("*.md")):
        name = f"{curriculum.name}/agreement/{file.name}"
        try:
            agreement, findings = read_agreement(read_text(file, name), name, scope.variables)
        except UnreadableSource as error:
            yield error.finding
            continue
        yield from findings
        if agreement is not None:
            yield from lint_agreement(agreement, scope)
            if agreement.lang == "en":
                checked.agreements[agreement.key] = agreement
            else:
                checked.translated_agreements.append(agreement)
    for translated in checked.translated_agreements:
        yield from lint_agreement_translation(translated, checked.agreements.get(translated.key))


def _whats_new(curriculum: Path, checked: Checked, scope: Scope) -> Iterator[Finding]:
    file, name = curriculum / "staff" / WHATS_NEW, f"{curriculum.name}/staff/{WHATS_NEW}"
    if not file.exists():
        return
    try:
        checked.whats_new, findings = read_whats_new(read_text(file, name), name, scope.variables)
    except UnreadableSource as error:
        yield error.finding
        return
    yield from findings
    if checked.whats_new is not None:
        yield from lint_whats_new(checked.whats_new, scope)


def _help(curriculum: Path, checked: Checked) -> list[Finding]:
    file, name = curriculum / "help" / "help.md", f"{curriculum.name}/help/help.md"
    if not file.exists() or checked.scope is None:
        return []
    try:
        checked.help_card, findings = read_help(read_text(file, name), name)
    except UnreadableSource as error:
        return [error.finding]
    return findings + (list(lint_help(checked.help_card, checked.scope)) if checked.help_card else [])
