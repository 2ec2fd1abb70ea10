"""The lesson player in a real browser: sizes, themes, keyboard, axe, the LMS frame, reading aloud, no scripts."""

import pytest
from playwright.sync_api import Page

from core.database import db
from tests.browser.looking import AND_GOOD_PRACTICE, findings, windows
from tests.browsers import Browser

playwright = pytest.importorskip("playwright.sync_api", reason="pip install -r requirements-dev.txt")

LESSON = "/lessons/g4/g4-the-sign-up-screen"

A_VOICE = """
  const said = window.said = [];
  const speech = new EventTarget();
  Object.assign(speech, {
    getVoices: () => [
      { name: "Far", lang: "en-US", localService: false, default: true },
      ...(window.noLocalVoice ? [] : [{ name: "Near", lang: "en-US", localService: true, default: false }]),
    ],
    speak(utterance) { said.push(utterance); this.now = utterance; },
    cancel() { this.now = null; window.cancelled = (window.cancelled || 0) + 1; },
  });
  Object.defineProperty(window, "speechSynthesis", { value: speech });
  window.SpeechSynthesisUtterance = class { constructor(text) { this.text = text; } };
"""
"""Chromium on a test machine has no voices, so the browser's side of reading aloud is played by this."""


@pytest.fixture
def ann(curriculum, year, signed_in) -> Browser:
    """A pupil who has seen the first three steps."""
    ann = signed_in("learner")
    ann.post(LESSON)
    for step in (1, 2, 3):
        ann.post(f"{LESSON}/steps/{step}")
    db.remove()
    return ann


@pytest.fixture
def open_page(chromium, address: str, ann: Browser):
    """open_page(path, width=1280, ...) -> a page of Ann's browser that fails the test on any script error."""
    complaints: list[str] = []

    def opening(path: str, width: int = 1280, height: int = 800, who: Browser = ann, **more) -> Page:
        return opened(path, who, width, height, **more)

    with windows(chromium, address, complaints) as opened:
        yield opening
    assert complaints == []


def prefer(**chosen: str) -> str:
    pairs = ", ".join(f'{name}: "{value}"' for name, value in chosen.items())
    return f'localStorage.setItem("reading-preferences", JSON.stringify({{ {pairs} }}))'


def sticks_out(page) -> list[str]:
    """What reaches beyond the right edge of the window."""
    return page.evaluate(
        """() => [...document.querySelectorAll("body *:not(.away)")]
             .filter(e => e.checkVisibility() && !e.closest("svg, .away, .art"))
             .filter(e => e.getBoundingClientRect().right > innerWidth + 1)
             .map(e => e.outerHTML.slice(0, 80))"""
    )


PAGES = ("/lessons/g4", LESSON, f"{LESSON}/steps/1", f"{LESSON}/steps/4?chose=a&chose=b", "/lessons/help")


THEMES = ("light", "dark", "contrast")
"""As the reader chooses them, whatever the device says."""


def wear(page: Page, **chosen: str) -> None:
    """What the page does at once when the reader chooses (core/static/core/preferences.js)."""
    page.evaluate("chosen => Object.assign(document.documentElement.dataset, chosen)", chosen)


def test_axe_finds_nothing_in_any_theme(open_page):
    for path in PAGES:
        page = open_page(path)
        for theme in THEMES:
            wear(page, theme=theme)
            assert findings(page, AND_GOOD_PRACTICE) == [], (path, theme)


def test_everything_fits_at_any_size_and_is_big_enough_to_tap(open_page):
    """320 x 200 is what 1280 x 800 has left at 400 % zoom."""
    small = """() => [...document.querySelectorAll("main .button, header .tool, header a.brand, .choice")].map(
        e => e.getBoundingClientRect()).filter(r => r.height && (r.height < 43.9 || r.width < 43.9)).length"""
    for path in PAGES:
        page = open_page(path)
        for width, height in ((1280, 800), (640, 480), (320, 640), (320, 200)):
            page.set_viewport_size({"width": width, "height": height})
            assert sticks_out(page) == [], (path, width, height)
            assert page.evaluate(small) == 0, (path, width, height)
        wear(page, size="largest", spacing="wide")
        assert sticks_out(page) == [], path


def test_the_button_to_go_on_stands_at_the_same_place(open_page):
    places = set()
    for step in (2, 3, 4):
        button = open_page(f"{LESSON}/steps/{step}", 1280, 800).locator(".go .button").last.bounding_box()
        places.add((round(button["x"] + button["width"]), round(button["y"])))
    assert len(places) == 1


