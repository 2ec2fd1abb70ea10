"""A lesson of the real curriculum read in Spanish in a real browser: changed in the middle, read aloud, at 320 px."""

import sqlalchemy as sa

from core.database import db
from people.models import Person
from tests.browser.looking import AND_GOOD_PRACTICE, findings, is_sound_in_every_look
from tests.browser.test_player import A_VOICE, ann, open_page, prefer, sticks_out  # noqa: F401

LESSON = "/lessons/g4/g4-the-sign-up-screen"
SPANISH_VOICE = A_VOICE.replace(
    "...(window.noLocalVoice",
    '{ name: "Cerca", lang: "es-MX", localService: true, default: false },\n      ...(window.noLocalVoice',
)


def change_to(page, name: str) -> None:
    with page.expect_navigation():
        page.get_by_role("button", name=name).first.click()


def test_the_language_changes_in_the_middle_and_the_place_is_kept(open_page):  # noqa: F811
    page = open_page(f"{LESSON}/steps/4")
    assert page.locator(".words h1, legend").first.inner_text()
    page.locator(".choice").first.click()
    page.locator(".choice").nth(3).click()
    page.get_by_role("button", name="Check my answer").click()
    page.locator(".feedback").first.wait_for()
    change_to(page, "Lesson in Español")
    assert page.locator("#answer").get_attribute("lang") == "es"
    assert "/steps/4" in page.url
    assert page.locator("#answer input:checked").count() == 2
    assert "Una dirección dice" in page.locator(".feedback").first.inner_text()
    assert "Traducción automática, en revisión." in page.locator("main").inner_text()
    change_to(page, "Lesson in English")
    assert "/steps/4" in page.url and page.locator("#answer").get_attribute("lang") == "en"


def test_spanish_pages_fit_and_axe_finds_nothing(open_page):  # noqa: F811
    page = open_page(LESSON)
    change_to(page, "Español")
    for path in ("", "/steps/1", "/steps/2", "/steps/4"):
        if path:
            page.goto(page.url.split(LESSON)[0] + LESSON + path + "?" + page.url.split("?")[1])
        is_sound_in_every_look(page, AND_GOOD_PRACTICE)


def test_a_spanish_voice_reads_spanish_words(open_page):  # noqa: F811
    page = open_page(f"{LESSON}/steps/2", script=SPANISH_VOICE)
    change_to(page, "Lesson in Español")
    page.get_by_role("button", name="Listen").click()
    page.wait_for_function("window.said && said.length > 0")
    heard = []
    while page.evaluate("speechSynthesis.now !== null"):
        heard.append(page.evaluate("[speechSynthesis.now.text, speechSynthesis.now.voice.name]"))
        page.evaluate("speechSynthesis.now.onend()")
    voices = {name for text, name in heard if "registro" in text or "casilla" in text}
    assert voices == {"Cerca"}, heard


def test_the_choice_works_by_keyboard_and_without_scripts(open_page):  # noqa: F811
    page = open_page(LESSON, java_script_enabled=False)
    page.get_by_role("button", name="Español", exact=True).focus()
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert page.locator("h1").get_attribute("lang") == "es"
    assert page.locator("h1").inner_text() == "La pantalla de registro"


def test_the_quiz_and_its_review_in_spanish_fit_and_axe_finds_nothing(open_page, ann):  # noqa: F811
    for step in range(4, 12):
        ann.post(f"{LESSON}/steps/{step}")
    ann.post(f"{LESSON}/language", data={"language": "es", "quiz": "yes"})
    db.execute(sa.update(Person).where(Person.id == ann.person.id).values(language="es"))
    db.commit()
    db.remove()
    page = open_page("/quizzes/g4-the-sign-up-screen", width=320, reduced_motion="reduce")

    def look() -> None:
        assert sticks_out(page) == []
        assert findings(page, AND_GOOD_PRACTICE) == []
        assert page.locator("html").get_attribute("lang") == "es"

    look()
    page.locator("main .button.big").click()
    page.wait_for_load_state()
    look()
    attempt = page.url.split("/attempts/")[1].split("/")[0]
    page.goto(page.url.replace(f"{attempt}/1", f"{attempt}/check"))
    look()
    page.locator("main form.row .button").last.click()
    page.wait_for_load_state()
    assert "Traducción automática, en revisión." in page.locator("main").inner_text()
    look()
