"""Another course in place of ours: personnel accepts one from a fixed list, and says who took it and when."""

from datetime import date

import sqlalchemy as sa

from completion.ledger import record_evidence
from completion.models import Evidence
from completion.record_models import Equivalent
from completion.recorded_by_hand import OddRecord, check_hands, day_of
from completion.requirements import requirement
from core.database import db
from core.errors import Refused
from core.messages import N_
from people.audit import Actor, record
from people.models import Person, SchoolYear

COURSES = {
    "other_district": "The responsible use course of another school district",
    "service_district": "A course of the Educational Service District",
    "state_agency": "A course of OSPI or another state agency",
    "teacher_preparation": "Digital citizenship in a teacher preparation program",
    "contractor": "The contractor's own course, reviewed by the district",
}
"""{code: what it is}. The code stands in the record; the words may be put better later."""


def accept(person: Person, requirement_key: str, course: str, taken_on: date, by: Person) -> Equivalent:
    """It counts as our whole course, from the day it was taken, for the school year of that day.

    It is one piece of evidence for each lesson of the course as it is now, so that it does whatever a district lets the
    course do. Raises OddRecord, TwoPeople, NoSuchRequirement, and Refused when it was accepted before.
    """
    check_hands(person, by)
    if course not in COURSES:
        raise OddRecord(N_("Choose a course from the list."), field="course")
    owed = requirement(requirement_key)
    parts = next((way for way in owed.alternatives if way and all(map(_is_lesson, way))), None)
    if parts is None:
        raise OddRecord(N_("This requirement has no course that another could stand for."), field="course")
    at, year = day_of(person, taken_on, requirement_key)
    if _accepted(person, year, course):
        raise Refused(N_("This course was accepted for this school year already."))
    made = Equivalent(
        district_id=person.district_id,
        person_id=person.id,
        school_year_id=year.id,
        requirement_id=owed.id,
        course=course,
        taken_on=taken_on,
        accepted_by=by.id,
    )
    db.add(made)
    db.flush()
    for part in parts:
        record_evidence(
            person,
            part,
            year,
            kind="equivalent",
            version=f"equivalent-{course}",
            source=f"equivalent {made.id}",
            shown_at=at,
            proof={"course": course, "taken_on": taken_on.isoformat(), "accepted_by": by.public_id},
        )
    record(
        person.district_id, Actor.person(by.public_id), "equivalent_accepted", f"person:{person.public_id}",
        course=course, requirement=owed.key, taken_on=taken_on.isoformat(), year=year.name,
    )  # fmt: skip
    return made


def _is_lesson(part: str) -> bool:
    return part.startswith("lesson:")


def _accepted(person: Person, year: SchoolYear, course: str) -> bool:
    rows = sa.select(Evidence.id).filter_by(
        person_id=person.id, school_year_id=year.id, version=f"equivalent-{course}", voided_at=None
    )
    return db.scalars(rows.limit(1)).first() is not None
