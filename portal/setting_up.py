"""What IT says about the page, and the addresses it gives to buildings. All of it is in the audit log."""

from collections.abc import Mapping

import sqlalchemy as sa

from core.database import db
from core.errors import Refused
from core.settings import Settings
from lti_tool.registering import OddAddress, check_address
from people.audit import Actor, record
from people.models import District
from people.roster_models import Building
from portal.models import CaptiveSite, PortalSettings

ADDRESSES = ("start_url", "lms_url")
WORDS = ("help_en", "help_es")
FIELDS = (*ADDRESSES, *WORDS)
LONGEST = 300


class OddSetting(Refused):
    """`field` says which one."""

    code = "odd_setting"


def settings_of(district: District) -> PortalSettings:
    """What is said so far; an empty row, not kept, where nothing is."""
    found = db.scalars(sa.select(PortalSettings).filter_by(district_id=district.id)).one_or_none()
    return found or PortalSettings(district_id=district.id)


def set_portal(
    district: District, changes: Mapping[str, str], actor: Actor, settings: Settings
) -> PortalSettings:
    """Change what is named, one of FIELDS each, and keep the rest; an empty text takes one back. Raises OddSetting."""
    found = settings_of(district)
    for name, given in changes.items():
        said = " ".join(given.split())
        _check(name, said, settings)
        setattr(found, name, said or None)
    db.add(found)
    db.flush()
    record(
        district.id,
        actor,
        "portal_set",
        f"district:{district.slug}",
        **{k: getattr(found, k) for k in changes},
    )
    return found


def give_site(building: Building, actor: Actor) -> CaptiveSite:
    """An address for this building; one that it had before answers no more."""
    withdraw_site(building, actor)
    made = CaptiveSite(district_id=building.district_id, building_id=building.id)
    db.add(made)
    db.flush()
    record(building.district_id, actor, "captive_site_given", f"building:{building.key}")
    return made


def withdraw_site(building: Building, actor: Actor) -> bool:
    """Whether it had one."""
    gone = db.execute(
        sa.delete(CaptiveSite).where(CaptiveSite.building_id == building.id).returning(CaptiveSite.id)
    ).scalar_one_or_none()
    if gone is None:
        return False
    record(building.district_id, actor, "captive_site_withdrawn", f"building:{building.key}")
    return True


def sites_of(district: District) -> list[tuple[Building, str | None]]:
    """Every building with its token or None, by name."""
    rows = db.execute(
        sa.select(Building, CaptiveSite.token)
        .outerjoin(CaptiveSite, CaptiveSite.building_id == Building.id)
        .where(Building.district_id == district.id)
        .order_by(Building.name, Building.id)
    )
    return [(row[0], row[1]) for row in rows]


def _check(name: str, said: str, settings: Settings) -> None:
    if name in WORDS:
        if len(said) > LONGEST or not said.isprintable():
            raise OddSetting(f"at most {LONGEST} characters, in one line", field=name)
        return
    try:
        if said:
            check_address(said, settings)
    except OddAddress as odd:
        raise OddSetting("an address begins with https:// and has no #", field=name) from odd
