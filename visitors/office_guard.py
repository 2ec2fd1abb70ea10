"""Who works at the desk: the offices of schools at their own buildings, personnel and the district at all of them."""

from datetime import date
from urllib.parse import quote

from flask import g

from completion.dates import local_day
from core.clock import now
from people.models import District
from people.office_doors import require_office
from people.offices import held_by
from people.sign_in import current_sign_in
from visitors.codes import Buildings

WHOLE = {"hr", "district"}


_office = require_office(
    "school", *WHOLE, words="This page is for the offices of schools, personnel and the district."
)


def require_desk() -> None:
    """A blueprint's guard. Not for the operator, since a code and a decision need the name of the person who made it.
    IT and the privacy office see no visitors."""
    _office()
    held = held_by(current_sign_in())
    whole = any(office in WHOLE for office, _building in held)
    g.buildings = None if whole else {building for office, building in held if office == "school"}


def own_buildings() -> Buildings:
    found: Buildings = g.buildings
    return found


def may_link() -> bool:
    """Who says that a visitor is somebody known says it to the network too: personnel and the district."""
    return own_buildings() is None


def day_asked(text: str, district: District) -> date:
    """The day that was asked for; today, where it is none or has not come yet."""
    today = local_day(now(), district.timezone)
    try:
        asked = date.fromisoformat(text)
    except ValueError:
        return today
    return min(asked, today) if asked.year >= today.year - 10 else today


def address_to_type(public_url: str, slug: str) -> str:
    """Without the scheme: what stands on a sheet is typed by hand."""
    return f"{public_url.partition('://')[2]}/public/{quote(slug)}/visit"
