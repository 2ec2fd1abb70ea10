"""A lesson taken with the whole class: the screens, who was here, what follows from it, and taking it back."""

import re
from datetime import date

import pytest
import sqlalchemy as sa
import time_machine

from completion import evidence_keys
from completion.models import Evidence, Progress, Review
from core.database import db
from lessons import library
from lti_tool.models import ScoreDelivery
from people.models import Classroom, District, Enrollment, Person
from people.school_years import ensure_school_year
from teaching.models import GroupSession
from tests.browsers import sign_in_browser
from tests.teaching.makers import ClassInLms, a_platform
from tests.teaching.working import hand_in, read_lesson

YOUNG = "k-keep-safe-facts"
OLDER = "g4-same-me"
NAMES = ("Ann Alder", "Ben Birch", "Cleo Cedar")


@pytest.fixture
def room(curriculum, district, year, classroom) -> ClassInLms:
    """A class that is linked to both lessons, with a gradebook column for each and for the kindergarten course."""
    made = ClassInLms(district, year, classroom, a_platform(district))
    for target in (f"/lessons/k/{YOUNG}", "/lessons/k", f"/lessons/g4/{OLDER}"):
        made.link(target)
    made.seat(*NAMES)
    return made


def seats_of(room) -> dict[str, int]:
    rows = db.scalars(sa.select(Enrollment).filter_by(classroom_id=room.classroom.id).order_by(Enrollment.id))
    return {row.display_name: row.id for row in rows}


def list_of(teacher, lesson: str) -> str:
    """The session key drawn for a list of names."""
    page = teacher.get(f"/completion/together/{lesson}/here")
    assert page.status_code == 200, page.text
    return re.search(r'name="session" value="([^"]+)"', page.text).group(1)


def save(teacher, lesson: str, seats, key: str | None = None):
    form = {"session": key or list_of(teacher, lesson), "here": [str(seat) for seat in seats]}
    return teacher.post(f"/completion/together/{lesson}/here", data=form)


def evidence(lesson: str = YOUNG, **more: object) -> list[Evidence]:
    db.remove()
    return list(
        db.scalars(sa.select(Evidence).filter_by(part=f"lesson:{lesson}", **more).order_by(Evidence.id))
    )


def live(lesson: str = YOUNG) -> list[Evidence]:
    return [row for row in evidence(lesson) if row.voided_at is None]


def done(lesson: str = YOUNG) -> set[int]:
    db.remove()
    rows = db.scalars(sa.select(Progress).filter_by(part=f"lesson:{lesson}"))
    return {row.person_id for row in rows if row.done_at}


def wanted(room) -> dict[str, list[float]]:
    """{label of the column: scores wanted in it}"""
    db.remove()
    rows = db.execute(
        sa.text(
            "SELECT line_item.label, score_delivery.score FROM score_delivery "
            "JOIN line_item ON line_item.id = score_delivery.line_item_id ORDER BY score_delivery.id"
        )
    )
    found: dict[str, list[float]] = {}
    for label, score in rows:
        found.setdefault(label, []).append(score)
    return found


def test_every_screen_of_the_lesson_leads_to_the_next_and_the_last_to_the_names(teacher, room):
    lesson = library.lesson(YOUNG)
    at, seen = f"/completion/together/{YOUNG}/1", []
    while "/here" not in at:
        page = teacher.get(at)
        assert page.status_code == 200
        seen.append(at)
        at = re.search(r'data-next href="([^"]+)"', page.text).group(1).replace("&amp;", "&")
    assert len(seen) == len(lesson.steps)
    assert all(name in teacher.get(at).text for name in NAMES)
    assert evidence() == [] and done() == set()


def test_the_class_answers_a_practice_item_and_reads_what_to_think_of_it(teacher, room):
    lesson = library.lesson(OLDER)
    number, step = next((n, each) for n, each in enumerate(lesson.steps, 1) if each.item_id)
    item = lesson.item(step.item_id)
    wrong = next(option for option in item.options if not option.correct)
    page = teacher.get(f"/completion/together/{OLDER}/{number}?pick={wrong.id}")
    assert wrong.feedback.split("{")[0][:30] in page.text.replace("&#39;", "'").replace("’", "’")
    assert "Check again" in page.text


