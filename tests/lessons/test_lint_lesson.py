"""Every rule about a lesson's files catches a fault planted for it, at its line."""

import re
from dataclasses import replace
from pathlib import Path

import pytest

from lessons.rules import RULES
from tests.lessons.sample import ART, FILES, ID, ITEMS, LESSON, PLANNED, WORDS, check_sample

MD, YAML, SVG = "lesson.md", "items.yaml", "media/note.svg"
LONG = "She looks at it once more and then she looks at it again today."
HARD = " ".join(
    ["Additional organizational responsibilities necessitate considerable institutional collaboration."] * 4
)

PLANTED = [
    # rule, file, what stands there, what is put in its place, words on the line that is named
    ("F1", MD, 'urgent: "Said to be needed right now."', 'urgent: "Said', 'urgent: "Said'),
    ("F1", YAML, f"lesson: {ID}\n", f"lesson: {ID}\nlesson: {ID}\n", "lesson:"),
    ("F2", MD, ":::card {key: link}", "Loose words.\n:::card {key: link}", "Loose words."),
    ("F2", MD, ":::tell\nShow", ":::tell\n:::hook\nShow", ":::tell"),
    ("F3", MD, "status: draft", "status: finished", "status: finished"),
    ("F3", MD, "lang: en", "lang: en\ntitle: Mine", "title: Mine"),
    ("F3", MD, ":::card {key: link}", ":::aside {key: link}", ":::aside"),
    ("F3", MD, ":::card {key: link}", ":::card {key: link, sound: a}", "sound: a"),
    ("F3", YAML, "    level: recall\n", "    level: hard\n", "level: hard"),
    ("F3", YAML, "    objective: 2\n", '    objective: "2"\n', 'objective: "2"'),
    ("L1", MD, f"id: {ID}", "id: g4-other", "id: g4-other"),
    ("L1", YAML, f"lesson: {ID}", "lesson: g4-other", "lesson: g4-other"),
    ("L2", MD, ":::tell\nShow someone at home one sign of a trick.\n:::\n", "", ":::rule"),
    ("L2", MD, ":::practice {item: p2}\n:::\n", "", ":::tell"),
    ("L3", MD, "{key: link}", "{key: scam}", None),
    ("L3", MD, "{key: link}", "{key: rule}", "{key: rule}"),
    ("L4", MD, "{item: p2}", "{item: p9}", "{item: p9}"),
    ("L4", MD, "{item: p2}", "{item: p1}", None),
    ("L4", MD, "{item: p2}", "{item: q01}", "{item: q01}"),
    ("L4", MD, "[NS-3, RU-ACC-6]", "[NS-3, COP-1]", "COP-1"),
    ("L5", MD, "{{district.short}}", "{{district.nickname}}", ":::rule"),
    ("L5", MD, "{{help.school_contact|a school adult}}", "{{help.school_contact}}", ":::card {key: urgent}"),
    ("L5", YAML, "with note q01?", "with {{ note?", "{{ note"),
    ("L6", MD, '  urgent: "Said to be needed right now."\n', "", "glossary:"),
    ("L6", MD, "  urgent:", "  alarm: A sound.\n  urgent:", "alarm: A sound."),
    ("L6", MD, '"Said to be needed right now."', f'"{WORDS[:50]} {WORDS[:50]}"'.replace("\n", " "), "  urgent:"),
    ("L7", MD, "A **scam** is a trick.", "See [this](page).", ":::card {key: scam}"),
    ("L7", MD, "A **scam** is a trick.", "Go to www.scams.example now.", ":::card {key: scam}"),
    ("L7", MD, "A **scam** is a trick.", "A <b>scam</b> is a trick.", ":::card {key: scam}"),
    ("L7", MD, "A **scam** is a trick.", "A scam is this.\n\n## A trick\n", ":::card {key: scam}"),
    ("L7", YAML, "Here is why for a. Do this next.", "Mail ana@school.example.", "ana@school.example"),
    ("L8", MD, ', alt: "A tablet with a note"', "", ":::hook"),
    ("L8", MD, "art: note.svg", "art: tablet.svg", ":::hook"),
    ("L9", YAML, "Option b of q03", "TikTok says q3", "TikTok"),
    ("T1", MD, "A **link** opens a page.", f"A **link** opens a page. {LONG}{LONG}", ":::card {key: link}"),
    ("T2", MD, "A **link** opens a page.", f"A link. {LONG}", ":::card {key: link}"),
    ("T2", YAML, "Here is why for b. Do this next.", LONG, LONG),
    ("I1", YAML, "    objective: 2\n", "    objective: 3\n", "objective: 3"),
    ("I2", YAML, "    pool: quiz\n    type: single\n    objective: 2\n    clauses: [NS-3]",
     "    pool: quiz\n    type: single\n    objective: 2\n    clauses: []", "clauses: []"),
    ("I2", YAML, "clauses: [NS-3]", "clauses: [COP-2]", "COP-2"),
    ("I3", YAML, "What should Ana do with note q01?", "Ana has note q01", "Ana has note"),
    ("I3", YAML, "What should Ana do with note q01?", "What should Ana not do?", "Ana not do"),
    ("I4", YAML, "Option b of q03", "Option b of q03, and a good deal more", None),
    ("I5", YAML, '{id: c, text: "Option c of q05", correct: true,', '{id: c, text: "Option c of q05",', None),
    ("I5", YAML, "type: single", "type: essay", "type: essay"),
    ("I6", YAML, "Here is why for b. Do this next.", "Stop here. " * 13, "Stop here. Stop"),
    ("I11", YAML, "What should Ana do with note q01?", "Have you ever sent a code?", "Have you ever"),
    ("I11", YAML, "What should Ana do with note q01?", "Ana reads. Do you tell?", "Do you tell"),
    ("I13", MD, 'alt: "A tablet with a note"', 'alt: "A tablet says option a of h1."', ":::hook"),
    ("I16", YAML, "    level: recall\n", "    level: recall\n    critical: true\n", "critical: true"),
    ("I20", YAML, f"{ID}.q03", f"{ID}.p3", f"{ID}.p3"),
    ("I20", YAML, f"{ID}.q03", f"{ID}.q02", None),
    ("I21", YAML, '{id: c, text: "Option c of q01"', '{id: d, text: "Option c of q01"', None),
    ("I21", YAML, "Option c of q01", "option b of q01", None),
    ("I22", YAML, "Option b of q03", "All of the above", "All of the above"),
    ("I22", YAML, "Option b of q03", "True.", "True."),
    ("A1", SVG, "<rect ", "<rect onclick='go()' ", None),
    ("A1", SVG, "<text", "<script>go()</script><text", None),
    ("A1", SVG, "<rect ", "<image href='data:x'/><rect ", None),
    ("A1", SVG, "<rect ", "<style>*{}</style><rect ", None),
    ("A1", SVG, ">now<", ">&#110;ow<", None),
    ("A1", SVG, "<rect ", "<!-- a --><rect ", None),
    ("A2", SVG, "<text", "<rect/>" * 600 + "<text", None),
    ("A3", SVG, "var(--art-sky)", "#ff0000", None),
    ("A3", SVG, "var(--art-sky)", "var(--art-mud)", None),
    ("A4", SVG, ' aria-hidden="true"', "", None),
    ("A5", SVG, 'font-size="16"', 'font-size="9"', None),
]  # fmt: skip


