"""The agreement and the help card."""

import pytest

from lessons.agreement import Agreement, read_agreement
from lessons.findings import Finding, UnreadableSource
from lessons.help import read_help
from lessons.lint_policy import lint_agreement, lint_help
from tests.lessons.sample import CURRICULUM, real_scope

AGREEMENT = """---
id: rua
version: "2026.1"
lang: en
effective: 2026-08-01
change: first
title: "The Agreement"
source: "Procedure 2022P"
intent: "I have read this and agree."
---
## First {clauses: [RU-ANN-2, DA-1, DA-2]}
At {{district.name}} all sign.

## Second {clauses: [NP-8, META-1]}
- Expect no privacy.
"""
HELP = """---
id: help
version: 1.0.0
lang: en
---
:::pupil
### You can get help
Tell a grown-up you trust. Call {{help.school_contact|the office}}.
:::
:::staff
### When a student needs help
Tell your supervisor.
:::
"""


def read(text: str) -> tuple[Agreement | None, list[Finding]]:
    try:
        agreement, findings = read_agreement(text, "rua.md", real_scope().variables)
    except UnreadableSource as error:
        return None, [error.finding]
    return agreement, findings + (list(lint_agreement(agreement, real_scope())) if agreement else [])


def check_help(text: str) -> list[Finding]:
    try:
        card, findings = read_help(text, "help.md")
    except UnreadableSource as error:
        return [error.finding]
    return findings + (list(lint_help(card, real_scope())) if card else [])


def test_the_text_is_the_words_with_the_plans_defaults_and_without_clause_lists() -> None:
    agreement, findings = read(AGREEMENT)
    assert findings == [] and agreement is not None
    assert agreement.text == (
        "## First\n\nAt {{district.name|Clover Park School District}} all sign.\n\n"
        "## Second\n\n- Expect no privacy.\n"
    )
    assert (agreement.key, agreement.version, len(agreement.sha256)) == ("rua", "2026.1", 64)
    assert agreement.sections[1].clauses == ("NP-8", "META-1")


def test_other_words_have_another_hash() -> None:
    first, second = read(AGREEMENT)[0], read(AGREEMENT.replace("all sign", "all may sign"))[0]
    assert first is not None and second is not None and first.sha256 != second.sha256


@pytest.mark.parametrize(
    ("rule", "line", "stands", "planted"),
    [
        ("P1", 11, "## First {clauses: [RU-ANN-2, DA-1, DA-2]}\nAt", "At"),
        ("P1", 1, "id: rua", "id: rules"),
        ("P1", 14, "- Expect no privacy.", ""),
        ("P2", 14, "NP-8, META-1", "NP-8, META-1, NP-99"),
        ("P2", 1, "NP-8, META-1", "NP-8"),
        ("F3", 14, " {clauses: [NP-8, META-1]}", ""),
        ("F3", 5, "effective: 2026-08-01", "effective: soon"),
        ("F3", 6, "change: first", "change: small"),
        ("P4", 1, "change: first\n", ""),
        ("P4", 1, "change: first", "change: material"),
        ("P4", 1, "change: first", "change: editorial\nreattest_by: 2026-10-01"),
        ("P4", 1, "change: first", "change: material\nreattest_by: 2026-07-31"),
        ("F1", 14, "[NP-8, META-1]", "[NP-8, META-1"),
        ("F2", 1, "---\nid: rua", "id: rua"),
        ("L5", 11, "{{district.name}}", "{{district.nickname}}"),
        ("L7", 14, "no privacy", "<b>no privacy</b>"),
    ],
)
def test_a_fault_planted_in_the_agreement_is_found(rule: str, line: int, stands: str, planted: str) -> None:
    assert stands in AGREEMENT
    _, findings = read(AGREEMENT.replace(stands, planted, 1))
    assert (rule, line) in {(finding.rule, finding.line) for finding in findings}


@pytest.mark.parametrize(
    ("rule", "stands", "planted"),
    [
        ("P1", ":::staff", ":::pupil"),
        ("P1", "### When a student needs help\n", ""),
        (
            "P3",
            "Tell a grown-up you trust.",
            "Immediately communicate uncomfortable online experiences to administration.",
        ),
        ("L5", "{{help.school_contact|the office}}", "{{help.school_contact}}"),
        ("L7", "the office", "https://help.example"),
        ("F3", "id: help", "id: card"),
    ],
)
def test_a_fault_planted_in_the_help_card_is_found(rule: str, stands: str, planted: str) -> None:
    assert check_help(HELP) == []
    assert stands in HELP
    assert rule in {finding.rule for finding in check_help(HELP.replace(stands, planted, 1))}


def test_the_real_ones_have_no_faults() -> None:
    assert read((CURRICULUM / "agreement" / "rua.md").read_text(encoding="utf-8"))[1] == []
    assert check_help((CURRICULUM / "help" / "help.md").read_text(encoding="utf-8")) == []
