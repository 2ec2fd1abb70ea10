"""The form of lesson.md."""

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from lessons.blocks import parse_document
from lessons.findings import UnreadableSource

FRONT = "---\nid: g4-demo\n---\n"


def test_a_block_has_its_kind_its_attributes_and_its_words() -> None:
    document = parse_document(
        FRONT + ":::card {key: scam, clauses: [A, B]}\nA **scam** is a trick.\n:::\n", "lesson.md"
    )
    (card,) = document.blocks
    assert (card.kind, card.body, card.line) == ("card", "A **scam** is a trick.", 4)
    assert card.attributes.value == {"key": "scam", "clauses": ["A", "B"]}
    assert document.front.value == {"id": "g4-demo"}


def test_windows_line_ends_read_the_same() -> None:
    text = FRONT + ":::tell\nSay it.\n:::\n"
    assert parse_document(text, "f").blocks == parse_document(text.replace("\n", "\r\n"), "f").blocks


def test_words_that_look_like_other_types_stay_words() -> None:
    document = parse_document("---\nversion: 1.0.0\nanswer: no\nday: 2026-08-01\nunder 13: 12\n---\n", "f")
    assert document.front.value == {"version": "1.0.0", "answer": "no", "day": "2026-08-01", "under 13": 12}


@pytest.mark.parametrize(
    ("text", "line", "rule", "words"),
    [
        ("", 1, "F2", "begin the file with front matter"),
        ("---\nid: a\n", 1, "F2", "never closed"),
        ("---\nid: [a\n---\n", 2, "F1", "not YAML"),
        ("---\nid: a\nid: b\n---\n", 3, "F1", "'id' stands twice"),
        ("---\nid: &x a\nlang: *x\n---\n", 2, "F1", "anchors and aliases"),
        ("---\nid: !!python/name:os.system a\n---\n", 2, "F1", "tags"),
        (FRONT + ":::tell {a: " + "[" * 40 + "}\n:::\n", 4, "F1", "nested too deeply"),
        (FRONT + "Some text\n", 4, "F2", "between blocks"),
        (FRONT + ":::card\nnever closed\n", 4, "F2", "never closed"),
        (FRONT + ":::card\n:::card\n:::\n", 4, "F2", "never closed"),
        (FRONT + ":::tell\n:::\n:::\n", 6, "F2", "closes nothing"),
        (FRONT + "\n:::Card\n:::\n", 5, "F2", "write a block's first line as"),
        (FRONT + ":::card {key: a alt: b}\n:::\n", 4, "F1", "not YAML"),
    ],
)
def test_a_broken_form_is_named_with_its_line(text: str, line: int, rule: str, words: str) -> None:
    with pytest.raises(UnreadableSource) as caught:
        parse_document(text, "lesson.md")
    finding = caught.value.finding
    assert (finding.file, finding.line, finding.rule) == ("lesson.md", line, rule)
    assert words in finding.message


pieces = st.sampled_from(
    [
        "---\n",
        ":::",
        ":::card ",
        ":::\n",
        "{",
        "}",
        "[",
        "]",
        "key: ",
        "- ",
        "&a ",
        "*a ",
        "!!binary ",
        "? ",
        "\n",
        "'",
        '"',
        "\t",
        "<<: ",
        "|\n",
    ]
)
fragments = st.lists(pieces | st.text(max_size=6), max_size=30).map("".join)


@given(
    st.text()
    | fragments
    | fragments.map(lambda text: FRONT + text)
    | fragments.map(lambda text: f"---\n{text}\n---\n")
)
@settings(deadline=None)  # the machine may be busy
@example("---\n" + "[" * 5000 + "\n---\n")
@example("---\n" + "- " * 5000 + "\n---\n")
@example("---\na: " + "9" * 5000 + "\n---\n")
def test_arbitrary_text_is_read_or_refused_and_never_crashes(text: str) -> None:
    try:
        document = parse_document(text, "lesson.md")
    except UnreadableSource as error:
        assert error.finding.rule in ("F1", "F2") and error.finding.line >= 1
    else:
        assert all(block.line > 0 for block in document.blocks)
