"""Who may see the set-up pages, and whose rows: administrators by their launch, and the district's own operator."""

import sqlalchemy as sa

from core.catalogs import SOURCE
from core.database import db
from core.errors import NotFound
from core.language import speak
from lti_tool.models import Deployment, Platform
from people.sign_in import OPERATOR, current_sign_in, require_role

ADMINISTRATORS = ("administrator", OPERATOR)


class NotHere(NotFound):
    """Also for a row of another district: whether there is one is none of this district's business."""

    code = "not_here"
    next_step = "Go back to the list of your LMSs and choose one there."


_in_role = require_role(
    *ADMINISTRATORS,
    words="These pages are for the people who look after the LMS. They open from one that speaks for the district’s "
    "staff; without any, by a link that whoever runs this service makes (flask admin-link).",
)


def require_administrator() -> None:
    """A blueprint's guard. The set-up pages speak English, as the documentation and the command line do."""
    _in_role()
    speak(SOURCE)


def own_platform(number: int) -> Platform:
    """Raises NotHere."""
    wanted = sa.select(Platform).filter_by(id=number, district_id=current_sign_in().district_id)
    found = db.scalars(wanted).one_or_none()
    if found is None:
        raise NotHere("There is no such LMS in your district.")
    return found


def own_deployment(platform: Platform, number: int) -> Deployment:
    """Raises NotHere."""
    found = db.scalars(sa.select(Deployment).filter_by(id=number, platform_id=platform.id)).one_or_none()
    if found is None:
        raise NotHere("There is no such installation of this LMS.")
    return found
