"""Who may see the privacy office's pages, and whose records: that office, of its own district."""

import sqlalchemy as sa

from core.database import db
from core.errors import NotFound
from people.models import Person
from people.office_doors import require_office
from people.sign_in import current_sign_in

require_privacy_office = require_office("privacy", words="These pages are for the district's privacy office.")


class NotHere(NotFound):
    """Also for somebody of another district: whether they exist is none of this district's business."""

    code = "not_here"
    next_step = "Go back to the privacy page and look them up there."


def own_person(public_id: str) -> Person:
    """Raises NotHere."""
    wanted = sa.select(Person).filter_by(public_id=public_id, district_id=current_sign_in().district_id)
    found = db.scalars(wanted).one_or_none()
    if found is None:
        raise NotHere("There is nobody by this number in your district.")
    return found
