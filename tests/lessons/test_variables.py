"""District facts in lessons."""

import pytest

from core.variables import MissingVariable
from lessons.variables import fill, fill_plain
from people.models import District


@pytest.fixture
def made() -> District:
    return District(
        name="Cedar & Sons", variables={"district.short": "<b>C&S</b>", "help.lines": ["988", "211"]}
    )


def test_the_districts_words_are_escaped_in_html(made: District) -> None:
    assert fill("<p>At {{district.short|CPSD}}</p>", made) == "<p>At &lt;b&gt;C&amp;S&lt;/b&gt;</p>"
    assert fill("{{district.name|X}}", made) == "Cedar &amp; Sons"


def test_plain_text_is_left_for_the_page_to_escape(made: District) -> None:
    assert fill_plain("At {{district.short|CPSD}}", made) == "At <b>C&S</b>"


def test_what_the_district_does_not_say_takes_the_default(made: District) -> None:
    assert fill("{{forms.tool_request|2022-F2}}", made) == "2022-F2"
    assert fill("Call {{help.lines|911}}", made) == "Call 988, 211"


def test_a_place_with_neither_is_an_error_and_not_a_blank(made: District) -> None:
    with pytest.raises(MissingVariable):
        fill("{{unblock.answer_time}}", made)
