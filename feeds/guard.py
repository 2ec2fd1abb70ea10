"""Who may see IT's page: administrators by their launch, the operator, and whoever holds the office of IT.

Feeds and figures are for all of them. One person's standing is for the office alone: an LMS says who looks after the
LMS, and only the district says who decides about its network.
"""

from core.catalogs import SOURCE
from core.database import db
from core.language import speak
from people.audit import Actor
from people.models import District
from people.offices import offices_of
from people.sign_in import OPERATOR, NotForYou, current_person, current_sign_in


def require_it() -> None:
    """A blueprint's guard. These pages speak English, as the set-up pages do."""
    sign_in = current_sign_in()
    if sign_in.role not in ("administrator", OPERATOR) and not holds_office():
        raise NotForYou("These pages are for the technology office of the district.")
    speak(SOURCE)


def require_office() -> None:
    """Raises NotForYou."""
    if not holds_office():
        raise NotForYou("Who stands where is for people who hold the office “it” of the district.")


def holds_office() -> bool:
    return "it" in offices_of(current_sign_in())


def own_district() -> District:
    return db.get_one(District, current_sign_in().district_id)


def acting() -> Actor:
    return Actor.person(current_person().public_id)
