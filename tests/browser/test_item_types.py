"""Every type of item in a real browser: keyboard, touch, narrow, zoomed, dark, high contrast, axe, no scripts."""

from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
import sqlalchemy as sa
from playwright.sync_api import Browser, Page, expect

from core.database import db
from lessons.items import Item
from people.sign_in import VISIT
from quizzes.models import Attempt, Response
from tests.browser.looking import AND_GOOD_PRACTICE, findings, windows
from tests.browser.test_player import THEMES, prefer, sticks_out, wear
from tests.lessons.every_type import every_type, right_answer
from tests.quizzes.conftest import Taker, publish

OLDER, YOUNG = every_type(), every_type("K-2", lesson_id="k-every-type")
TYPES = [item.type for item in OLDER.quiz_items]


@pytest.fixture
def ann(no_curriculum, signed_in, year) -> Taker:
    publish(OLDER, YOUNG)
    ann = Taker(signed_in("learner"), year)
    for each in (OLDER, YOUNG):
        ann.finish_lesson(each.id)
    return ann


@pytest.fixture
def open_page(chromium: Browser, address: str, ann: Taker) -> Iterator:
    """open_page(path, script="", **context options) -> Page; complaints and requests to others fail the test."""
    complaints: list[str] = []

    def make(path: str, script: str = "", width: int = 1024, height: int = 720, **options: object) -> Page:
        return opened(path, ann.browser, width, height, script, **options)

    with windows(chromium, address, complaints) as opened:
        yield make
    assert complaints == []


def asked(attempt: Attempt, lesson, kind: str) -> tuple[str, Item]:
    for number, drawn in enumerate(attempt.draw, start=1):
        item = lesson.item(drawn["item"])
        if item.type == kind:
            return f"/quizzes/attempts/{attempt.public_id}/{number}", item
    raise AssertionError(kind)


def kept(attempt: Attempt, item: Item) -> list[str]:
    db.remove()
    answer = db.scalars(
        sa.select(Response.answer).filter_by(attempt_id=attempt.id, item_id=item.id)
    ).one_or_none()
    db.remove()
    return answer or []


def tab_to(page: Page, selector: str) -> None:
    """Press Tab until the focus is on an element that matches."""
    for _ in range(60):
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"Tab never comes to {selector}")


def order_of(page: Page) -> list[str]:
    return page.locator("[data-order] input[name=pick]").evaluate_all("all => all.map(each => each.value)")


def sort_steps(page: Page, right: list[str], press) -> None:
    """Bring each step to its place with its buttons: `press(selector)` presses one."""
    for place, step in enumerate(right):
        while order_of(page).index(step) > place:
            press(f"[name=move][value='{step}.up']")


def press_by_keyboard(page: Page, selector: str) -> None:
    # From the top each time, as somebody does who lost their place.
    page.evaluate("document.activeElement.blur(); document.getElementById('main').focus()")
    tab_to(page, selector)
    page.keyboard.press("Enter")


def answer_with_keys(page: Page, item: Item) -> None:
    if item.type == "order":
        sort_steps(page, right_answer(item), lambda selector: press_by_keyboard(page, selector))
    elif item.type == "match":
        for card in right_answer(item):
            tab_to(page, f"#pick-{card[0]}")
            words = next(each.text for each in item.bins if each.id == card[2:])
            page.keyboard.type(words)  # a select goes to what is typed
    elif item.type == "sort":
        cards = dict(each.split(".") for each in right_answer(item))
        for name in page.locator(".to-place").evaluate_all(
            "all => all.map(each => each.querySelector('input').name)"
        ):
            tab_to(page, f"[name={name}]")
            wanted = [each.id for each in item.bins].index(cards[name[-1]])
            page.keyboard.press("Space")
            for _ in range(wanted):
                page.keyboard.press("ArrowDown")
            page.keyboard.press("Tab")
    elif item.type == "branch":
        for choice in right_answer(item):
            tab_to(page, ".scene input")
            shown = page.locator(".scene input").evaluate_all("all => all.map(each => each.value)")
            page.keyboard.press("Space")
            for _ in range(shown.index(choice)):
                page.keyboard.press("ArrowDown")
            tab_to(page, "[name=go][value=here]")
            page.keyboard.press("Enter")
            page.locator(f"input[type=hidden][name=pick][value={choice}]").wait_for(state="attached")
    else:
        shown = page.locator("[name=pick]").evaluate_all("all => all.map(each => each.value)")
        tab_to(page, "[name=pick]")
        for place, option in enumerate(shown):
            if item.type == "single":
                if place:
                    page.keyboard.press("ArrowDown")
                else:
                    page.keyboard.press("Space")
                if option in item.correct_ids:
                    break
            elif option in item.correct_ids:
                page.keyboard.press("Space")
            if item.type != "single" and place < len(shown) - 1:
                page.keyboard.press("Tab")


