"""variants.yaml: a fault of every kind is found where it stands, and what is fine becomes other words for a job."""

from dataclasses import replace
from pathlib import Path

import pytest

from lessons.content import Lesson
from lessons.findings import Finding
from lessons.lint import check_lesson
from lessons.lint_variants import lint_variants
from lessons.sources import read_lesson
from tests.lessons.sample import CURRICULUM, FILES, check_sample, real_scope

MODULE = "ruc-7-social-media-with-students"
VARIANTS = f"""module: {MODULE}
variants:
  - item: {MODULE}.q02
    role: driver
    stem: "Mr. Osei drives a bus. A student asks about a route below his hiking photo. Where should he answer?"
    options:
      - id: c
        text: "At the bus lot, where routes are asked about"
        feedback: "Yes, the question is answered away from his personal account."
  - item: {MODULE}.p1
    role: para
    stem: "Imani, a paraeducator, is asked to join a chat. Its messages vanish. What fits the rule?"
"""


def check(tmp_path: Path, variants: str) -> tuple[Lesson | None, list[Finding]]:
    """Module 7 as it stands, with these variants."""
    folder = tmp_path / "curriculum" / "staff" / MODULE
    (folder / "media").mkdir(parents=True)
    for file in (CURRICULUM / "staff" / MODULE).rglob("*.*"):
        if file.name != "variants.yaml":
            (folder / file.relative_to(CURRICULUM / "staff" / MODULE)).write_bytes(file.read_bytes())
    (folder / "variants.yaml").write_text(variants, encoding="utf-8")
    return check_lesson(folder, tmp_path / "curriculum", real_scope())


def test_an_item_is_said_in_the_words_of_a_job_and_its_key_stays(tmp_path: Path) -> None:
    lesson, findings = check(tmp_path, VARIANTS)
    assert findings == [] and lesson is not None
    plain, driver = lesson.item(f"{MODULE}.q02"), lesson.for_job("driver").item(f"{MODULE}.q02")
    assert driver.stem.startswith("Mr. Osei drives a bus.") and plain.stem != driver.stem
    assert driver.correct_ids == plain.correct_ids == {"c"}
    assert [option.text for option in driver.options][:2] == [option.text for option in plain.options][:2]
    assert driver.option("c").text == "At the bus lot, where routes are asked about"
    assert lesson.for_job("coach") == lesson.for_job(None) == lesson
    assert lesson.for_job("driver").content_hash == lesson.content_hash


def test_variants_are_kept_with_the_version(tmp_path: Path) -> None:
    lesson, _ = check(tmp_path, VARIANTS)
    assert lesson is not None
    again = Lesson.from_body(lesson.to_body())
    assert again == lesson and again.for_job("para").item(f"{MODULE}.p1").stem.startswith(
        "Imani, a paraeducator"
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
        ("V2", 8, "- id: c", '- {id: c, text: "At school, the day after", feedback: "Yes."}\n      - id: c'),
        ("F3", 7, '        feedback: "Yes, the question is answered away from his personal account."\n', ""),
        ("F3", 5, "    stem: ", "    stems: "),
        ("I3", 5, "Where should he answer?", "Where should he answer"),
        ("I4", 5, "At the bus lot, where routes are asked about", "No"),
        ("I6", 5, "Yes, the question", "Yes, " + "and so on, " * 20 + "the question"),
        ("I11", 5, "Where should he answer?", "How do you feel?"),
        (
            "I21",
            5,
            "At the bus lot, where routes are asked about",
            "Below the photo, where anyone is able to read it",
        ),
        (
            "I22",
            5,
            "At the bus lot, where routes are asked about",
            "All of the above, and at the bus lot as well",
        ),
        ("T2", 5, "A student asks", "A student who rides " + "very " * 25 + "far asks"),
        ("L5", 5, "a bus", "a {{bus.name}}"),
        ("L7", 7, "personal account.", "account at www.example.org."),
        ("L9", 5, "hiking photo", "YouTube clip"),
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
    keys = {
        "q01": "b",
        "q02": "c",
        "q03": "a",
        "q04": "c",
        "q05": "b",
        "q06": "a",
        "q08": "c",
        "q09": "a",
        "q10": "b",
    }
    lesson, _ = check(tmp_path / "plain", VARIANTS)
    assert lesson is not None
    lines = [f"module: {MODULE}", "variants:"]
    for short, key in keys.items():
        longest = max(len(option.text) for option in lesson.item(f"{MODULE}.{short}").options)
        text = lesson.item(f"{MODULE}.{short}").option(key).text
        text += " too" * (1 + max(0, longest - len(text)) // 4)
        lines += [
            f"  - item: {MODULE}.{short}", "    role: office", '    stem: "What fits the rule at the front desk?"',
            "    options:", f'      - {{id: {key}, text: "{text}", feedback: "Yes, as the rule says."}}',
        ]  # fmt: skip
    _, findings = check(tmp_path / "long", "\n".join(lines) + "\n")
    assert "I9" in {each.rule for each in findings if "for office" in each.message}


def test_variants_that_are_hard_to_read_are_found(tmp_path: Path) -> None:
    hard = (
        "Organizational responsibilities necessitate comprehensive understanding of administrative communication "
        "obligations regarding institutional technology. "
    )
    _, findings = check(
        tmp_path, VARIANTS.replace("A student asks about a route below his hiking photo.", hard * 7)
    )
    assert "T4" in {each.rule for each in findings if each.file.endswith("variants.yaml")}


def test_a_pupils_lesson_has_no_variants(tmp_path: Path) -> None:
    variants = 'module: g4-sample\nvariants:\n  - item: g4-sample.q01\n    role: driver\n    stem: "What?"\n'
    _, findings = check_sample(tmp_path, {**FILES, "variants.yaml": variants})
    assert [each.rule for each in findings] == ["V1"]


@pytest.mark.parametrize("critical", [0, 4])
def test_a_module_has_one_to_three_critical_items(tmp_path: Path, critical: int) -> None:
    folder = tmp_path / "curriculum" / "staff" / MODULE
    check(tmp_path, VARIANTS)
    text = (folder / "items.yaml").read_text(encoding="utf-8")
    if critical == 0:
        text = text.replace("    critical: true\n", "")
    else:
        text = text.replace(
            '    level: judge\n    stem: "Every parent',
            '    level: judge\n    critical: true\n    stem: "Every parent',
        )
    (folder / "items.yaml").write_text(text, encoding="utf-8")
    _, findings = check_lesson(folder, tmp_path / "curriculum", real_scope())
    assert [each.rule for each in findings] == ["I26"]
