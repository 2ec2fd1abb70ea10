"""The class page through HTTP: what it says, for one class only, in one query whatever its size."""

import csv
import io
import re
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from core.clock import now
from core.database import db
from people.models import Enrollment, SchoolYear
from teaching.words import NO_COLUMN, OTHER_LINK
from tests.teaching.makers import LESSONS, publish

ALL = list(LESSONS)
FIRST = "/lessons/g4/g4-same-me"
PAGE = "/completion/class"


def text_of(answer) -> str:
    """The page as read: without tags, its white space as one space."""
    assert answer.status_code == 200, answer.text
    bare = re.sub(r"<[^>]+>", " ", answer.text)
    return re.sub(r"\s+", " ", bare).replace("&#39;", "'")


def rows_of(answer) -> list[str]:
    """The lines of the table, each as text; the head and the line of the whole class left out."""
    body = answer.text.split("<tbody")[1].split("</tbody>")[0]
    lines = [re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", line)).strip() for line in body.split("</tr>")]
    return [line.removeprefix('role="rowgroup"> ') for line in lines if line and "Whole class" not in line]


@pytest.fixture
def ann_ben_cleo(room):
    """Ann is done with all, Ben is under way, Cleo has not begun; the teacher sits there too."""
    room.link("/lessons/g4")
    room.seat("Ms Cruz", role="teacher")
    ann, ben, cleo = room.seat("Ann Alder", "Ben Birch", "Cleo Cedar")
    for lesson in ALL:
        room.works(ann, lesson, 100, done=True)
    room.works(ben, ALL[0], 75, done=True)
    room.works(ben, ALL[1], 50)
    return ann, ben, cleo


def test_the_first_sentence_answers_what_the_page_was_opened_for(teacher, ann_ben_cleo):
    page = teacher.get(PAGE)
    assert "<h1>1 of 3 has finished; 1 has not begun.</h1>" in page.text
    assert "Grade 4, Room 12" in page.text


def test_every_lesson_is_a_column_and_only_learners_are_listed(teacher, ann_ben_cleo):
    page = teacher.get(PAGE)
    for title in LESSONS.values():
        assert title in text_of(page)
    names = [re.match(r"\S+ \S+", row).group() for row in rows_of(page)]
    assert names == ["Ann Alder", "Ben Birch", "Cleo Cedar"]
    assert "Cruz" not in page.text


def test_each_pupil_has_state_best_score_and_how_many_are_done(teacher, ann_ben_cleo):
    ann, ben, cleo = rows_of(teacher.get(PAGE))
    assert ann.startswith("Ann Alder Done 6 of 6 100 Done 100")
    assert ben.startswith("Ben Birch Under way 1 of 6 62.5 Done 75 Under way 50 Not begun")
    assert cleo.startswith("Cleo Cedar Not begun 0 of 6 Not begun")


def test_the_line_of_the_whole_class_stands_first(teacher, ann_ben_cleo):
    page = text_of(teacher.get(PAGE))
    assert "Whole class 1 of 3 with all 2 of 3 done 1 of 3 done 1 of 3 done" in page
    assert page.index("Whole class") < page.index("Ann Alder")


def test_one_lesson_alone_has_its_own_sentence(teacher, ann_ben_cleo):
    page = teacher.get(f"{PAGE}?lesson={ALL[0]}")
    assert "2 of 3 have finished; 1 has not begun." in page.text
    assert rows_of(page) == ["Ann Alder Done 100", "Ben Birch Done 75", "Cleo Cedar Not begun"]


def test_order_and_filter_stand_in_the_address_and_are_kept_by_links_and_form(teacher, ann_ben_cleo):
    page = teacher.get(f"{PAGE}?lesson={ALL[0]}&show=done&sort=score")
    assert rows_of(page) == ["Ben Birch Done 75", "Ann Alder Done 100"]
    assert f"lesson={ALL[0]}&amp;show=done&amp;sort=-score" in page.text
    assert '<option value="score" selected>' in page.text
    assert 'name="show" value="done"' in page.text
    assert f'name="visit" value="{teacher.visit}"' in page.text


def test_a_filter_that_fits_nobody_offers_everybody(teacher, ann_ben_cleo):
    page = text_of(teacher.get(f"{PAGE}?show=refused"))
    assert "Nobody in the class fits this choice. Show everybody" in page


@pytest.mark.parametrize("odd", ["sort=shoe-size", "show=everyone", f"lesson={'x' * 81}"])
def test_an_odd_choice_is_refused_in_words(teacher, room, odd):
    answer = teacher.get(f"{PAGE}?{odd}")
    assert answer.status_code == 400
    assert "This address asks for a" in answer.text


def test_pupils_without_a_name_stand_under_a_label_that_stays(teacher, room):
    room.link(FIRST)
    room.seat(None, left_at=now())
    room.seat("Zed Zinnia", None)
    names = rows_of(teacher.get(PAGE))
    assert names[0].startswith("Zed Zinnia")
    assert names[1].startswith("Pupil 3")


def test_names_are_sealed_in_the_table_and_plain_on_the_page(teacher, ann_ben_cleo):
    kept = db.scalars(sa.select(sa.type_coerce(Enrollment.display_name, sa.Text))).all()
    assert len(kept) == 4
    assert not any("Alder" in name or "Cruz" in name for name in kept)


def test_who_left_is_listed_apart_and_not_counted(teacher, ann_ben_cleo, room):
    (gone,) = room.seat(None, left_at=datetime(2026, 10, 2, 20, tzinfo=UTC))
    room.works(gone, ALL[0], 100, done=True)
    page = teacher.get(PAGE)
    assert "1 of 3 has finished" in page.text
    assert len(rows_of(page)) == 3
    assert "Left the class Not counted above" in text_of(page)
    assert "Pupil 4 left October 2, 2026, with 1 of 6 lessons done" in text_of(page)


def test_last_years_work_is_not_this_years(teacher, room):
    link = room.link(FIRST)
    (ann,) = room.seat("Ann Alder")
    began = room.year.starts_at
    last = SchoolYear(
        district_id=room.district.id, name="last", starts_at=began - timedelta(days=365), ends_at=began
    )
    db.add(last)
    db.commit()
    room.works(ann, ALL[0], 100, done=True, year=last)
    room.grades(ann, link, "sent", scored_at=began - timedelta(days=30))
    assert rows_of(teacher.get(f"{PAGE}?lesson={ALL[0]}")) == ["Ann Alder Not begun"]


@pytest.mark.parametrize(
    ("state", "more", "words"),
    [
        (
            "sent",
            {"sent_at": datetime(2026, 11, 23, 16, 5, tzinfo=UTC)},
            "Sent November 23, 2026 at 8:05 AM (PST)",
        ),
        ("waiting", {}, "On its way to the gradebook."),
        ("refused", {"problem": "your LMS is shut."}, "Not taken Not in the gradebook: your LMS is shut."),
    ],
)
def test_what_became_of_a_grade_is_said_in_words(teacher, room, state, more, words):
    link = room.link(FIRST)
    (ann,) = room.seat("Ann Alder")
    room.works(ann, ALL[0], 100, done=True)
    room.grades(ann, link, state, **more)
    (row,) = rows_of(teacher.get(f"{PAGE}?lesson={ALL[0]}"))
    assert row.startswith(f"Ann Alder Done 100 {words}")


def test_a_link_without_a_column_says_so(teacher, room):
    room.link(FIRST, column=False)
    (ann,) = room.seat("Ann Alder")
    room.works(ann, ALL[0], 100, done=True)
    assert rows_of(teacher.get(f"{PAGE}?lesson={ALL[0]}")) == [f"Ann Alder Done 100 {NO_COLUMN}"]


def test_two_links_of_which_one_has_a_column_have_one(teacher, room):
    room.link(FIRST, column=False)
    link = room.link(FIRST)
    ann, ben = room.seat("Ann Alder", "Ben Birch")
    for pupil in (ann, ben):
        room.works(pupil, ALL[0], 100, done=True)
    room.grades(ann, link, "waiting")
    assert rows_of(teacher.get(f"{PAGE}?lesson={ALL[0]}")) == [
        "Ann Alder Done 100 On its way to the gradebook.",
        f"Ben Birch Done 100 {OTHER_LINK}",
    ]


def test_the_courses_own_column_is_shown_beside_the_lessons(teacher, room):
    link = room.link("/lessons/g4")
    (ann,) = room.seat("Ann Alder")
    room.works(ann, ALL[0], 100, done=True)
    room.grades(ann, link, "waiting", score=16.67)
    page = teacher.get(PAGE)
    assert "Course grade" in text_of(page)
    assert rows_of(page)[0].endswith("Not begun On its way")


def test_a_course_that_is_not_linked_here_is_not_shown(teacher, room, ann_ben_cleo):
    publish({"g4": LESSONS, "ruc": {"ruc-7": "Social media with students"}}, band="3-5")
    assert "Social media" not in teacher.get(PAGE).text
    for asked in ("lesson=ruc-7", "course=ruc", "lesson=g4-no-such"):
        answer = teacher.get(f"{PAGE}?{asked}")
        assert answer.status_code == 404
        assert "Nothing in this class leads to" in answer.text


def test_of_two_linked_courses_the_one_with_more_links_comes_first_and_the_other_is_a_link_away(
    teacher, room
):
    publish({"g4": LESSONS, "g5": {"g5-one": "The first of five"}})
    room.link("/lessons/g5/g5-one")
    room.link(FIRST)
    room.link("/lessons/g4")
    room.seat("Ann Alder")
    page = teacher.get(PAGE)
    assert "Game Chat Choices" in page.text
    assert "course=g5" in page.text
    assert "The first of five" in teacher.get(f"{PAGE}?course=g5").text


@pytest.mark.parametrize(
    ("roster", "link", "memberships", "words"),
    [
        (None, None, True, "No lesson is linked in this class yet. "),
        (None, FIRST, True, "We do not know yet who is in this class. "),
        (None, FIRST, False, "ask IT to turn on Names and Roles"),
        (datetime(2026, 11, 23, 16, 5, tzinfo=UTC), FIRST, True, "Nobody is enrolled in this class. "),
    ],
)
def test_an_empty_page_says_what_to_do(teacher, room, roster, link, memberships, words):
    room.classroom.roster_as_of = roster
    if not memberships:
        room.context.memberships_url = None
    db.commit()
    if link:
        room.link(link)
    assert words in text_of(teacher.get(PAGE))


def test_a_link_to_a_course_that_is_no_longer_taught_counts_as_none(teacher, room):
    room.link("/lessons/g12")
    room.link("/somewhere/else")
    assert "No lesson is linked in this class yet." in teacher.get(PAGE).text


def test_the_roster_carries_its_time_in_the_districts_zone(teacher, room, ann_ben_cleo):
    room.classroom.roster_as_of = datetime(2026, 11, 23, 16, 5, tzinfo=UTC)
    db.commit()
    assert "Roster as of November 23, 2026 at 8:05 AM (PST)." in text_of(teacher.get(PAGE))


def test_when_the_roster_could_not_be_read_the_old_one_stays_with_the_reason(teacher, room, ann_ben_cleo):
    room.classroom.roster_as_of = datetime(2026, 11, 23, 16, 5, tzinfo=UTC)
    room.classroom.roster_problem = "Your LMS did not answer when we asked for the roster."
    db.commit()
    page = teacher.get(PAGE)
    assert "The roster could not be read the last time. Your LMS did not answer" in text_of(page)
    assert "Roster as of November 23, 2026" in text_of(page)
    assert len(rows_of(page)) == 3


def test_the_file_holds_the_same_in_the_same_order(teacher, room, ann_ben_cleo):
    room.seat("=HYPERLINK(1)")
    answer = teacher.get(f"{PAGE}.csv?sort=-name")
    assert answer.content_type == "text/csv; charset=utf-8"
    assert re.fullmatch(
        r'attachment; filename="class-\d{4}-\d\d-\d\d\.csv"', answer.headers["Content-Disposition"]
    )
    assert answer.data.startswith(b"\xef\xbb\xbf")
    head, *lines = csv.reader(io.StringIO(answer.data.decode("utf-8-sig"), newline=""))
    assert [line[0] for line in lines] == ["Cleo Cedar", "Ben Birch", "Ann Alder", "'=HYPERLINK(1)"]
    assert dict(zip(head, lines[1], strict=True))["Game Chat Choices: state"] == "Under way"


def test_the_page_reads_and_writes_nothing(teacher, ann_ben_cleo, count_queries):
    with count_queries() as statements:
        assert teacher.get(PAGE).status_code == 200
    assert all(statement.lstrip().upper().startswith(("SELECT", "WITH")) for statement in statements)


def test_a_class_of_thirty_five_and_one_of_a_thousand_cost_the_same_queries(teacher, room, count_queries):
    """Sign-in, room, links, release, copied from where, taught together, dates and more time, and one for
    everybody's everything."""
    link = room.link(FIRST)
    room.link("/lessons/g4")
    counted = {}
    for size, more in ((35, 35), (1000, 965)):
        people = room.seat(*(f"Pupil {n}" for n in range(more)))
        for person in people[:3]:
            room.works(person, ALL[0], 100, done=True)
            room.grades(person, link)
        teacher.get(PAGE)
        with count_queries() as statements:
            page = teacher.get(PAGE)
        assert len(rows_of(page)) == size
        counted[size] = len(statements)
        assert sum("wanted" in statement for statement in statements) == 1
    assert counted == {35: 9, 1000: 9}
