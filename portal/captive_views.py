"""/captive/v1/<token>: the Captive Portal API (RFC 8908), which a device finds by DHCP option 114 (RFC 8910).

All devices of a building come from one address, so we can not tell who of them is held back; the network can. So the
address is handed out in the walled garden only, and who asks it is captive. Other networks say that there is no
portal (`urn:ietf:params:capport:unrestricted`, RFC 8910 section 2).
"""

import json

import sqlalchemy as sa
from flask import Blueprint, Response

from access.redirects import page_for
from core.current import current_settings
from core.database import db
from core.errors import NotFound
from people.models import District
from people.sign_in import anyone
from portal.models import CaptiveSite

blueprint = Blueprint("captive", __name__, url_prefix="/captive/v1")
blueprint.before_request(anyone)

MEDIA_TYPE = "application/captive+json"


class NoSuchSite(NotFound):
    """Also for one that was withdrawn; a device takes it for a network without this API (RFC 8908 section 4)."""

    code = "no_such_site"


def address_of(public_url: str, token: str) -> str:
    """What goes into DHCP option 114."""
    return f"{public_url}/captive/v1/{token}"


@blueprint.get("/<token>")
def captive(token: str) -> Response:
    slug = db.scalar(
        sa.select(District.slug)
        .join(CaptiveSite, CaptiveSite.district_id == District.id)
        .where(CaptiveSite.token == token)
    )
    if slug is None:
        raise NoSuchSite("There is no captive portal under this address.")
    said = {"captive": True, "user-portal-url": page_for(current_settings().public_url, slug)}
    answer = Response(json.dumps(said), mimetype=MEDIA_TYPE)
    answer.headers["Cache-Control"] = "private"  # RFC 8908 section 5
    return answer
