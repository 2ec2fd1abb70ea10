"""A class has dates, some of it more time: told to pupils in their language, undone, and late work counts."""

import re
from datetime import UTC, date, datetime

import pytest
import sqlalchemy as sa
import time_machine
from hypothesis import given
from hypothesis import strategies as st

from access.models import Standing
from access.standings import follow_reviews
from completion import ledger
from completion.class_dates import Due, due
from completion.dates import last_day_before
from completion.extension_models import ClassDate, Extension
from completion.rule_changes import change_rules
from core.database import db, transaction
from people.audit import COMMAND
from people.audit_models import AuditEntry
from people.models import Classroom, District, Enrollment, Person
from people.school_years import ensure_school_year
from tests.browsers import Browser, sign_in_browser
from tests.lessons.test_views import words as words_of
from tests.teaching.makers import ClassInLms, a_platform

PAGE = "/completion/class/dates"
FIRST, SECOND = "g4-same-me", "g4-game-chat-choices"
NOW = datetime(2026, 11, 24, 18, tzinfo=UTC)


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def room(curriculum, district, year, classroom) -> ClassInLms:
    made = ClassInLms(district, year, classroom, a_platform(district))
    made.link("/lessons/g4")
    return made


@pytest.fixture
def pupils(room, signed_in) -> dict[str, Browser]:
    return {
        name: signed_in("learner", person=person, classroom=room.classroom)
        for name, person in zip(("Ann", "Ben", "Cleo"), room.seat("Ann", "Ben", "Cleo"), strict=True)
    }


def words(answer) -> str:
    return words_of(answer).replace("\u00a0", " ")


def seat_of(browser: Browser) -> int:
    db.remove()
    return db.scalars(sa.select(Enrollment.id).filter_by(person_id=browser.person.id)).one()


def both(teacher: Browser):
    return teacher.post(PAGE, data={f"due-{FIRST}": "2027-02-12", f"due-{SECOND}": "2027-03-05"})


def give(teacher: Browser, *who: Browser, until="2027-02-26", lesson=FIRST, **more):
    form = {"lesson": lesson, "until": until, "pupil": [str(seat_of(each)) for each in who], **more}
    return teacher.post(f"{PAGE}/more-time", data=form)


def rows(model):
    db.remove()
    return list(db.scalars(sa.select(model).order_by(model.id)))


# -- the rule ----------------------------------------------------------------------------------------------

days = st.datetimes(datetime(2026, 9, 1), datetime(2027, 8, 31), timezones=st.just(UTC))


@given(class_dates=st.lists(days, max_size=3), more=st.none() | days)
def test_the_latest_date_counts_and_without_one_nothing_is_due(class_dates, more):
    found = due(class_dates, more)
    if not class_dates:
        assert found is None
    elif more is not None and more > max(class_dates):
        assert found == Due(more, True)
    else:
        assert found == Due(max(class_dates), False)


# -- dates of the class ------------------------------------------------------------------------------------


def test_a_class_has_a_date_for_each_lesson_and_its_pupils_read_it(teacher, pupils):
    assert both(teacher).status_code == 303
    first, _second = rows(ClassDate)
    assert last_day_before(first.due_at, "America/Los_Angeles") == date(2027, 2, 12)
    page = words(teacher.get("/completion/class"))
    assert "by February 12" in page and "by March 5" in page
    assert "It is for February 12." in words(teacher.get(f"/completion/class?lesson={FIRST}"))
    ann = pupils["Ann"]
    assert "Please finish by February 12." in words(ann.get("/lessons/g4"))
    assert "Please finish by February 12." in words(ann.get(f"/lessons/g4/{FIRST}"))
    assert "Please finish by March 5." in words(ann.get("/completion/mine"))
    (entry,) = [each for each in rows(AuditEntry) if each.action == "class_dates_set"]
    assert entry.detail["days"][f"lesson:{FIRST}"] == [None, "2027-02-12"]


