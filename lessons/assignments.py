"""Who owes what: pupils a course by the links in their class, staff theirs by being staff (2022P, RU-ANN-1 and 2),
guests the agreement written for them.

The worker's step: the roster says who ought, whether or not they have ever opened a lesson.
"""

import sqlalchemy as sa

from completion.models import Assignment, Requirement
from completion.requirements import assign
from core.database import db
from lessons import library
from lti_tool.models import Context, ResourceLink
from people.directory import raise_audience
from people.models import District, Enrollment, Person, SchoolYear
from people.rostered import has_left
from people.school_years import ensure_school_year

STAFF_COURSE = "ruc"
GUEST = "guest"
AT_ONCE = 200
"""People a step assigns before it commits, so that nobody waits for a large roster."""


def assign_due() -> int:
    """Assign what is owed and not assigned yet, in every district. Returns how many assignments were made."""
    courses = library.current_release().courses.values()
    guests_sign = db.scalars(sa.select(Requirement.id).filter_by(key=GUEST)).first() is not None
    made = 0
    for district in db.scalars(sa.select(District)).all():
        year = ensure_school_year(district)
        for course in courses:
            owing = (
                _staff(district, year, course.requirement)
                if course.id == STAFF_COURSE
                else _pupils(district, year, course.id, course.requirement)
            )
            for person in db.scalars(owing.limit(AT_ONCE)).all():
                raise_audience(person, "staff" if course.id == STAFF_COURSE else "pupil")
                assign(person, course.requirement, year)
                made += 1
        if guests_sign:
            made += _assign_guests(district, year)
    return made


def _assign_guests(district: District, year: SchoolYear) -> int:
    guests = _not_assigned(district, year, GUEST).where(Person.audience == GUEST)
    found = db.scalars(guests.limit(AT_ONCE)).all()
    for person in found:
        assign(person, GUEST, year)
    return len(found)


def _staff(district: District, year: SchoolYear, requirement: str) -> sa.Select[Person]:
    """Everybody known as staff, and whoever sits in the staff course without being known as anything.

    Not those whom a roster had on the staff and has no more: they owe nothing, however they are still known.
    """
    seated = _seated_in(STAFF_COURSE)
    wanted = sa.or_(Person.audience == "staff", sa.and_(Person.audience == "unknown", Person.id.in_(seated)))
    return _not_assigned(district, year, requirement).where(wanted, ~has_left("staff"))


def _pupils(district: District, year: SchoolYear, course_id: str, requirement: str) -> sa.Select[Person]:
    seated = _seated_in(course_id)
    return _not_assigned(district, year, requirement).where(Person.audience != "staff", Person.id.in_(seated))


def _seated_in(course_id: str) -> sa.Select[int]:
    """Learners of the classrooms in which a link opens this course or a lesson of it."""
    address = f"/lessons/{course_id}"
    return (
        sa.select(Enrollment.person_id)
        .join(Context, Context.classroom_id == Enrollment.classroom_id)
        .join(ResourceLink, ResourceLink.context_pk == Context.id)
        .where(
            sa.or_(ResourceLink.target == address, ResourceLink.target.startswith(address + "/")),
            Enrollment.role == "learner",
            Enrollment.left_at.is_(None),
        )
    )


def _not_assigned(district: District, year: SchoolYear, requirement: str) -> sa.Select[Person]:
    assigned = (
        sa.select(Assignment.id)
        .join(Requirement, Requirement.id == Assignment.requirement_id)
        .where(
            Assignment.person_id == Person.id,
            Assignment.school_year_id == year.id,
            Requirement.key == requirement,
        )
    )
    return sa.select(Person).where(Person.district_id == district.id, ~assigned.exists()).order_by(Person.id)
