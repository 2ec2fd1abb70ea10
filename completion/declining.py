"""Saying that one does not want to sign. It is kept, asks for no reason, and ends when the requirement is met."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from completion.facts import gather
from completion.models import PolicyEdition
from completion.policy_texts import ShownText
from completion.record_models import Declined
from completion.requirements import requirement
from completion.states import State, state_at
from core.clock import now
from core.database import db, insert_for
from people.audit import Actor, record
from people.models import Person, SchoolYear

SETTLED = ("complete", "expiring", "exempt")
"""States in which nobody has to be talked to about it any more."""


@dataclass(frozen=True)
class OpenDecline:
    person: Person
    version: str
    declined_at: datetime


def decline(person: Person, shown: ShownText, year: SchoolYear) -> Declined:
    """Note that this person does not want to sign this edition. Saying it again changes nothing."""
    made = db.execute(
        insert_for(Declined)
        .values(
            district_id=person.district_id,
            person_id=person.id,
            school_year_id=year.id,
            edition_id=shown.edition_id,
            declined_at=now(),
        )
        .on_conflict_do_nothing()
        .returning(Declined.id)
    ).scalar_one_or_none()
    if made is not None:
        who = Actor.person(person.public_id)
        record(
            person.district_id, who, "agreement_declined", f"person:{person.public_id}",
            version=shown.policy_version, year=year.name,
        )  # fmt: skip
    found = declined(person.id, shown, year.id)
    assert found is not None, "it was written a moment ago"
    return found


def declined(person_id: int, shown: ShownText, year_id: int) -> Declined | None:
    return db.scalars(
        sa.select(Declined).filter_by(
            person_id=person_id, school_year_id=year_id, edition_id=shown.edition_id
        )
    ).one_or_none()


def open_declines(district_id: int, year_id: int, key: str) -> list[OpenDecline]:
    """Who declined this school year and has met the requirement in no other way since, oldest first.

    In a constant number of queries. Raises NoSuchRequirement.
    """
    rows = db.execute(
        sa.select(Person, PolicyEdition.version, Declined.declined_at)
        .join(Declined, Declined.person_id == Person.id)
        .join(PolicyEdition, PolicyEdition.id == Declined.edition_id)
        .where(
            Declined.district_id == district_id, Declined.school_year_id == year_id, PolicyEdition.key == key
        )
        .order_by(Declined.declined_at.desc(), Declined.id.desc())
    ).all()
    newest = {row[0].id: OpenDecline(*row) for row in reversed(rows)}
    if not newest:
        return []
    owed, at = requirement(key), now()
    cases = gather([(person_id, owed.id) for person_id in newest], at)
    states = {person_id: state_at(case.facts, at) for (person_id, _), case in cases.items()}
    return [each for person_id, each in newest.items() if not _settled(states[person_id])]


def _settled(state: State) -> bool:
    gone = state.state == "not_applicable" and state.reason != "not_assigned"
    return gone or state.state in SETTLED
