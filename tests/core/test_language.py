"""The language of a request: whose word counts, what `<html lang>` says, and that refusals come along."""

from dataclasses import replace
from datetime import date

import pytest

from core.language import COOKIE, N_, spoken, translated, written_date, written_number
from core.messages import Message, recognise

NO_PAGE = {"en": "There is no page at this address.", "es": "No hay ninguna página en esta dirección."}


def language_of(answer) -> str:
    """What the page says it is written in, after checking that it is."""
    for tag, words in NO_PAGE.items():
        if f'<html lang="{tag}">' in answer.text:
            assert words in answer.text
            return tag
    raise AssertionError(answer.text[:200])


@pytest.mark.parametrize(
    ("tag", "ours"),
    [
        ("es", "es"),
        ("es-MX", "es"),
        ("es_mx", "es"),
        ("ES", "es"),
        ("en_us", "en"),
        ("vi", None),
        ("", None),
        (None, None),
    ],
)
def test_language_tags_as_lmss_write_them(tag, ours):
    assert spoken(tag) == ours


@pytest.mark.parametrize(
    ("header", "read"),
    [
        ("es-US,es;q=0.9,en;q=0.5", "es"),
        ("vi,es;q=0.5", "es"),
        ("en", "en"),
        ("vi", "en"),
        ("*", "en"),
        ("", "en"),
        (";;q=x,\u00e9", "en"),
    ],
)
def test_before_a_sign_in_the_browser_decides(client, header, read):
    assert language_of(client.get("/no/such/page", headers={"Accept-Language": header})) == read


def test_a_choice_holds_in_this_browser_and_comes_back_to_the_page(client):
    chosen = client.post("/people/language", data={"language": "es", "back": "/lessons/help?from=a"})
    assert chosen.status_code == 303 and chosen.headers["Location"] == "/lessons/help?from=a"
    assert language_of(client.get("/no/such/page", headers={"Accept-Language": "en"})) == "es"
    written = chosen.headers["Set-Cookie"]
    assert written.startswith(f"{COOKIE}=es") and "Partitioned" in written and "Secure" in written


@pytest.mark.parametrize(
    "asked",
    [{"language": "xx", "back": "/a"}, {"back": "/a"}, {"language": "es"}, {"language": "es", "back": "//evil.example"},
     {"language": "es", "back": "/\\evil.example"}, {"language": "es", "back": "https://evil.example/"},
     {"language": "es", "back": "/a\r\nX: y"}],
)  # fmt: skip
def test_an_odd_choice_leads_nowhere(client, asked):
    answer = client.post("/people/language", data=asked)
    assert answer.status_code == 404 and "Set-Cookie" not in answer.headers


def test_a_choice_goes_with_the_person_to_another_device(signed_in):
    here = signed_in()
    assert (
        here.post("/people/language", data={"language": "es", "back": "/completion/mine"}).status_code == 303
    )
    assert '<html lang="es">' in here.get("/completion/mine").text
    there = signed_in(person=here.person)
    assert '<html lang="es">' in there.get("/completion/mine", headers={"Accept-Language": "en"}).text


def test_a_choice_of_one_pupil_is_not_that_of_the_next_on_the_same_chromebook(signed_in):
    ana = signed_in()
    kept = ana.post("/people/language", data={"language": "es", "back": "/completion/mine"})
    assert "Set-Cookie" not in kept.headers
    ben = signed_in(browser=ana)
    assert '<html lang="en">' in ben.get("/completion/mine").text


@pytest.mark.parametrize(
    ("locale", "read"), [("es-MX", "es"), ("es_mx", "es"), ("en-US", "en"), ("vi", "en")]
)
def test_a_launch_says_the_language(school, curriculum, locale, read):
    school.lms.settings = replace(school.lms.settings, locale=locale)
    tab = school.launch("ana", "g4")
    page = tab.get(tab.landed, headers={"Accept-Language": "es" if read == "en" else "en"})
    assert f'<html lang="{read}">' in page.text


def test_a_refusal_speaks_the_language_of_the_launch_it_refuses(school):
    school.lms.settings = replace(school.lms.settings, locale="es_mx")
    refused = school.post_launch("ana", "g4", version="1.1")
    assert refused.status_code == 400 and '<html lang="es">' in refused.text


def test_the_list_of_languages_says_what_no_person_has_read(client):
    page = client.get("/no/such/page").text
    assert "Español (traducción automática, en revisión)" in page and ">English<" in page


def test_programs_are_answered_in_english(client):
    problem = client.get("/api/v1/no-such-thing", headers={"Accept-Language": "es"})
    assert problem.json["detail"] == NO_PAGE["en"]


def test_a_message_is_english_and_knows_how_to_be_said(app):
    said = N_("This text needs the district setting %(name)s, which is not set.", name="a.b")
    assert said == "This text needs the district setting a.b, which is not set."
    with app.test_request_context(headers={"Accept-Language": "es"}):
        assert translated(said) == "Este texto necesita el ajuste a.b del distrito, que no está definido."
        assert translated("a.b") == "a.b"


def test_a_stored_text_is_recognised():
    known = ["Wait.", "Not in the gradebook: %(problem)s", "It answered %(times)s times (%(status)s)."]
    found = recognise("It answered 18 times (500).", known)
    assert isinstance(found, Message) and found.values == {"times": "18", "status": "500"}
    assert not isinstance(recognise("Wait", known), Message)


def test_dates_and_numbers(app):
    day = date(2026, 11, 24)
    with app.test_request_context(headers={"Accept-Language": "es-US"}):
        assert (written_date(day), written_number(92.5), written_number(80.0)) == (
            "24 de noviembre de 2026",
            "92.5",
            "80",
        )
    with app.test_request_context():
        assert written_date(day) == "November 24, 2026"
    assert written_date(day) == "November 24, 2026", "a worker has no reader"
