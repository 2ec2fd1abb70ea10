"""What stands in a letter: dates, the language, how often we write, one link that opens nothing by itself, no names."""

import re
from datetime import date, timedelta

import pytest

from core.database import db
from people.models import District
from tests.reminders.conftest import COURSE, MONDAY, work

DUE = date(2026, 10, 19)


def both(message) -> tuple[str, str]:
    return (
        message.get_body(("plain",)).get_content(),
        message.get_body(("html",)).get_content(),
    )


def test_a_letter_in_english(staff, settings, post):
    staff.owes("ann@evergreen.example", DUE)
    work()
    (letter,) = post.taken
    assert letter["Subject"] == "Due by Monday, October 19, 2026: responsible use"
    assert letter["From"] == "Evergreen School District <lessons@evergreen.example>"
    assert letter["Auto-Submitted"] == "auto-generated" and letter["Content-Language"] == "en"
    assert letter["Message-ID"].endswith("@evergreen.example>")
    for said in both(letter):
        assert "due by Monday, October 19, 2026." in said and "That is in 14 days." in said
        assert "at most once a day" in said and "no way to unsubscribe" in said
        assert re.findall(r"https?://[^\s\"<]+", said) == [COURSE]


def test_a_letter_in_spanish(staff, settings, post):
    staff.owes("ana@evergreen.example", DUE, language="es")
    work()
    (letter,) = post.taken
    assert letter["Subject"] == "A más tardar el lunes, 19 de octubre de 2026: uso responsable"
    for said in both(letter):
        assert "a más tardar el lunes, 19 de octubre de 2026" in said and "Faltan 14 días." in said
        assert "darse de baja" in said and "due" not in said
    assert '<html lang="es">' in both(letter)[1]


def test_an_agreement_that_changed(staff, settings, post):
    ann = staff.person("ann@evergreen.example")
    staff.stands(ann, "reattest_due", DUE, reason="revised")
    work()
    assert "The agreement you signed has changed." in both(post.taken[0])[0]


def test_past_the_date(staff, settings, post, clock):
    ann = staff.person("ann@evergreen.example")
    staff.stands(ann, "overdue", MONDAY - timedelta(days=1), MONDAY + timedelta(days=11))
    work()
    said = both(post.taken[0])[0]
    assert "was due by Sunday, October 4" in said
    assert "by Friday, October 16, 2026. After that your access to the network may end." in said


@pytest.mark.parametrize(("ahead", "words"), [(0, "That is today."), (1, "That is in 1 day.")])
def test_how_soon(staff, settings, post, ahead, words):
    staff.owes("ann@evergreen.example", MONDAY + timedelta(days=ahead))
    work()
    assert words in both(post.taken[0])[0]


def test_a_summary_names_nobody(staff, settings, post):
    elm = staff.building("elm", "Elm <b>Elementary</b>")
    hr = staff.person("hr@evergreen.example")
    staff.office(hr, "hr")
    head = staff.person("head@evergreen.example")
    staff.office(head, "school", elm)
    for number in range(3):
        staff.owes(f"secret{number}@evergreen.example", DUE, building=elm)
    work()
    summaries = [each for each in post.taken if not str(each["To"]).startswith("secret")]
    assert {str(each["Subject"]) for each in summaries} == {
        "Evergreen School District: 3 of 3 still owe it",
        "Elm <b>Elementary</b>: 3 of 3 still owe it",
    }
    for letter in summaries:
        plain, page = both(letter)
        assert "secret" not in plain + page
        assert "<b>" not in page
        assert "None of them is past the date." in plain and "once a week" in plain


def test_a_districts_name_breaks_no_header(staff, settings, post, district):
    db.get_one(District, district.id).name = 'Evergreen, "the" District\r\nBcc: evil@evil.example'
    db.commit()
    staff.owes("ann@evergreen.example", DUE)
    work()
    assert all(each["Bcc"] is None for each in post.taken)