def test_who_was_ticked_is_done_with_the_class_and_nobody_else(signed_in, room):
    seats = seats_of(room)
    with time_machine.travel("2026-12-02T04:30:00Z", tick=False):  # still the first of December in Washington
        teacher = signed_in("teacher", classroom=room.classroom)
        answer = save(teacher, YOUNG, [seats["Ann Alder"], seats["Cleo Cedar"]])
        assert "2 took part on December 1, 2026." in teacher.get(answer.headers["Location"]).text
    assert answer.status_code == 303
    ann, cleo = live()
    assert {ann.kind, cleo.kind} == {"group"} and (ann.score, cleo.score) == (None, None)
    assert ann.version == library.lesson(YOUNG).content_hash and ann.shown_at == cleo.shown_at
    assert done() == {ann.person_id, cleo.person_id}
    assert [row.best_score for row in db.query(Progress)] == [None, None]
    held = db.scalars(sa.select(GroupSession)).one()
    assert (held.led_by, held.held_on) == (teacher.person.id, date(2026, 12, 1))
    assert ann.source == held.source


def test_the_class_page_says_with_the_class_in_a_word_of_its_own(teacher, room):
    save(teacher, YOUNG, [seats_of(room)["Ann Alder"]])
    page = teacher.get(f"/completion/class?lesson={YOUNG}").text
    assert page.count('<span class="status group">With the class</span>') == 1
    assert "1 was here" in page
    assert "1 of 3 has finished" in page
    sheet = teacher.get(f"/completion/class.csv?lesson={YOUNG}").text
    assert "Ann Alder,yes,Done,1,,With the class" in sheet


def test_kindergarten_gets_its_hundred_though_nobody_opened_a_link_and_the_course_its_share(teacher, room):
    save(teacher, YOUNG, seats_of(room).values())
    share = round(100 / len(library.course("k").lessons), 2)
    assert wanted(room) == {f"/lessons/k/{YOUNG}": [100.0] * 3, "/lessons/k": [share] * 3}


def test_a_graded_lesson_is_done_but_no_score_goes_out(teacher, room):
    save(teacher, OLDER, seats_of(room).values())
    assert len(done(OLDER)) == 3
    assert wanted(room) == {}


def test_who_did_it_alone_keeps_that(teacher, room, signed_in):
    ann = db.get_one(Person, db.get_one(Enrollment, seats_of(room)["Ann Alder"]).person_id)
    pupil = signed_in(person=ann, classroom=room.classroom)
    read_lesson(pupil, OLDER)
    hand_in(pupil, "a", OLDER)
    before = db.scalars(sa.select(Progress).filter_by(person_id=ann.id)).one()
    best, first_done = before.best_score, before.done_at
    save(teacher, OLDER, seats_of(room).values())
    session = db.scalars(sa.select(GroupSession.public_id)).one()
    teacher.post(f"/completion/together/sessions/{session}/undo")
    db.remove()
    after = db.scalars(sa.select(Progress).filter_by(person_id=ann.id)).one()
    assert (after.best_score, after.done_at) == (best, first_done)
    kinds = [row.kind for row in live(OLDER) if row.person_id == ann.id]
    assert kinds == (["course"] if first_done else [])


def test_saving_the_same_list_twice_is_one_session(teacher, room):
    key, seats = list_of(teacher, YOUNG), seats_of(room)
    save(teacher, YOUNG, [seats["Ann Alder"]], key)
    save(teacher, YOUNG, [seats["Ann Alder"], seats["Ben Birch"]], key)
    assert len(live()) == 2
    assert db.scalar(sa.select(sa.func.count()).select_from(GroupSession)) == 1


def test_nobody_ticked_is_said_and_nothing_is_written(teacher, room):
    answer = save(teacher, YOUNG, [])
    assert "Nobody was ticked." in teacher.get(answer.headers["Location"]).text
    assert db.query(GroupSession).all() == []


def test_everyone_was_here_ticks_every_box_without_scripts(teacher, room):
    page = teacher.get(f"/completion/together/{YOUNG}/here?everyone=yes").text
    assert len(re.findall(r'name="here" value="\d+" checked', page)) == 3


