"""A lesson a teacher takes with the whole class: who was there is evidence of group instruction, and can be undone."""

import re
from collections.abc import Collection, Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from completion import group, ledger
from completion.dates import local_day
from completion.models import Evidence
from core.clock import now
from core.database import db, insert_for
from core.errors import NotFound, ToolError
from core.messages import N_
from lessons import library
from lessons.content import Lesson
from lessons.models import LessonVisit
from lessons.opting_out import excused_from
from lessons.taking_part import STAFF_BAND
from lti_tool import scores
from people.models import District, Enrollment, Person, SchoolYear, SignIn
from people.school_years import current_school_year
from quizzes.grades import COMPLETE, lesson_target, want_course_scores, want_lesson_scores
from teaching.linked import choose_course, courses_of, linked_in
from teaching.models import GroupSession
from teaching.open_class import classroom_at

KEY = re.compile(r"[A-Za-z0-9_-]{16,40}")
NOT_HERE = "not_here"


class NotForTheClass(NotFound):
    """The staff course: each of them owes it by themselves."""

    code = "not_for_the_class"
    next_step = N_("Go back to the class page.")


class NoSuchSession(NotFound):
    """Also for one of another class."""

    code = "no_such_session"
    next_step = N_("Go back to the class page. It lists what was taught together.")


class OddAttendance(ToolError):
    """A name that is not on this class's list, or no list of ours at all. Nothing was written."""

    status, code = 422, "odd_attendance"
    next_step = N_("Open the list of names again, tick who was there and save it.")


def lesson_of_class(sign_in: SignIn, lesson_id: str) -> Lesson:
    """The lesson as published now. Raises NoClass, NotLinkedHere and NotForTheClass."""
    courses = courses_of(linked_in(classroom_at(sign_in)))
    choose_course(courses, None, lesson_id)
    lesson = library.lesson(lesson_id)
    if lesson.band == STAFF_BAND:
        raise NotForTheClass(N_("Staff modules are taken by each person, not by a class."))
    return lesson


def hold_session(
    sign_in: SignIn,
    leader: Person,
    lesson: Lesson,
    public_id: str,
    seats: Collection[int],
    *,
    launch: Mapping[str, Any] | None = None,
) -> GroupSession:
    """Write down who was there, by the ids of their seats (Enrollment), with all that follows from it.

    The same `public_id` again is the same session; names ticked since are added. A pupil who takes another lesson in
    its place may be ticked like everybody, so that no list on a projector tells; nothing is recorded for them, as
    theirs counts when they have done it. Raises OddAttendance.
    """
    if not KEY.fullmatch(public_id):
        raise OddAttendance(N_("This list was not made by us."), field="session")
    year = current_school_year(sign_in.district_id)
    here = _hold_learners(sign_in, seats)
    excused = excused_from(lesson.id, here, year.id)
    learners = [person_id for person_id in here if person_id not in excused]
    session = _session_for(sign_in, leader, lesson, public_id, year)
    done_before = ledger.done_parts(learners, year.id)

    if learners:
        group.record_group(
            learners, lesson.part, year, version=lesson.content_hash, source=session.source, launch=launch
        )
    newly = [person_id for person_id in learners if lesson.part not in done_before[person_id]]
    if newly and not lesson.pass_mark:
        want_lesson_scores(dict.fromkeys(newly, COMPLETE), lesson, year, session.classroom_id)
    if newly:
        done = {person_id: done_before[person_id] | {lesson.part} for person_id in newly}
        want_course_scores(done, lesson, year, session.classroom_id)
    return session


def session_here(sign_in: SignIn, public_id: str) -> GroupSession:
    """A session of the class this sign-in came from. Raises NoSuchSession."""
    found = _session(sign_in, public_id)
    if found is None:
        raise NoSuchSession(N_("There is no such session in this class."))
    return found


