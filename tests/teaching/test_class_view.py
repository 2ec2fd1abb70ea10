"""Rows folded into a class, its sentence, its order and its file: pure, tried with tables."""

import csv
import io
from datetime import UTC, datetime

import pytest

from teaching.arranging import Choice, arranged
from teaching.class_csv import class_csv, harmless
from teaching.class_view import ClassView, Column, SeatRow, class_view
from teaching.words import NO_COLUMN, OTHER_LINK, Wording, headline

AT = datetime(2026, 11, 23, 16, 5, tzinfo=UTC)
FIRST = Column("lesson:a", "Lesson A", "/lessons/g4/a", "there")
SECOND = Column("lesson:b", "Lesson B", "/lessons/g4/b", "no link")
COURSE = Column("", "Course grade", "/lessons/g4", "there")
PACIFIC = Wording("America/Los_Angeles")


def seat(
    number: int,
    first: str,
    second: str = "none",
    name: str | None = None,
    score: float | None = None,
    left=None,
):
    """Two rows of one learner, one for each lesson, in the states given."""
    for column, state in ((FIRST, first), (SECOND, second)):
        yield SeatRow(
            number,
            name or f"Pupil No {number}",
            left,
            column.target,
            begun_at=None if state == "none" else AT,
            best_score=score if column is FIRST else None,
            done_at=AT if state == "done" else None,
        )


def view_of(*seats) -> ClassView:
    return class_view([FIRST, SECOND], [row for each in seats for row in each])


@pytest.mark.parametrize(
    ("first", "second", "state", "done"),
    [
        ("none", "none", "none", 0),
        ("part", "none", "part", 0),
        ("done", "none", "part", 1),
        ("none", "part", "part", 0),
        ("done", "part", "part", 1),
        ("done", "done", "done", 2),
    ],
)
def test_a_pupil_is_done_with_every_lesson_and_has_not_begun_with_none(first, second, state, done):
    (pupil,) = view_of(seat(1, first, second)).pupils
    assert (pupil.state, pupil.done) == (state, done)


def test_who_left_is_kept_apart_counted_nowhere_and_numbers_stay():
    view = view_of(seat(4, "done", "done", left=AT), seat(9, "done", "done"))
    assert [each.number for each in view.left] == [1]
    assert [each.number for each in view.pupils] == [2]
    assert view.counts == {"none": 0, "part": 0, "done": 1}
    assert view.done_in(FIRST) == 1


def test_two_gradebook_columns_for_one_lesson_are_two_deliveries_and_one_lesson():
    row = SeatRow(1, "Ann", None, FIRST.target, AT, 100.0, AT, 7, "sent", AT)
    (pupil,) = class_view([FIRST], [row, row._replace(delivery_id=8, delivery_state="refused")]).pupils
    assert [each.id for each in pupil.cells[0].deliveries] == [7, 8]
    assert (pupil.done, pupil.refused) == (1, 1)


def test_the_courses_own_grade_is_no_lesson():
    row = SeatRow(1, "Ann", None, COURSE.target, delivery_id=7, delivery_state="waiting")
    lesson = SeatRow(1, "Ann", None, FIRST.target, AT, 90.0, AT)
    (pupil,) = class_view([FIRST, COURSE], [lesson, row]).pupils
    assert (pupil.state, pupil.done, len(pupil.lessons)) == ("done", 1, 1)


def test_the_score_of_several_lessons_is_the_mean_of_those_there_are():
    rows = [
        SeatRow(1, "Ann", None, FIRST.target, AT, 100.0),
        SeatRow(1, "Ann", None, SECOND.target, AT, 66.66),
        SeatRow(2, "Ben", None, FIRST.target, AT, 50.0),
        SeatRow(2, "Ben", None, SECOND.target),
        SeatRow(3, "Cleo", None, FIRST.target, AT),
        SeatRow(3, "Cleo", None, SECOND.target),
    ]
    assert [each.score for each in class_view([FIRST, SECOND], rows).pupils] == [83.33, 50.0, None]


@pytest.mark.parametrize(
    ("done", "part", "none", "sentence"),
    [
        (21, 2, 3, "21 of 26 have finished; 3 have not begun."),
        (1, 0, 1, "1 of 2 has finished; 1 has not begun."),
        (3, 2, 0, "3 of 5 have finished; 2 are under way."),
        (1, 1, 0, "1 of 2 has finished; 1 is under way."),
        (26, 0, 0, "All 26 have finished."),
        (0, 0, 26, "None of the 26 has begun."),
        (1, 0, 0, "1 of 1 has finished."),
        (0, 0, 1, "0 of 1 have finished; 1 has not begun."),
    ],
)
def test_the_first_sentence_answers_who_has_finished(done, part, none, sentence):
    states = ["done"] * done + ["part"] * part + ["none"] * none
    assert headline(view_of(*(seat(n, state, state) for n, state in enumerate(states, 1)))) == sentence


