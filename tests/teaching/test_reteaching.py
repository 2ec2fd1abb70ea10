"""What to do next with a class: who misses which lesson, and which idea of a lesson went wrong; constant queries."""

import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.clock import now
from core.database import db
from lessons import library
from people.models import Classroom
from quizzes.models import Attempt, Response
from teaching.ideas import FEWEST, Answered, ideas
from tests.lessons.every_type import right_answer
from tests.lessons.player_lesson import item, made_up_lesson
from tests.teaching.makers import LESSONS, ClassInLms, a_platform

MAKE_UP = "/completion/class/make-up"
FIRST, SECOND = list(LESSONS)[:2]
IDEAS = f"/completion/class/ideas/{FIRST}"


def sections(page: str) -> dict[str, list[str]]:
    """{lesson: who misses it}"""
    found = re.findall(r"<section.*?<h2[^>]*>(.*?)</h2>.*?<ul class=\"missing\">(.*?)</ul>", page, re.S)
    return {title: re.findall(r"<li>(.*?)</li>", names) for title, names in found}


# -- the make-up list ----------------------------------------------------------------------------------------


@pytest.fixture
def linked(room: ClassInLms) -> ClassInLms:
    room.link("/lessons/g4")
    return room


def test_it_names_who_has_not_done_a_lesson_and_nobody_else(linked, teacher):
    ann, ben, _cleo = linked.seat("Ann", "Ben", "Cleo")
    linked.seat("Gone", left_at=now())
    for lesson in LESSONS:
        linked.works(ann, lesson, 90, done=True)
    linked.works(ben, FIRST, 80, done=True)
    linked.works(ben, SECOND, 40)
    listed = sections(teacher.get(MAKE_UP).text)
    assert listed[LESSONS[FIRST]] == ["Cleo"]
    assert listed[LESSONS[SECOND]] == ["Ben", "Cleo"]
    assert all("Ann" not in names and "Gone" not in names for names in listed.values())
    assert list(sections(teacher.get(f"{MAKE_UP}?lesson={SECOND}").text)) == [LESSONS[SECOND]]


def test_when_nobody_misses_anything_it_says_so(linked, teacher):
    (ann,) = linked.seat("Ann")
    for lesson in LESSONS:
        linked.works(ann, lesson, 90, done=True)
    assert "Nobody misses a lesson." in teacher.get(MAKE_UP).text


def test_it_costs_as_many_queries_for_one_as_for_thirty(linked, teacher, count_queries):
    def cost() -> int:
        with count_queries() as statements:
            assert teacher.get(MAKE_UP).status_code == 200
        return len(statements)

    linked.seat("Ann")
    cost()
    one = cost()
    linked.seat(*(f"Pupil {n}" for n in range(29)))
    assert cost() == one


# -- the idea the class missed -------------------------------------------------------------------------------


@pytest.fixture
def taught(curriculum, district, year, classroom) -> ClassInLms:
    made = ClassInLms(district, year, classroom, a_platform(district))
    made.link("/lessons/g4")
    return made


@pytest.fixture
def leader(taught, signed_in):
    return signed_in("teacher", classroom=taught.classroom)


def tries(room: ClassInLms, person, asked, answer, points: float, number: int = 1) -> None:
    lesson = library.lesson(FIRST)
    attempt = Attempt(
        district_id=room.district.id, person_id=person.id, school_year_id=room.year.id, lesson_id=FIRST,
        version_id=library.version_id(lesson), number=number, seed=1, draw=[], submitted_at=now(), score=points * 100,
        passed=points == 1,
    )  # fmt: skip
    db.add(attempt)
    db.flush()
    db.add(
        Response(
            district_id=room.district.id,
            attempt_id=attempt.id,
            item_id=asked.id,
            answer=list(answer),
            points=points,
        )
    )
    db.commit()


def a_single(lesson):
    return next(each for each in lesson.quiz_items if each.type == "single")


