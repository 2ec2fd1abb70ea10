"""Moodle XML, GIFT and CSV: golden small examples, and what each says of what it can not hold."""

import csv
import io
from dataclasses import replace
from xml.etree import ElementTree as ET

import pytest

from exchange.csv_writing import COLUMNS
from exchange.exporting import NothingToExport, export_questions
from exchange.formats import FORMATS
from lessons.items import Item
from tests.exchange.reading import one
from tests.lessons.every_type import every_type, item_of_type

LESSON = every_type()


def exported(format_name: str, *items: Item) -> str:
    lesson = replace(LESSON, items=items) if items else LESSON
    return export_questions([lesson], FORMATS[format_name], str).data.decode()


def test_gift_of_a_single_choice():
    item = item_of_type("single")
    gift = exported("gift", replace(item, stem="Is {this} ~ a: #1 = \\ scam?"))
    question = gift[gift.index("// [id:") :]
    assert question.splitlines()[:2] == [
        f"// [id:{item.id}] [tag:objective-{item.objective}] [tag:{item.level}]"
        + "".join(f" [tag:{clause}]" for clause in item.clauses),
        f"::{item.id}::[plain]Is \\{{this\\}} \\~ a\\: \\#1 \\= \\\\ scam? {{",
    ]
    signs = [line[0] for line in question.splitlines()[2 : 2 + len(item.options)]]
    assert signs == ["=" if option.correct else "~" for option in item.options]


def test_gift_of_pairs_and_of_several_choice():
    match = exported("gift", item_of_type("match"))
    first = item_of_type("match").options[0]
    partner = next(each.text for each in item_of_type("match").bins if each.id == first.bin)
    assert f"={first.text} -> {partner}\n" in match
    multi = item_of_type("multi")
    right, wrong = (next(each for each in multi.options if each.correct is so) for so in (True, False))
    assert f"~%50%{right.text}#" in exported("gift", multi)
    assert f"~%-50%{wrong.text}#" in exported("gift", multi)


def test_gift_names_what_it_leaves_out_and_holds_no_line_of_it():
    order = item_of_type("order")
    made = export_questions([LESSON], FORMATS["gift"], str)
    assert f"GIFT has no questions with steps to order: {order.id} left out" in made.losses
    text = made.data.decode()
    assert order.stem not in text and f"{order.id} left out" in text
    with pytest.raises(NothingToExport, match="no question of this fits into GIFT"):
        exported("gift", order)


def test_an_arrow_inside_a_pair_keeps_it_out_of_gift():
    item = item_of_type("match")
    arrow = replace(item, options=tuple(replace(each, text=f"{each.text} -> now") for each in item.options))
    made = export_questions([replace(LESSON, items=(item_of_type("single"), arrow))], FORMATS["gift"], str)
    assert f'GIFT can not write "->" in a pair: {item.id} left out' in made.losses


@pytest.mark.parametrize(
    ("kind", "moodle"),
    [
        ("single", "multichoice"),
        ("multi", "multichoice"),
        ("spot", "multichoice"),
        ("order", "ordering"),
        ("sort", "matching"),
        ("match", "matching"),
        ("branch", "multichoice"),
    ],
)
def test_each_type_has_its_moodle_question(kind, moodle):
    quiz = ET.fromstring(exported("moodle", item_of_type(kind)))
    category, question, *more = quiz.findall("question")
    assert category.findtext("category/text") == f"$course$/top/{LESSON.id}"
    assert question.get("type") == moodle
    assert len(more) == (1 if kind == "branch" else 0)
    assert question.findtext("idnumber").startswith(item_of_type(kind).id)


def test_moodle_fractions_add_up_and_wrong_picks_take_away():
    question = ET.fromstring(exported("moodle", item_of_type("spot")))[1]
    fractions = [float(each.get("fraction")) for each in question.findall("answer")]
    assert sum(each for each in fractions if each > 0) == pytest.approx(100, abs=0.001)
    assert question.findtext("single") == "false" and question.findtext("shuffleanswers") == "false"
    assert all(
        each < 0
        for each, option in zip(fractions, item_of_type("spot").options, strict=True)
        if not option.correct
    )


def test_moodle_keeps_the_places_of_steps_and_all_feedback():
    item = item_of_type("order")
    question = ET.fromstring(exported("moodle", item))[1]
    assert [each.get("fraction") for each in question.findall("answer")] == ["1", "2", "3", "4"]
    assert [each.findtext("text") for each in question.findall("answer")] == [
        each.text for each in item.options
    ]
    assert all(each.feedback in question.findtext("generalfeedback/text") for each in item.options)


def test_moodle_reads_html_so_plain_text_is_written_as_html():
    item = replace(item_of_type("single"), stem="Is <b>1 & 2</b> bold?")
    question = ET.fromstring(exported("moodle", item))[1]
    assert question.findtext("questiontext/text") == "Is &lt;b&gt;1 &amp; 2&lt;/b&gt; bold?"


def test_csv_has_a_row_for_each_option_and_starts_no_formula():
    item = item_of_type("single")
    options = [replace(item.options[0], text="=HYPERLINK(1)"), *item.options[1:]]
    text = exported("csv", replace(item, stem="@SUM(A1)?", options=tuple(options)))
    head, *rows = csv.reader(io.StringIO(text.removeprefix("\ufeff")))
    assert tuple(head) == COLUMNS and len(rows) == len(options)
    assert rows[0][4] == "'@SUM(A1)?" and rows[0][6] == "'=HYPERLINK(1)"


def test_pictures_and_spoken_forms_of_the_youngest_are_named_as_missing():
    young = every_type("K-2", lesson_id="k-every-type")
    made = export_questions([young], FORMATS["qti"], str)
    assert f"pictures are left out, their names stay (questions: {len(young.quiz_items)})" in made.losses
    assert f"spoken forms are left out (questions: {len(young.quiz_items)})" in made.losses


@pytest.mark.parametrize("format_name", sorted(FORMATS))
def test_places_are_filled_and_the_same_content_is_the_same_file(format_name):
    item = replace(item_of_type("single"), stem="Who at {{district.short|our district}} helps?")
    lesson = replace(LESSON, items=(item, item_of_type("match")))
    first, second = (
        export_questions(
            [lesson],
            FORMATS[format_name],
            lambda text: text.replace("{{district.short|our district}}", "Evergreen"),
        )
        for _ in range(2)
    )
    assert first.data == second.data and first.sha256 == second.sha256
    assert b"Who at Evergreen helps?" in first.data and b"{{" not in first.data


def test_every_xml_is_xml_whatever_the_words():
    item = replace(item_of_type("single"), stem="a\x00b\x0b <&> ]]> -- \ud800?")
    assert one(ET.fromstring(exported("moodle", item)), "question/questiontext/text").text


def test_what_a_story_loses_is_said():
    story = item_of_type("branch")
    made = export_questions([replace(LESSON, items=(story,))], FORMATS["csv"], str)
    (loss,) = made.losses
    assert "their endings, and ways back that leave no choice, are left out" in loss and story.id in loss
    assert story.ending not in made.data.decode() and made.count == 2
