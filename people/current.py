"""Whose tab this is, as views say it: the district they belong to, and the name under which they act."""

from core.database import db
from people.audit import Actor
from people.models import District
from people.sign_in import current_person, current_sign_in


def current_district() -> District:
    """Raises NotSignedIn."""
    return db.get_one(District, current_sign_in().district_id)


def current_actor() -> Actor:
    """Raises NotSignedIn."""
    return Actor.person(current_person().public_id)
