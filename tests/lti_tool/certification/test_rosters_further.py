"""Names and Roles beyond the official suite (rows 130 to 138)."""

from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa

from core.clock import now
from core.database import db, transaction
from lti_tool.memberships import WHOLE_EVERY, read_roster, sync_due
from lti_tool.models import Context, Platform
from lti_tool.registrations import forget_platforms, registered
from lti_tool.roster_reading import _member, merged
from lti_tool.service_calls import PagesLoop, PlatformService
from people.models import Classroom, Enrollment, Identity, Person
from practice_lms.people import Person as LmsPerson

ALL_KINDS = pytest.mark.parametrize("school", ["canvas", "schoology", "moodle"], indirect=True)
COURSE = "g4-room-12"
MEMBERSHIP = "http://purl.imsglobal.org/vocab/lis/v2/membership"


def read_again() -> int:
    with transaction():
        db.execute(sa.update(Context).values(roster_due_at=now()))
    return sync_due()


def first_reading(school, link: str = "g4-same-me") -> None:
    school.launch("cruz", link)
    assert sync_due() == 1


def seats(role: str = "learner") -> list[Enrollment]:
    db.remove()
    here = sa.select(Enrollment).where(Enrollment.role == role, Enrollment.left_at.is_(None))
    return list(db.scalars(here.order_by(Enrollment.id)))


def seat_of(school, name: str) -> Enrollment:
    """The seat of somebody by the name their LMS gives them."""
    db.remove()
    found = [
        (identity.person_id)
        for identity in db.scalars(sa.select(Identity).filter_by(scheme="lti"))
        if identity.value == school.lms.user_id(name)
    ]
    return db.scalars(sa.select(Enrollment).filter_by(person_id=found[0])).one()


def asked(school) -> list:
    return school.lms.requests.to("memberships")


@ALL_KINDS
def test_130_three_pages_with_addresses_kept_letter_by_letter(school):
    """NRPS 2.4.2; pylti1p3 lower-cases the address, and a cursor in mixed case leads nowhere then."""
    school.lms.settings = replace(school.lms.settings, page_size=12)
    first_reading(school)
    assert len(asked(school)) == 3 and {each.status for each in asked(school)} == {200}
    assert len(seats()) + len(seats("teacher")) + len(seats("mentor")) == len(
        school.lms.memberships.of(COURSE)
    )


def test_130_a_next_page_that_leads_back_ends_the_reading(school):
    school.launch("cruz", "g4-same-me")
    school.lms.set_fault("next_page_loop", "memberships")
    calls = PlatformService(registered(school.platform.id))
    with pytest.raises(PagesLoop):
        read_roster(calls, school.lms.memberships_url(COURSE))
    sync_due()
    assert seats() == [] and len(asked(school)) == 2


@pytest.mark.parametrize(
    ("status", "here"),
    [
        ({}, True),
        ({"status": "Active"}, True),
        ({"status": "Inactive"}, False),
        ({"status": "Deleted"}, False),
    ],
)
def test_131_an_absent_status_is_active(status, here):
    """NRPS 2.2."""
    assert _member({"user_id": "1", "roles": [MEMBERSHIP + "#Learner"]} | status).here is here


def test_131_inactive_is_kept_as_left_with_its_history_and_may_come_back(school):
    """Canvas lists a suspended pupil as Inactive; the seat stays, its name goes, and comes back with them."""
    first_reading(school)
    school.lms.memberships.suspend("pupil03", COURSE)
    read_again()
    gone = seat_of(school, "pupil03")
    number = gone.id
    assert gone.left_at is not None and gone.display_name is None and len(seats()) == 25
    school.lms.memberships.enroll("pupil03", COURSE)
    read_again()
    back = seat_of(school, "pupil03")
    assert (back.id, back.left_at, back.display_name) == (
        number,
        None,
        school.lms.world.people["pupil03"].name,
    )


