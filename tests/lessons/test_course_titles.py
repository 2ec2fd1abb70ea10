"""A course's title is said in the language of the page, and every planned course has one that can be."""

import yaml

from core.database import db, transaction
from lessons.course_titles import TITLES
from people.models import Person
from tests.lessons.sample import CURRICULUM


def test_every_planned_title_is_there() -> None:
    plan = yaml.safe_load((CURRICULUM / "scope_and_sequence.yaml").read_text(encoding="utf-8"))
    assert set(TITLES) == {each["title"] for each in plan["courses"]} | {plan["staff_course"]["title"]}


def test_a_spanish_page_says_it_in_spanish(curriculum, signed_in) -> None:
    reader = signed_in("learner")
    assert "<h1>Digital Citizenship, Grade 4</h1>" in reader.get("/lessons/g4").text
    with transaction():
        db.get_one(Person, reader.person.id).language = "es"
    assert "<h1>Ciudadanía digital, 4.º grado</h1>" in reader.get("/lessons/g4").text
