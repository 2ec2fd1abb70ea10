"""A course copied for the next year: its teacher reads where it came from, and nobody's results come along."""

from core.database import db
from lti_tool.models import ContextOrigin
from tests.teaching.working import LESSON, hand_in, read_lesson

PAGE = "/completion/class"
COPIED = "is a copy of “Grade 4, Room 12”"


def test_a_launch_tells_where_the_course_came_from(school, curriculum):
    ana = school.launch("ana", LESSON)
    read_lesson(ana)
    hand_in(ana)
    copy = school.lms.copy_course("g4-room-12", "Grade 4, Room 12, next year")
    teacher = school.launch("cruz", copy.links[1].key)
    page = teacher.get(PAGE).text
    assert COPIED in page and "nobody's results did" in page.replace("&#39;", "'")
    assert "Best score" not in page, "Ana is in the old course"


def test_a_notice_alone_tells_it_too(app, school, curriculum):
    """The LMS that expands no history: what its notice said is there when the teacher comes."""
    school.launch("ana", LESSON)
    lms = school.lms
    copy = lms.copy_course("g4-room-12", "Next year")
    db.remove()
    body = {"notices": [{"jwt": lms.notices.of_copy(copy, lms.world.course("g4-room-12"))}]}
    assert app.test_client().post("/lti/notices", json=body).json == {"notices": ["handled"]}
    teacher = school.launch("cruz", copy.links[1].key, custom={"context_history": "$Context.id.history"})
    assert COPIED in teacher.get(PAGE).text


def test_the_class_itself_says_nothing_of_copies(school, curriculum):
    assert "is a copy of" not in school.launch("cruz", LESSON).get(PAGE).text
    db.remove()
    assert db.query(ContextOrigin).count() == 0


def test_a_course_nobody_opened_here_has_no_name(school, curriculum):
    teacher = school.launch("cruz", LESSON, custom={"context_id_history": "never-seen"})
    assert "is a copy of another one" in teacher.get(PAGE).text