def test_it_says_what_went_wrong_in_the_lessons_words_and_where_it_is_taught(taught, leader):
    lesson = library.lesson(FIRST)
    asked = a_single(lesson)
    wrong = next(option for option in asked.options if not option.correct)
    pupils = taught.seat(*(f"Pupil-{n}" for n in range(6)))
    for number, pupil in enumerate(pupils):
        if number < 4:
            tries(taught, pupil, asked, [wrong.id], 0)
            tries(taught, pupil, asked, right_answer(asked), 1, number=2)
        else:
            tries(taught, pupil, asked, right_answer(asked), 1)
    page = leader.get(IDEAS).text
    assert "2 of 6 pupils had it right." in page, "the first try counts"
    assert "4 pupils" in page
    assert re.search(r"/completion/together/[\w-]+/\d+", page)
    assert "Pupil-" not in page


def test_fewer_than_five_are_not_shown_nor_who_left_or_sits_next_door(taught, leader, district):
    asked = a_single(library.lesson(FIRST))
    other = Classroom(district_id=district.id, title="Next door")
    db.add(other)
    db.commit()
    next_door = ClassInLms(taught.district, taught.year, other, taught.platform)
    for room, count, more in ((taught, FEWEST - 1, {}), (taught, 3, {"left_at": now()}), (next_door, 9, {})):
        for pupil in room.seat(*("x" for _ in range(count)), **more):
            tries(room, pupil, asked, right_answer(asked), 1)
    assert "Nothing to show yet" in leader.get(IDEAS).text
    (one_more,) = taught.seat("x")
    tries(taught, one_more, asked, right_answer(asked), 1)
    assert f"{FEWEST} of {FEWEST} pupils had it right." in leader.get(IDEAS).text


def test_figures_cost_as_many_queries_for_five_as_for_thirty(taught, leader, count_queries):
    asked = a_single(library.lesson(FIRST))

    def cost(count: int) -> int:
        for pupil in taught.seat(*("x" for _ in range(count))):
            tries(taught, pupil, asked, right_answer(asked), 1)
        leader.get(IDEAS)
        with count_queries() as statements:
            assert leader.get(IDEAS).status_code == 200
        return len(statements)

    assert cost(5) == cost(25)


@given(st.lists(st.tuples(st.integers(0, 40), st.sampled_from([0.0, 0.5, 1.0])), max_size=80))
def test_no_figure_stands_for_fewer_than_five(answered):
    lesson = made_up_lesson()
    more = tuple(item(f"{lesson.id}.q{n:02}", "a", "quiz") for n in range(2, 6))
    lesson = replace(lesson, items=(*lesson.items, *more))
    items = lesson.quiz_items
    answers = [Answered(items[n % len(items)].id, points, ["a"]) for n, points in answered]
    found = ideas(lesson, answers)
    assert all(each.asked >= FEWEST and each.right <= each.asked for idea in found for each in idea.items)
    assert [idea.share for idea in found] == sorted(idea.share for idea in found)
    shown = {each.item.id for idea in found for each in idea.items}
    counts = {one.id: sum(each.item_id == one.id for each in answers) for one in items}
    assert shown == {name for name, count in counts.items() if count >= FEWEST}


# -- the session after it, and outsiders ---------------------------------------------------------------------


def test_the_list_of_who_was_here_is_ticked_for_those_who_miss_it(taught, leader):
    ann, _ben = taught.seat("Ann", "Ben")
    taught.works(ann, FIRST, 90, done=True)
    page = leader.get(f"/completion/together/{FIRST}/here?missing=yes").text
    ticked = re.findall(r"<input type=\"checkbox\"([^>]*)><span>(.*?)</span>", page)
    assert {name: "checked" in box for box, name in ticked} == {"Ann": False, "Ben": True}


@pytest.mark.parametrize("path", [MAKE_UP, IDEAS])
def test_outsiders_see_nothing(taught, signed_in, client, path):
    assert client.get(path).status_code == 401
    for role in ("learner", "mentor", "other"):
        assert signed_in(role, classroom=taught.classroom).get(path).status_code == 403
    assert signed_in("teacher").get(path).status_code == 404, "a launch from no class"


def test_a_lesson_that_is_not_linked_here_is_not_shown(taught, leader):
    assert leader.get("/completion/class/ideas/g10-intimate-images-law").status_code == 404
    assert leader.get(f"{MAKE_UP}?lesson=g10-intimate-images-law").status_code == 404