CLASS = view_of(
    seat(1, "done", "done", "Zoë", 80),
    seat(2, "part", "none", "Émile", 20),
    seat(3, "none", "none", "adam"),
    seat(4, "done", "none", "Bao", 100),
)


@pytest.mark.parametrize(
    ("sort", "names"),
    [
        ("name", ["adam", "Bao", "Émile", "Zoë"]),
        ("-name", ["Zoë", "Émile", "Bao", "adam"]),
        ("state", ["adam", "Émile", "Bao", "Zoë"]),
        ("-state", ["Zoë", "Bao", "Émile", "adam"]),
        ("score", ["Émile", "Zoë", "Bao", "adam"]),
        ("-score", ["Bao", "Zoë", "Émile", "adam"]),
    ],
)
def test_pupils_stand_in_the_order_asked_for(sort, names):
    assert [each.name for each in arranged(CLASS.pupils, Choice(sort=sort))] == names


@pytest.mark.parametrize(
    ("show", "names"),
    [
        ("all", ["adam", "Bao", "Émile", "Zoë"]),
        ("done", ["Zoë"]),
        ("part", ["Bao", "Émile"]),
        ("none", ["adam"]),
        ("refused", []),
    ],
)
def test_only_pupils_in_the_state_asked_for_are_shown(show, names):
    assert [each.name for each in arranged(CLASS.pupils, Choice(show=show))] == names


def test_who_has_no_name_comes_last_and_by_number():
    rows = [SeatRow(n, name, None, FIRST.target) for n, name in [(5, None), (6, "Ann"), (7, None)]]
    pupils = arranged(class_view([FIRST], rows).pupils, Choice())
    assert [each.name for each in arranged(pupils, Choice(sort="-name"))] == ["Ann", None, None]
    assert [PACIFIC.label(each) for each in pupils] == ["Ann", "Pupil 1", "Pupil 3"]
    assert Wording("America/Los_Angeles", adults=True).label(pupils[1]) == "Learner 1"


@pytest.mark.parametrize(
    ("gradebook", "score", "delivery", "words"),
    [
        ("there", 100.0, ("sent", AT, None), "Sent November 23, 2026 at 8:05 AM (PST)"),
        ("there", 100.0, ("waiting", None, None), "On its way to the gradebook."),
        ("there", 100.0, ("refused", None, "your LMS is shut."), "Not in the gradebook: your LMS is shut."),
        ("there", 100.0, None, OTHER_LINK),
        ("there", None, None, ""),
        ("missing", 100.0, None, NO_COLUMN),
        ("missing", None, None, ""),
        ("no link", 100.0, None, ""),
    ],
)
def test_what_became_of_a_grade_is_said_in_words(gradebook, score, delivery, words):
    state, sent_at, problem = delivery or (None, None, None)
    column = Column("lesson:a", "Lesson A", FIRST.target, gradebook)
    number = 7 if delivery else None
    row = SeatRow(1, "Ann", None, FIRST.target, AT, score, None, number, state, sent_at, problem)
    assert PACIFIC.grade(class_view([column], [row]).pupils[0].cells[0]) == words


@pytest.mark.parametrize("first", ["=", "+", "-", "@", "\t", "\r"])
def test_a_cell_that_begins_like_a_formula_stays_text(first):
    assert harmless(f"{first}cmd|' /C calc'!A0") == f"'{first}cmd|' /C calc'!A0"


def test_other_cells_are_left_as_they_are():
    assert [harmless(text) for text in ("Ann-Marie", "", "O'Neil", "100")] == [
        "Ann-Marie",
        "",
        "O'Neil",
        "100",
    ]


def test_the_file_has_a_line_for_everybody_and_begins_with_a_byte_order_mark():
    view = view_of(seat(1, "done", "part", '=2+5+cmd|"x"', 87.5), seat(2, "none", left=AT))
    text = class_csv(view.columns, [*view.pupils, *view.left], PACIFIC)
    assert text.startswith("\ufeff")
    head, ann, gone = csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline=""))
    assert head[:5] == ["Name", "In the class", "State", "Lessons done", "Average score"]
    assert head[5:8] == ["Lesson A: state", "Lesson A: best score", "Lesson A: grade"]
    assert ann == [
        '\'=2+5+cmd|"x"',
        "yes",
        "Under way",
        "1",
        "87.5",
        "Done",
        "87.5",
        OTHER_LINK,
        "Under way",
        "",
        "",
    ]
    assert gone[1] == "left November 23, 2026"