def test_the_sample_itself_has_no_faults(tmp_path: Path) -> None:
    lesson, findings = check_sample(tmp_path, FILES)
    assert findings == []
    assert lesson is not None and [step.kind for step in lesson.steps][:2] == ["hook", "card"]


@pytest.mark.parametrize(("rule", "file", "stands", "planted", "named"), PLANTED)
def test_a_planted_fault_is_found(
    tmp_path: Path, rule: str, file: str, stands: str, planted: str, named: str | None
) -> None:
    assert stands in FILES[file], "the fault was not planted"
    text = FILES[file].replace(stands, planted, 1)
    lesson, findings = check_sample(tmp_path, {**FILES, file: text})
    assert lesson is None
    found = [finding for finding in findings if finding.rule == rule]
    assert found, findings
    assert {finding.file.removeprefix(f"curriculum/lessons/g4/{ID}/") for finding in found} == {file}
    if named is not None:
        lines = text.split("\n")
        assert any(named.split("\n")[0] in lines[finding.line - 1] for finding in found), found


def rules_found(at: Path, files: dict[str, str] = FILES, **planned: object) -> set[str]:
    return {finding.rule for finding in check_sample(at, files, replace(PLANNED, **planned))[1]}  # type: ignore[arg-type]


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    _, findings = check_sample(tmp_path, {"lesson.md": LESSON, "media/note.svg": ART})
    assert [(finding.file.rpartition("/")[2], finding.rule) for finding in findings] == [("items.yaml", "F1")]


