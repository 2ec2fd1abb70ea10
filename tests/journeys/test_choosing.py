"""A teacher adds a year of lessons from inside the LMS, and a pupil's grade arrives in one of its columns."""

import re

import pytest
from playwright.sync_api import expect

from tests.journeys.walks import open_and_read, take_the_quiz

QUICK = 20_000


@pytest.mark.parametrize("chromebook", ["third-party cookies blocked"], indirect=True)
def test_a_years_pack_is_chosen_in_the_frame_and_graded(street, chromebook):
    teacher = chromebook.new_page()
    teacher.goto(f"{street.lms}/people/cruz")
    before = teacher.get_by_role("listitem").filter(has_text="Graded").count()
    teacher.get_by_role("link", name=re.compile("^Add lessons to Grade 4")).click()
    frame = teacher.frame_locator("iframe#tool")
    frame.get_by_role("button", name="Look at it").first.click()
    frame.get_by_role("link", name="Back to choosing").click()
    frame.get_by_role("button", name="Take all 6").click()
    frame.get_by_label("Spread evenly, one after the other").check()
    frame.get_by_role("button", name="Add 6 links").click()
    expect(frame.get_by_role("heading", name="6 lessons added to Grade 4, Room 12")).to_be_visible(
        timeout=QUICK
    )

    teacher.goto(f"{street.lms}/people/cruz")
    expect(teacher.get_by_role("listitem").filter(has_text="Graded")).to_have_count(before + 6)
    added = teacher.get_by_role("link", name=re.compile("Open Game Chat Choices inside")).last
    key = added.get_attribute("href").rsplit("/", 1)[1]
    teacher.close()

    take_the_quiz(open_and_read(chromebook, street.lms, "ben", key))
    book = chromebook.new_page()
    book.goto(f"{street.lms}/gradebook")
    row = book.get_by_role("row").filter(has_text="Ben Thistle")
    expect(row).to_contain_text("100", timeout=QUICK)
