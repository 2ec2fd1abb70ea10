"""District facts in lessons: `{{forms.tool_request|2022-F2}}` becomes what this district calls it."""

from collections.abc import Callable
from html import escape

from core import variables
from core.database import db
from people.district_facts import facts_of
from people.models import District


def fill(text_or_html: str, district: District) -> str:
    """Every place filled, the district's words escaped, so the result of safe HTML is safe HTML.

    Published texts carry a default in every place. Raises core.variables.MissingVariable for one that has
    none.
    """
    return variables.fill(text_or_html, facts_of(district), escape=escape)


def fill_plain(text: str, district: District) -> str:
    """The same for plain text, which the page escapes as a whole."""
    return variables.fill(text, facts_of(district))


def words_for(district_id: int) -> Callable[[str], str]:
    """`fill_plain` for this district, which is only asked for when a text has a place: most have none."""
    return lambda text: fill_plain(text, db.get_one(District, district_id)) if "{{" in text else text
