"""An administrator of the district in front of the set-up pages, with a practice LMS behind them."""

import html
import re
from collections.abc import Callable

import pytest
from werkzeug.test import TestResponse

from core.database import db
from lti_tool.connection import EVERY
from lti_tool.connection_models import ConnectionTest
from tests.browsers import Browser
from tests.lms import School


@pytest.fixture
def it(school: School) -> Browser:
    """The LMS' administrator, who came by a launch from the course of Room 12."""
    return school.launch("admin", "g4")


@pytest.fixture
def page(school: School) -> str:
    return f"/admin/platforms/{school.platform.id}"


@pytest.fixture
def press_test(it: Browser, page: str) -> Callable[[], str]:
    """Press “Test now” and read the page it leads to."""

    def press() -> str:
        rest()
        answer = it.post(f"{page}/test")
        assert answer.status_code == 303, answer.text
        return words_of(it.get(page))

    return press


def rest() -> None:
    """As if the last test were long past."""
    db.remove()
    for row in db.query(ConnectionTest):
        row.begun_at -= EVERY
    db.commit()
    db.remove()


def words_of(answer: TestResponse) -> str:
    """The page as it is read: no tags, one blank between words."""
    assert answer.status_code == 200, answer.text
    text = re.sub(r"<(style|script).*?</\1>", " ", answer.text, flags=re.S)
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", text)).split())


def result_of(page: str, title: str) -> str:
    """What stands in the row of a check, up to the next one."""
    from admin.words import TITLES

    assert title in page, page
    rest_of_page = page.rpartition("Answer, and what to do")[2].partition(title)[2]
    ends = [rest_of_page.find(other) for other in TITLES.values() if other in rest_of_page]
    return rest_of_page[: min(ends, default=rest_of_page.find("Send a test score"))].strip()
