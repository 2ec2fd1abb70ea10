"""A launch, as the person who clicked sees it."""

import pytest
import sqlalchemy as sa

from core.database import db
from lti_tool.models import Launch
from people.models import Person


@pytest.mark.parametrize("school", ["canvas", "schoology", "moodle"], indirect=True)
def test_a_pupil_lands_on_the_lesson_the_link_names(school):
    tab = school.launch("ana", "g4-same-me")
    assert tab.landed.startswith("/lessons/g4/g4-same-me?visit=")


def test_two_tabs_of_one_browser_keep_apart(school):
    one = school.launch("ana", "g4-same-me")
    two = school.launch("ben", "g4-tricky-messages", browser=one)
    assert one.secret == two.secret and one.visit != two.visit
    assert one.person.id != two.person.id


def test_the_same_pupil_is_one_person_however_often_they_come(school):
    school.launch("ana", "g4-same-me")
    school.launch("ana", "g4-tricky-messages")
    assert db.scalar(sa.select(sa.func.count(Person.id))) == 1
    assert db.scalar(sa.select(sa.func.count(Launch.id))) == 2
