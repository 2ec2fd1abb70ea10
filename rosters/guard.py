"""Who may see the pages of the roster: personnel, IT and the district's own office, people of its own district."""

from people.office_doors import require_office
from people.offices import offices_of
from people.sign_in import current_sign_in

require_roster_office = require_office(
    "hr",
    "it",
    "district",
    words="These pages are for the personnel office and the IT of the district.",
    operator=True,
)

APPROVING = {"hr", "district"}
"""Offices that may say that many people have really left."""


def may_approve() -> bool:
    return bool(offices_of(current_sign_in()) & APPROVING)


def for_district() -> bool:
    return "district" in offices_of(current_sign_in())