def test_131_differences_are_read_where_they_are_offered(school):
    """NRPS 2.0 "differences": who went (Deleted), who is suspended (Inactive), who came; nobody else is touched."""
    school.lms.settings = replace(school.lms.settings, offers_differences=True)
    first_reading(school)
    untouched = {seat.id for seat in seats()} - {seat_of(school, name).id for name in ("pupil03", "pupil04")}
    school.lms.memberships.leave("pupil03", COURSE)
    school.lms.memberships.suspend("pupil04", COURSE)
    school.lms.memberships.add_person(LmsPerson("new", 1999, "Nia", "Okoye", "Student"))
    school.lms.memberships.enroll("new", COURSE)
    school.lms.requests.clear()
    read_again()
    (request,) = asked(school)
    assert request.query.startswith("since=Roster"), "the address is used as it was given"
    assert {seat.id for seat in seats()} == untouched | {seat_of(school, "new").id}
    assert seat_of(school, "pupil03").left_at and seat_of(school, "pupil04").left_at
    read_again()
    assert asked(school)[-1].query != request.query, "the newest address is kept"
    db.remove()
    assert db.scalars(sa.select(Classroom)).one().roster_as_of is not None


def test_131_the_whole_roster_is_read_when_the_differences_are_refused(school):
    school.lms.settings = replace(school.lms.settings, offers_differences=True)
    first_reading(school)
    school.lms.memberships.leave("pupil03", COURSE)
    school.lms.memberships.forget_changes()
    school.lms.requests.clear()
    read_again()
    assert [each.status for each in asked(school)] == [410, 200]
    assert seat_of(school, "pupil03").left_at is not None
    db.remove()
    assert db.scalars(sa.select(Classroom)).one().roster_problem is None


def test_131_the_whole_roster_is_read_once_a_week_all_the_same(school):
    """A change that got lost on the way does not stay lost."""
    school.lms.settings = replace(school.lms.settings, offers_differences=True)
    first_reading(school)
    with transaction():
        db.execute(sa.update(Context).values(whole_roster_at=now() - WHOLE_EVERY - timedelta(minutes=1)))
    school.lms.requests.clear()
    read_again()
    assert [each.query for each in asked(school)] == [""]


def test_132_a_member_without_name_and_address_has_a_neutral_label(curriculum, school):
    """Privacy level "anonymous": the class is usable all the same, and nobody is called None."""
    school.lms.settings = replace(school.lms.settings, privacy="anonymous")
    first_reading(school)
    page = school.launch("cruz", "g4-same-me").get("/completion/class?lesson=g4-same-me").text
    table = page.split("<tbody")[1].split("</table>")[0]
    assert "Pupil 1<" in table and "Pupil 26<" in table and "None" not in table
    assert all(seat.display_name is None for seat in seats())


@ALL_KINDS
def test_133_short_and_full_role_names_mean_the_same(school):
    """Moodle's roster says "Learner" and "Instructor", the others full URIs."""
    first_reading(school)
    assert (len(seats()) >= 26, len(seats("teacher")) >= 1) == (True, True)
    db.remove()
    assert seat_of(school, "ana").role == "learner" and seat_of(school, "cruz").role == "teacher"


@pytest.mark.parametrize("roles", [["Learner"], [MEMBERSHIP + "#Learner"]])
def test_133_a_line_in_either_writing(roles):
    assert _member({"user_id": "1", "roles": roles}).role == "learner"


@pytest.mark.parametrize("page_size", [None, 10])
def test_134_the_same_person_twice_has_one_seat_with_both_roles(school, page_size):
    """Two sections, on one page or on two: a pupil who helps in another section teaches here."""
    school.lms.settings = replace(school.lms.settings, page_size=page_size)
    school.lms.memberships.seat_again("ana", COURSE, "Learner")
    school.lms.memberships.seat_again("ben", COURSE, "TeachingAssistant")
    first_reading(school)
    everybody = len(seats()) + len(seats("teacher")) + len(seats("mentor"))
    assert everybody == len(school.lms.memberships.of(COURSE))
    assert (seat_of(school, "ana").role, seat_of(school, "ben").role) == ("learner", "teacher")


def test_134_who_left_one_section_and_is_in_another_is_here():
    """The line that is active decides, whichever comes first."""
    line = {"user_id": "1", "name": "Ana", "roles": ["Learner"]}
    gone = line | {"status": "Deleted", "roles": ["Instructor"]}
    for lines in ([line, gone], [gone, line]):
        (member,) = merged(_member(each) for each in lines)
        assert member.here and member.role == "learner"


def trust_custom_ids(school) -> None:
    """IT lets our custom parameters name people; the links carry them."""
    with transaction():
        db.execute(sa.update(Platform).values(custom_ids_trusted=True))
    forget_platforms()
    link = school.lms.world.links["g4-same-me"]
    custom = {"lessonid": link.key, "sis_id": "$Person.sourcedId", "username": "$User.username"}
    changed = replace(link, custom=custom)
    course = school.lms.world.courses[COURSE]
    links = tuple(changed if each.key == link.key else each for each in course.links)
    school.lms.world.links[link.key] = changed
    school.lms.world.courses[COURSE] = replace(course, links=links)
    school.lms.settings = replace(school.lms.settings, sourced_ids="absent")