def test_taking_a_session_back_leaves_its_rows_and_counts_them_for_nothing(teacher, room):
    answer = save(teacher, YOUNG, seats_of(room).values())
    place = answer.headers["Location"].split("?")[0]
    undone = teacher.post(f"{place}/undo")
    assert undone.status_code == 303
    assert "counts for nobody" in teacher.get(undone.headers["Location"]).text
    rows = evidence()
    assert len(rows) == 3 and live() == []
    assert {(row.voided_by, row.void_reason) for row in rows} == {(teacher.person.id, "not_here")}
    assert done() == set()
    assert db.query(Progress).all() == [], "nobody had begun by themselves"
    assert f"/lessons/k/{YOUNG}" not in wanted(room)
    assert teacher.post(f"{place}/undo").status_code == 303
    assert [row.voided_at for row in evidence()] == [row.voided_at for row in rows]


def test_one_pupil_is_taken_back_and_may_be_ticked_again(teacher, room):
    answer = save(teacher, YOUNG, seats_of(room).values())
    page = teacher.get(answer.headers["Location"]).text
    assert page.count("Was not here") == 3
    ann = live()[0]
    place = answer.headers["Location"].split("?")[0]
    teacher.post(f"{place}/undo/{ann.public_id}")
    assert len(live()) == 2 and ann.person_id not in done()
    save(teacher, YOUNG, [seats_of(room)["Ann Alder"]])
    assert len(live()) == 3 and ann.person_id in done()
    assert len(evidence()) == 4


def test_a_second_session_still_counts_when_the_first_is_taken_back(teacher, room):
    first = save(teacher, YOUNG, seats_of(room).values()).headers["Location"].split("?")[0]
    save(teacher, YOUNG, seats_of(room).values())
    teacher.post(f"{first}/undo")
    assert len(live()) == 3 and len(done()) == 3


def test_a_grade_that_arrived_is_left_to_the_teacher(teacher, room):
    answer = save(teacher, YOUNG, seats_of(room).values())
    db.execute(sa.update(ScoreDelivery).values(state="sent", sent=1))
    db.commit()
    before = wanted(room)
    teacher.post(answer.headers["Location"].split("?")[0] + "/undo")
    assert wanted(room) == before


DOORS = [
    ("GET", f"/completion/together/{YOUNG}/1"),
    ("GET", f"/completion/together/{YOUNG}/here"),
    ("POST", f"/completion/together/{YOUNG}/here"),
    ("GET", "/completion/together/sessions/nowhere-nowhere-no"),
    ("POST", "/completion/together/sessions/nowhere-nowhere-no/undo"),
    ("POST", "/completion/together/sessions/nowhere-nowhere-no/undo/ev_1"),
]


@pytest.mark.parametrize(("method", "path"), DOORS)
def test_only_teachers_of_a_class_come_in(room, signed_in, client, method, path):
    assert client.open(path, method=method).status_code == 401
    for role in ("learner", "mentor", "other"):
        assert signed_in(role, classroom=room.classroom).open(path, method).status_code == 403
    assert signed_in("teacher").open(path, method).status_code == 404


def test_pupils_of_another_class_or_district_can_not_be_ticked(teacher, room, next_room, signed_in):
    next_room.link(f"/lessons/k/{YOUNG}")
    next_room.seat("Dan Dogwood")
    theirs = seats_of(next_room)["Dan Dogwood"]
    for odd in (theirs, 10**9, "x", -1):
        answer = save(teacher, YOUNG, [seats_of(room)["Ann Alder"], odd])
        assert answer.status_code == 422
    assert evidence() == [] and db.query(GroupSession).all() == []


def test_the_teacher_next_door_and_one_of_another_district_find_no_session_of_ours(
    app, teacher, room, next_room, signed_in
):
    next_room.link(f"/lessons/k/{YOUNG}")
    next_room.seat("Dan Dogwood")
    key = list_of(teacher, YOUNG)
    place = save(teacher, YOUNG, seats_of(room).values(), key).headers["Location"].split("?")[0]
    ann = live()[0].public_id
    neighbor = signed_in("teacher", classroom=next_room.classroom)
    foreigner = far_away(app)
    for stranger in (neighbor, foreigner):
        for method, path in (("GET", place), ("POST", f"{place}/undo"), ("POST", f"{place}/undo/{ann}")):
            assert stranger.open(path, method).status_code == 404
    assert save(neighbor, YOUNG, [seats_of(next_room)["Dan Dogwood"]], key).status_code == 422
    assert len(live()) == 3


