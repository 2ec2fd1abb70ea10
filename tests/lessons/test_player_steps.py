"""A step made ready to be shown: names, glossary words, and numbers that are out of range."""

import pytest

from lessons.step_page import NoSuchStep, link_words, step_names, step_of_item, step_page, words_on
from tests.lessons.player_lesson import ID, made_up_lesson


def test_steps_without_a_title_are_named_after_what_they_are():
    assert step_names(made_up_lesson()) == ("A note", "Card 1", "Try it", "Our rule", "Tell someone")


def test_a_step_knows_its_place_and_its_question():
    page = step_page(made_up_lesson(), 3)
    assert (page.number, page.name, page.is_last) == (3, "Try it", False)
    assert page.item is not None and page.item.short == "p1"
    assert step_page(made_up_lesson(), 5).is_last


@pytest.mark.parametrize("number", [0, -1, 6, 999])
def test_a_step_number_out_of_range_is_refused(number):
    with pytest.raises(NoSuchStep):
        step_page(made_up_lesson(), number)


def test_an_item_is_found_by_the_step_that_shows_it():
    assert step_of_item(made_up_lesson(), f"{ID}.p1") == 3
    with pytest.raises(NoSuchStep):
        step_of_item(made_up_lesson(), f"{ID}.q01")


def test_only_the_words_of_this_card_are_explained():
    lesson = made_up_lesson()
    assert words_on(lesson.steps[0], lesson.glossary) == (("scam", "A trick to get your money."),)


def test_a_word_inside_another_word_is_not_taken_for_it():
    lesson = made_up_lesson()
    assert words_on(lesson.steps[0], {"cam": "A part of an engine."}) == ()


def test_the_first_bold_use_of_a_word_leads_to_its_meaning():
    html = "<p><strong>Scam</strong>, again <strong>scam</strong>, a scam.</p>"
    linked = link_words(html, (("scam", "A trick."),))
    assert linked == '<p><a class="word" href="#word-1">Scam</a>, again <strong>scam</strong>, a scam.</p>'


def test_a_word_with_signs_that_html_escapes_is_found():
    assert 'href="#word-1"' in link_words("<strong>Q&amp;A</strong>", (("Q&A", "Questions and answers."),))
