"""A lesson in the reader's language through HTTP: chosen, kept, changed in the middle, said in the right tag."""

import re

import pytest
import sqlalchemy as sa

from core.database import db
from lessons.models import LessonVisit
from people.models import Person
from tests.browsers import Browser
from tests.lessons.player_lesson import ID, PATH, made_up_lesson, publish
from tests.lessons.spanish import translated

SWITCH = f"{PATH}/language"
NOTE = "Traducción automática, en revisión."


@pytest.fixture(autouse=True)
def course(no_curriculum, year):
    publish(
        translated(made_up_lesson(cards=2), leave=("card-2", f"{ID}.p1")),
        made_up_lesson("g4-second", title="Second"),
    )


@pytest.fixture
def ann(signed_in) -> Browser:
    return signed_in("learner")


def speak(browser: Browser, lang: str) -> None:
    """The language of the pages, as the preferences would set it."""
    db.execute(sa.update(Person).where(Person.id == browser.person.id).values(language=lang))
    db.commit()
    db.remove()


def visit_of(browser: Browser) -> LessonVisit:
    db.remove()
    return db.scalars(sa.select(LessonVisit).filter_by(person_id=browser.person.id)).one()


def test_the_lesson_is_in_the_language_of_the_pages_where_it_has_it(ann):
    assert '<h1 lang="en" data-read>Made Up</h1>' in ann.get(PATH).text
    speak(ann, "es")
    assert '<h1 lang="es" data-read>ES: Made Up</h1>' in ann.get(PATH).text
    assert '<h1 lang="en" data-read>Second</h1>' in ann.get("/lessons/g4/g4-second").text


def test_the_course_lists_each_lesson_by_its_name_in_that_language(ann):
    speak(ann, "es")
    page = ann.get("/lessons/g4").text
    assert '<span lang="es">ES: Made Up</span>' in page and '<span lang="en">Second</span>' in page


def test_only_a_lesson_with_more_than_one_language_offers_them(ann):
    assert "Lesson in" in ann.get(PATH).text
    assert "Lesson in" not in ann.get("/lessons/g4/g4-second").text


def test_what_is_chosen_before_the_start_is_kept_with_the_visit(ann):
    front = ann.post(SWITCH, data={"language": "es"})
    assert front.status_code == 303
    page = ann.get(front.location).text
    assert "ES: Made Up" in page
    start = re.search(rf'action="({PATH}\?[^"]*)"', page).group(1).replace("&amp;", "&")
    ann.post(start)
    assert visit_of(ann).lang == "es"
    assert "ES: Ana gets a" in ann.get(f"{PATH}/steps/1").text


def test_looking_at_a_language_is_not_beginning(ann):
    ann.post(SWITCH, data={"language": "es"})
    db.remove()
    assert db.scalar(sa.select(sa.func.count()).select_from(LessonVisit)) == 0


def test_changed_in_the_middle_the_place_and_the_answer_stay(ann):
    ann.post(PATH)
    ann.post(f"{PATH}/steps/1")
    answer = ann.post(SWITCH, data={"language": "es", "step": "1", "chose": "b"})
    page = ann.get(answer.location).text
    assert "ES: Ana gets a" in page and "what we say to b" in page
    kept = visit_of(ann)
    assert (kept.lang, kept.step, kept.furthest) == ("es", 2, 2)
    ann.post(SWITCH, data={"language": "en", "step": "2"})
    assert visit_of(ann).lang == "en"
    speak(ann, "es")
    assert "<h1>Card 1</h1>" in ann.get(f"{PATH}/steps/2").text  # what was chosen here goes before the pages


def test_who_never_chose_follows_the_language_of_the_pages(ann):
    ann.post(PATH)
    assert visit_of(ann).lang is None
    speak(ann, "es")
    assert "ES: Ana gets a" in ann.get(f"{PATH}/steps/1").text


