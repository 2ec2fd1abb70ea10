"""Reading what is published: newest at once, one query a page, small in memory."""

import json
import tracemalloc

import pytest
import sqlalchemy as sa

from core.database import db
from lessons import library
from lessons.content import Lesson, hash_of
from lessons.models import CurriculumRelease, LessonVersion


def unpublished(number: int, like: Lesson) -> dict:
    body = {**like.to_body(), "id": f"g4-copy-{number}", "version": f"1.0.{number}"}
    return {"lesson_id": body["id"], "content_hash": hash_of(body), "body": body}


def test_before_anything_is_published_there_are_no_courses(no_curriculum: None) -> None:
    assert library.current_release().courses == {}
    with pytest.raises(library.NoSuchCourse):
        library.course("g4")
    with pytest.raises(library.NoSuchLesson):
        library.lesson("g4-same-me")


def test_unknown_courses_lessons_and_versions_are_not_found(curriculum: None) -> None:
    for ask in (
        lambda: library.course("g13"),
        lambda: library.course("guest"),
        lambda: library.lesson("g4-nothing"),
        lambda: library.lesson_by_version(10**9),
    ):
        with pytest.raises((library.NoSuchCourse, library.NoSuchLesson)) as caught:
            ask()
        assert caught.value.status == 404


def test_a_lesson_is_found_by_name_and_by_version(curriculum: None) -> None:
    lesson = library.lesson("g4-same-me")
    assert library.lesson_by_version(library.version_id(lesson)) is lesson
    assert {ref.hash for ref in library.course("g4").lessons if ref.id == lesson.id} == {lesson.content_hash}


def test_a_course_says_what_of_the_act_each_lesson_teaches(curriculum: None) -> None:
    tags = {ref.id: ref.cipa for ref in library.course("g4").lessons}
    assert "CIPA-CB" in tags["g4-ways-to-step-in"] and "CIPA-SN" in tags["g4-game-chat-choices"]
    assert all(isinstance(each, tuple) and each for each in tags.values())
    assert all(ref.cipa == () for ref in library.course("ruc").lessons), "the Act is about pupils"


def test_a_page_costs_one_small_query_once_the_lesson_is_known(curriculum: None, count_queries) -> None:
    number = library.version_id(library.lesson("g4-same-me"))
    db.remove()
    with count_queries() as statements:
        library.course("g4")
        library.lesson("g4-same-me")
        library.lesson_by_version(number)
    assert len(statements) == 1
    assert "body" not in statements[0] and "courses" not in statements[0]


def test_a_release_published_elsewhere_is_seen_by_the_next_request(
    no_curriculum: None, curriculum: None
) -> None:
    old = library.lesson("g4-same-me")
    db.remove()
    values = unpublished(1, old)
    with db.get_bind().begin() as elsewhere:  # another worker, or the command line
        elsewhere.execute(sa.insert(LessonVersion).values(**values))
        ref = {"id": values["lesson_id"], "hash": values["content_hash"], "title": "A Copy", "minutes": 12}
        courses = {"g4": {"title": "Four", "band": "3-5", "requirement": "dc-g4", "lessons": [ref]}}
        elsewhere.execute(sa.insert(CurriculumRelease).values(content_hash=hash_of(courses), courses=courses))
    assert [each.id for each in library.course("g4").lessons] == ["g4-copy-1"]
    assert library.lesson("g4-copy-1").version == "1.0.1"
    with pytest.raises(library.NoSuchLesson):
        library.lesson("g4-same-me")


def test_the_whole_plan_fits_in_150_megabytes(curriculum: None) -> None:
    bodies = [json.dumps(library.lesson(ref.id).to_body()) for ref in library.course("g4").lessons]
    tracemalloc.start()
    kept = [Lesson.from_body(json.loads(max(bodies, key=len))) for _ in range(83)]
    size, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert len(kept) == 83
    assert size * library.KEPT_LESSONS / 83 < 150_000_000
