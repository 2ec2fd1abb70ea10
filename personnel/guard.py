"""Who may see the personnel pages, and whose records: the office `hr` or `district`, and people of its district."""

from completion.guest_views import GUEST
from completion.policy_texts import AGREEMENT
from core.database import db
from core.errors import NotFound
from people.models import Person
from people.office_doors import require_office
from people.sign_in import current_sign_in

require_personnel = require_office("hr", words="These pages are for the personnel office of the district.")


class NobodyHere(NotFound):
    """Also for somebody of another district, and for a pupil."""

    code = "nobody_here"
    next_step = "Go back and look for them by their SIS number, e-mail address or user name."


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
