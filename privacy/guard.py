"""Who may see the privacy office's pages, and whose records: that office, of its own district."""

import sqlalchemy as sa

from core.catalogs import SOURCE
from core.database import db
from core.errors import NotFound
from core.language import speak
from people.audit import Actor
from people.models import District, Person
from people.offices import offices_of
from people.sign_in import NotForYou, current_person, current_sign_in, require_signed_in


class NotHere(NotFound):
    """Also for somebody of another district: whether they exist is none of this district's business."""

    code = "not_here"
    next_step = "Go back to the privacy page and look them up there."


def require_privacy_office() -> None:
    """A blueprint's guard. Pages of an office speak English, as the documentation does.

    Not for the operator: whoever keeps the server sees no person's records here, and has the commands, which are noted.
    """
    require_signed_in()
    if "privacy" not in offices_of(current_sign_in()):
        raise NotForYou("These pages are for the district's privacy office.")
    speak(SOURCE)


def own_district() -> District:
    return db.get_one(District, current_sign_in().district_id)


def own_person(public_id: str) -> Person:
    """Raises NotHere."""
    wanted = sa.select(Person).filter_by(public_id=public_id, district_id=current_sign_in().district_id)
    found = db.scalars(wanted).one_or_none()
    if found is None:
        raise NotHere("There is nobody by this number in your district.")
    return found


def reader() -> Actor:
    return Actor.person(current_person().public_id)
