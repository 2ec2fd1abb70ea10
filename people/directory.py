"""Find people or add them, know them by several names, and seat them in classrooms."""

from collections.abc import Collection, Iterable, Mapping, Sequence

import sqlalchemy as sa

from core.clock import now
from core.database import db, insert_for
from core.sealed import fingerprint
from people.holds import held_among
from people.merged import found_at
from people.models import Classroom, Enrollment, Identity, Person

KNOWN_BY = ("email", "username", "sis")
"""Names by which an office knows people; the first says most."""


def trimmed(scheme: str, value: str) -> str:
    """An LTI subject is kept exactly as sent, blanks and all (row 82); what people typed into a SIS is not."""
    return value if scheme == "lti" else value.strip()


def normalised(scheme: str, value: str) -> str:
    """E-mail addresses and user names compare without case; LTI subjects and SIS ids with."""
    value = trimmed(scheme, value)
    return value.casefold() if scheme in ("email", "username") else value


def print_of(district_id: int, scheme: str, issuer: str, value: str) -> str:
    """The fingerprint an identity is found by."""
    return fingerprint(str(district_id), scheme, issuer, normalised(scheme, value))


def find_by_identity(district_id: int, scheme: str, value: str, issuer: str = "") -> Person | None:
    return db.scalars(
        sa.select(Person)
        .join(Identity, Identity.person_id == Person.id)
        .where(
            Identity.district_id == district_id,
            Identity.scheme == scheme,
            Identity.issuer == issuer,
            Identity.fingerprint == print_of(district_id, scheme, issuer, value),
        )
    ).one_or_none()


def person_called(district_id: int, scheme: str, name: str) -> Person | None:
    """By an exact name, or where the scheme is `id` by our own number, which leads on to whoever holds the records
    of somebody who was merged."""
    if not name.isprintable():  # PostgreSQL refuses to compare with a NUL
        return None
    if scheme != "id":
        return find_by_identity(district_id, scheme, name)
    found = db.scalars(sa.select(Person).filter_by(district_id=district_id, public_id=name)).one_or_none()
    merged = found_at(district_id, [found.id] if found else [])
    return db.get_one(Person, merged[found.id][0]) if found and found.id in merged else found


def people_by_identity(
    district_id: int, scheme: str, values: Iterable[str], issuer: str = ""
) -> dict[str, Person]:
    """{value: person} for those that are known, in one query."""
    prints = {print_of(district_id, scheme, issuer, value): value for value in values}
    if not prints:
        return {}
    rows = db.execute(
        sa.select(Identity.fingerprint, Person)
        .join(Person, Person.id == Identity.person_id)
        .where(
            Identity.district_id == district_id,
            Identity.scheme == scheme,
            Identity.issuer == issuer,
            Identity.fingerprint.in_(list(prints)),
        )
    )
    return {prints[print_]: person for print_, person in rows}


def find_or_add(
    district_id: int, *, scheme: str, value: str, issuer: str, audience: str, source: str
) -> Person:
    """The person known by this identity, added when new. Two launches at once make one person."""
    found = find_by_identity(district_id, scheme, value, issuer)
    if found:
        return found
    person = Person(district_id=district_id, audience=audience)
    db.add(person)
    db.flush()
    if not link_identity(person, scheme=scheme, value=value, issuer=issuer, source=source):
        db.delete(person)  # the other launch was first
        db.flush()
        raced = find_by_identity(district_id, scheme, value, issuer)
        assert raced is not None, "the identity was there a moment ago"
        return raced
    return person


def link_identity(person: Person, *, scheme: str, value: str, issuer: str = "", source: str) -> bool:
    """Note another name of a person. False when the name is taken, by them or by somebody else."""
    made = db.execute(
        insert_for(Identity)
        .values(
            district_id=person.district_id,
            person_id=person.id,
            scheme=scheme,
            issuer=issuer,
            fingerprint=print_of(person.district_id, scheme, issuer, value),
            value=trimmed(scheme, value),
            source=source,
        )
        .on_conflict_do_nothing()
        .returning(Identity.id)
    )
    return made.scalar_one_or_none() is not None


def identities_of(person_ids: Iterable[int], schemes: Iterable[str]) -> dict[int, dict[str, str]]:
    """{person id: {scheme: value}} in one query."""
    found: dict[int, dict[str, str]] = {}
    rows = db.execute(
        sa.select(Identity.person_id, Identity.scheme, Identity.value)
        .where(Identity.person_id.in_(list(person_ids)), Identity.scheme.in_(list(schemes)))
        .order_by(Identity.id)
    )
    for person_id, scheme, value in rows:
        found.setdefault(person_id, {})[scheme] = value
    return found


def known_as(ids: Mapping[str, str], public_id: str) -> str:
    """What an office calls somebody: the best of their names ({scheme: value}), or our number of them."""
    return next((ids[scheme] for scheme in KNOWN_BY if scheme in ids), public_id)


def enroll(classroom: Classroom, person_id: int, role: str, seat: Enrollment | None = None) -> None:
    """Seat a person, or change their seat (`seat`, where the caller has it). Somebody who had left is back."""
    seat = (
        seat
        or db.scalars(
            sa.select(Enrollment).filter_by(classroom_id=classroom.id, person_id=person_id)
        ).one_or_none()
    )
    if seat is None:
        db.execute(
            insert_for(Enrollment)
            .values(
                district_id=classroom.district_id,
                classroom_id=classroom.id,
                person_id=person_id,
                role=role,
            )
            .on_conflict_do_nothing()
        )
        return
    if seat.role != role:
        seat.role = role
    if seat.left_at is not None:
        seat.left_at = None


def mark_left(classroom: Classroom, still_here: set[int]) -> int:
    """Everybody else in the classroom has left; their work stays, their name goes. Returns how many left."""
    taken = sa.select(Enrollment).where(Enrollment.classroom_id == classroom.id, Enrollment.left_at.is_(None))
    return _leave([seat for seat in db.scalars(taken) if seat.person_id not in still_here])


def mark_gone(classroom: Classroom, person_ids: set[int]) -> int:
    """These have left; their work stays, their name goes. Returns how many of them had a seat."""
    seats = sa.select(Enrollment).where(
        Enrollment.classroom_id == classroom.id,
        Enrollment.left_at.is_(None),
        Enrollment.person_id.in_(person_ids),
    )
    return _leave(db.scalars(seats).all())


def _leave(seats: Sequence[Enrollment]) -> int:
    held = held_among(seats[0].district_id, [seat.person_id for seat in seats]) if seats else set()
    for seat in seats:
        seat.left_at = now()
        if seat.person_id not in held:  # a name under a legal hold goes when the hold does (privacy.purging)
            seat.display_name = None
    return len(seats)


RANKS = {"unknown": 0, "guest": 1, "pupil": 2, "staff": 3}
"""Staff stays staff: a teacher who tries a lesson as a learner is no pupil, and who volunteers beside their work is
no guest."""


def raise_audience(person: Person, audience: str) -> None:
    """Learn who somebody is."""
    if RANKS[audience] > RANKS[person.audience]:
        person.audience = audience


def raise_audience_of(person_ids: Collection[int], audience: str) -> None:
    """The same of many, in one statement."""
    lower = [each for each, rank in RANKS.items() if rank < RANKS[audience]]
    db.execute(
        sa.update(Person)
        .where(Person.id.in_(person_ids), Person.audience.in_(lower))
        .values(audience=audience)
        .execution_options(synchronize_session=False)
    )
