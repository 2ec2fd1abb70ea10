"""Each type's own rules catch a fault planted for them in the guide's example of that type."""

import re
from dataclasses import replace

import pytest

from tests.lessons.sample import ART, FILES, ID, PLANNED, check_sample
from tests.lessons.test_item_examples import EXAMPLES, YOUNG, example_of, in_the_sample

PLANTED = [
    # rule, type, what stands there, what is put in its place, words on the line that is named
    ("F3", "order", "    steps:", "    options:", "id: g4-sample.q09"),
    ("F3", "order", ', feedback: "Stopping comes first. Nothing is lost while Omar waits."', "", "{id: a"),
    ("F3", "sort", "bin: share, ", "", "{id: a"),
    ("F3", "sort", "{id: a,", "{id: a, emoji: dog,", "emoji: dog"),
    ("F3", "branch", "to: again", "towards: again", "towards: again"),
    ("I4", "branch", "She blocks and reports.", "She blocks the player and reports it to the game, too.", "choices:"),
    ("I5", "spot", ", clue: true", "", "regions:"),
    ("I5", "sort", "bin: share", "bin: keep", "bin: keep"),
    ("I5", "sort", "bin: private", "bin: share", "id: private"),
    ("I6", "order", "Now that he is calm, he checks what it asks for.", "Stop here. " * 13, "{id: b"),
    ("I6", "branch", "Yes. It is never too late to tell.", "Stop here. " * 13, "{id: f"),
    ("I13", "spot", "    regions:", '    art: note.svg\n    alt: "Hello, lucky winner!"\n    regions:', "alt:"),
    ("I20", "order", f"{ID}.q09", f"{ID}.q08", f"{ID}.q08"),
    ("I21", "order", "      - {id: d, text", "      # {id: d, text", "steps:"),
    ("I21", "order", "{id: c", "{id: e", "steps:"),
    ("I21", "sort", "Her street", "Her favorite color", "cards:"),
    ("I21", "sort", "Stays private", "May be shared", "bins:"),
    ("I21", "match", "It wants a secret.", "It rushes you.", "pairs:"),
    ("I21", "match", "      - {id: c, text", "      # {id: c, text", "pairs:"),
    ("I21", "spot", "      - {id: d, text", "      # {id: d, text", "regions:"),
    ("I21", "branch", "{id: d", "{id: x", "scenes:"),
    ("I22", "spot", "Have a nice day.", "All of the above", "All of the above"),
    ("I25", "branch", "safe: true, then: \"The player", "then: \"The player", "choices:"),
    ("I25", "branch", "to: uneasy", "to: again", "{id: b"),  # unsafe, and no repair
    ("I25", "branch", "to: uneasy", "to: end", "{id: b"),
    ("I25", "branch", "to: uneasy", "to: nowhere", "{id: b"),
    ("I25", "branch", "glad that she told.\", to: again", "glad that she told.\", to: photo", "{id: c"),
    ("I25", "branch", "then: \"Now the", "safe: true, then: \"Now the", "choices:"),
    ("I25", "branch", "      - id: heavy\n        repair: true", "      - id: heavy", "{id: d"),
    ("I25", "branch", "      - id: photo\n", "      - id: photo\n        repair: true\n", "id: photo"),
    ("I25", "branch", "to: heavy", "to: end", "id: heavy"),  # a scene nobody reaches
    ("L8", "order", "{id: a,", "{id: a, art: stop.svg,", "art: stop.svg"),
    ("L8", "spot", "    regions:", "    art: note.svg\n    regions:", "q09"),
    ("I24", "order", "{id: a,", '{id: a, art: note.svg, emoji: "✋",', "{id: a"),
    ("T1", "branch", "Mia wants it to stop.", "She looks at it once more. " * 13, "heavy"),
    ("T2", "branch", "The player writes again.", "The player writes" + " and writes" * 10, "{id: a"),
]  # fmt: skip


def findings_of(at, example: str, band: str = "3-5"):
    return check_sample(at, {**FILES, "items.yaml": example}, replace(PLANNED, band=band))[1]


@pytest.mark.parametrize(("rule", "kind", "stands", "planted", "named"), PLANTED)
def test_a_fault_of_a_type_is_found_at_its_line(tmp_path, rule, kind, stands, planted, named):
    good = in_the_sample(example_of(kind))
    assert stands in good, "the fault was not planted"
    text = good.replace(stands, planted)
    found = [each for each in findings_of(tmp_path, text) if each.rule == rule]
    assert found, findings_of(tmp_path / "again", text)
    lines = text.split("\n")
    assert any(named in lines[each.line - 1] for each in found if each.file.endswith("items.yaml")), found


@pytest.mark.parametrize("kind", ["multi", "branch"])
def test_some_types_begin_in_grade_3(tmp_path, kind):
    example = example_of("branch").replace("type: branch", f"type: {kind}")
    if kind == "multi":
        example = (
            example_of("spot")
            .replace("regions", "options")
            .replace("clue", "correct")
            .replace("spot", "multi")
        )
    rules = {each.rule for each in findings_of(tmp_path, in_the_sample(example), band="K-2")}
    assert "I23" in rules


def young_example(kind: str) -> str:
    return next(each for each in EXAMPLES if f"type: {kind}\n" in each and YOUNG.search(each))


def young_rules(at, example: str) -> set[str]:
    text = in_the_sample(example)
    first = text.split("\n").index(f"  - id: {ID}.q09") + 1
    return {
        each.rule for each in findings_of(at, text, band="K-2") if each.line >= first and "items" in each.file
    }


@pytest.mark.parametrize(
    ("kind", "stands", "planted", "rule"),
    [
        ("single", ', emoji: "🧸"', "", "I24"),
        ("sort", ', emoji: "🔒"', "", "I24"),
        ("single", 'text: "His bear"', 'text: "His 2 bears"', "I14"),
        ("single", 'text: "His bear"', 'text: "His 2 bears", say: "His two bears"', None),
        ("order", '      - {id: c, text: "Tell"', '      # {id: c, text: "Tell"', "I21"),
        ("sort", "{id: safe", "{id: other, text: O, emoji: \"🔑\"}\n      - {id: safe", "I21"),
    ],
)  # fmt: skip
def test_the_youngest_get_pictures_that_can_be_spoken(tmp_path, kind, stands, planted, rule):
    example = young_example(kind)
    assert stands in example
    assert young_rules(tmp_path / "good", example) == set()
    found = young_rules(tmp_path, example.replace(stands, planted))
    assert found == set() if rule is None else rule in found


def test_a_picture_of_an_option_counts_as_used_and_is_inlined_clean(tmp_path):
    example = example_of("order").replace("{id: a,", "{id: a, art: step.svg,")
    files = {**FILES, "items.yaml": in_the_sample(example), "media/step.svg": ART}
    lesson, findings = check_sample(tmp_path, files, PLANNED)
    assert findings == [] and lesson is not None
    assert lesson.item(f"{ID}.q09").options[0].art_svg.startswith("<svg")


@pytest.mark.parametrize("text", ["🐻", "🧑‍🦱", "👩🏾‍🏫", "✋", "☎️", "©", "🇺🇸", "dog", "é", "中", "1"])
def test_an_emoji_is_a_picture_and_no_letter(text):
    from lessons.item_schemas import EMOJI

    assert bool(re.match(EMOJI, text)) is (text not in {"dog", "é", "中", "1", "©"})
