"""Faults planted in what stands around a lesson: guides, letters, and what is taken in a lesson's place."""

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from lessons.guide import TOLD, read_guide, read_told
from lessons.letter import read_letter
from lessons.linting.around import lint_around
from lessons.linting.checking import check_alternative
from lessons.linting.guide import lint_guide, lint_told
from lessons.linting.letter import lint_languages, lint_letter
from lessons.linting.scope import lint_scope
from lessons.papers import Paper
from tests.lessons.sample import CURRICULUM, real_scope

GUIDE = (CURRICULUM / "lessons/g4/g4-same-me/guide.md").read_text()
SENSITIVE = (CURRICULUM / "lessons/g7/g7-in-the-comments/guide.md").read_text()
LETTER = (CURRICULUM / "family/g4.md").read_text()
HIGH = CURRICULUM / "lessons/g10/g10-intimate-images-law"


def of_guide(text: str, lesson: str = "g4-same-me") -> set[str]:
    guide, findings = read_guide(text, "guide.md")
    found = findings if guide is None else lint_guide(guide, real_scope().planned[lesson], real_scope())
    return {each.rule for each in found}


def of_letter(text: str, file: str = "g4.md") -> set[str]:
    letter, findings = read_letter(text, file)
    return {each.rule for each in (findings if letter is None else lint_letter(letter, real_scope()))}


def paper(text: str, file: str) -> Paper:
    read, findings = read_letter(text, file)
    assert read is not None, findings
    return read


def test_what_is_written_has_no_fault():
    assert list(lint_around(CURRICULUM, real_scope())) == []
    assert of_guide(GUIDE) == of_letter(LETTER) == of_guide(SENSITIVE, "g7-in-the-comments") == set()


@pytest.mark.parametrize(
    ("old", "new", "rule"),
    [
        ("id: g4-same-me", "id: g4-other", "G1"),
        (":::watch", ":::prepare", "G1"),
        ("- What do your face", "What do your face", "G1"),
        ("- 12 minutes: The", "- The", "G2"),
        ("- 12 minutes", "- 1 minute", "G2"),
        ("Pupils may want", "word " * 300 + "Pupils may want", "G3"),
        (
            "Pupils may want",
            "Institutional considerations necessitate organizational deliberation. " * 9,
            "G3",
        ),
        ("Pupils may want", "See https://example.org. Pupils may want", "L7"),
        ("status: draft", "status: perhaps", "F3"),
        (":::watch", ":::watching", "F3"),
    ],
)
def test_a_fault_in_a_guide_is_named(old, new, rule):
    assert old in GUIDE
    assert rule in of_guide(GUIDE.replace(old, new, 1))


def test_a_sensitive_lesson_wants_to_be_prepared():
    without = SENSITIVE[: SENSITIVE.index(":::prepare")]
    assert "G1" in of_guide(without, "g7-in-the-comments")


def test_the_part_that_all_guides_share_is_one_part():
    told = (CURRICULUM / TOLD).read_text()
    for text, rules in ((told, set()), (told.replace(":::told", ":::watch"), {"G1"})):
        read, _ = read_told(text, "told.md")
        assert read is not None
        assert {each.rule for each in lint_told(read, real_scope())} == rules


@pytest.mark.parametrize(
    ("old", "new", "rule"),
    [
        ("course: g4", "course: g40", "N1"),
        ("{id: g4-same-me}", "{id: g4-other}", "N1"),
        ("- Would you say it face to face?\n", "", "N1"),
        ("### Tricky Messages", "### Tricky Letters", "N1"),
        ("### Tricky Messages\n", "", "N1"),
        (":::preview", ":::close", "N1"),
        ("Dear family,", "Institutional considerations necessitate organizational deliberation. " * 30, "N2"),
        ("Dear family,", "Dear family on TikTok,", "L9"),
    ],
)
def test_a_fault_in_a_letter_is_named(old, new, rule):
    assert old in LETTER
    assert rule in of_letter(LETTER.replace(old, new, 1))


def test_a_letter_lies_under_its_own_name():
    assert "N1" in of_letter(LETTER, "g7.md")


def test_a_translation_has_the_same_parts_and_an_english_letter():
    english, spanish = LETTER, (CURRICULUM / "family/g4.es.md").read_text()
    both = [paper(english, "g4.md"), paper(spanish, "g4.es.md")]
    assert list(lint_languages(both)) == []
    shorter = paper(spanish.replace("{id: g4-same-me}", "{id: g4-other}"), "g4.es.md")
    for letters in ([both[0], shorter], [both[1]]):
        assert {each.rule for each in lint_languages(letters)} == {"N3"}


# -- in a lesson's place -----------------------------------------------------------------------------------


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    home = tmp_path / "curriculum/lessons/g10" / HIGH.name
    shutil.copytree(HIGH, home)
    return home


def of_alternative(home: Path, scope=None) -> set[str]:
    _, findings = check_alternative(home, home.parents[2], scope or real_scope())
    return {each.rule for each in findings}


@pytest.mark.parametrize(
    ("file", "old", "new", "rule"),
    [
        ("lesson.md", "id: g10-intimate-images-law", "id: g10-other", "AL1"),
        ("items.yaml", "lesson: g10-intimate-images-law", "lesson: g10-other", "AL1"),
        ("items.yaml", "g10-intimate-images-law.q51", "g10-intimate-images-law.q01", "AL1"),
        ("lesson.md", "topics: [privacy, wellbeing]", "topics: [privacy, exploitation]", "AL2"),
        ("lesson.md", "clauses: [IS-PI-2, NS-2", "clauses: [RU-ACC-0B, IS-PI-2, NS-2", "AL2"),
        ("lesson.md", 'title: "Digital', 'titel: "Digital', "F3"),
        ("lesson.md", ":::tell", ":::told", "F3"),
    ],
)
def test_a_fault_in_an_alternative_is_named(copy, file, old, new, rule):
    assert of_alternative(copy) == set()
    path = copy / "alternative" / file
    assert old in path.read_text()
    path.write_text(path.read_text().replace(old, new, 1))
    assert rule in of_alternative(copy)


def test_only_a_high_sensitivity_lesson_has_an_alternative(copy):
    lessons = tuple(
        replace(each, sensitivity="mild") if each.id == HIGH.name else each for each in real_scope().lessons
    )
    assert of_alternative(copy, replace(real_scope(), lessons=lessons)) == {"AL1"}


@pytest.mark.parametrize(("lesson", "note"), [("g4-same-me", "A note."), (HIGH.name, "")])
def test_a_content_note_stands_with_a_sensitivity_and_only_there(lesson, note):
    lessons = tuple(
        replace(each, content_note=note) if each.id == lesson else each for each in real_scope().lessons
    )
    assert "R15" in {each.rule for each in lint_scope(replace(real_scope(), lessons=lessons))}
