"""The public notice says what the tables hold and what the district decided, in both languages, to anybody."""

import html
import re

import pytest

from core.database import db
from held.inventory import pointing_at_people
from held.schedule import set_term
from held.tables import INVENTORY
from people.audit import COMMAND
from people.models import District


def words(answer) -> str:
    assert answer.status_code == 200, answer.text
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", answer.text)).split())


def test_every_column_about_people_stands_in_the_notice(client, district):
    page = client.get("/public/privacy").text
    lines = [re.sub(r"<[^>]+>", "", line) for line in re.findall(r"<li><code>.*?</li>", page)]
    shown = {table: set(columns.split(", ")) for table, columns in (line.split(": ") for line in lines)}
    assert shown == {name: held.every_column for name, held in INVENTORY.items()}
    assert {table for table, _column in pointing_at_people()} <= set(shown)


def test_the_terms_are_the_districts_own(client, district):
    assert "Answers to single questions 90 days the end of the school year" in words(
        client.get("/public/privacy")
    )
    set_term(district, "quiz_answers", "30d", COMMAND)
    db.commit()
    assert "Answers to single questions 30 days the end of the school year" in words(
        client.get("/public/privacy")
    )


def test_it_says_whom_to_ask(client, district):
    assert "Ask the office of your school, or the privacy office of Evergreen" in words(
        client.get("/public/privacy")
    )
    district.variables = {"district.privacy_office": "the Records Office, 253-555-0100"}
    db.add(district)
    db.commit()
    assert "Ask the Records Office, 253-555-0100 of Evergreen" in words(client.get("/public/privacy"))


def test_it_is_in_spanish_for_who_reads_spanish(client, district):
    page = client.get("/public/privacy", headers={"Accept-Language": "es-MX"})
    assert "Respuestas a cada pregunta 90 días el fin del año escolar" in words(page)
    assert 'lang="es"' in page.text


def test_of_several_districts_one_is_chosen_and_a_pupil_reads_their_own(client, district, signed_in):
    db.add(District(slug="next-door", name="Next Door", timezone="America/Los_Angeles"))
    db.commit()
    chosen = client.get("/public/privacy")
    assert "Choose yours" in chosen.text and 'href="/public/privacy/next-door"' in chosen.text
    assert "Next Door" in words(client.get("/public/privacy/next-door"))
    assert "Evergreen School District" in words(signed_in().get("/public/privacy"))
    assert client.get("/public/privacy/nowhere").status_code == 404


@pytest.mark.parametrize("path", ["/public/privacy", "/public/privacy/evergreen"])
def test_nobody_is_named_on_it(client, district, make_person, path):
    person = make_person()
    assert person.public_id not in client.get(path).text
