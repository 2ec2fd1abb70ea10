"""Files of a course through the door: teachers and administrators get them, nobody who may have to answer does."""

import pytest

from exchange.formats import FORMATS
from tests.exchange.reading import unpacked

LESSON = "g4-same-me"
DOORS = [
    "/exchange/g4",
    "/exchange/g4/links",
    *(f"/exchange/g4/questions/{name}" for name in FORMATS),
    *(f"/exchange/g4/{LESSON}/questions/{name}" for name in FORMATS),
]


@pytest.mark.parametrize("path", DOORS)
def test_who_is_not_signed_in_is_sent_away(client, path):
    assert client.get(path).status_code == 401


@pytest.mark.parametrize("role", ["learner", "mentor", "other", "chooser"])
@pytest.mark.parametrize("path", DOORS)
def test_nobody_gets_the_answers_who_is_no_teacher(curriculum, signed_in, role, path):
    answer = signed_in(role).get(path)
    assert answer.status_code == 403
    assert "Content-Disposition" not in answer.headers


@pytest.mark.parametrize("role", ["teacher", "administrator"])
@pytest.mark.parametrize("path", DOORS[1:])
def test_teachers_and_administrators_download(curriculum, signed_in, role, path):
    answer = signed_in(role).get(path)
    assert answer.status_code == 200
    assert answer.headers["Content-Disposition"].startswith("attachment; filename=")
    assert "no-store" in answer.headers["Cache-Control"]


def test_the_answers_of_the_staff_course_are_for_administrators(curriculum, signed_in):
    for path in ("/exchange/ruc", "/exchange/ruc/questions/csv", "/exchange/ruc/links"):
        assert signed_in("teacher").get(path).status_code == 403
        assert signed_in("administrator").get(path).status_code == 200


def test_a_lesson_of_another_course_is_not_smuggled_past_the_door(curriculum, signed_in):
    answer = signed_in("teacher").get("/exchange/g4/ruc-7-social-media-with-students/questions/csv")
    assert answer.status_code == 404


@pytest.mark.parametrize(
    "path", ["/exchange/g99", "/exchange/g4/questions/pdf", f"/exchange/g4/{LESSON}/questions/x"]
)
def test_what_is_not_there_is_a_plain_page(curriculum, signed_in, path):
    assert signed_in("teacher").get(path).status_code == 404


def test_the_course_page_leads_teachers_there_and_pupils_not(curriculum, signed_in):
    assert "/exchange/g4" in signed_in("teacher").get("/lessons/g4").text
    assert "/exchange/g4" not in signed_in("learner").get("/lessons/g4").text
    assert "/exchange/ruc" not in signed_in("teacher").get("/lessons/ruc").text
    page = signed_in("teacher").get("/exchange/g4").text
    assert "The right answers are inside." in page and f"/exchange/g4/{LESSON}/questions/qti" in page


def test_a_download_has_the_facts_of_the_district(curriculum, signed_in, district):
    files = unpacked(signed_in("teacher").get("/exchange/g4/questions/qti").data)
    assert not [name for name, data in files.items() if b"{{" in data]
    assert b"This file holds the right answers" in files["README.txt"]