def test_a_date_is_moved_taken_away_and_left_alone_when_it_is_past(teacher, pupils, room, app, clock):
    both(teacher)
    clock.move_to(datetime(2027, 2, 20, 18, tzinfo=UTC))
    teacher = sign_in_browser(app, teacher.person, "teacher", room.classroom)
    ann = sign_in_browser(app, pupils["Ann"].person, "learner", room.classroom)
    answer = teacher.post(PAGE, data={f"due-{FIRST}": "2027-02-12", f"due-{SECOND}": ""})
    assert answer.status_code == 303 and [each.part for each in rows(ClassDate)] == [f"lesson:{FIRST}"]
    page = words(teacher.get(f"/completion/class?lesson={FIRST}"))
    assert page.count("was for February 12") == 3
    assert "It was for February 12. You can still do it, and it counts." in words(ann.get("/lessons/g4"))
    assert "told=same" in teacher.post(PAGE, data={f"due-{FIRST}": "2027-02-12"}).location


def test_late_work_counts_and_then_no_date_is_told_any_more(teacher, pupils, room, app, clock, year):
    both(teacher)
    clock.move_to(datetime(2027, 2, 20, 18, tzinfo=UTC))
    ann = sign_in_browser(app, pupils["Ann"].person, "learner", room.classroom)
    assert "It was for February 12" in words(ann.get("/lessons/g4"))
    ledger.record_evidence(
        db.get_one(Person, ann.person.id),
        f"lesson:{FIRST}",
        year,
        kind="course",
        version="v1",
        source="attempt 1",
    )
    db.commit()
    page = words(ann.get("/lessons/g4"))
    assert "1 of 6 done" in page and "It was for February 12" not in page
    teacher = sign_in_browser(app, teacher.person, "teacher", room.classroom)
    assert words(teacher.get(f"/completion/class?lesson={FIRST}")).count("was for February 12") == 2


@pytest.mark.parametrize(
    ("day", "status"),
    [("2026-11-24", 303), ("2027-08-31", 303), ("2026-11-23", 422), ("2027-09-01", 422), ("9999-12-31", 422),
     ("0001-01-01", 422), ("soon", 422), ("2027-02-30", 422)],
)  # fmt: skip
def test_a_new_day_is_from_today_to_the_end_of_the_school_year(teacher, pupils, day, status):
    assert teacher.post(PAGE, data={f"due-{FIRST}": day}).status_code == status
    assert len(rows(ClassDate)) == (status == 303)


def test_what_is_no_lesson_of_the_course_is_left_alone(teacher, pupils):
    assert (
        teacher.post(PAGE, data={"due-made-up": "2027-02-12", "due-k-feelings": "2027-02-12"}).status_code
        == 303
    )
    assert rows(ClassDate) == []


# -- more time ---------------------------------------------------------------------------------------------


def test_some_have_more_time_and_their_classmates_do_not(teacher, pupils):
    both(teacher)
    assert give(teacher, pupils["Ann"], pupils["Ben"]).status_code == 303
    ann, cleo = words(pupils["Ann"].get("/lessons/g4")), words(pupils["Cleo"].get("/lessons/g4"))
    assert "You have until February 26." in ann and "Please finish by March 5." in ann
    assert "You have until" not in cleo
    assert "You have until February 26." in words(pupils["Ann"].get("/completion/mine"))
    assert words(teacher.get(f"/completion/class?lesson={FIRST}")).count("has until February 26") == 2
    assert "until February 26" in words(teacher.get(PAGE))
    assert "more time" in words(teacher.get(f"/completion/class/pupils/{seat_of(pupils['Ann'])}"))
    assert {(each.given_by, each.reason_code, each.requirement_id) for each in rows(Extension)} == {
        (teacher.person.id, None, None)
    }


def test_a_pupil_reads_it_in_spanish(teacher, pupils):
    both(teacher)
    give(teacher, pupils["Ann"])
    db.execute(sa.update(Person).where(Person.id == pupils["Ann"].person.id).values(language="es"))
    db.commit()
    for path in ("/lessons/g4", f"/lessons/g4/{FIRST}", "/completion/mine"):
        assert "Tienes tiempo hasta el 26 de febrero." in words(pupils["Ann"].get(path)), path


