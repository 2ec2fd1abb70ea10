"""A mentor's page and a submission opened from the gradebook, in a real browser: they fit, and axe finds nothing."""

import pytest
from playwright.sync_api import Browser

from tests.browser.looking import is_sound_in_every_look, windows
from tests.teaching.working import LESSON, hand_in, read_lesson


@pytest.fixture
def tabs(school, curriculum):
    """{page: the tab it is open in}"""
    ana = school.launch("ana", LESSON)
    read_lesson(ana)
    hand_in(ana, "a")
    hand_in(ana, "b")
    ben = school.launch("ben", LESSON)
    ben.post(f"/lessons/g4/{LESSON}")
    ids = [school.lms.user_id(each) for each in ("ana", "ben")]
    review = {"message_type": "LtiSubmissionReviewRequest", "for_user": {"user_id": ids[0]}}
    return {
        "children": school.launch("parent", LESSON, mentor=ids),
        "submission": school.launch("cruz", LESSON, **review),
    }


@pytest.mark.parametrize("name", ["children", "submission"])
def test_it_fits_and_axe_finds_nothing(chromium: Browser, address: str, tabs, name):
    with windows(chromium, address) as opened:
        is_sound_in_every_look(opened(f"/completion/{name}", tabs[name]))
