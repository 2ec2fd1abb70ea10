import html

import pytest

from core.variables import MissingVariable, fill, with_defaults


@pytest.mark.parametrize(
    ("text", "values", "expected"),
    [
        ("At {{district.short}} we ask.", {"district.short": "CPSD"}, "At CPSD we ask."),
        ("Ask {{help.school_contact|a school adult}}.", {}, "Ask a school adult."),
        (
            "Ask {{ help.school_contact | a school adult }}.",
            {"help.school_contact": None},
            "Ask a school adult.",
        ),
        ("Ask {{a|b}} {{a|c}}.", {"a": "d"}, "Ask d d."),
        ("Lines: {{help.lines}}", {"help.lines": ["988", "211"]}, "Lines: 988, 211"),
        ("One line: {{a}}", {"a": "x\n\n# y"}, "One line: x # y"),
        ("No {braces} here", {}, "No {braces} here"),
    ],
)
def test_places_are_filled(text: str, values: dict[str, object], expected: str) -> None:
    assert fill(text, values) == expected


def test_only_the_district_s_words_are_escaped() -> None:
    assert fill("<b>{{a|x &amp; y}}</b> {{b}}", {"b": "<i>"}, html.escape) == "<b>x &amp; y</b> &lt;i&gt;"


def test_a_fact_nobody_gave_is_named() -> None:
    with pytest.raises(MissingVariable, match=r"forms\.user_access"):
        fill("Form {{forms.user_access}}", {})


def test_defaults_are_written_into_the_text() -> None:
    text = "{{a}} {{b|mine}} {{c}} {{d}}"
    assert with_defaults(text, {"a": "A", "b": "B", "d": None}) == "{{a|A}} {{b|mine}} {{c}} {{d}}"