def test_the_whole_class_has_more_time_and_who_comes_later_has_the_date_of_the_class(teacher, pupils, room):
    both(teacher)
    assert give(teacher, everybody="true").status_code == 303
    assert len(rows(Extension)) == 3
    (late,) = room.seat("Dan")
    page = words(teacher.get(f"/completion/class?lesson={FIRST}"))
    assert page.count("has until February 26") == 3
    assert [each.person_id for each in rows(Extension)].count(late.id) == 0


def test_taken_back_the_date_of_the_class_is_theirs_again_and_the_row_stays(teacher, pupils):
    both(teacher)
    give(teacher, pupils["Ann"], pupils["Ben"])
    ids = re.findall(r'name="extension" value="([^"]+)"', teacher.get(PAGE).text)
    assert teacher.post(f"{PAGE}/take-back", data={"extension": ids}).status_code == 303
    assert "Please finish by February 12." in words(pupils["Ann"].get("/lessons/g4"))
    assert {each.ended_by for each in rows(Extension)} == {f"person:{teacher.person.public_id}"}
    assert teacher.post(f"{PAGE}/take-back", data={"extension": ids}).status_code == 409


def test_an_earlier_day_takes_the_place_of_a_later_one_that_was_a_mistake(teacher, pupils):
    both(teacher)
    give(teacher, pupils["Ann"], until="2027-04-30")
    give(teacher, pupils["Ann"], until="2027-02-19")
    assert "You have until February 19." in words(pupils["Ann"].get("/lessons/g4"))


def test_it_goes_with_the_pupil_and_stands_beside_whatever_the_class_does_with_its_date(teacher, pupils):
    both(teacher)
    give(teacher, pupils["Ann"])
    teacher.post(PAGE, data={f"due-{FIRST}": "2027-04-01"})
    assert "Please finish by April 1." in words(pupils["Ann"].get("/lessons/g4")), "later than what was given"
    teacher.post(PAGE, data={f"due-{FIRST}": "2027-01-15"})
    assert "You have until February 26." in words(pupils["Ann"].get("/lessons/g4"))
    teacher.post(PAGE, data={f"due-{FIRST}": ""})
    assert "until" not in words(pupils["Ann"].get("/completion/mine"))


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"until": "2027-02-12"}, 422),
        ({"until": "2027-02-13"}, 303),
        ({"until": "2027-05-13"}, 303),
        ({"until": "2027-05-14"}, 422),
        ({"until": "9999-12-31"}, 422),
        ({"until": ""}, 422),
        ({"until": "soon"}, 422),
        ({"lesson": ""}, 422),
        ({"lesson": "g4-tricky-messages"}, 409),
        ({"lesson": "g7-made-up"}, 404),
        ({"pupil": "none"}, 422),
        ({"pupil": []}, 422),
        ({"pupil": "999999999"}, 404),
    ],
)
def test_a_day_within_the_bound_for_a_lesson_with_a_date_and_pupils_of_the_class(
    teacher, pupils, changes, status
):
    """90 days after the class's date, as the rules say when nobody chose otherwise."""
    both(teacher)
    form = {"lesson": FIRST, "until": "2027-02-26", "pupil": str(seat_of(pupils["Ann"])), **changes}
    assert teacher.post(f"{PAGE}/more-time", data=form).status_code == status
    assert len(rows(Extension)) == (status == 303)


def test_one_stranger_on_the_list_and_nobody_is_given_anything(teacher, pupils, next_room):
    (stranger,) = next_room.seat("Eve")
    both(teacher)
    eve = db.scalars(sa.select(Enrollment.id).filter_by(person_id=stranger.id)).one()
    form = {"lesson": FIRST, "until": "2027-02-26", "pupil": [str(seat_of(pupils["Ann"])), str(eve)]}
    assert teacher.post(f"{PAGE}/more-time", data=form).status_code == 404
    assert rows(Extension) == []


def test_a_district_may_give_no_more_time(teacher, pupils, district):
    both(teacher)
    with transaction():
        change_rules(db.get_one(District, district.id), "pupil", {"extension_days": 0}, COMMAND)
    assert "Your district gives no more time" in words(teacher.get(PAGE))
    assert give(teacher, pupils["Ann"], until="2027-02-13").status_code == 422


