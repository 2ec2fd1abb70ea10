"""A course copied for the next year (row 127, AGS 3.2.15): no second column, and no mixing of years."""

from dataclasses import replace

import pytest
import sqlalchemy as sa

from core.database import db
from lti_tool.models import Context, LineItem, ScoreDelivery
from people.school_years import current_school_year
from practice_lms.state import LineItem as Column
from tests.lti_tool.grading import LESSON, PLAIN, after, deliver_all, want

ALL_KINDS = pytest.mark.parametrize("school", ["canvas", "schoology", "moodle"], indirect=True)
OLD = "g4-room-12"


def tag(school) -> str:
    return current_school_year(school.district.id).name


def columns(school, course: str, lesson: str) -> list[Column]:
    return [each for each in school.lms.gradebook.columns(course) if each.resource_id == lesson]


def copied(school, *pupils: str):
    """Room 12 copied, with these pupils in the copy: (course, {lesson: link of the copy})."""
    course = school.lms.copy_course(OLD, "Grade 4, next year")
    for name in pupils:
        school.lms.memberships.enroll(name, course)
    return course, {key.split("-copy-")[0]: key for key in (link.key for link in course.links)}


def last_year(school, lesson: str, score: float):
    """Ana's work of this year; the rest of the test is played a year later."""
    school.lms.gradebook.column(LESSON).tag = tag(school)
    ana = school.launch("ana", lesson).person
    want(school, ana, score, lesson)
    deliver_all()
    return ana


def grade(school, column: Column, person: str = "ana") -> float | None:
    result = school.lms.state.results.get((column.id, school.lms.user_id(person)))
    return result.score if result else None


@ALL_KINDS
@pytest.mark.parametrize("lesson", [LESSON, PLAIN], ids=["coupled column", "our own column"])
def test_127_the_copys_column_is_taken_and_no_second_one_made(school, lesson):
    """It carries the same resourceId and last year's tag; the tag becomes this year's, the rest stays."""
    last_year(school, lesson, 70)
    old_tag = tag(school)
    (old,) = columns(school, OLD, lesson)
    with after(days=365):
        course, links = copied(school, "ben")
        came_along = columns(school, course.key, lesson)
        assert [each.tag for each in came_along] in ([old_tag], []), "Moodle copies only columns of links"
        ben = school.launch("ben", links[lesson]).person
        want(school, ben, 90, lesson)
        deliver_all()
        (column,) = columns(school, course.key, lesson)
        assert column.tag == tag(school) != old_tag
        assert grade(school, column, "ben") == 90
        if came_along:
            assert column is came_along[0] and column.link == came_along[0].link
    assert (old.tag, grade(school, old), grade(school, old, "ben")) == (old_tag, 70, None)


@ALL_KINDS
def test_127_last_years_score_stays_last_years(school):
    """The same pupil a year later, in the copy: the new column has the new score, the old one what it had."""
    ana = last_year(school, LESSON, 95)
    (old,) = columns(school, OLD, LESSON)
    with after(days=365):
        course, links = copied(school, "ana")
        assert school.launch("ana", links[LESSON]).person.id == ana.id
        deliver_all()
        (column,) = columns(school, course.key, LESSON)
        assert grade(school, column) is None, "nothing of last year's work is sent to this year's column"
        want(school, ana, 40)
        deliver_all()
        assert (grade(school, column), grade(school, old)) == (40, 95)


@ALL_KINDS
def test_127_an_attempt_begun_last_year_is_handed_in_to_nothing_of_this_year(school):
    """Its score counts for its own year, whatever link was opened since."""
    ana = last_year(school, LESSON, 60)
    year = current_school_year(school.district.id)
    db.expunge_all()
    with after(days=365):
        course, links = copied(school, "ana")
        school.launch("ana", links[LESSON])
        from core.database import transaction
        from lti_tool.scores import queue_score
        from people.models import Person

        with transaction():
            queue_score(
                db.get_one(Person, ana.id),
                target=f"/lessons/g4/{LESSON}",
                resource_id=LESSON,
                label="A lesson",
                score=100,
                year=year,
            )
        deliver_all()
        (column,) = columns(school, course.key, LESSON)
        assert grade(school, column) is None


def test_127_last_years_course_gets_no_score_of_a_pupil_who_is_in_its_copy(school):
    """Somebody opens last year's course by mistake: $Context.id.history says that the copy has taken its place."""
    ana = last_year(school, LESSON, 60)
    (old,) = columns(school, OLD, LESSON)
    with after(days=365):
        course, links = copied(school, "ana")
        school.launch("ana", links[LESSON])
        school.launch("ana", LESSON)
        want(school, ana, 100)
        deliver_all()
        (column,) = columns(school, course.key, LESSON)
        assert (grade(school, column), grade(school, old)) == (100, 60)
    db.remove()
    histories = db.scalars(sa.select(Context.history).order_by(Context.id)).all()
    assert histories == [None, school.lms.context_id(OLD)]


@ALL_KINDS
def test_127_a_course_used_for_another_year_gets_a_column_of_its_own(school):
    """Not copied, just used again: last year's column keeps last year's grades (our own column; the tag tells)."""
    last_year(school, PLAIN, 70)
    with after(days=365):
        ben = school.launch("ben", PLAIN).person
        want(school, ben, 90, PLAIN)
        deliver_all()
        old, new = sorted(columns(school, OLD, PLAIN), key=lambda each: each.tag)
        assert (grade(school, old), grade(school, new, "ben")) == (70, 90) and new.tag == tag(school)


def test_127_a_copy_within_the_year_is_another_section(school):
    """Both are open and both get their scores, each its own pupils'."""
    for column in school.lms.gradebook.columns(OLD):
        column.tag = column.tag and tag(school)
    ana = last_year(school, PLAIN, 70)
    course, links = copied(school, "ben")
    ben = school.launch("ben", links[PLAIN]).person
    want(school, ben, 90, PLAIN)
    want(school, ana, 80, PLAIN)
    deliver_all()
    (old,), (new,) = columns(school, OLD, PLAIN), columns(school, course.key, PLAIN)
    assert (grade(school, old), grade(school, new, "ben")) == (80, 90)
    db.remove()
    assert db.scalar(sa.select(sa.func.count()).select_from(LineItem)) == 2
    assert db.scalar(sa.select(sa.func.count()).select_from(ScoreDelivery)) == 2


@pytest.mark.parametrize("school", ["moodle"], indirect=True)
def test_127_moodles_put_keeps_the_link_of_the_column(school):
    """Without resourceLinkId in the body Moodle drops it, and the activity has no grade any more (4.5.6)."""
    last_year(school, LESSON, 70)
    with after(days=365):
        course, links = copied(school, "ben")
        want(school, school.launch("ben", links[LESSON]).person, 90)
        deliver_all()
        (column,) = columns(school, course.key, LESSON)
        assert column.link == links[LESSON] and column.tag == tag(school)
        claim = school.lms.launch_claims("ben", links[LESSON])
        endpoint = claim["https://purl.imsglobal.org/spec/lti-ags/claim/endpoint"]
        assert endpoint["lineitem"] == school.lms.lineitem_url(column)


def test_127_a_column_that_carries_a_tag_of_somebody_elses_is_left_as_it_is(school):
    """Only a year's tag is ours to change."""
    item = school.lms.gradebook.column(LESSON)
    item.tag = "quarter-1"
    want(school, school.launch("ana", LESSON).person, 70)
    deliver_all()
    assert item.tag == "quarter-1" and grade(school, item) == 70
    assert replace(item).label == item.label
