"""The plan: R1 to R14, each with a fault planted in the real plan."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from lessons.agreement import read_agreement
from lessons.content import Lesson
from lessons.linting.scope import lint_scope
from lessons.linting.trace import lint_trace, lint_written_staff, sentences_of
from lessons.scope import Planned, Scope, read_scope
from tests.lessons.sample import CURRICULUM, real_scope
from tests.quizzes.makers import lesson as made_up
from tests.quizzes.makers import step

PROCEDURE = (CURRICULUM / "procedure-2022P.txt").read_text(encoding="utf-8")


def with_lesson(scope: Scope, lesson_id: str, **changes: object) -> Scope:
    assert any(lesson.id == lesson_id for lesson in scope.lessons)
    changed = (replace(each, **changes) if each.id == lesson_id else each for each in scope.lessons)  # type: ignore[arg-type]
    return replace(scope, lessons=tuple(changed))


def lesson(scope: Scope, lesson_id: str) -> Planned:
    return scope.planned[lesson_id]


def all_lessons(scope: Scope, pick: Callable[[Planned], bool], change: Callable[[Planned], Planned]) -> Scope:
    return replace(scope, lessons=tuple(change(each) if pick(each) else each for each in scope.lessons))


def without_topic(name: str) -> Callable[[Planned], Planned]:
    return lambda each: replace(each, topics=tuple(topic for topic in each.topics if topic != name))


def clause_of(scope: Scope, clause_id: str, **changes: object) -> Scope:
    changed = (replace(each, **changes) if each.id == clause_id else each for each in scope.clauses)  # type: ignore[arg-type]
    return replace(scope, clauses=tuple(changed))


def drop_clause_everywhere(scope: Scope, clause_id: str) -> Scope:
    def less(each: Planned) -> Planned:
        return replace(each, clauses=tuple(clause for clause in each.clauses if clause != clause_id))

    attestation = tuple(each for each in scope.attestation_clauses if each != clause_id)
    lessons, modules = tuple(map(less, scope.lessons)), tuple(map(less, scope.modules))
    return replace(scope, lessons=lessons, modules=modules, attestation_clauses=attestation)


ME = "g4-same-me"
PLANTED: list[tuple[str, Callable[[Scope], Scope]]] = [
    ("R1", lambda s: with_lesson(s, ME, title="Tricky Messages")),
    ("R1", lambda s: replace(s, lessons=(*s.lessons, s.lessons[0]))),
    ("R1", lambda s: replace(s, clauses=(*s.clauses, s.clauses[0]))),
    ("R2", lambda s: with_lesson(s, ME, topics=("manners",))),
    ("R2", lambda s: with_lesson(s, ME, cipa=("CIPA-XX",))),
    ("R2", lambda s: with_lesson(s, ME, iste=("ISTE-9",))),
    ("R2", lambda s: with_lesson(s, ME, clauses=("INT-99",))),
    ("R2", lambda s: with_lesson(s, ME, minutes=30)),
    ("R2", lambda s: with_lesson(s, ME, band="9-12")),
    ("R2", lambda s: replace(s, guest_clauses=("INT-99",))),
    ("R2", lambda s: clause_of(s, "INT-1", features=("F-NONE",))),
    ("R3", lambda s: with_lesson(s, ME, objectives=("Understand tone", "Spot a mood"))),
    ("R3", lambda s: with_lesson(s, ME, objectives=("Spot a mood",))),
    ("R3", lambda s: with_lesson(s, ME, vocabulary=("tone", "public"))),
    ("R3", lambda s: with_lesson(s, ME, sensitivity="some")),
    ("R4", lambda s: with_lesson(s, ME, order=2)),
    ("R4", lambda s: replace(s, lessons=tuple(each for each in s.lessons if each.grade != "4"))),
    ("R4", lambda s: replace(s, lessons=tuple(e for e in s.lessons if e.grade != "4" or e.order < 3))),
    ("R5", lambda s: all_lessons(s, lambda e: e.grade == "4", without_topic("privacy"))),
    ("R5", lambda s: all_lessons(s, lambda e: e.grade == "4", lambda e: replace(e, cipa=("CIPA-P1",)))),
    ("R6", lambda s: all_lessons(s, lambda e: e.band == "6-8", without_topic("deepfakes"))),
    ("R7", lambda s: all_lessons(s, lambda e: e.grade == "4" and "social" in e.topics,
                                 lambda e: replace(e, sensitivity="high", opt_out_alternative="Another"))),
    ("R7", lambda s: with_lesson(s, ME, sensitivity="high")),
    ("R8", lambda s: with_lesson(s, ME, topics=("behavior", "social"))),
    ("R8", lambda s: with_lesson(s, ME, cipa=("CIPA-OB", "CIPA-CB"))),
    ("R9", lambda s: drop_clause_everywhere(s, "SMS-COM-1")),
    ("R10", lambda s: drop_clause_everywhere(s, "INT-3")),
    ("R11", lambda s: with_lesson(s, ME, clauses=(*lesson(s, ME).clauses, "RU-ANN-2"))),
    ("R12", lambda s: replace(s, courses=(replace(s.courses[0], minutes=39), *s.courses[1:]))),
    ("R12", lambda s: replace(s, courses=(replace(s.courses[0], lessons=s.courses[0].lessons[::-1]), *s.courses[1:]))),
    ("R13", lambda s: with_lesson(s, ME, topics=(*lesson(s, ME).topics, "exploitation"))),
    ("R14", lambda s: clause_of(s, "INT-1", anchor="words that are not there")),
    ("R14", lambda s: replace(s, clauses=tuple(each for each in s.clauses if each.id != "DA-2"))),
    ("R14", lambda s: replace(s, headings=frozenset())),
]  # fmt: skip


def rules_found(scope: Scope, procedure: str = PROCEDURE) -> set[str]:
    return {finding.rule for finding in (*lint_scope(scope), *lint_trace(scope, procedure, "procedure"))}


def test_the_real_plan_keeps_every_rule() -> None:
    assert rules_found(real_scope()) == set()


@pytest.mark.parametrize(("rule", "plant"), PLANTED)
def test_a_fault_planted_in_the_plan_is_found(rule: str, plant: Callable[[Scope], Scope]) -> None:
    assert rule in rules_found(plant(real_scope()))


def test_a_sentence_added_to_the_procedure_is_found_at_its_line() -> None:
    grown = PROCEDURE.replace("Responsible Use\n", "Responsible Use\n\nNobody may whistle online. ", 1)
    findings = [f for f in lint_trace(real_scope(), grown, "procedure") if "whistle" in f.message]
    assert [grown.split("\n")[finding.line - 1][:20] for finding in findings] == ["Nobody may whistle o"]


def test_a_list_number_belongs_to_its_sentence() -> None:
    text = "First. Then\n  3. Never do so. Ask."
    assert [text[start:end].strip() for _, start, end in sentences_of(text)] == [
        "First.",
        "Then",
        "3. Never do so.",
        "Ask.",
    ]


@pytest.mark.parametrize(
    ("stands", "planted", "words"),
    [
        ("    grade: 4\n", "    grade: 13\n", "a grade is K or 1 to 12"),
        ("pass: 0.75", "pass: most", "completion"),
        ("options: 3, ", "options: some, ", "3-4"),
        ("schema_version: 1", "schema_version: 1\nlessons: []", "stands twice"),
        ("    order: 1\n", "    order: first\n", "Not a valid integer"),
    ],
)
def test_a_plan_of_another_shape_is_refused_with_the_line(
    tmp_path: Path, stands: str, planted: str, words: str
) -> None:
    real = (CURRICULUM / "scope_and_sequence.yaml").read_text(encoding="utf-8")
    assert stands in real
    text = real.replace(stands, planted, 1)
    (tmp_path / "scope_and_sequence.yaml").write_text(text, encoding="utf-8")
    scope, findings = read_scope(tmp_path)
    assert scope is None and words in findings[0].message
    assert findings[0].line > 1


def test_a_missing_plan_is_named(tmp_path: Path) -> None:
    assert [str(finding) for finding in read_scope(tmp_path)[1]] == [
        f"{tmp_path.name}/scope_and_sequence.yaml:1: F1 the plan is missing"
    ]


def teaching(lesson_id: str, clauses: tuple[str, ...]) -> Lesson:
    """A module of one rule."""
    return replace(made_up(lesson_id), items=(), steps=(replace(step("rule", "rule"), clauses=clauses),))


def test_once_all_staff_modules_are_written_each_clause_stands_in_their_words() -> None:
    scope = real_scope()
    written = {module.id: teaching(module.id, module.clauses) for module in scope.modules}
    agreement, _ = read_agreement(
        (CURRICULUM / "agreement" / "rua.md").read_text(), "rua.md", scope.variables
    )
    assert list(lint_written_staff(scope, written, agreement)) == []

    poorer = {**written, "ruc-4-student-data": teaching("ruc-4-student-data", ("COP-1",))}
    found = list(lint_written_staff(scope, poorer, agreement))
    assert {each.rule for each in found} == {"R16"}
    assert any("ruc-4-student-data: no rule and no item carries SD-1" in each.message for each in found)

    del poorer["ruc-1-foundations"]
    assert list(lint_written_staff(scope, poorer, agreement)) == [], "the course is not whole yet"
