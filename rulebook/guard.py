"""Who reads the rules, and who changes them.

district  reads all and changes all
hr        reads what is asked of staff and guests, everywhere: personnel answer for dates and give more time
school    reads what holds at its own buildings
"""

from dataclasses import dataclass

import sqlalchemy as sa
from flask import g

from completion.rules import AUDIENCES
from core.database import db
from core.errors import NotFound
from people.current import current_district
from people.office_doors import require_office
from people.offices import held_by
from people.roster_models import Building
from people.sign_in import NotForYou, current_sign_in


@dataclass(frozen=True)
class Sight:
    audiences: tuple[str, ...]
    buildings: frozenset[int] | None
    """None: the whole district, and every building of it."""
    may_change: bool = False


_office = require_office(
    "school", "hr", "district", words="This page is for the offices of schools, personnel and the district."
)


def require_rulebook() -> None:
    """A blueprint's guard. Not for the operator, since a change needs the name of the person who made it."""
    _office()
    g.rulebook = _sight_by(held_by(current_sign_in()))


def current_sight() -> Sight:
    sight: Sight = g.rulebook
    return sight


def require_to_change() -> None:
    """Raises NotForYou."""
    if not current_sight().may_change:
        raise NotForYou("The office of the district changes the rules. You can read them.")


def buildings_in_sight() -> list[Building]:
    """By name."""
    wanted = sa.select(Building).filter_by(district_id=current_district().id)
    own = current_sight().buildings
    if own is not None:
        wanted = wanted.where(Building.id.in_(own))
    return list(db.scalars(wanted.order_by(Building.name, Building.id)))


def building_asked_for(number: str | None) -> Building | None:
    """The one that the address names; None where it names none. Raises NotFound."""
    if not number:
        return None
    found = [each for each in buildings_in_sight() if str(each.id) == number]
    if not found:
        raise NotFound("There is no such building in your district.")
    return found[0]


def audience_asked_for(name: str) -> str:
    """Raises NotFound."""
    if name not in AUDIENCES:
        raise NotFound("There are rules for staff, guests and pupils.")
    return name


def _sight_by(held: set[tuple[str, int | None]]) -> Sight:
    offices = {office for office, _building in held}
    if "district" in offices:
        return Sight(AUDIENCES, None, may_change=True)
    if "hr" in offices:
        return Sight(("staff", "guest"), None)
    own = frozenset(building for office, building in held if office == "school" and building is not None)
    return Sight(AUDIENCES, own)