def test_a_lesson_nobody_planned_is_named(tmp_path: Path) -> None:
    assert rules_found(tmp_path, id="g4-another") == {"L1"}


def test_a_lesson_in_the_wrong_course_is_named(tmp_path: Path) -> None:
    _, findings = check_sample(tmp_path, FILES, folder=f"lessons/g5/{ID}")
    assert [finding.rule for finding in findings] == ["L1"]


def test_a_practice_item_nobody_shows_is_named(tmp_path: Path) -> None:
    extra = ITEMS.replace(f"{ID}.p2", f"{ID}.p3", 1)
    assert "L4" in rules_found(tmp_path, {**FILES, "items.yaml": extra})


def test_a_picture_nobody_shows_is_named(tmp_path: Path) -> None:
    assert rules_found(tmp_path, {**FILES, "media/other.svg": ART}) == {"L8"}


def test_too_few_words_on_screen_are_named(tmp_path: Path) -> None:
    short = LESSON.replace(WORDS, "Ana reads it.")
    assert "T3" in rules_found(tmp_path, {**FILES, "lesson.md": short})


def test_words_beyond_the_band_are_named_for_screens_and_for_questions_apart(tmp_path: Path) -> None:
    hard = LESSON.replace(WORDS, HARD)
    _, findings = check_sample(tmp_path / "a", {**FILES, "lesson.md": hard})
    assert [finding.file.rpartition("/")[2] for finding in findings if finding.rule == "T4"] == ["lesson.md"]
    hard = re.sub(r"Here is why for (.)\. Do this next\.", HARD[:96], ITEMS)
    _, findings = check_sample(tmp_path / "b", {**FILES, "items.yaml": hard})
    assert [finding.file.rpartition("/")[2] for finding in findings if finding.rule == "T4"] == ["items.yaml"]


def test_a_kindergarten_item_needs_its_spoken_form_without_digits(tmp_path: Path) -> None:
    assert "I14" in rules_found(tmp_path / "a", band="K-2")
    named = re.sub(r"Option (.) of .\d+", r"Option \1", ITEMS)
    spoken = re.sub(r"(    stem: .*\n)", r'\1    say: "What does Ana do?"\n', named)
    assert "I14" not in rules_found(tmp_path / "b", {**FILES, "items.yaml": spoken}, band="K-2")
    digits = spoken.replace("What does Ana do?", "What does Ana do at 9?")
    assert "I14" in rules_found(tmp_path / "c", {**FILES, "items.yaml": digits}, band="K-2")


def test_staff_items_may_be_critical_and_negative(tmp_path: Path) -> None:
    items = ITEMS.replace("level: recall", "level: recall\n    critical: true").replace(
        "Ana do with", "Ana not do with"
    )
    assert not {"I16", "I3"} & rules_found(tmp_path, {**FILES, "items.yaml": items}, band="staff")


@pytest.mark.parametrize(
    ("stem", "right", "fine"),
    [
        ("Which two boxes? Pick two.", "bd", True),
        ("Which boxes stay empty?", "bd", False),  # does not say how many
        ("Which boxes? Pick two.", "b", False),
        ("Which boxes? Pick four.", "abcd", False),
    ],
)
def test_a_multi_item_says_how_many_and_has_four_options(
    tmp_path: Path, stem: str, right: str, fine: bool
) -> None:
    options = "".join(
        f'      - {{id: {letter}, text: "Option {letter}", feedback: "Why. Do."'
        + (", correct: true}\n" if letter in right else "}\n")
        for letter in "abcd"
    )
    item = (
        f"  - id: {ID}.q09\n    pool: quiz\n    type: multi\n    objective: 1\n    clauses: [NS-3]\n"
        f'    level: apply\n    stem: "{stem}"\n'
    )
    items = f"{ITEMS}{item}    options:\n{options}"
    assert rules_found(tmp_path, {**FILES, "items.yaml": items}) == (set() if fine else {"I5"})


def test_every_rule_has_its_planted_fault() -> None:
    here = (Path(__file__).parent).glob("test_*.py")
    tested = set(
        re.findall(r'"((?:[FLTIAPRGNVX]|AL)\d+)"', "".join(path.read_text(encoding="utf-8") for path in here))
    )
    assert set(RULES) - tested == set()
