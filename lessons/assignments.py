"""Who owes what: pupils a course by the links in their class, staff theirs by being staff (2022P, RU-ANN-1 and 2),
guests the agreement written for them.

The worker's step: the roster says who ought, whether or not they have ever opened a lesson.
"""

import threading
from collections.abc import Sequence

import sqlalchemy as sa

from completion.models import Assignment, Requirement
from completion.requirements import assign_all
from core.clock import now
from core.database import db, only_reading, transaction
from lessons import library
from lti_tool.models import Context, ResourceLink
from people.directory import raise_audience_of
from people.models import Classroom, Enrollment, Person, SchoolYear
from people.rostered import has_left
from people.school_years import current_school_year

STAFF_COURSE = "ruc"
GUEST = "guest"
AT_ONCE = 500
"""People who are assigned in one transaction, so that nobody waits long for a large roster."""

_UNTIL_TOLD = threading.Event()


def assign_due(stop: threading.Event = _UNTIL_TOLD) -> int:
    """Worker step: assign what is owed and not assigned yet, in every district. Returns how many assignments were made.

    Looking takes no lock. Each portion is a transaction of its own under the lock of its district's year, so that a
    second worker goes on with another district, and a worker that is killed leaves whole portions.
    """
    at = now()
    with only_reading():
        # A district of this very minute has no school year yet; its turn comes when it has.
        open_now = sa.select(SchoolYear.district_id).where(
            SchoolYear.starts_at <= at, SchoolYear.ends_at > at
        )
        districts = db.scalars(open_now.order_by(SchoolYear.district_id)).all()
    return sum(_assign_in(each, stop) for each in districts)


def _assign_in(district_id: int, stop: threading.Event) -> int:
    made = 0
    while not stop.is_set():
        with only_reading():
            found = _owing(district_id)
        if found is None:
            break
        with transaction():
            written = _assign(district_id, *found)
        if written is None:
            break
        made += written
    return made


def _assign(district_id: int, requirement_id: int, person_ids: Sequence[int]) -> int | None:
    """None where another worker is at it."""
    year = current_school_year(district_id)
    # Weaker than FOR UPDATE: whoever records evidence of this year refers to the row and must not wait.
    turn = sa.select(SchoolYear.id).filter_by(id=year.id).with_for_update(skip_locked=True, key_share=True)
    if db.scalars(turn).one_or_none() is None:
        return None
    owed = db.get_one(Requirement, requirement_id)
    if owed.key != GUEST:
        raise_audience_of(person_ids, owed.audience)
    return assign_all(person_ids, owed, year)


def _owing(district_id: int) -> tuple[int, Sequence[int]] | None:
    """(requirement id, some of those who owe it and were not told yet), or None where there is nobody."""
    year = current_school_year(district_id)
    ids = {row.key: row.id for row in db.execute(sa.select(Requirement.key, Requirement.id))}
    courses = library.current_release().courses.values()
    staff = next((each for each in courses if each.id == STAFF_COURSE), None)
    wanted = [_pupils(year, {each.id: ids[each.requirement] for each in courses if each.id != STAFF_COURSE})]
    if staff is not None:
        wanted.append(_staff(year, ids[staff.requirement]))
    if GUEST in ids:
        wanted.append(_not_assigned(year, sa.literal(ids[GUEST])).where(Person.audience == GUEST))
    for each in wanted:
        if rows := db.execute(each.limit(AT_ONCE)).all():
            first = rows[0][0]
            return first, [person_id for requirement_id, person_id in rows if requirement_id == first]
    return None


def _staff(year: SchoolYear, requirement_id: int) -> sa.Select[int, int]:
    """Everybody known as staff, and whoever sits in the staff course without being known as anything.

    Not those whom a roster had on the staff and has no more: they owe nothing, however they are still known.
    """
    address = f"/lessons/{STAFF_COURSE}"
    seated = _seats(year).where(
        sa.or_(ResourceLink.target == address, ResourceLink.target.startswith(address + "/"))
    )
    known = sa.or_(
        Person.audience == "staff",
        sa.and_(Person.audience == "unknown", Person.id.in_(seated.with_only_columns(Enrollment.person_id))),
    )
    return _not_assigned(year, sa.literal(requirement_id)).where(known, ~has_left("staff"))


def _pupils(year: SchoolYear, courses: dict[str, int]) -> sa.Select[int, int]:
    """Learners of classes in which a link opens a course or a lesson of it. courses: {course id: requirement id}."""
    rows = [(f"/lessons/{course}", each) for course, each in courses.items()] or [("-", 0)]
    columns = (sa.column("address", sa.String), sa.column("requirement_id", sa.Integer))
    course = sa.values(*columns, name="course").data(rows).cte("courses")
    opened = sa.or_(
        ResourceLink.target == course.c.address, ResourceLink.target.startswith(course.c.address + "/")
    )
    seated = (
        _seats(year)
        .join(course, opened)
        .with_only_columns(course.c.requirement_id, Enrollment.person_id)
        .distinct()
        .subquery()
    )
    return (
        _not_assigned(year, seated.c.requirement_id)
        .join(seated, seated.c.person_id == Person.id)
        .where(Person.audience != "staff")
    )


def _seats(year: SchoolYear) -> sa.Select[int]:
    """Learners in the district's classes, by every link there is in their class."""
    return (
        sa.select(Enrollment.person_id)
        .select_from(Classroom)
        .join(Context, Context.classroom_id == Classroom.id)
        .join(ResourceLink, ResourceLink.context_pk == Context.id)
        .join(Enrollment, Enrollment.classroom_id == Classroom.id)
        .where(
            Classroom.district_id == year.district_id,
            Enrollment.role == "learner",
            Enrollment.left_at.is_(None),
        )
    )


def _not_assigned(year: SchoolYear, requirement_id: sa.ColumnElement[int]) -> sa.Select[int, int]:
    """(requirement id, person id) of the district's people who have no assignment of it this year."""
    assigned = sa.select(Assignment.id).where(
        Assignment.person_id == Person.id,
        Assignment.school_year_id == year.id,
        Assignment.requirement_id == requirement_id,
    )
    return (
        sa.select(requirement_id.label("requirement_id"), Person.id)
        .where(Person.district_id == year.district_id, ~assigned.exists())
        .order_by(sa.text("1"), Person.id)
    )
