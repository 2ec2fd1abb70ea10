"""A class in an LMS course, and its teacher."""

import pytest

from core.database import db
from people.models import Classroom
from tests.browsers import Browser
from tests.teaching.makers import LESSONS, ClassInLms, a_platform, publish


@pytest.fixture
def course_of_six(no_curriculum: None) -> None:
    """A release with one course of six lessons; the class page needs only their names."""
    publish({"g4": LESSONS})


@pytest.fixture
def room(course_of_six: None, district, year, classroom) -> ClassInLms:
    """The class of the sign-in, nothing linked and nobody seated yet."""
    return ClassInLms(district, year, classroom, a_platform(district))


@pytest.fixture
def next_room(room: ClassInLms) -> ClassInLms:
    """The class next door, in the same district and LMS."""
    other = Classroom(district_id=room.district.id, title="Grade 4, Room 13")
    db.add(other)
    db.commit()
    return ClassInLms(room.district, room.year, other, room.platform)


@pytest.fixture
def teacher(room: ClassInLms, signed_in) -> Browser:
    return signed_in("teacher", classroom=room.classroom)