def who_was_there(session: GroupSession) -> dict[int, str]:
    """{seat: public id of the evidence}, of everybody the session still counts for."""
    still = group.group_evidence(session.source).subquery()
    rows = db.execute(
        sa.select(Enrollment.id, still.c.public_id)
        .join(still, still.c.person_id == Enrollment.person_id)
        .where(Enrollment.classroom_id == session.classroom_id, Enrollment.role == "learner")
        .order_by(Enrollment.id)
    )
    return {row.id: row.public_id for row in rows}


def undo(session: GroupSession, by: Person, evidence_id: str | None = None) -> None:
    """Take the session back, or what it says about one pupil. Doing so again changes nothing.

    A grade that has not left yet is not sent; one that arrived stays, as the LMS's grades are the teacher's.
    """
    year = db.get_one(SchoolYear, session.school_year_id)
    which = group.group_evidence(session.source).with_for_update()
    if evidence_id is None:
        session.undone_at = session.undone_at or now()
    else:
        which = which.where(Evidence.public_id == evidence_id)
    rows = db.scalars(which).all()
    if not rows:
        return
    people = {row.person_id for row in rows}
    lesson = library.lesson_by_version(session.version_id)
    group.void(rows, year, by=by, reason=NOT_HERE, begun=_began_alone(people, lesson.id, year))
    done = ledger.done_parts(people, year.id)
    undone = [person_id for person_id in people if lesson.part not in done[person_id]]
    if undone and not lesson.pass_mark:
        scores.withdraw_unsent(undone, lesson_target(lesson))


def _hold_learners(sign_in: SignIn, seats: Collection[int]) -> list[int]:
    """Person ids behind these seats, held until the transaction ends: a course's share is counted from all lessons.

    Raises OddAttendance when one of the seats is not a learner's of this class.
    """
    learners = sa.select(Person.id).join(Enrollment, Enrollment.person_id == Person.id)
    found = db.scalars(
        learners.where(
            Enrollment.id.in_(seats),
            Enrollment.district_id == sign_in.district_id,
            Enrollment.classroom_id == classroom_at(sign_in),
            Enrollment.role == "learner",
        )
        .order_by(Person.id)
        .with_for_update(key_share=True, of=Person)
    ).all()
    if not found or len(found) != len(set(seats)):
        raise OddAttendance(N_("Somebody on this list is not a pupil of this class."), field="here")
    return list(found)


def _session_for(
    sign_in: SignIn, leader: Person, lesson: Lesson, public_id: str, year: SchoolYear
) -> GroupSession:
    timezone = db.scalars(sa.select(District.timezone).filter_by(id=sign_in.district_id)).one()
    db.execute(
        insert_for(GroupSession)
        .values(
            district_id=sign_in.district_id,
            public_id=public_id,
            classroom_id=classroom_at(sign_in),
            school_year_id=year.id,
            lesson_id=lesson.id,
            version_id=library.version_id(lesson),
            led_by=leader.id,
            held_on=local_day(now(), timezone),
        )
        .on_conflict_do_nothing(index_elements=["public_id"])
    )
    found = _session(sign_in, public_id)
    if found is None or found.lesson_id != lesson.id or found.undone_at is not None:
        raise OddAttendance(
            N_("This list belongs to another session, or to one that was undone."), field="session"
        )
    return found


def _session(sign_in: SignIn, public_id: str) -> GroupSession | None:
    return db.scalars(
        sa.select(GroupSession).filter_by(
            district_id=sign_in.district_id, classroom_id=classroom_at(sign_in), public_id=public_id
        )
    ).one_or_none()


def _began_alone(person_ids: Collection[int], lesson_id: str, year: SchoolYear) -> Sequence[int]:
    return db.scalars(
        sa.select(LessonVisit.person_id).where(
            LessonVisit.person_id.in_(person_ids),
            LessonVisit.lesson_id == lesson_id,
            LessonVisit.school_year_id == year.id,
        )
    ).all()
