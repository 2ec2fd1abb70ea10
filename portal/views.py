"""/public/<district>/held: what is missing, and start it here. For the small browser of a captive portal too.

No account, no cookie, no script; nothing of anybody's record. Without a ticket of the network it speaks in general,
and what is no ticket is read as none, so that garbage in the address brings the same page.
"""

from typing import Any

from flask import Blueprint, render_template

from core.clock import now
from core.language import language, speak_as_asked
from core.pace import Pace
from people.districts import district_at
from people.models import District
from people.sign_in import anyone
from portal.models import PortalSettings
from portal.setting_up import settings_of
from portal.situation import Situation, behind, in_general

blueprint = Blueprint("portal", __name__, url_prefix="/public", template_folder="templates")
blueprint.before_request(anyone)

LONGEST_TICKET = 200
LOOKS = Pace(30)
"""A ticket costs some fifteen queries, and nobody needs it read more often than this in a minute."""


@blueprint.get("/<slug>/held")
def held(slug: str) -> str:
    district = _district(slug)
    return _page(district, in_general(district))


@blueprint.get("/<slug>/held/<ticket>")
def held_back(slug: str, ticket: str) -> str:
    district = _district(slug)
    if len(ticket) > LONGEST_TICKET or LOOKS.wait(ticket):
        return _page(district, in_general(district))
    return _page(district, behind(ticket, district, now()))


def _district(slug: str) -> District:
    speak_as_asked()
    return district_at(slug)


def _page(district: District, situation: Situation) -> str:
    said = settings_of(district)
    return render_template(
        "portal/held.html",
        page_name="held",
        band="staff",
        district=district,
        situation=situation,
        start=_start(said, situation),
        lms=said.lms_url or said.start_url,
        whom=_whom(said, district),
        minutes=sum,
    )


def _start(said: PortalSettings, situation: Situation) -> str | None:
    """Where this reader begins. In general the button is the staff's: pupils are sent by their class."""
    if situation.items and all(each.audience != "staff" for each in situation.items):
        return said.lms_url
    return said.start_url or said.lms_url


def _whom(said: PortalSettings, district: District) -> dict[str, Any]:
    """{"words": whom to ask, "lang": in which language it is}"""
    if language() == "es" and said.help_es:
        return {"words": said.help_es, "lang": "es"}
    return {"words": said.help_en or district.variables.get("district.it_office"), "lang": "en"}
