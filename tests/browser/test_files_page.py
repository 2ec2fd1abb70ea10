"""The page with the files of a course in a real browser: nothing sticks out, axe finds nothing, a download arrives."""

import zipfile

import pytest

from tests.browser.looking import is_sound_in_every_look, windows


@pytest.fixture
def open_page(chromium, address: str, curriculum, signed_in):
    teacher = signed_in("teacher")
    with windows(chromium, address) as opened:
        yield lambda **options: opened("/exchange/g4", teacher, accept_downloads=True, locale="en", **options)


def test_it_fits_and_axe_finds_nothing(open_page):
    is_sound_in_every_look(open_page())


def test_the_keyboard_is_enough_to_download(open_page, tmp_path):
    page = open_page()
    page.get_by_role("link", name="QTI 2.1 of Tricky Messages").focus()
    with page.expect_download() as waiting:
        page.keyboard.press("Enter")
    assert waiting.value.suggested_filename == "g4-tricky-messages-qti.zip"
    waiting.value.save_as(tmp_path / "questions.zip")
    assert "imsmanifest.xml" in zipfile.ZipFile(tmp_path / "questions.zip").namelist()
