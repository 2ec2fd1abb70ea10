"""The pages of schools and the district in a real browser: nothing sticks out, axe finds nothing, on paper too."""

from datetime import date, timedelta

import pytest

from core.clock import now
from core.database import db
from oversight.models import DayFigure
from tests.browser.looking import is_sound_in_every_look, sticks_out, windows
from tests.browsers import Browser
from tests.oversight.makers import Town, in_days, publish_plan

sync_playwright = pytest.importorskip(
    "playwright.sync_api", reason="pip install -r requirements-dev.txt"
).sync_playwright

SCHOOLS = (
    "Elm Elementary",
    "Oak School",
    "Martin Luther King Jr. Elementary School and Learning Center",
    "Fir",
)


@pytest.fixture
def town(no_curriculum: None, district) -> Town:
    publish_plan()
    made = Town(district)
    for place, name in enumerate(SCHOOLS):
        school = made.building(f"b{place}", name)
        pupils = [
            made.person("pupil", school, grade=grade, sis=f"{place}{n}")
            for n, grade in enumerate(("g4", "g4", "g4", "k"))
        ]
        for pupil in pupils[: place + 1]:
            made.does(pupil, "g4-same-me", "g4-game-chat")
        made.classroom(f"Room {place}", *pupils)
        for number, (job, state, access, more) in enumerate(
            (
                ("teacher", "complete", "allow", {}),
                ("para", "in_progress", "allow", {"due_at": in_days(5), "grace_until": in_days(19 + place)}),
                ("driver", "expired", "limited", {"due_at": in_days(-30)}),
                ("office", "assigned", "allow", {"due_at": in_days(5), "grace_until": in_days(19)}),
                ("substitute", "revoked", "deny", {}),
            )
        ):
            person = made.person(
                "staff",
                school,
                job=job,
                email=f"a.rather.long.name.of.somebody{number}@school{place}.evergreen.example",
            )
            made.stands(person, state, access, **more)
    made.person("staff", school, job="other")
    db.add_all(day(made, weeks) for weeks in range(1, 12))
    db.commit()
    made.count()
    return made


def day(town: Town, weeks: int) -> DayFigure:
    at: date = (now() - timedelta(weeks=weeks)).date()
    return DayFigure(
        district_id=town.district.id,
        day=at,
        owed=40,
        taught=max(0, 14 - weeks),
        staff=20,
        staff_done=max(0, 16 - 2 * weeks),
    )


@pytest.fixture
def tabs(town: Town, signed_in) -> dict[str, Browser]:
    return {office: signed_in("teacher", person=town.officer(office)) for office in ("district", "hr", "it")}


@pytest.fixture
def open_page(chromium, address: str, tabs):
    with windows(chromium, address) as opened:
        yield lambda path, office="district", *size, **options: opened(path, tabs[office], *size, **options)


SCHOOL, DISTRICT, PEOPLE = "/completion/school", "/completion/district", "/completion/district/people"
PAGES = [
    (SCHOOL, "district"), (SCHOOL, "hr"), (DISTRICT, "district"), (DISTRICT, "hr"), (DISTRICT, "it"),
    (PEOPLE, "hr"), (PEOPLE, "it"), (f"{PEOPLE}?audience=pupil&missing=g4-four-ways", "district"),
]  # fmt: skip


@pytest.mark.parametrize(("path", "office"), PAGES)
def test_nothing_sticks_out_and_axe_finds_nothing_at_any_width_or_theme(open_page, path, office):
    page = open_page(path, office)
    is_sound_in_every_look(page)
    page.set_viewport_size({"width": 800, "height": 800})
    assert sticks_out(page) == 0, "where two charts just do not fit beside each other"


def test_words_of_a_chart_keep_their_size_and_stand_inside_it_on_a_narrow_page(open_page):
    page = open_page(DISTRICT, "district", 320)
    sizes = page.evaluate(
        "[...document.querySelectorAll('svg.chart:not(.swatch) text')].map(t => {"
        " const r = t.getBoundingClientRect(), c = t.closest('svg.chart').getBoundingClientRect();"
        " return [r.height, c.left - r.left, r.right - c.right] })"
    )
    assert len(sizes) > 10
    assert all(height >= 12 and left <= 1 and right <= 1 for height, left, right in sizes), sizes


def test_names_and_numbers_of_a_chart_do_not_run_into_each_other(open_page):
    page = open_page(DISTRICT, "district", 320)
    crossing = page.evaluate(
        "[...document.querySelectorAll('svg.chart text.said')].filter(t => t.previousElementSibling"
        ".getBoundingClientRect().right > t.getBoundingClientRect().left)"
        ".map(t => t.previousElementSibling.textContent)"
    )
    assert crossing == []


def test_each_chart_has_a_name_and_says_what_the_table_says(open_page):
    page = open_page(DISTRICT)
    chart = page.get_by_role("img", name="Lessons taught by school")
    assert chart.count() == 1
    table = page.locator("table", has_text="Pupils of each school").locator("tbody tr")
    for row in table.all():
        name, percent = row.locator("th").inner_text(), row.locator("td").nth(1).locator("b").inner_text()
        assert f"{name}: {percent}" in chart.locator("desc").text_content()


def test_series_differ_by_more_than_color(open_page):
    page = open_page(DISTRICT)
    patterns = page.evaluate(
        "[...document.querySelectorAll('svg.chart:not(.swatch) pattern')].map(p => p.innerHTML)"
    )
    assert len(patterns) == len(set(patterns)) == 5


def test_a_school_is_chosen_by_keyboard_and_survives_a_reload(open_page):
    page = open_page(SCHOOL, java_script_enabled=False)
    page.get_by_label("School", exact=True).select_option("Fir")
    page.get_by_role("button", name="Show", exact=True).press("Enter")
    page.wait_for_url("**building=*")
    page.reload()
    assert "Fir" in page.locator(".kind").inner_text()


def test_from_a_number_to_the_people_behind_it(open_page):
    page = open_page(DISTRICT, "hr", java_script_enabled=False)
    page.locator("table", has_text="Staff by job").locator("tr", has_text="Drivers").get_by_role(
        "link"
    ).last.click()
    assert page.locator("h1").inner_text() == "4 members of the staff fit this choice."
    page.get_by_label("Building").select_option("Fir")
    page.get_by_role("button", name="Show", exact=True).click()
    assert page.locator("h1").inner_text() == "1 member of the staff fits this choice."


@pytest.mark.parametrize("path", [SCHOOL, DISTRICT])
def test_on_paper_tables_are_whole_and_buttons_are_gone(open_page, path):
    page = open_page(path, "district", 740)
    page.emulate_media(media="print")
    assert page.locator("thead").first.is_visible()
    assert sticks_out(page) == 0
    assert not any(button.is_visible() for button in page.get_by_role("button").all())
    assert not page.get_by_role("navigation", name="Pages of your office").is_visible()