@pytest.mark.parametrize("kind", TYPES)
def test_a_question_is_answered_with_the_keyboard_alone(open_page, ann, kind):
    attempt = ann.start(OLDER)
    at, item = asked(attempt, OLDER, kind)
    page = open_page(at)
    answer_with_keys(page, item)
    tab_to(page, "[name=go][value=on]")
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: urlsplit(url).path != at)
    assert sorted(kept(attempt, item)) == sorted(right_answer(item))
    if item.type in ("order", "branch"):
        assert kept(attempt, item) == right_answer(item)


@pytest.mark.parametrize("kind", ["single", "order", "sort"])
def test_the_youngest_answer_with_a_finger(open_page, ann, kind):
    attempt = ann.start(YOUNG)
    at, item = asked(attempt, YOUNG, kind)
    page = open_page(at, width=800, height=1000, has_touch=True)
    if kind == "order":
        sort_steps(page, right_answer(item), lambda selector: page.locator(selector).tap())
    for value in right_answer(item) if kind != "order" else ():
        page.locator(f".choice:has([value='{value}'])").tap()
    expect(page.locator("[data-saved]")).to_have_text("Saved")
    assert sorted(kept(attempt, item)) == sorted(right_answer(item))
    small = """() => [...document.querySelectorAll("main .button, .choice:not(.step), .move, select")]
        .map(each => each.getBoundingClientRect()).filter(box => box.width < 45.9 || box.height < 45.9).length"""
    assert page.evaluate(small) == 0


@pytest.mark.parametrize("kind", ["match", "branch", "spot"])
def test_older_pupils_answer_with_a_finger(open_page, ann, kind):
    attempt = ann.start(OLDER)
    at, item = asked(attempt, OLDER, kind)
    page = open_page(at, width=400, height=800, has_touch=True)
    for value in right_answer(item):
        if kind == "match":
            page.locator(f"#pick-{value[0]}").select_option(value)
        else:
            page.locator(f".choice:has([value='{value}'])").tap()
        if kind == "branch":
            page.get_by_role("button", name="Choose this").tap()
            page.locator(f"input[type=hidden][name=pick][value={value}]").wait_for(state="attached")
    if kind != "branch":
        expect(page.locator("[data-saved]")).to_have_text("Saved")
    assert sorted(kept(attempt, item)) == sorted(right_answer(item))
    small = """() => [...document.querySelectorAll("main .button, .choice, select")]
        .map(each => each.getBoundingClientRect()).filter(box => box.width < 43.9 || box.height < 43.9).length"""
    assert page.evaluate(small) == 0


def test_a_move_is_said_kept_and_keeps_the_focus(open_page, ann):
    attempt = ann.start(OLDER)
    at, item = asked(attempt, OLDER, "order")
    page = open_page(at)
    before = order_of(page)
    page.locator(f"[value='{before[1]}.up']").press("Enter")
    expect(page.locator("[data-moved]")).to_have_text("Moved to place 1 of 4.")
    assert page.evaluate("document.activeElement.value") == f"{before[1]}.down"  # up is the end of the list
    assert order_of(page) == [before[1], before[0], *before[2:]]
    expect(page.locator("[data-saved]")).to_have_text("Saved")
    assert kept(attempt, item) == order_of(page)
    assert page.locator("[data-place]").all_inner_texts() == ["1", "2", "3", "4"]


def test_a_step_may_also_be_dragged_with_a_mouse(open_page, ann):
    attempt = ann.start(OLDER)
    at, item = asked(attempt, OLDER, "order")
    page = open_page(at)
    before = order_of(page)
    last, first = (
        page.locator("[data-step]").last.bounding_box(),
        page.locator("[data-step]").first.bounding_box(),
    )
    page.mouse.move(last["x"] + 120, last["y"] + 20)
    page.mouse.down()
    page.mouse.move(first["x"] + 120, first["y"] + 5, steps=8)
    page.mouse.up()
    expect(page.locator("[data-moved]")).to_have_text("Moved to place 1 of 4.")
    assert order_of(page) == [before[3], *before[:3]]
    expect(page.locator("[data-saved]")).to_have_text("Saved")
    assert kept(attempt, item) == order_of(page)


