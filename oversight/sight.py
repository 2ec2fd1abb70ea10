"""How far somebody sees by the offices they hold. The guard of every page here.

school    pupils and staff of its own buildings
hr        the staff of the whole district; no pupils
it        the access of everybody; no state and no reason, no lessons
district  all of it
privacy   nothing here: its pages are its own
"""

from dataclasses import dataclass

from flask import g

from core.catalogs import SOURCE
from core.language import speak
from oversight.places import Buildings
from people.models import SignIn
from people.offices import held_by
from people.sign_in import NotForYou, current_sign_in

NOBODY: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Sight:
    """Whose figures and rows may be seen: pupils with their lessons, staff with their state, the access of all."""

    pupils: Buildings
    staff: Buildings
    access: bool
    privacy: bool
    """Whether the privacy office's pages are theirs. Nothing of these pages follows from it."""

    @property
    def anything(self) -> bool:
        return self.pupils != NOBODY or self.staff != NOBODY or self.access

    @property
    def district(self) -> bool:
        """Whether any of it reaches past single buildings."""
        return self.pupils is None or self.staff is None or self.access

    @property
    def schools(self) -> Buildings:
        """The buildings whose page they may open; a page of which IT would see nothing is not opened."""
        return None if self.pupils is None or self.staff is None else self.pupils | self.staff


def sight_by(held: set[tuple[str, int | None]]) -> Sight:
    """`held`: (office, building) pairs."""
    offices = {office for office, _ in held}
    own = frozenset(building for office, building in held if office == "school" and building is not None)
    return Sight(
        pupils=None if "district" in offices else own,
        staff=None if offices & {"district", "hr"} else own,
        access=bool(offices & {"district", "it"}),
        privacy=bool(offices & {"district", "privacy"}),
    )


def sight_of(sign_in: SignIn) -> Sight:
    """One query."""
    return sight_by(held_by(sign_in))


def require_sight() -> None:
    """A blueprint's guard. These pages are for offices and speak English, as the set-up pages do."""
    sight = sight_of(current_sign_in())
    if not sight.anything:
        raise NotForYou("These pages are for the offices of the schools and the district.")
    g.sight = sight
    speak(SOURCE)


def current_sight() -> Sight:
    sight: Sight = g.sight
    return sight


def require_district() -> Sight:
    """Somebody who sees more than single buildings. Raises NotForYou."""
    sight = current_sight()
    if not sight.district:
        raise NotForYou("This page is for offices of the whole district. Your own school has a page too.")
    return sight