def far_away(app):
    """A teacher of another district, whose class is linked to the same lesson."""
    district = District(slug="far", name="Far School District", timezone="America/New_York")
    db.add(district)
    db.flush()
    year = ensure_school_year(district)
    classroom = Classroom(district_id=district.id, title="Far away")
    person = Person(district_id=district.id, audience="staff")
    db.add_all([classroom, person])
    db.commit()
    ClassInLms(district, year, classroom, a_platform(district, issuer="https://far.example")).link(
        f"/lessons/k/{YOUNG}"
    )
    return sign_in_browser(app, person, "teacher", classroom)


def test_a_list_that_is_not_ours_is_refused(teacher, room):
    assert save(teacher, YOUNG, [seats_of(room)["Ann Alder"]], "short").status_code == 422


def test_a_lesson_that_is_not_linked_and_the_staff_course_are_not_taught_here(teacher, room):
    assert teacher.get("/completion/together/g7-private-by-design/1").status_code == 404
    room.link("/lessons/ruc")
    staff = library.course("ruc").lessons[0].id
    assert "Staff modules are taken by each person" in teacher.get(f"/completion/together/{staff}/1").text


def test_a_class_of_three_and_one_of_sixty_cost_the_same_queries(room, next_room, signed_in, count_queries):
    for target in (f"/lessons/k/{YOUNG}", "/lessons/k"):
        next_room.link(target)
    next_room.seat(*(f"Pupil {n}" for n in range(60)))
    evidence_keys.signing_key()  # the first evidence of an installation makes it
    db.commit()
    counted = []
    for each in (room, next_room):
        teacher = signed_in("teacher", classroom=each.classroom)
        seats, key = seats_of(each).values(), list_of(teacher, YOUNG)
        with count_queries() as saving:
            answer = save(teacher, YOUNG, seats, key)
        place = answer.headers["Location"].split("?")[0]
        with count_queries() as reading:
            assert teacher.get(place).text.count("Was not here") == len(seats)
        with count_queries() as undoing:
            teacher.post(f"{place}/undo")
        counted.append((len(saving), len(reading), len(undoing)))
    assert counted[0] == counted[1], counted


def test_it_stands_in_what_is_looked_at_again(teacher, room):
    """A new fact, and one taken back, both ask for the standing to be looked at."""
    from completion import requirements

    person = db.get_one(Person, db.get_one(Enrollment, seats_of(room)["Ann Alder"]).person_id)
    requirements.assign(person, "dc-k", room.year)
    db.commit()
    facts = [db.scalars(sa.select(Review.facts).filter_by(person_id=person.id)).one()]
    place = save(teacher, YOUNG, [seats_of(room)["Ann Alder"]]).headers["Location"].split("?")[0]
    facts.append(db.scalars(sa.select(Review.facts).filter_by(person_id=person.id)).one())
    teacher.post(f"{place}/undo")
    db.remove()
    facts.append(db.scalars(sa.select(Review.facts).filter_by(person_id=person.id)).one())
    assert facts == sorted(set(facts))


def test_the_class_reads_on_in_the_language_it_chose(teacher, room):
    spanish = library.lesson(OLDER).in_language("es")
    first = teacher.get(f"/completion/together/{OLDER}/1").text
    choose = re.search(r'href="([^"]+lang=es[^"]*)"', first).group(1).replace("&amp;", "&")
    page = teacher.get(choose).text
    assert spanish.steps[0].title in page and "Machine translation" not in page and "Traducción" in page
    onward = re.search(r'data-next href="([^"]+)"', page).group(1).replace("&amp;", "&")
    assert "lang=es" in onward and spanish.steps[1].title in teacher.get(onward).text
    odd = teacher.get(f"/completion/together/{OLDER}/1?lang=xx")
    assert odd.status_code == 200 and library.lesson(OLDER).steps[0].title in odd.text
