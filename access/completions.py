"""Who has shown what: the evidence that holds, row by row. A page costs the same wherever it lies."""

from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import undefer

from access.bookmarks import CompletionFilters
from completion.checking import fault_of_evidence, known_keys
from completion.models import Evidence, Requirement
from core.database import db
from core.errors import NotFound
from people.models import District, Person, SchoolYear


class NoSuchEvidence(NotFound):
    code = "no_such_evidence"


@dataclass(frozen=True)
class Completion:
    row: Evidence
    person: str
    audience: str
    period: str


@dataclass(frozen=True)
class Checked:
    """`fault` is what completion.checking says: None when the row says what was signed."""

    completion: Completion
    fault: str | None


def page(district_id: int, filters: CompletionFilters, after_id: int, limit: int) -> list[Completion]:
    """Up to `limit` rows after one, oldest first; what was voided is not among them."""
    wanted = _wanted(district_id).where(
        Evidence.voided_at.is_(None),
        Evidence.id > after_id,
        # Visitors without an account: nobody IT has a name for, and nothing it could do with the number.
        sa.or_(Evidence.part != "attestation:guest", Person.audience != "unknown"),
    )
    if filters.requirement:
        wanted = wanted.where(Evidence.part.in_(_parts_of(filters.requirement)))
    if filters.lesson:
        wanted = wanted.where(Evidence.part == f"lesson:{filters.lesson}")
    if filters.period:
        wanted = wanted.where(SchoolYear.name == filters.period)
    if filters.audience:
        wanted = wanted.where(Person.audience == filters.audience)
    rows = db.execute(wanted.order_by(Evidence.id).limit(limit))
    return [Completion(*row) for row in rows]


def checked(district: District, public_id: str) -> Checked:
    """One piece of evidence, voided or not, with its signed record. Raises NoSuchEvidence."""
    found = None
    if public_id.isprintable():  # PostgreSQL refuses to compare with a NUL
        wanted = _wanted(district.id).where(Evidence.public_id == public_id).options(undefer(Evidence.jws))
        found = db.execute(wanted).one_or_none()
    if found is None:
        raise NoSuchEvidence("There is no evidence under this id here.")
    completion = Completion(*found)
    fault = fault_of_evidence(
        completion.row,
        known_keys(),
        person=completion.person,
        district=district.slug,
        period=completion.period,
    )
    return Checked(completion, fault)


def _wanted(district_id: int) -> sa.Select[Evidence, str, str, str]:
    return (
        sa.select(Evidence, Person.public_id, Person.audience, SchoolYear.name)
        .join(Person, Person.id == Evidence.person_id)
        .join(SchoolYear, SchoolYear.id == Evidence.school_year_id)
        .where(Evidence.district_id == district_id)
    )


def _parts_of(requirement: str) -> set[str]:
    """Everything by which it can be met; nothing where there is no such requirement."""
    ways = db.scalars(sa.select(Requirement.alternatives).filter_by(key=requirement)).one_or_none() or []
    return {part for way in ways for part in way}
