"""What left as QTI, GIFT or CSV comes back as it was, whatever its words are made of."""

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from exchange.drafts import items_yaml
from exchange.exporting import export_questions
from exchange.formats import FORMATS
from exchange.importing import questions_in
from exchange.incoming import item_of
from exchange.questions import one_line
from lessons.item_schemas import ItemsSchema
from lessons.items import Item
from lessons.marked_yaml import read_yaml
from lessons.shapes import check_shape
from lessons.written_items import read_item
from tests.lessons.every_type import every_type, item_of_type

NAMES = {"qti": "questions.zip", "gift": "questions.gift", "csv": "questions.csv"}
TYPES = ("single", "multi", "spot", "order", "sort", "match")

special = st.sampled_from(
    [
        *(
            "\\",
            "\\\\",
            "~",
            "=",
            "#",
            "####",
            "{",
            "}",
            ":",
            "::",
            "->",
            "%50%",
            "%-5%",
            "//",
            "[html]",
            "\\n",
        ),
        *(
            "$CATEGORY:",
            "<b>",
            "&amp;",
            "]]>",
            "<!--",
            "--",
            '"',
            "'",
            "'=",
            "=1+1",
            "@x",
            "+1",
            "-",
            ",",
            ";",
        ),
        *(
            "\t",
            "\n",
            "\r\n",
            "\u2028",
            "\x85",
            "\xa0",
            "\ufeff",
            "\u202e",
            "é",
            "👍🏽",
            "null",
            "yes",
            "- a: b",
        ),
    ]
)
words = (
    st.lists(
        st.one_of(special, st.text(st.characters(exclude_categories=("Cs", "Cc", "Cn")), max_size=4)),
        max_size=6,
    )
    .map("".join)
    .map(one_line)
    .filter(lambda text: text and "\ufffe" not in text and "\uffff" not in text)
)


def comparable(item: Item) -> tuple[object, ...]:
    """All of an item but the ids inside it, which are dealt anew: options by their place, bins by their words."""
    bins = {each.id: each.text for each in item.bins}
    options = [(each.text, each.correct, each.feedback, bins.get(each.bin)) for each in item.options]
    about = (
        item.id,
        item.pool,
        item.type,
        item.objective,
        item.clauses,
        item.level,
        item.critical,
        item.stem,
    )
    return (*about, tuple(options), tuple(sorted(bins.values())))


def there_and_back(item: Item, format_name: str) -> Item:
    lesson = replace(every_type(), items=(item,))
    data = export_questions([lesson], FORMATS[format_name], str).data
    _, (incoming,) = questions_in(data, NAMES[format_name])
    return as_written(item_of(incoming))


def as_written(item: Item) -> Item:
    """Through items.yaml and the schema that the linter uses."""
    marked = read_yaml(items_yaml("g4-every-type", [item], ["about"]), "items.yaml")
    values, findings = check_shape(ItemsSchema(), marked)
    assert not findings
    return read_item(values["items"][0], {})


@pytest.mark.parametrize("kind", TYPES)
@pytest.mark.parametrize("format_name", ["qti", "csv"])
def test_each_type_comes_back_from_qti_and_csv(format_name, kind):
    item = item_of_type(kind)
    assert comparable(there_and_back(item, format_name)) == comparable(item)


@pytest.mark.parametrize("kind", ["single", "multi", "spot"])
def test_what_is_picked_comes_back_from_gift(kind):
    assert comparable(there_and_back(item_of_type(kind), "gift")) == comparable(item_of_type(kind))


@pytest.mark.parametrize("kind", ["sort", "match"])
def test_pairs_come_back_from_gift_with_all_feedback_beside_each(kind):
    item = item_of_type(kind)
    together = " ".join(option.feedback for option in item.options)
    told = tuple(replace(option, feedback=together) for option in item.options)
    assert comparable(there_and_back(item, "gift")) == comparable(replace(item, options=told))


def test_a_decision_of_a_story_with_two_safe_choices_comes_back_from_qti():
    item = item_of_type("single")
    right = tuple(replace(option, correct=True) for option in item.options[:2])
    item = replace(item, options=(*right, *item.options[2:]))
    assert comparable(there_and_back(item, "qti")) == comparable(item)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data(), kind=st.sampled_from(TYPES), format_name=st.sampled_from(sorted(NAMES)))
def test_words_survive_every_escape(data, kind, format_name):
    item = item_of_type(kind)
    texts = data.draw(st.lists(words, min_size=len(item.options), max_size=len(item.options), unique=True))
    feedback = data.draw(words)
    options = tuple(
        replace(each, text=text, feedback=feedback) for each, text in zip(item.options, texts, strict=True)
    )
    partners = data.draw(st.lists(words, min_size=len(item.bins), max_size=len(item.bins), unique=True))
    bins = tuple(replace(each, text=text) for each, text in zip(item.bins, partners, strict=True))
    item = replace(item, stem=data.draw(words), options=options, bins=bins)
    if FORMATS[format_name].left_out(item):
        return
    back = there_and_back(item, format_name)
    if format_name == "gift" and item.bins:  # the feedback of pairs stands together there
        back = replace(back, options=tuple(replace(each, feedback=feedback) for each in back.options))
    assert comparable(back) == comparable(item)
