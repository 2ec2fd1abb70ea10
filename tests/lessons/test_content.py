"""The compiled lesson: its body, its hash, and what compiling makes of the words."""

import copy
import json
from pathlib import Path

import pytest

from lessons.art import clean, faults_of
from lessons.content import Lesson, hash_of
from lessons.markup import render
from tests.lessons.sample import ART, FILES, ID, check_sample


@pytest.fixture
def lesson(tmp_path: Path) -> Lesson:
    made, findings = check_sample(tmp_path, FILES)
    assert made is not None, findings
    return made


def test_a_body_read_back_is_the_same_lesson_with_the_same_hash(lesson: Lesson) -> None:
    body = json.loads(json.dumps(lesson.to_body()))
    assert Lesson.from_body(body) == lesson
    assert hash_of(body) == lesson.content_hash


def test_the_hash_does_not_depend_on_the_order_of_keys() -> None:
    assert hash_of({"a": 1, "b": ["é"]}) == hash_of({"b": ["é"], "a": 1})


@pytest.mark.parametrize("file", ["lesson.md", "items.yaml", "media/note.svg"])
def test_one_changed_word_anywhere_changes_the_hash(tmp_path: Path, lesson: Lesson, file: str) -> None:
    swaps = {
        "lesson.md": ("A note", "A sign"),
        "items.yaml": ("Option b", "Choice b"),
        "media/note.svg": (">now<", ">new<"),
    }
    assert swaps[file][0] in FILES[file]
    changed, findings = check_sample(tmp_path / "changed", {**FILES, file: FILES[file].replace(*swaps[file])})
    assert changed is not None, findings
    assert changed.content_hash != lesson.content_hash


def test_compiling_fills_in_what_the_plan_says(lesson: Lesson) -> None:
    assert (lesson.course, lesson.grade, lesson.band, lesson.pass_mark, lesson.draw) == (
        "g4",
        "4",
        "3-5",
        75,
        4,
    )
    assert lesson.part == f"lesson:{ID}"
    assert lesson.objectives == ("Spot a trick", "Choose what to do")


def test_steps_know_their_key_item_picture_and_title(lesson: Lesson) -> None:
    hook, first, *_ = lesson.steps
    assert (hook.key, hook.title, hook.item_id, hook.art_alt) == (
        "hook",
        "A note",
        f"{ID}.h1",
        "A tablet with a note",
    )
    assert hook.art_svg == clean(ART) and "A note" not in hook.html
    assert (first.key, first.art_svg, first.item_id) == ("scam", "", None)
    assert [step.key for step in lesson.steps if step.kind == "practice"] == ["practice-p1", "practice-p2"]


def test_every_place_has_a_default_after_compiling(lesson: Lesson) -> None:
    rule = next(step for step in lesson.steps if step.kind == "rule")
    assert "{{district.short|CPSD}}" in rule.html and "{{district.short|CPSD}}" in rule.text
    assert rule.clauses == ("NS-3", "RU-ACC-6")


def test_items_are_found_by_id_and_pool(lesson: Lesson) -> None:
    assert lesson.item(f"{ID}.p1").short == "p1"
    assert lesson.item(f"{ID}.q01").correct_ids == {"b"}
    assert len(lesson.quiz_items) == 8
    with pytest.raises(KeyError):
        lesson.item(f"{ID}.q99")


def test_a_body_can_not_be_changed_through_the_lesson(lesson: Lesson) -> None:
    before = copy.deepcopy(lesson.to_body())
    lesson.to_body()["glossary"]["scam"] = "changed"
    assert lesson.to_body() == before


# -- markup and pictures ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("source", "html", "text"),
    [
        ("A **b** c", "<p>A <strong>b</strong> c</p>", "A b c"),
        ("- one\n- two", "<ul>\n<li>one</li>\n<li>two</li>\n</ul>", "one\ntwo"),
        ("3. a\n4. b", '<ol start="3">\n<li>a</li>\n<li>b</li>\n</ol>', "a\nb"),
        ("> Hi\n\nSo?", "<blockquote>\n<p>Hi</p>\n</blockquote>\n<p>So?</p>", "Hi\nSo?"),
        ("1 < 2 & 3", "<p>1 &lt; 2 &amp; 3</p>", "1 < 2 & 3"),
    ],
)
def test_markdown_becomes_html_and_words(source: str, html: str, text: str) -> None:
    rendered = render(source)
    assert (rendered.html, rendered.text) == (html, text)


@pytest.mark.parametrize(
    "source",
    [
        "<script>go()</script>",
        "[a](javascript:go())",
        "![a](x)",
        "<img src=x onerror=go()>",
        "<http://a.example>",
    ],
)
def test_nothing_but_our_own_tags_comes_out_of_markdown(source: str) -> None:
    html = render(source).html
    assert html.startswith("<p>") and html.count("<") == 2


@pytest.mark.parametrize(
    "inside",
    [
        '<rect fill="url(https://a.example)"/>', '<use href="#a"/>', '<rect id="a"/>', '<rect style="fill:red"/>',
        "<foreignObject><p>a</p></foreignObject>", '<a href="javascript:go()"><rect/></a>', "<rect", "<![CDATA[a]]>",
        "<animate/>", "<rect fill=var(--art-ink)/>", "</svg><script>go()</script><svg>", "<?xml?>", '<RECT x="1"/>',
    ],
)  # fmt: skip
def test_a_picture_with_anything_else_in_it_is_refused(inside: str) -> None:
    assert list(faults_of(ART.replace("<rect ", inside + "<rect ", 1)))


def test_a_good_picture_keeps_its_shapes_when_cleaned() -> None:
    assert list(faults_of(ART)) == []
    assert 'viewBox="0 0 320 180"' in clean(ART) and '<text x="30"' in clean(ART) and "\n" not in clean(ART)