def names(scheme: str) -> set[str]:
    db.remove()
    return {each.value for each in db.scalars(sa.select(Identity).filter_by(scheme=scheme))}


@pytest.mark.parametrize("school", ["canvas", "moodle"], indirect=True)
def test_135_a_links_roster_is_asked_where_it_names_people(school):
    """NRPS 2.5 `rlid`: the platform fills our custom parameters in for each member, before they ever come."""
    trust_custom_ids(school)
    first_reading(school)
    first, second = asked(school)
    assert "rlid=" in first.query and "rlid" not in second.query
    assert {"200001", "200002", "200003"} <= names("sis")
    assert school.lms.world.people["ana"].username in names("username")
    assert len(seats()) >= 26


@pytest.mark.parametrize("school", ["schoology"], indirect=True)
def test_135_where_it_is_not_supported_the_courses_roster_is_read(school):
    """Schoology answers 400."""
    trust_custom_ids(school)
    first_reading(school)
    assert [each.status for each in asked(school)] == [400, 200]
    assert len(seats()) == 26 and names("sis") == {"100002"}, "only the teacher's, from her own launch"


def test_135_a_link_that_canvas_does_not_know_any_more(school):
    """Canvas: 404 "Requested ResourceLink was not found"."""
    trust_custom_ids(school)
    school.launch("cruz", "g4-same-me", resource_link={"id": "gone", "title": "Deleted since"})
    assert sync_due() == 1
    assert [each.status for each in asked(school)] == [404, 200]
    assert len(seats()) == 26


def test_135_nobody_asks_for_it_where_it_would_say_nothing(school):
    """By default the roster itself says all that we believe; one question is enough."""
    first_reading(school)
    assert [each.query for each in asked(school)] == [""]


@ALL_KINDS
def test_136_who_is_gone_is_kept_as_left_and_not_counted_as_missing(curriculum, school):
    first_reading(school)
    school.lms.memberships.leave("pupil03", COURSE)
    read_again()
    gone = seat_of(school, "pupil03")
    assert gone.left_at is not None and gone.display_name is None
    page = school.launch("cruz", "g4-same-me").get("/completion/class?lesson=g4-same-me").text
    assert f"None of the {len(seats())} has begun." in page and "Left the class" in page


@pytest.mark.parametrize("kind", ["down", "malformed", "next_page_loop", "closed"])
def test_137_a_roster_that_fails_half_way_leaves_the_old_one_with_its_time(school, kind):
    school.lms.settings = replace(school.lms.settings, page_size=10)
    first_reading(school)
    db.remove()
    before, as_of = len(seats()), db.scalars(sa.select(Classroom)).one().roster_as_of
    school.lms.memberships.leave("pupil03", COURSE)
    school.lms.set_fault(kind, "memberships")
    read_again()
    db.remove()
    classroom = db.scalars(sa.select(Classroom)).one()
    assert len(seats()) == before and classroom.roster_as_of == as_of and classroom.roster_problem


def fill(school, size: int) -> None:
    """So many more pupils in the course."""
    for number in range(size):
        person = LmsPerson(
            f"many{number}", 50_000 + number, "Pupil", f"Number {number}", "Student", f"S{number}"
        )
        school.lms.memberships.add_person(person)
        school.lms.memberships.enroll(person.key, COURSE)


def test_138_two_thousand_members_cost_the_same_statements_for_each_thousand(school, count_queries):
    """Streamed page by page and written in batches; `make bench` shows the time (rosters, under five seconds)."""
    school.launch("cruz", "g4-same-me")
    counts = []
    for _ in range(2):
        fill(school, 1000 * (len(counts) + 1))
        with transaction():
            db.execute(sa.update(Context).values(roster_due_at=now()))
        with count_queries() as statements:
            sync_due()
        counts.append(len(statements))
    db.remove()
    assert db.scalar(sa.select(sa.func.count()).select_from(Person)) >= 2000
    assert len(seats()) == 2026
    # Four batches of 500 instead of two; each costs a handful, and none costs one for each member.
    assert counts[1] <= 2 * counts[0] and counts[1] < 60
