"""The page with the files of a course in a real browser: nothing sticks out, axe finds nothing, a download arrives."""

import zipfile

import pytest

from tests.browser.looking import findings, sticks_out, windows


@pytest.fixture
def open_page(chromium, address: str, curriculum, signed_in):
    teacher = signed_in("teacher")
    with windows(chromium, address) as opened:
        yield lambda **options: opened("/exchange/g4", teacher, accept_downloads=True, locale="en", **options)


@pytest.mark.parametrize("width", [1280, 320])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_fits_and_axe_finds_nothing(open_page, tmp_path, width, scheme):
    page = open_page(width=width, color_scheme=scheme)
    page.screenshot(path=str(tmp_path / f"files-{width}-{scheme}.png"), full_page=True)
    assert sticks_out(page) == 0
    assert findings(page) == []


def test_the_keyboard_is_enough_to_download(open_page, tmp_path):
    page = open_page()
    page.get_by_role("link", name="QTI 2.1 of Tricky Messages").focus()
    with page.expect_download() as waiting:
        page.keyboard.press("Enter")
    assert waiting.value.suggested_filename == "g4-tricky-messages-qti.zip"
    waiting.value.save_as(tmp_path / "questions.zip")
    assert "imsmanifest.xml" in zipfile.ZipFile(tmp_path / "questions.zip").namelist()
