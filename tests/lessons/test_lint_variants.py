"""variants.yaml: a fault of every kind is found where it stands, and what is fine becomes other words for a job."""

from dataclasses import replace
from pathlib import Path

import pytest

from lessons.content import Lesson
from lessons.findings import Finding
from lessons.linting.variants import lint_variants
from lessons.sources import read_lesson
from tests.lessons.sample import FILES, ID, ITEMS, LESSON, PLANNED, WORDS, check_sample, item, real_scope

MODULE = ID
PLAN = replace(PLANNED, course="ruc", band="staff", grade="")
_ITEMS = ITEMS + "".join(item(f"q{n:02}", "quiz", n % 3, 1 + n % 2, "apply") for n in range(9, 13))
STAFF = {
    **FILES,
    "lesson.md": LESSON.replace(WORDS, f"{WORDS} {WORDS}", 4),
    "items.yaml": _ITEMS.replace(
        f"{ID}.q01\n    pool: quiz\n", f"{ID}.q01\n    pool: quiz\n    critical: true\n"
    ),
}
VARIANTS = f"""module: {MODULE}
variants:
  - item: {MODULE}.q02
    role: driver
    stem: "Ana drives a bus and sees a note on the route tablet. What should she do with it?"
    options:
      - id: c
        text: "Option c of a bus"
        feedback: "Here is why for c on a bus. Do this next."
  - item: {MODULE}.p1
    role: para
    stem: "Ana, a paraeducator, sees a note at lunch. What should she do with it?"
"""


def check(
    tmp_path: Path, variants: str, items: str = STAFF["items.yaml"]
) -> tuple[Lesson | None, list[Finding]]:
    """A small staff module without faults, with these variants."""
    files = {**STAFF, "items.yaml": items, "variants.yaml": variants}
    return check_sample(tmp_path, files, PLAN, folder=f"staff/{MODULE}")


def test_an_item_is_said_in_the_words_of_a_job_and_its_key_stays(tmp_path: Path) -> None:
    lesson, findings = check(tmp_path, VARIANTS)
    assert findings == [] and lesson is not None
    plain, driver = lesson.item(f"{MODULE}.q02"), lesson.for_job("driver").item(f"{MODULE}.q02")
    assert driver.stem.startswith("Ana drives a bus") and plain.stem != driver.stem
    assert driver.correct_ids == plain.correct_ids == {"c"}
    assert [option.text for option in driver.options][:2] == [option.text for option in plain.options][:2]
    assert driver.option("c").text == "Option c of a bus"
    assert lesson.for_job("coach") == lesson.for_job(None) == lesson
    assert lesson.for_job("driver").content_hash == lesson.content_hash


def test_variants_are_kept_with_the_version(tmp_path: Path) -> None:
    lesson, _ = check(tmp_path, VARIANTS)
    assert lesson is not None
    again = Lesson.from_body(lesson.to_body())
    assert again == lesson and again.for_job("para").item(f"{MODULE}.p1").stem.startswith(
        "Ana, a paraeducator"
    )


@pytest.mark.parametrize(
    ("rule", "line", "stands", "planted"),
    [
        ("V1", 1, f"module: {MODULE}", "module: ruc-8-your-own-social-media"),
        ("V1", 3, f"item: {MODULE}.q02", f"item: {MODULE}.q99"),
        ("V1", 4, "role: driver", "role: pilot"),
        ("V1", 11, f"item: {MODULE}.p1\n    role: para", f"item: {MODULE}.q02\n    role: driver"),
        ("V2", 7, "- id: c", "- id: d"),
        ("V2", 7, '"\n  - item', '"\n        correct: false\n  - item'),
        ("V2", 8, "- id: c", '- {id: c, text: "Option c at all", feedback: "Yes."}\n      - id: c'),
        ("F3", 7, '        feedback: "Here is why for c on a bus. Do this next."\n', ""),
        ("F3", 5, "    stem: ", "    stems: "),
        ("I3", 5, "do with it?", "do with it"),
        ("I4", 5, "Option c of a bus", "No"),
        ("I6", 5, "Here is why", "Here, " + "and so on, " * 20 + "is why"),
        ("I11", 5, "What should she do with it?", "How do you feel?"),
        ("I21", 5, "Option c of a bus", "Option a of q02"),
        ("I22", 5, "Option c of a bus", "All of the above"),
        ("T2", 5, "Ana drives", "Ana, who is " + "very " * 25 + "tired, drives"),
        ("L5", 5, "a bus", "a {{bus.name}}"),
        ("L7", 7, "Do this next.", "See www.example.org."),
        ("L9", 5, "a note", "a YouTube note"),
        ("F1", 5, "role: driver", "role: driver\n    role: coach"),
    ],
)
def test_a_planted_fault_is_found(tmp_path: Path, rule: str, line: int, stands: str, planted: str) -> None:
    assert stands in VARIANTS
    lesson, findings = check(tmp_path, VARIANTS.replace(stands, planted, 1))
    assert lesson is None
    assert (rule, line) in {
        (each.rule, each.line) for each in findings if each.file.endswith("variants.yaml")
    }


def test_only_single_and_multi_items_are_reworded(tmp_path: Path) -> None:
    check(tmp_path, VARIANTS)
    written, _ = read_lesson(tmp_path / "curriculum" / "staff" / MODULE, tmp_path / "curriculum")
    assert written is not None
    as_order = replace(written, items=tuple(replace(item, type="order") for item in written.items))
    scope = real_scope()
    assert {each.rule for each in lint_variants(as_order, scope.bands["staff"], scope.variables)} == {"V2"}


def test_a_habitually_longest_answer_for_one_job_is_found(tmp_path: Path) -> None:
    long = "".join(
        f'  - item: {MODULE}.q{n:02}\n    role: office\n    stem: "What should Ana do with note {n} here?"\n'
        f'    options:\n      - {{id: {"abc"[n % 3]}, text: "Option of note {n}!", feedback: "Why. Do this."}}\n'
        for n in range(1, 8)
    )
    _, findings = check(tmp_path, VARIANTS + long)
    assert [(each.rule, each.message[:10]) for each in findings] == [("I9", "for office")]


def test_variants_that_are_hard_to_read_are_found(tmp_path: Path) -> None:
    hard = (
        "Organizational responsibilities necessitate comprehensive understanding of administrative communication "
        "obligations regarding institutional technology. "
    )
    _, findings = check(tmp_path, VARIANTS.replace("Ana drives", hard * 7 + "Ana drives"))
    assert [each.rule for each in findings] == ["T4"]


def test_a_pupils_lesson_has_no_variants(tmp_path: Path) -> None:
    variants = f'module: {ID}\nvariants:\n  - item: {ID}.q01\n    role: driver\n    stem: "What?"\n'
    _, findings = check_sample(tmp_path, {**FILES, "variants.yaml": variants})
    assert [each.rule for each in findings] == ["V1"]


@pytest.mark.parametrize("critical", [0, 4])
def test_a_module_has_one_to_three_critical_items(tmp_path: Path, critical: int) -> None:
    items = _ITEMS
    for n in range(1, critical + 1):
        items = items.replace(f"{ID}.q{n:02}\n    pool", f"{ID}.q{n:02}\n    critical: true\n    pool")
    _, findings = check(tmp_path, VARIANTS, items)
    assert [each.rule for each in findings] == ["I26"]
