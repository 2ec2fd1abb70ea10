"""A class that leaves as a file stands in the disclosure log; looking at the page does not."""

import sqlalchemy as sa

from core.database import db
from people.disclosure_models import Disclosure


def test_the_file_of_a_class_is_noted_and_the_page_is_not(teacher, room):
    room.link("/lessons/g4")
    room.seat("Ann Alder")
    room.seat("Ben Birch")
    teacher.get("/completion/class")
    assert db.scalars(sa.select(Disclosure)).all() == []
    assert teacher.get("/completion/class.csv").status_code == 200
    db.remove()
    (row,) = db.scalars(sa.select(Disclosure)).all()
    assert (row.kind, row.purpose, row.people) == ("class_csv", "teaching", 2)
    assert row.reader == f"person:{teacher.person.public_id}"
    assert row.subject == f"class:{room.classroom.id}"
