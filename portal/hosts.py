"""Which hosts a walled garden must let through, as far as we know them: ours, and those of the district's LMSs."""

from urllib.parse import urlsplit

import sqlalchemy as sa

from core.database import db
from lti_tool.frame_origins import frame_origins
from lti_tool.models import Platform
from people.models import District
from portal.models import PortalSettings


def hosts_of(district: District, said: PortalSettings, public_url: str) -> dict[str, str]:
    """{host: why}, `*.` before a domain for all hosts of it. The district's own sign-in is not known here."""
    found = {_host(public_url): "this service"}
    for name, why in (("start_url", "where staff begin"), ("lms_url", "where everybody else begins")):
        if address := getattr(said, name):
            found.setdefault(_host(address), why)
    platforms = (
        sa.select(Platform).filter_by(district_id=district.id, withdrawn_at=None).order_by(Platform.id)
    )
    for each in db.scalars(platforms):
        for origin in frame_origins(each.issuer, each.auth_login_url, extra=each.frame_origins):
            found.setdefault(_host(origin), f"the LMS {each.name}")
    return found


def _host(address: str) -> str:
    """Without its port: firewalls ask for that apart."""
    return urlsplit(address).netloc.rpartition("@")[2].partition(":")[0]