def test_feedback_comes_without_a_page_change_and_takes_focus(open_page):
    page = open_page(f"{LESSON}/steps/1")
    page.evaluate("window.stayed = true")
    page.locator(".choice").first.click()
    page.get_by_role("button", name="Check my answer").click()
    page.wait_for_selector(".feedback")
    assert page.evaluate("document.activeElement.className").startswith("feedback")
    assert page.evaluate("window.stayed")
    page.reload()
    assert page.locator(".feedback").count() == 1


def test_good_and_not_yet_look_different_and_are_told_in_words_too(open_page):
    page = open_page(f"{LESSON}/steps/4?chose=a&chose=b")
    borders = page.evaluate(
        "['.choice.good', '.choice.look'].map(c => getComputedStyle(document.querySelector(c)).borderTopColor)"
    )
    assert borders == ["rgb(28, 106, 60)", "rgb(125, 75, 0)"]
    assert page.locator(".feedback strong").all_inner_texts() == ["Good choice.", "Look again."]


def test_a_step_is_done_with_the_keyboard_alone(open_page):
    page = open_page(f"{LESSON}/steps/1")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to the page"
    page.keyboard.press("Enter")
    for _ in range(12):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.type") == "radio":
            break
    ring = page.evaluate("getComputedStyle(document.activeElement.closest('label')).outlineWidth")
    assert ring == "3px"
    page.keyboard.press("Space")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_selector(".feedback")
    for _ in range(12):
        page.keyboard.press("Tab")
        if "Go on" in page.evaluate("document.activeElement.textContent"):
            break
    page.keyboard.press("Enter")
    page.wait_for_url("**/steps/2**")


def test_a_word_opens_its_meaning_under_its_paragraph(open_page):
    page = open_page(f"{LESSON}/steps/2")
    word = page.get_by_role("button", name="sign-up")
    word.click()
    assert "A form you fill in" in page.locator(".meaning").inner_text()
    assert word.get_attribute("aria-expanded") == "true"
    page.keyboard.press("Escape")
    assert page.locator(".meaning").count() == 0


def test_help_opens_over_the_page_and_leads_back(open_page):
    page = open_page(f"{LESSON}/steps/2")
    page.get_by_role("link", name="Help").click()
    page.wait_for_selector("#help[open]")
    assert "You can get help" in page.locator("#help").inner_text()
    assert findings(page, AND_GOOD_PRACTICE) == []
    page.keyboard.press("Escape")
    assert page.url.split("?")[0].endswith("/steps/2")
    assert page.evaluate("document.activeElement.textContent").strip() == "Help"


def test_what_the_reader_prefers_stands_before_the_first_paint_and_stays(open_page):
    page = open_page("/lessons/g4")
    page.get_by_role("button", name="Text, colors and language").click()
    page.get_by_label("Dark").check()
    page.get_by_label("Largest").check()
    assert findings(page, AND_GOOD_PRACTICE) == []
    page.get_by_role("button", name="Close").click()
    page.goto(page.url)
    assert page.evaluate("({...document.documentElement.dataset})") == {"theme": "dark", "size": "largest"}
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(19, 26, 36)"


@pytest.mark.parametrize(("scheme", "ground"), [("light", "rgb(245, 242, 234)"), ("dark", "rgb(19, 26, 36)")])
def test_without_a_preference_the_device_decides(open_page, scheme, ground):
    page = open_page("/lessons/g4", color_scheme=scheme)
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == ground


def test_a_device_that_asks_for_more_contrast_gets_it(open_page):
    soft = "getComputedStyle(document.querySelector('.soft')).color"
    usual, more = open_page("/lessons/g4"), open_page("/lessons/g4", contrast="more")
    assert usual.evaluate(soft) != usual.evaluate("getComputedStyle(document.body).color")
    assert more.evaluate(soft) == more.evaluate("getComputedStyle(document.body).color")


def test_paper_is_white_whatever_the_theme(open_page):
    page = open_page(f"{LESSON}/steps/2", script=prefer(theme="dark"))
    page.emulate_media(media="print")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    assert page.evaluate("getComputedStyle(document.body).color") == "rgb(29, 40, 56)"


