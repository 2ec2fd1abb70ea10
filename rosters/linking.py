"""Say who of the roster somebody of a launch is, by an exact number, address or user name; and take it back."""

import sqlalchemy as sa

from core.database import db
from core.errors import Forbidden, NotFound, Refused
from people.audit import Actor
from people.directory import find_by_identity
from people.merge_models import Merge
from people.merging import merge, undo
from people.models import Person
from people.office_models import Office
from people.roster_models import RosterInterval

SCHEMES = {"sis": "SIS number", "email": "E-mail address", "username": "User name"}
SHOWN = 20
"""Links that the page offers to undo, newest first."""


class NobodyOnTheRoster(NotFound):
    code = "nobody_on_the_roster"
    next_step = "Go back and compare the number, address or user name with the roster, letter by letter."


class NotTheSameKind(Refused):
    code = "not_the_same_kind"
    next_step = "Go back. If the LMS or the roster is wrong about who is staff, have it corrected there."


class NotYours(Forbidden):
    code = "not_yours_to_link"
    next_step = "Go back and ask a colleague, or whoever holds the office of the district."


def link(waiting: Person, scheme: str, value: str, by: Person, *, for_district: bool) -> Merge:
    """What this person of a launch has done follows to the person of the roster who is known by this name.

    `for_district`: whether `by` holds the office of the whole district. Raises NobodyOnTheRoster, NotTheSameKind,
    NotYours, people.merging.CanNotMerge.
    """
    kept = find_by_identity(waiting.district_id, scheme, value) if scheme in SCHEMES else None
    audiences = _audiences(kept) if kept else set()
    if kept is None or not audiences:
        raise NobodyOnTheRoster("Nobody on the roster is known by this.")
    if waiting.audience not in audiences:
        raise NotTheSameKind("One is a pupil and the other is on the staff, so they can not be one person.")
    _may_decide(by, kept, waiting, for_district)
    return merge(kept, waiting, Actor.person(by.public_id))


def unlink(made: Merge, by: Person, *, for_district: bool) -> None:
    """Raises NotYours, people.merging.CanNotMerge."""
    _may_decide(by, db.get_one(Person, made.kept_id), db.get_one(Person, made.gone_id), for_district)
    undo(made, Actor.person(by.public_id))


def links_made(district_id: int) -> list[tuple[Merge, str, str]]:
    """(merge, public id that is kept, public id that went) of those that stand, newest first."""
    kept, gone = sa.orm.aliased(Person), sa.orm.aliased(Person)
    rows = db.execute(
        sa.select(Merge, kept.public_id, gone.public_id)
        .join(kept, kept.id == Merge.kept_id)
        .join(gone, gone.id == Merge.gone_id)
        .where(Merge.district_id == district_id, Merge.undone_at.is_(None))
        .order_by(Merge.id.desc())
        .limit(SHOWN)
    )
    return [(made, kept_id, gone_id) for made, kept_id, gone_id in rows]


def link_made(district_id: int, number: int) -> Merge:
    """Raises NotFound, also for one of another district."""
    found = db.scalars(sa.select(Merge).filter_by(id=number, district_id=district_id)).one_or_none()
    if found is None:
        raise NotFound("There is no such link in your district.")
    return found


def _audiences(person: Person) -> set[str]:
    return set(db.scalars(sa.select(RosterInterval.audience).filter_by(person_id=person.id).distinct()))


def _may_decide(by: Person, kept: Person, waiting: Person, for_district: bool) -> None:
    """Nobody says who they are themselves; and who holds an office is linked by the district alone, since whoever
    signs in by the account that is linked acts in that office from then on."""
    if by.id in (kept.id, waiting.id):
        raise NotYours("Nobody links their own account; a colleague does.")
    offices = sa.select(Office.id).where(Office.person_id.in_((kept.id, waiting.id))).limit(1)
    if not for_district and db.scalar(offices) is not None:
        raise NotYours(
            "This person holds an office, so only the office of the district may link their account."
        )
