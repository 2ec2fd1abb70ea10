"""People who came through an LMS and whom no roster names: who they may be is for a person to say."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from core.database import db
from core.errors import NotFound
from people.audit import Actor, record
from people.claimed_models import ClaimedName
from people.link_codes import link_code_of, person_id_behind
from people.models import Classroom, Enrollment, Identity, Person
from people.rostered import covered_audiences, unmatched
from rosters.models import NotOurs

AT_ONCE = 50
Visits = Mapping[int, tuple[str, datetime | None]]
"""{person id: (name of the LMS, when they last opened something)}; app.py asks lti_tool, which we do not know."""


class NobodyWaits(NotFound):
    """Also for somebody of another district, and for who was linked meanwhile."""

    code = "nobody_waits"
    next_step = "Go back to the list; perhaps a colleague was quicker."


@dataclass(frozen=True)
class Waiting:
    """One person of the list. No name of theirs is read for it."""

    person: Person
    code: str
    classes: tuple[str, ...]
    lms: str
    last_seen_at: datetime | None


@dataclass(frozen=True)
class Said:
    """A name that an LMS says of somebody; `why` is empty where it is believed, else why it is not."""

    scheme: str
    value: str
    why: str


def page(
    district_id: int, visits_of: Callable[[Iterable[int]], Visits], *, after: int = 0, not_ours: bool = False
) -> list[Waiting]:
    """Up to AT_ONCE of them from a place on, oldest first, in the same number of queries for any number."""
    set_aside = sa.select(NotOurs.id).where(NotOurs.person_id == Person.id).exists()
    wanted = unmatched(district_id, covered_audiences(district_id)).where(Person.id > after)
    wanted = wanted.where(set_aside if not_ours else ~set_aside)
    return _described(db.scalars(wanted.order_by(Person.id).limit(AT_ONCE)).all(), visits_of)


def how_many(district_id: int) -> int:
    set_aside = sa.select(NotOurs.id).where(NotOurs.person_id == Person.id).exists()
    wanted = unmatched(district_id, covered_audiences(district_id)).where(~set_aside)
    return db.scalar(sa.select(sa.func.count()).select_from(wanted.subquery())) or 0


def behind_code(district_id: int, code: str, visits_of: Callable[[Iterable[int]], Visits]) -> list[Waiting]:
    """The one who reads this code on their page, if they still wait."""
    person_id = person_id_behind(district_id, code)
    wanted = unmatched(district_id, covered_audiences(district_id)).where(Person.id == (person_id or 0))
    return _described(db.scalars(wanted).all(), visits_of)


def waiting_person(district_id: int, public_id: str) -> Person:
    """Raises NobodyWaits."""
    wanted = unmatched(district_id, covered_audiences(district_id)).where(Person.public_id == public_id)
    found = db.scalars(wanted).one_or_none() if public_id.isprintable() else None
    if found is None:
        raise NobodyWaits("Nobody waits to be linked under this id.")
    return found


def names_said(person: Person, actor: Actor) -> list[Said]:
    """What the LMS says this person is called, in the clear. Each look stands in the audit log."""
    record(person.district_id, actor, "names_seen", f"person:{person.public_id}")
    believed = db.execute(
        sa.select(Identity.scheme, Identity.value)
        .where(Identity.person_id == person.id, Identity.scheme != "lti")
        .order_by(Identity.id)
    )
    claimed = db.execute(
        sa.select(ClaimedName.scheme, ClaimedName.value, ClaimedName.why)
        .where(ClaimedName.person_id == person.id)
        .order_by(ClaimedName.id)
    )
    return [Said(scheme, value, "") for scheme, value in believed] + [Said(*row) for row in claimed]


def set_aside(person: Person, by: Person, actor: Actor) -> None:
    """Not ours: a guest, a test account. They keep what they did and are asked for no more."""
    if db.scalar(sa.select(NotOurs.id).filter_by(person_id=person.id)) is None:
        db.add(NotOurs(district_id=person.district_id, person_id=person.id, decided_by=by.id))
        record(person.district_id, actor, "not_ours", f"person:{person.public_id}")


def take_back(person: Person, actor: Actor) -> None:
    """Ours after all."""
    row = db.scalars(sa.select(NotOurs).filter_by(person_id=person.id)).one_or_none()
    if row is not None:
        db.delete(row)
        record(person.district_id, actor, "ours_after_all", f"person:{person.public_id}")


def _described(people: Iterable[Person], visits_of: Callable[[Iterable[int]], Visits]) -> list[Waiting]:
    people = list(people)
    ids = [each.id for each in people]
    visits = visits_of(ids)
    classes: dict[int, list[str]] = {}
    rows = db.execute(
        sa.select(Enrollment.person_id, Classroom.title)
        .join(Classroom, Classroom.id == Enrollment.classroom_id)
        .where(Enrollment.person_id.in_(ids), Enrollment.left_at.is_(None))
        .order_by(Enrollment.id)
    )
    for person_id, title in rows:
        classes.setdefault(person_id, []).append(title or "a class without a name")
    return [
        Waiting(each, link_code_of(each), tuple(classes.get(each.id, ())), *visits.get(each.id, ("", None)))
        for each in people
    ]