def test_everything_works_without_scripts(open_page):
    page = open_page(LESSON, java_script_enabled=False)
    assert page.locator("[data-listen]").is_hidden() and page.locator("[data-open]").is_hidden()
    page.get_by_role("button", name="Continue at step 4").click()
    page.locator(".choice").nth(0).click()
    page.get_by_role("button", name="Check my answer").click()
    assert page.locator(".feedback").count() == 1
    page.get_by_role("button", name="Go on").click()
    assert page.url.split("?")[0].endswith("/steps/5")
    page.get_by_role("link", name="Help").click()
    page.get_by_role("link", name="Back to where I was").click()
    assert page.url.split("?")[0].endswith("/steps/5")
    page.get_by_role("link", name="Back", exact=True).click()
    assert page.url.split("?")[0].endswith("/steps/4")


def test_inside_an_lms_frame_the_page_says_how_tall_it_is(open_page, address, ann):
    lesson = f"{address}{LESSON}/steps/1?visit={ann.visit}"
    course = f"<script>heard = []; onmessage = e => heard.push(e.data)</script><iframe src='{lesson}'>"
    page = open_page("/lessons/help")
    page.route("**/lms-course", lambda route: route.fulfill(body=course, content_type="text/html"))
    page.goto(f"{address}/lms-course")
    page.wait_for_function("heard.length > 0")
    told = page.evaluate("heard.at(-1)")
    assert told["subject"] == "lti.frameResize"
    assert told["height"] == page.frames[1].evaluate(
        "Math.ceil(document.body.getBoundingClientRect().height)"
    )
    assert told["height"] > 480


def test_listen_hides_itself_where_there_is_no_voice_on_the_device(open_page):
    assert open_page(f"{LESSON}/steps/2").locator("[data-listen]").is_hidden()
    far_only = open_page(f"{LESSON}/steps/2", script="window.noLocalVoice = true;" + A_VOICE)
    assert far_only.locator("[data-listen]").is_hidden()


def test_a_card_is_read_aloud_word_by_word_by_a_voice_of_the_device(open_page):
    page = open_page(f"{LESSON}/steps/2", script=A_VOICE + prefer(rate="slow"))
    page.get_by_role("button", name="Listen").click()
    first = "(({text, voice, rate}) => ({text, voice: voice.name, rate}))(said.at(-1))"
    assert page.evaluate(first) == {"text": "An idea", "voice": "Near", "rate": 0.7}
    page.evaluate("speechSynthesis.now.onend()")
    assert page.evaluate("said.at(-1).text") == "Spot it"
    page.evaluate("speechSynthesis.now.onend()")
    page.evaluate("speechSynthesis.now.onboundary({ name: 'word', charIndex: 2, charLength: 7 })")
    marked = "name => [...CSS.highlights.get(name)].map(String).join()"
    assert page.evaluate(marked, "spoken-word") == "sign-up"
    assert page.evaluate(marked, "spoken-sentence").strip().endswith("makes an account for you.")
    page.get_by_role("button", name="Stop").click()
    assert page.evaluate("CSS.highlights.size") == 0
    page.get_by_role("button", name="Listen").click()
    assert page.evaluate("said.at(-1).text") == "An idea"


def test_choices_are_read_and_reading_ends_by_itself(open_page):
    page = open_page(f"{LESSON}/steps/4", script=A_VOICE)
    page.get_by_role("button", name="Listen").click()
    page.evaluate("for (let n = 0; n < 99 && speechSynthesis.now; n++) speechSynthesis.now.onend()")
    heard = page.evaluate("said.map(u => u.text.trim())")
    assert "Your home address" in heard and "A photo of your face" in heard
    assert page.get_by_role("button", name="Listen").is_visible()


def test_a_new_card_ends_the_reading_of_the_old_one(open_page):
    page = open_page(f"{LESSON}/steps/1", script=A_VOICE)
    page.get_by_role("button", name="Listen").click()
    page.locator(".choice").first.click()
    page.get_by_role("button", name="Check my answer").click()
    page.wait_for_selector(".feedback")
    assert page.get_by_role("button", name="Listen").is_visible()


def test_staff_pages_are_clean_too(open_page, signed_in):
    lee = signed_in("learner")
    lee.person.audience = "staff"
    db.merge(lee.person)
    db.commit()
    module = "/lessons/ruc/ruc-7-social-media-with-students"
    lee.post(module)
    db.remove()
    for path in ("/lessons/ruc", module, f"{module}/steps/1"):
        page = open_page(path, who=lee)
        assert findings(page, AND_GOOD_PRACTICE) == [] and sticks_out(page) == []