def test_where_the_district_has_a_date_for_the_whole_course_it_is_moved_in_the_standing(
    teacher, pupils, district
):
    assert "All lessons" not in teacher.get(PAGE).text, "nobody makes the school year longer"
    with transaction():
        change_rules(db.get_one(District, district.id), "pupil", {"due_days": 100}, COMMAND)
    assert give(teacher, everybody="true", lesson="whole-course", until="2027-01-15").status_code == 303
    assert "All lessons of this school year (by December 10)" in words(teacher.get(PAGE))
    db.remove()
    while follow_reviews():
        db.commit()
    ann = pupils["Ann"]
    found = db.scalars(sa.select(Standing).filter_by(person_id=ann.person.id)).one()
    assert (found.state, found.requirement) == ("assigned", "dc-g4")
    assert last_day_before(found.due_at, "America/Los_Angeles") == date(2027, 1, 15)
    assert found.next_change_at == found.due_at
    assert "You were given more time. You have until January 15, 2027." in words(ann.get("/completion/mine"))
    ids = re.findall(r'name="extension" value="([^"]+)"', teacher.get(PAGE).text)
    assert len(ids) == 3
    assert teacher.post(f"{PAGE}/take-back", data={"extension": ids}).status_code == 303
    assert "Please finish by December 10, 2026." in words(ann.get("/completion/mine"))


# -- who may -----------------------------------------------------------------------------------------------

DOORS = [("GET", PAGE), ("POST", PAGE), ("POST", f"{PAGE}/more-time"), ("POST", f"{PAGE}/take-back")]


def test_outsiders_and_other_roles_stay_out(room, client, signed_in):
    room.seat("Ann Alder")
    for method, path in DOORS:
        assert client.open(path, method=method).status_code == 401
        for role in ("learner", "mentor", "other", "chooser"):
            answer = signed_in(role, classroom=room.classroom).open(path, method)
            assert answer.status_code == 403 and "Alder" not in answer.text
    assert signed_in("teacher").get(PAGE).status_code == 404


def test_the_next_class_and_another_district_reach_nobody_here(teacher, pupils, room, app, signed_in):
    both(teacher)
    give(teacher, pupils["Ann"])
    other = Classroom(district_id=room.district.id, title="Next door")
    far = District(slug="far", name="Far", timezone="America/Los_Angeles")
    db.add_all([other, far])
    db.flush()
    ensure_school_year(far)
    far_room = Classroom(district_id=far.id, title="Far room")
    far_teacher = Person(district_id=far.id, audience="staff")
    db.add_all([far_room, far_teacher])
    db.commit()
    (row,) = rows(Extension)
    for knocking in (
        signed_in("teacher", classroom=other),
        sign_in_browser(app, far_teacher, "teacher", far_room),
    ):
        assert "Ann" not in knocking.get(PAGE).text
        assert knocking.post(PAGE, data={f"due-{FIRST}": "2027-04-01"}).status_code == 422
        assert give(knocking, pupils["Ben"]).status_code == 404
        assert knocking.post(f"{PAGE}/take-back", data={"extension": row.public_id}).status_code == 404
    assert len(rows(Extension)) == 1 and rows(Extension)[0].ended_at is None
    assert len(rows(ClassDate)) == 2


def test_the_time_of_the_staff_is_not_a_teachers_to_give(curriculum, district, year, classroom, signed_in):
    made = ClassInLms(district, year, classroom, a_platform(district))
    made.link("/lessons/ruc")
    teacher = signed_in("teacher", classroom=classroom)
    assert teacher.get(PAGE).status_code == 404
    assert "Dates and more time" not in teacher.get("/completion/class").text


def test_the_page_costs_the_same_however_many(teacher, pupils, room, count_queries):
    both(teacher)
    give(teacher, pupils["Ann"])
    with count_queries() as few:
        teacher.get(PAGE)
    room.seat(*(f"Pupil {n}" for n in range(30)))
    give(teacher, everybody="true")
    with count_queries() as many:
        teacher.get(PAGE)
    assert len(many) == len(few)
