"""Who may see the personnel pages, and whose records: the office `hr` or `district`, and people of its district."""

from completion.guest_views import GUEST
from completion.policy_texts import AGREEMENT
from core.catalogs import SOURCE
from core.database import db
from core.errors import NotFound
from core.language import speak
from people.models import District, Person
from people.offices import offices_of
from people.sign_in import NotForYou, current_sign_in, require_signed_in

OFFICE = "hr"


class NobodyHere(NotFound):
    """Also for somebody of another district, and for a pupil."""

    code = "nobody_here"
    next_step = "Go back and look for them by their SIS number, e-mail address or user name."


def require_personnel() -> None:
    """A blueprint's guard. Not for the operator: a record needs the name of the person who made it."""
    require_signed_in()
    if OFFICE not in offices_of(current_sign_in()):
        raise NotForYou("These pages are for the personnel office of the district.")
    speak(SOURCE)  # staff offices read English, as the set-up pages and the documentation do


def own_district() -> District:
    return db.get_one(District, current_sign_in().district_id)


def own_staff(public_id: str) -> Person:
    """Raises NobodyHere."""
    found = db.query(Person).filter_by(public_id=public_id, district_id=current_sign_in().district_id)
    person = found.one_or_none() if public_id.isprintable() else None
    if person is None or person.audience == "pupil":
        raise NobodyHere("There is nobody of the staff here under this address.")
    return person


def asked_of_audience(person: Person) -> str:
    """The requirement that this person's audience owes."""
    return GUEST if person.audience == GUEST else AGREEMENT
