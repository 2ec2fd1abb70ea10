"""The agreement and the help card."""

import pytest

from lessons.agreement import Agreement, read_agreement
from lessons.findings import Finding, UnreadableSource
from lessons.help import read_help
from lessons.linting.policy import lint_agreement, lint_help, lint_whats_new
from lessons.whats_new import WhatsNew, read_whats_new
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
GUEST = """---
id: guest
version: "2026.1"
lang: en
effective: 2026-08-01
change: first
title: "Guest Agreement"
source: "Procedure 2022P"
intent: "I will follow these rules."
---
## Rules {clauses: [RU-1, RU-2, SM-8, DA-1, IS-PI-2, NP-8]}
Use the network of {{district.name}} for your visit.
"""
NEWS = """---
year: 2026-27
---
## Tools {module: ruc-4-student-data}
Chat tools count as technology.

## Help
Ask {{district.it_office}}.
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


def read_guest(text: str, file: str = "agreement/guest.md") -> list[Finding]:
    agreement, findings = read_agreement(text, file, real_scope().variables)
    return findings + (list(lint_agreement(agreement, real_scope())) if agreement else [])


def read_news(text: str) -> tuple[WhatsNew | None, list[Finding]]:
    note, findings = read_whats_new(text, "whats-new.md", real_scope().variables)
    return note, findings + (list(lint_whats_new(note, real_scope())) if note else [])


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


def test_an_editorial_change_that_two_people_approved_is_sound() -> None:
    agreement, findings = read(
        AGREEMENT.replace("change: first", "change: editorial\napproved_by: ['Ann Lee, director', Bo Ray]", 1)
    )
    assert agreement is not None and findings == []
    assert agreement.approved_by == ("Ann Lee, director", "Bo Ray")


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
        ("P4", 1, "change: first", "change: editorial"),
        ("P4", 1, "change: first", "change: editorial\napproved_by: [Ann Lee]"),
        ("P4", 1, "change: first", "change: editorial\napproved_by: ['Ann Lee, head', 'ann lee']"),
        ("P4", 1, "change: first", "change: material\nreattest_by: 2026-10-01"),
        ("F3", 7, "change: first", "change: editorial\napproved_by: Ann Lee"),
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


@pytest.mark.parametrize(
    ("rule", "stands", "planted"),
    [
        ("P1", "id: guest", "id: rua"),
        ("P1", "Use the network of {{district.name}} for your visit.\n", ""),
        ("P2", ", NP-8", ""),
        ("P2", "RU-2, SM-8", "RU-2, SM-88"),
    ],
)
def test_a_fault_planted_in_the_guest_agreement_is_found(rule: str, stands: str, planted: str) -> None:
    assert read_guest(GUEST) == []
    assert stands in GUEST
    assert rule in {finding.rule for finding in read_guest(GUEST.replace(stands, planted, 1))}


def test_an_agreement_that_the_plan_does_not_know_is_named() -> None:
    visitors = GUEST.replace("id: guest", "id: visitors")
    assert {finding.rule for finding in read_guest(visitors, "agreement/visitors.md")} == {"P1"}


def test_the_news_is_its_words_with_the_plans_defaults() -> None:
    note, findings = read_news(NEWS)
    assert findings == [] and note is not None
    assert note.version.startswith("2026-27.")
    assert [each.module for each in note.changes] == ["ruc-4-student-data", ""]
    assert note.changes[1].body == "Ask {{district.it_office|Information Technology Services}}."
    reworded = read_news(NEWS.replace("Chat tools", "All tools"))[0]
    assert reworded is not None and reworded.version != note.version


@pytest.mark.parametrize(
    ("rule", "stands", "planted"),
    [
        ("P1", "Ask {{district.it_office}}.\n", ""),
        ("P1", "ruc-4-student-data", "ruc-4-data"),
        ("F3", "year: 2026-27", "year: 2026"),
        ("F3", "{module: ruc-4-student-data}", "{clauses: [SD-1]}"),
        ("T2", "Chat tools", "Chat " + "and game " * 25 + "tools"),
        (
            "T4",
            "Chat tools count as technology.",
            "Organizational responsibilities necessitate comprehension. " * 25,
        ),
        ("L5", "district.it_office", "district.it_offices"),
        ("L9", "Chat tools", "ChatGPT tools"),
    ],
)
def test_a_fault_planted_in_the_news_is_found(rule: str, stands: str, planted: str) -> None:
    assert stands in NEWS
    assert rule in {finding.rule for finding in read_news(NEWS.replace(stands, planted, 1))[1]}


def test_the_real_ones_have_no_faults() -> None:
    assert read((CURRICULUM / "agreement" / "rua.md").read_text(encoding="utf-8"))[1] == []
    assert check_help((CURRICULUM / "help" / "help.md").read_text(encoding="utf-8")) == []
