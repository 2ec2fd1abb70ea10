"""K-2: Marlo reads by himself, says what is tapped, and where there is no voice the page says so kindly."""

import pytest
from playwright.sync_api import expect

from tests.browser.looking import AND_GOOD_PRACTICE, findings
from tests.browser.test_item_types import YOUNG, ann, asked, open_page, practice_pages  # noqa: F401
from tests.browser.test_player import A_VOICE, THEMES, prefer, wear
from tests.lessons.every_type import right_answer

SAY_ALL = """() => { for (let left = 40; speechSynthesis.now && left; left--) speechSynthesis.now.onend();
    return said.map(each => each.text.trim()); }"""


@pytest.fixture
def question(open_page, ann):  # noqa: F811
    """question(kind) -> the page of a K-2 question on a device with a voice, and its item."""

    def make(kind: str, script: str = A_VOICE, **options):
        at, item = asked(ann.start(YOUNG), YOUNG, kind)
        return open_page(at, script, **options), item

    return make


def test_a_page_reads_itself_with_its_answers_and_the_button_that_leads_on(question):
    page, item = question("single")
    texts = page.evaluate(SAY_ALL)
    assert texts[:2] == ["Bo sees a new game. Who can he ask first?", texts[1]]
    assert {option.text for option in item.options} < set(texts)
    assert texts[-1].startswith("Save and")
    assert not any("🧸" in text for text in texts)
    expect(page.locator("[data-marlo]")).not_to_have_attribute("data-talking", "")


def test_marlo_talks_while_he_reads_and_a_tap_on_him_is_quiet_for_the_whole_tab(question):
    page, _ = question("single")
    expect(page.locator("[data-marlo]")).to_have_attribute("data-talking", "")
    page.locator("[data-listen-too]").click()
    assert page.locator("[data-marlo][data-talking]").count() == 0
    page.reload()
    expect(page.locator("[data-listen-too]")).to_have_text("Listen")
    assert page.evaluate("said.length") == 0
    page.locator("[data-listen-too]").click()
    expect(page.locator("[data-listen-too]")).to_have_text("Stop")
    assert page.evaluate("said.length") == 1


def test_a_tapped_picture_says_its_name_and_so_does_its_button(question):
    page, item = question("single", has_touch=True)
    page.locator(f".choice:has([value={right_answer(item)[0]}])").tap()
    assert page.evaluate("said.at(-1).text") == "His grown-up"
    page.get_by_role("button", name="Listen: His bear").tap()
    assert page.evaluate("said.at(-1).text") == "His bear"
    assert (
        page.locator("[name=pick]:checked").get_attribute("value") == right_answer(item)[0]
    )  # listening picks nothing


def test_a_control_the_keyboard_comes_to_is_said(question):
    page, _ = question("order")
    page.keyboard.press("Tab")
    for _ in range(20):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.matches('.move')"):
            break
    assert page.evaluate("said.at(-1).text.trim()").startswith("Move down: ")


def test_words_are_marked_as_they_are_said(question):
    page, _ = question("single")
    page.evaluate("speechSynthesis.now.onend()")  # the stem has its spoken form, which has no place to mark
    page.evaluate("speechSynthesis.now.onboundary?.({ name: 'word', charIndex: 0, charLength: 3 })")
    assert page.evaluate("[...CSS.highlights.keys()]") == ["spoken-sentence", "spoken-word"]


def test_feedback_is_said_when_it_comes(open_page, ann):  # noqa: F811
    path = next(each for each in practice_pages(ann) if YOUNG.id in each).partition("?")[0]
    page = open_page(path, A_VOICE)
    page.locator(".choice").last.click()
    page.get_by_role("button", name="Check my answer").click()
    page.wait_for_selector(".feedback")
    texts = page.evaluate(SAY_ALL)
    assert "A bear can not tell him." in texts and texts[-1] == "Go on"
    assert page.locator("[data-marlo]").get_attribute("data-mood") == "think"


def test_without_a_voice_the_page_says_so_and_works(question):
    page, _ = question("single", script="")
    expect(page.locator("[data-no-voice]")).to_be_visible()
    expect(page.locator(".marlo-still svg")).to_be_visible()
    assert page.locator("[data-listen-too]").is_hidden()
    page.locator(".choice").first.click()
    page.keyboard.press("Tab")  # nothing is said, and nothing breaks
    expect(page.locator("[data-saved]")).to_have_text("Saved")


def test_a_browser_that_may_not_speak_yet_waits_for_a_tap(question):
    page, _ = question("single")
    page.evaluate("speechSynthesis.now.onerror({ error: 'not-allowed' })")
    expect(page.locator("[data-listen-too]")).to_have_text("Listen")
    page.locator("[data-listen-too]").click()
    assert page.evaluate("said.length") == 2


def test_older_pupils_are_not_read_to_unasked(open_page, ann):  # noqa: F811
    from tests.browser.test_item_types import OLDER

    at, _ = asked(ann.start(OLDER), OLDER, "single")
    page = open_page(at, A_VOICE)
    assert page.evaluate("said.length") == 0 and page.locator("[data-marlo]").count() == 0


def test_axe_finds_nothing_beside_marlo(question):
    page, _ = question("single", script=A_VOICE + prefer(motion="less"))
    for theme in THEMES:
        wear(page, theme=theme)
        assert findings(page, AND_GOOD_PRACTICE) == [], theme