def test_every_part_says_which_language_it_is_in(ann):
    ann.post(PATH)
    for step in range(1, 4):
        ann.post(f"{PATH}/steps/{step}")
    ann.post(SWITCH, data={"language": "es"})
    spanish = ann.get(f"{PATH}/steps/2").text
    assert '<div class="words" lang="es" data-read>' in spanish
    assert '<html lang="en">' in spanish
    assert '<p class="kind" lang="es">Una idea</p>' in spanish
    left = ann.get(f"{PATH}/steps/3").text
    assert '<div class="words" lang="en" data-read>' in left
    assert '<p class="small soft" lang="es">Esta parte todavía está en inglés.</p>' in left
    asked = ann.get(f"{PATH}/steps/4").text
    assert 'id="answer" lang="en"' in asked and "Esta parte todavía está en inglés." in asked
    assert 'id="answer" lang="es"' in ann.get(f"{PATH}/steps/1").text


def test_a_machine_translation_says_that_it_is_one(ann):
    ann.post(PATH)
    assert NOTE not in ann.get(f"{PATH}/steps/1").text
    ann.post(SWITCH, data={"language": "es"})
    for path in (PATH, f"{PATH}/steps/1"):
        assert f'lang="es">{NOTE}</p>' in ann.get(path).text


def test_a_reviewed_translation_says_nothing(signed_in, no_curriculum):
    publish(translated(made_up_lesson(title="Read by a person"), status="reviewed"))
    ben = signed_in("learner")
    speak(ben, "es")
    page = ben.get(PATH).text
    assert "ES: Read by a person" in page and NOTE not in page


def test_a_teachers_preview_goes_on_in_the_language_it_was_asked_in(signed_in):
    cruz = signed_in("teacher")
    page = cruz.get(cruz.post(SWITCH, data={"language": "es"}).location).text
    assert "ES: Made Up" in page
    step = cruz.post(re.search(rf'action="({PATH}\?[^"]*)"', page).group(1).replace("&amp;", "&"))
    assert "ES: Ana gets a" in cruz.get(step.location).text
    back = cruz.post(f"{SWITCH}?lang=es", data={"language": "en", "step": "1"})
    assert "ES:" not in cruz.get(back.location).text
    db.remove()
    assert db.scalar(sa.select(sa.func.count()).select_from(LessonVisit)) == 0


@pytest.mark.parametrize("odd", ["fr", "", "<b>", "en-US"])
def test_a_language_the_lesson_has_not_gets_a_plain_page(ann, odd):
    ann.post(PATH)
    answer = ann.post(SWITCH, data={"language": odd})
    assert answer.status_code == 404 and "Reference" in answer.text
    assert visit_of(ann).lang is None
    assert ann.get(f"{PATH}?lang={odd}").status_code == 200


@pytest.mark.parametrize("step", ["99", "0", "-1", "x", ""])
def test_a_made_up_step_leads_to_a_plain_page_or_the_front(ann, step):
    ann.post(PATH)
    answer = ann.post(SWITCH, data={"language": "es", "step": step})
    assert answer.status_code == 303
    assert ann.get(answer.location).status_code in (200, 303, 404)


def test_an_outsider_can_not_choose(app):
    assert app.test_client().post(SWITCH, data={"language": "es"}).status_code == 401


def test_who_began_before_there_was_a_translation_finishes_the_version_they_began(signed_in, no_curriculum):
    publish(made_up_lesson(title="Older"))
    ben = signed_in("learner")
    ben.post(PATH)
    publish(translated(made_up_lesson(title="Newer")))
    speak(ben, "es")
    page = ben.get(PATH).text
    assert "Older" in page and "Lección en" not in page


def test_a_language_more_costs_no_query(ann, count_queries):
    ann.post(PATH)
    ann.get(f"{PATH}/steps/1")
    with count_queries() as english:
        ann.get(f"{PATH}/steps/1")
    ann.post(SWITCH, data={"language": "es"})
    ann.get(f"{PATH}/steps/1")
    with count_queries() as spanish:
        ann.get(f"{PATH}/steps/1")
    assert len(spanish) == len(english), (english, spanish)
