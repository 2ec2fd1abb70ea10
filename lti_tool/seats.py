"""Seat a whole roster: people we know and people we do not, with a constant number of statements per thousand."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

import sqlalchemy as sa

from core.database import db, insert_for
from lti_tool.recognising import CUSTOM, ROSTER_KEY, identity_names
from lti_tool.registrations import Registered
from people.directory import mark_gone, mark_left, people_by_identity, print_of, raise_audience
from people.models import Classroom, District, Enrollment, Identity, Person, new_person_id

CHUNK = 500


@dataclass(frozen=True)
class Member:
    """One person of a roster, in our words."""

    sub: str
    roles: tuple[str, ...]
    role: str
    audience: str
    name: str | None
    email: str | None
    sourcedid: str | None
    username: str | None = None
    """Only ever said by a custom parameter."""
    custom_sourcedid: bool = False
    """Whether `sourcedid` too is said by one, and not by the roster itself."""
    here: bool = True
    """False for Inactive and Deleted: they have left, and what they did stays."""


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
        people = _people(platform.district, platform, chunk)
        _seat(classroom, {people[member.sub].id: member for member in chunk})
        present |= {person.id for person in people.values()}
    return present


def _people(district: District, platform: Registered, members: list[Member]) -> dict[str, Person]:
    """{sub: person}, adding those we did not know and learning new names of those we did."""
    issuer = str(platform.id)
    known = people_by_identity(district.id, "lti", [member.sub for member in members], issuer)
    strangers = [member for member in members if member.sub not in known]
    if strangers:
        owners = _known_otherwise(district, strangers)
        owners |= _add_people(district, [member for member in strangers if member.sub not in owners])
        _link(district, [(owners[m.sub].id, "lti", issuer, m.sub, "roster") for m in strangers])
        known |= people_by_identity(district.id, "lti", [member.sub for member in strangers], issuer)
    _link(district, [name for member in members for name in _names(district, member, known[member.sub])])
    for member in members:
        raise_audience(known[member.sub], member.audience)
    return known


def _known_otherwise(district: District, strangers: list[Member]) -> dict[str, Person]:
    """{sub: person} of those whom the names a platform vouches for lead to one person (lti_tool.recognising)."""
    numbers = [member.sourcedid for member in strangers if member.sourcedid]
    addresses = {
        member.sub: email
        for member in strangers
        if (email := identity_names(district, None, member.email, member.audience).get("email"))
    }
    by_sis = people_by_identity(district.id, ROSTER_KEY, numbers) | people_by_identity(
        district.id, "sis", numbers
    )
    by_email = people_by_identity(district.id, "email", addresses.values())
    # A parameter that is the same for the whole class was written by hand, and is nobody's number.
    said = Counter(member.sourcedid for member in strangers if member.custom_sourcedid)
    found: dict[str, Person] = {}
    for member in strangers:
        if member.custom_sourcedid and said[member.sourcedid] > 1:
            continue
        number, address = by_sis.get(member.sourcedid or ""), by_email.get(addresses.get(member.sub, ""))
        if member.custom_sourcedid and number and "staff" in (member.audience, number.audience):
            number = number if address and address.id == number.id else None
        if (number is None) != (address is None) or (number and address and number.id == address.id):
            found[member.sub] = number or address  # type: ignore[assignment]  # one of the two is there
    return found


def _names(district: District, member: Member, person: Person) -> list[tuple[int, str, str, str, str]]:
    """(person, scheme, issuer, value, source)"""
    audience = "staff" if "staff" in (member.audience, person.audience) else member.audience
    sure = identity_names(district, member.sourcedid, member.email, audience)
    source = {"sis": CUSTOM if member.custom_sourcedid else "roster", "email": "roster", "username": CUSTOM}
    names = sure | ({"username": member.username} if member.username else {})
    return [(person.id, scheme, "", value, source[scheme]) for scheme, value in names.items()]


def _add_people(district: District, members: list[Member]) -> dict[str, Person]:
    if not members:
        return {}
    rows = [
        {"district_id": district.id, "public_id": new_person_id(), "audience": member.audience}
        for member in members
    ]
    db.execute(sa.insert(Person), rows)
    made = {
        person.public_id: person
        for person in db.scalars(
            sa.select(Person).where(Person.public_id.in_([row["public_id"] for row in rows]))
        )
    }
    return {member.sub: made[str(row["public_id"])] for member, row in zip(members, rows, strict=True)}


def _link(district: District, names: Iterable[tuple[int, str, str, str, str]]) -> None:
    """Note (person, scheme, issuer, value, source) rows that are not there yet, sealing only those."""
    wanted = {
        (scheme, print_of(district.id, scheme, where, value)): (person_id, where, value, source)
        for person_id, scheme, where, value, source in names
    }
    if not wanted:
        return
    there = {
        (scheme, print_)
        for scheme, print_ in db.execute(
            sa.select(Identity.scheme, Identity.fingerprint).where(
                Identity.district_id == district.id,
                Identity.fingerprint.in_([print_ for _, print_ in wanted]),
            )
        )
    }
    rows = [
        {
            "district_id": district.id,
            "person_id": person_id,
            "scheme": scheme,
            "issuer": where,
            "fingerprint": print_,
            "value": value,
            "source": source,
        }
        for (scheme, print_), (person_id, where, value, source) in wanted.items()
        if (scheme, print_) not in there
    ]
    if rows:
        db.execute(insert_for(Identity).on_conflict_do_nothing(), rows)


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