def pages_of(ann, attempts) -> list[str]:
    at = [
        f"/quizzes/attempts/{attempt.public_id}/{number}"
        for attempt in attempts
        for number in range(1, len(attempt.draw) + 1)
    ]
    return at + [f"/quizzes/attempts/{attempt.public_id}/check" for attempt in attempts]


def half_right(item: Item) -> list[str]:
    if item.type in ("sort", "match"):
        return [f"{each.id}.{item.bins[0].id}" for each in item.options][:-1]
    if item.type == "order":
        return [each.id for each in item.options][::-1]
    return ["b"] if item.type in ("single", "branch") else ["a", "b"]


def practice_pages(ann) -> list[str]:
    """Each practice, judged: a bit right and a bit wrong."""
    found = []
    for lesson in (OLDER, YOUNG):
        home = f"/lessons/{lesson.course}/{lesson.id}"
        for number, step in enumerate(lesson.steps, start=1):
            ann.browser.post(f"{home}/steps/{number}")
            if step.item_id:
                item = lesson.item(step.item_id)
                chosen = half_right(item)
                found.append(f"{home}/steps/{number}" + "?" + "&".join(f"chose={each}" for each in chosen))
    return found


def test_axe_finds_nothing_in_any_type_and_theme(open_page, ann, address):
    pages = [*pages_of(ann, [ann.start(OLDER), ann.start(YOUNG)]), *practice_pages(ann)]
    page = open_page(pages[0], prefer(motion="less"))
    for path in pages:
        page.goto(f"{address}{path}{'&' if '?' in path else '?'}{VISIT}={ann.browser.visit}")
        for theme in THEMES:
            wear(page, theme=theme)
            assert findings(page, AND_GOOD_PRACTICE) == [], (path, theme)


WIDER = """() => document.documentElement.scrollWidth <= innerWidth ? [] :
    [...document.querySelectorAll("main *")].filter(each => each.getBoundingClientRect().right > innerWidth)
        .map(each => each.outerHTML.slice(0, 120))"""


def test_nothing_sticks_out_narrow_zoomed_or_large(open_page, ann, address):
    """320 x 200 is what 1280 x 800 has left at 400 % zoom."""
    pages = [*pages_of(ann, [ann.start(OLDER), ann.start(YOUNG)]), *practice_pages(ann)]
    page = open_page(pages[0])
    for path in pages:
        page.goto(f"{address}{path}{'&' if '?' in path else '?'}{VISIT}={ann.browser.visit}")
        for height, wants in ((640, {}), (200, {}), (640, {"size": "largest", "spacing": "wide"})):
            if wants and path.endswith("/check"):
                continue
            page.set_viewport_size({"width": 320, "height": height})
            wear(page, **wants)
            assert sticks_out(page) == [], (path, height, wants)
            assert page.evaluate(WIDER) == [], (path, height, wants)


def test_every_type_is_practiced_by_script_without_a_page_change(open_page, ann, address):
    practice = [path.partition("?")[0] for path in practice_pages(ann)]
    page = open_page(practice[0])
    for path in practice:
        page.goto(f"{address}{path}?{VISIT}={ann.browser.visit}")
        page.evaluate("window.stayed = true")
        for radio in page.locator("#practice label.choice").all():
            radio.click()
        for select in page.locator("#practice select").all():
            select.select_option(index=1)
        page.get_by_role("button", name="Check my answer").or_(
            page.get_by_role("button", name="Choose this")
        ).click()
        page.wait_for_selector(".feedback")
        assert page.evaluate("window.stayed"), path
        focused = page.evaluate("document.activeElement.matches('[data-focus]')")
        assert focused, path


def test_every_type_is_answered_without_scripts(open_page, ann):
    attempt = ann.start(OLDER)
    for kind in ("order", "sort", "match", "branch", "spot"):
        at, item = asked(attempt, OLDER, kind)
        page = open_page(at, java_script_enabled=False)
        if kind == "order":
            sort_steps(page, right_answer(item), lambda selector, page=page: page.locator(selector).click())
        for value in right_answer(item) if kind != "order" else ():
            if kind == "match":
                page.locator(f"#pick-{value[0]}").select_option(value)
            else:
                page.locator(f".choice:has([value='{value}'])").click()
            if kind == "branch":
                page.get_by_role("button", name="Choose this").click()
        page.get_by_role("button", name="Save and").click()
        assert sorted(kept(attempt, item)) == sorted(right_answer(item)), kind
