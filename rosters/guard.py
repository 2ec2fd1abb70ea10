"""Who may see the pages of the roster: personnel, IT and the district's own office, people of its own district."""

from core.catalogs import SOURCE
from core.database import db
from core.language import speak
from people.audit import Actor
from people.models import District
from people.offices import offices_of
from people.sign_in import NotForYou, current_person, current_sign_in

OFFICES = {"hr", "it", "district"}
APPROVING = {"hr", "district"}
"""Offices that may say that many people have really left."""


def require_office() -> None:
    """A blueprint's guard. The pages speak English, as the other offices' pages do."""
    if not offices_of(current_sign_in()) & OFFICES:
        raise NotForYou("These pages are for the personnel office and the IT of the district.")
    speak(SOURCE)


def may_approve() -> bool:
    return bool(offices_of(current_sign_in()) & APPROVING)


def for_district() -> bool:
    return "district" in offices_of(current_sign_in())


def own_district() -> District:
    return db.get_one(District, current_sign_in().district_id)


def acting() -> Actor:
    return Actor.person(current_person().public_id)
