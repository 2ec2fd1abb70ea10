"""Seat a whole roster: people we know and people we do not, with a constant number of statements per thousand."""

import sqlalchemy as sa

from core.database import db, insert_for
from lti_tool.members import Member
from lti_tool.registrations import Registered
from lti_tool.roster_people import people_of
from people.directory import mark_gone, mark_left, people_by_identity
from people.models import Classroom, Enrollment

CHUNK = 500


def seat_members(platform: Registered, classroom: Classroom, members: list[Member]) -> None:
    """Make the classroom's seats those of the roster. Whoever is not on it, or not active, has left."""
    mark_left(classroom, _seat_those_here(platform, classroom, members))


def seat_changes(platform: Registered, classroom: Classroom, members: list[Member]) -> None:
    """Seat those who came or changed, and mark those who went; nobody else is touched."""
    _seat_those_here(platform, classroom, members)
    gone = [member.sub for member in members if not member.here]
    for start in range(0, len(gone), CHUNK):
        chunk = gone[start : start + CHUNK]
        known = people_by_identity(platform.district_id, "lti", chunk, str(platform.id))
        mark_gone(classroom, {person.id for person in known.values()})


def _seat_those_here(platform: Registered, classroom: Classroom, members: list[Member]) -> set[int]:
    """Ids of the people who are here."""
    here = [member for member in members if member.here]
    present: set[int] = set()
    for start in range(0, len(here), CHUNK):
        chunk = here[start : start + CHUNK]
        people = people_of(platform, chunk)
        _seat(classroom, {people[member.sub].id: member for member in chunk})
        present |= {person.id for person in people.values()}
    return present


def _seat(classroom: Classroom, members: dict[int, Member]) -> None:
    seats = {
        seat.person_id: seat
        for seat in db.scalars(
            sa.select(Enrollment).where(
                Enrollment.classroom_id == classroom.id, Enrollment.person_id.in_(list(members))
            )
        )
    }
    new = []
    for person_id, member in members.items():
        seat = seats.get(person_id)
        if seat is None:
            new.append(
                {
                    "district_id": classroom.district_id,
                    "classroom_id": classroom.id,
                    "person_id": person_id,
                    "role": member.role,
                    "display_name": member.name,
                }
            )
            continue
        # Moodle's roster calls a non-editing teacher a Learner, whom its launches call an Instructor.
        demoted = member.role == "learner" and seat.role in ("teacher", "mentor")
        role = seat.role if demoted else member.role
        for name, value in (("role", role), ("display_name", member.name), ("left_at", None)):
            if getattr(seat, name) != value:
                setattr(seat, name, value)
    if new:
        db.execute(insert_for(Enrollment).on_conflict_do_nothing(), new)
